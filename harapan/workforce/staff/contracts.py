"""Contracts and decrees by which people serve: one after another without overlap, renewed for many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.registry.actions import NotYours
from harapan.workforce.models import Contract, Person
from harapan.workforce.staff import law, reach

RENEWED_MAX = 2000  # people of one decree


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decree says of everybody it names. `until`: the first day after. `position` "": as each had it, or by
    education where the form of contract changes."""

    form: Contract.Form
    number: str
    dated: date
    since: date
    until: date
    position: str = ""
    basis: str = ""


def sign(person_id: int, terms: Terms, *, post: Post, by: User, on: date) -> Contract:
    """One person's contract. The same number again gives the one that stands. Raises Refused, NotYours."""
    return sign_many([person_id], terms, post=post, by=by, on=on)[0]


def sign_many(person_ids: Collection[int], terms: Terms, *, post: Post, by: User, on: date) -> list[Contract]:
    """Contracts for everybody a decree names, all or none; who has one under this number keeps it.

    Raises NotYours outside the reach, Refused where terms are senseless or somebody's contracts would overlap.
    """
    _refuse_senseless(terms, on=on)
    wanted = sorted(set(person_ids))
    if not 0 < len(wanted) <= RENEWED_MAX:
        raise Refused("Pilih satu sampai {most} orang untuk satu SK; terpilih {n}.", most=RENEWED_MAX, n=len(wanted))
    with atomic():
        people = list(reach.persons_in(post).select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
        if len(people) != len(wanted):
            raise NotYours(Phrase("SDM"))
        reach.refuse_wider(people, post=post, by=by, on=on)
        before = _contracts_of(wanted)
        known = {each.person_id: each for own in before.values() for each in own if each.number == terms.number}
        fresh = [
            _drawn_up(person, terms, before.get(person.pk, []), by=by)
            for person in people if person.pk not in known
        ]  # fmt: skip
        made = Contract.objects.bulk_create(fresh)
        if made:
            body = {"number": terms.number, "people": [each.person_id for each in made], "until": terms.until}
            log.record("contracts.signed", kind="person", subject=made[0].person_id, body=body)
    found = known | {each.person_id: each for each in made}
    return [found[pk] for pk in wanted]


def contracts_of(person: Person) -> QuerySet[Contract]:
    """The latest first."""
    return Contract.objects.filter(person=person).order_by("-since")


def ending(post: Post, *, on: date) -> QuerySet[Contract]:
    """The last contract of everybody who serves and whose contract ends soon, or has ended; the soonest first."""
    later = Contract.objects.binding().filter(person=OuterRef("person"), since__gt=OuterRef("since"))
    serving = reach.persons_in(post).filter(until__isnull=True)
    soon = on + timedelta(days=law.renew_before_days(on))
    return (
        Contract.objects.binding().filter(~Exists(later), until__lte=soon, person__in=serving)
        .select_related("person").order_by("until", "person__name", "pk")
    )  # fmt: skip


def _contracts_of(person_ids: Collection[int]) -> dict[int, list[Contract]]:
    found: dict[int, list[Contract]] = {}
    for each in Contract.objects.binding().filter(person__in=person_ids).order_by("since"):
        found.setdefault(each.person_id, []).append(each)
    return found


def _refuse_senseless(terms: Terms, *, on: date) -> None:
    if not terms.number.strip():
        raise Refused("Nomor SK kosong. Tulis nomornya, misalnya SK/12/PKH/2025.")
    if terms.dated > on:
        raise Refused("Tanggal SK {day} belum tiba. Catat SK setelah ditandatangani.", day=format_date(terms.dated))
    most = law.contract_months_max(terms.form, terms.since)
    if not terms.since < terms.until <= law.months_later(terms.since, most):
        raise Refused(
            "Masa {since} sampai {until} tidak berurutan atau lebih dari {most} bulan. Periksa tanggalnya.",
            since=format_date(terms.since), until=format_date(terms.until), most=most,
        )  # fmt: skip
    known = law.positions(terms.form, terms.since)
    if not known:
        raise Refused(
            "Bentuk ikatan {form} tidak ada pada {day}. Pilih bentuk ikatan yang berlaku saat itu.",
            form=terms.form.label, day=format_date(terms.since),
        )  # fmt: skip
    if terms.position and terms.position not in known:
        raise Refused(
            "Jabatan {position} tidak ada untuk {form} pada {day}. Pilih jabatan yang berlaku saat itu.",
            position=terms.position, form=terms.form.label, day=format_date(terms.since),
        )  # fmt: skip


def _drawn_up(person: Person, terms: Terms, before: Collection[Contract], *, by: User) -> Contract:
    if person.until is not None and terms.until > person.until:
        raise Refused("{name} berhenti pada {day}. Akhiri kontraknya paling lambat hari itu.",
                      name=person.name, day=format_date(person.until))  # fmt: skip
    for each in before:
        if each.since < terms.until and terms.since < each.until:
            raise Refused(
                "{name} sudah terikat {number} sampai {until}. Mulai kontrak baru sesudahnya.",
                name=person.name, number=each.number, until=format_date(each.until),
            )  # fmt: skip
    return Contract(
        person=person, region_no=person.region_no, form=terms.form, position=_position(person, terms, before),
        number=terms.number, dated=terms.dated, since=terms.since, until=terms.until, basis=terms.basis, recorded_by=by,
    )  # fmt: skip


def _position(person: Person, terms: Terms, before: Collection[Contract]) -> str:
    """The one named; else as before under the same form; else by education."""
    known = law.positions(terms.form, terms.since)
    earlier = [each.position for each in before if each.since < terms.since and each.form == terms.form]
    wished = terms.position or (earlier[-1] if earlier else "") or law.position_for(person.education, terms.since)
    if wished not in known:
        raise Refused(
            "Jabatan {name} dalam SK ini belum jelas karena pendidikannya belum dicatat. Pilih jabatannya.",
            name=person.name,
        )
    return wished
