"""ID cards: issued as printed, revoked, and what a public page may tell of one: never a NIK."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date

from django.db import connections

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias, atomic
from harapan.files import storage
from harapan.policy.reasons import demand_reason
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.workforce.models import NATION, Badge, Contract, Person
from harapan.workforce.staff import law, portraits, reach

CODE_BYTES = 10  # 80 bits: nobody guesses one


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands behind a badge's code."""

    name: str
    title: str
    place: str
    issued_on: date
    until: date
    revoked_on: date | None
    left_on: date | None

    def valid_on(self, day: date) -> bool:
        ends = min(each for each in (self.until, self.revoked_on, self.left_on) if each is not None)
        return self.issued_on <= day < ends


def issue(person_id: int, *, post: Post, by: User, on: date) -> Badge:
    """A badge, valid while the contract is, at most as long as policy says; the one before is revoked.

    Issued twice on a day with nothing changed it is the same one. Raises NotYours, and Refused without a contract.
    """
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        contract = _contract(person, on)
        until = min(contract.until, law.months_later(on, law.badge_months_max(on)))
        printed = {
            "name": person.name, "title": str(law.position_name(contract.position, on)), "place": _place(person),
            "until": until, "portrait": portraits.latest(person),
        }  # fmt: skip
        before = Badge.objects.filter(person=person, revoked_on__isnull=True).first()
        if before is not None and before.issued_on == on and all(getattr(before, k) == v for k, v in printed.items()):
            return before
        Badge.objects.filter(person=person, revoked_on__isnull=True).update(revoked_on=on)
        made = Badge.objects.create(
            person=person, code=secrets.token_hex(CODE_BYTES), issued_on=on, issued_by=by, **printed
        )
        log.record("badge.issued", kind="person", subject=person.pk, body={"badge": made.pk, "until": until})
    return made


def revoke(badge_id: int, *, why: str, post: Post, by: User, on: date) -> Badge:
    """It is valid no longer, as when it is lost. Twice changes nothing. Raises NotYours, Refused."""
    demand_reason(why, Phrase("Tulis mengapa kartu dicabut, misalnya: hilang di jalan, 12 Mei."), on=on)
    with atomic():
        badge = Badge.objects.select_for_update(of=("self",)).filter(pk=badge_id).first()
        if badge is None:
            raise NotYours(Phrase("Kartu petugas"))
        reach.held(badge.person_id, post=post, by=by, on=on)
        if badge.revoked_on is None:
            badge.revoked_on = on
            badge.save(update_fields=["revoked_on"])
            log.record("badge.revoked", kind="person", subject=badge.person_id, why=why, body={"badge": badge.pk})
    return badge


def bare(typed: str) -> str:
    """A code as typed from the card: in capitals, in groups, with spaces or hyphens between."""
    return re.sub(r"[\s-]", "", typed).lower()


def checked(code: str) -> Checked | None:
    """What stands behind a code; None for one that no badge bears. Needs no more than the common scope."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT * FROM harapan.badge_checked(%s)", [code])
        row = cursor.fetchone()
    return Checked(*row) if row else None


def face_of(code: str, *, on: date) -> bytes | None:
    """The portrait on a card that holds today, as JPEG; None for any other. Needs no more than the common scope."""
    digest = _face(code, on)
    if digest is None:
        return None
    with storage.open_laid_down(digest) as clear:
        return clear.read()


def is_pictured(code: str, *, on: date) -> bool:
    """Whether `face_of` has one to show."""
    return _face(code, on) is not None


def _face(code: str, on: date) -> str | None:
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.badge_portrait(%s, %s)", [code, on])
        digest: str | None = cursor.fetchone()[0]
    return digest


def _contract(person: Person, on: date) -> Contract:
    found = Contract.objects.filter(person=person, since__lte=on, until__gt=on).first()
    if person.until is not None or found is None:
        raise Refused(
            "{name} tidak terikat kontrak pada {day}, jadi kartu tidak diterbitkan. Catat kontraknya lebih dahulu.",
            name=person.name, day=format_date(on),
        )  # fmt: skip
    return found


def _place(person: Person) -> str:
    return "Kementerian Sosial" if person.region_no == NATION else Region.objects.get(no=person.region_no).path_name()
