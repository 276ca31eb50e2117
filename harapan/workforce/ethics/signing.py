"""The code of ethics is read and signed each year; who has not, by region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.regions.codes import SPAN_OF, Level
from harapan.workforce.ethics import law, texts
from harapan.workforce.models import CodeSignature, Person
from harapan.workforce.queries import within


def person_of(user: User) -> Person | None:
    """The record of whoever is signed in."""
    return Person.objects.filter(user=user).first()


def code_to_sign(on: date) -> texts.Code:
    """Raises Refused before there was a code."""
    code = texts.in_force(on)
    if code is None:
        raise Refused("Belum ada kode etik yang berlaku pada tahun {year}.", year=on.year)
    return code


def sign_code(person: Person, *, version: str, by: User, on: date, paper: str = "") -> CodeSignature:
    """Sign for this year the version that was read; signed again it is the same signature.

    paper: number of a sheet signed by hand, recorded by somebody else. Raises Refused for another version than the one
    in force, and for signing in somebody else's place without a sheet.
    """
    code = code_to_sign(on)
    if version != code.version:
        raise Refused(
            "Naskah {version} tidak berlaku lagi. Muat ulang, baca naskah {now}, lalu tanda tangani.",
            version=version, now=code.version,
        )  # fmt: skip
    if person.user_id != by.pk and not paper.strip():
        raise Refused(
            "Kode etik ditandatangani {name} sendiri. Bila ditandatangani di kertas, tulis nomor lembarnya.",
            name=person.name,
        )  # fmt: skip
    with atomic():
        made, fresh = CodeSignature.objects.get_or_create(
            person=person, year=on.year, version=code.version,
            defaults={"signed_on": on, "paper": paper.strip()[:80], "recorded_by": by, "region_no": person.region_no},
        )  # fmt: skip
        if fresh:
            log.record("code.signed", kind="person", subject=person.pk, body={"year": on.year, "version": code.version})
    return made


def signed_this_year(person: Person, on: date) -> CodeSignature | None:
    code = texts.in_force(on)
    rows = CodeSignature.objects.filter(person=person, year=on.year, version=code.version if code else "")
    return rows.first()


def due_on(person: Person, on: date) -> date:
    """The last day of this year's signing: counted from New Year, or from the day somebody began."""
    return max(date(on.year, 1, 1), person.since) + timedelta(days=law.sign_within_days(on))


def bound(post: Post, on: date) -> QuerySet[Any]:
    """People whom the code binds in the reach of the post, each with `signed`: this year, or not."""
    code = texts.in_force(on)
    posts = Post.objects.held_on(on).filter(user=OuterRef("user"), role_code__in=law.signing_roles(on))
    signatures = CodeSignature.objects.filter(person=OuterRef("pk"), year=on.year, version=code.version if code else "")
    serving = Q(until__isnull=True) | Q(until__gt=on)
    rows = Person.objects.filter(within(post, "region_no"), serving, kind=Person.Kind.PKH, since__lte=on)
    return rows.filter(Q(user__isnull=True) | Exists(posts)).annotate(signed=Exists(signatures))


@dataclass(frozen=True, slots=True)
class Signed:
    """How many of a place are bound, and how many of them have signed."""

    region_no: int
    bound: int
    signed: int

    @property
    def missing(self) -> int:
        return self.bound - self.signed


def by_region(post: Post, on: date, *, level: Level) -> list[Signed]:
    """Every place of the level in the post's reach where somebody is bound. One query."""
    span = SPAN_OF[level]
    place = Cast(Func(F("region_no") / Value(span), function="floor"), IntegerField())
    rows = bound(post, on).order_by().annotate(place=place).values("place")
    counted = rows.annotate(bound_count=Count("pk"), signed_count=Count("pk", filter=Q(signed=True))).order_by("place")
    return [Signed(row["place"] * span, row["bound_count"], row["signed_count"]) for row in counted]
