"""The copy sheet: what is typed into SIKS-NG, field by field in the order of its form; after a counter-entry, what is
typed there anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harapan.core.components import Component
from harapan.core.phrases import Phrase
from harapan.database.fields import Sealed
from harapan.registry.changes.applying import SCHOOLING
from harapan.registry.changes.asked import Asked
from harapan.registry.changes.fields import NUMBERS, OUTSIDE_ONLY, title
from harapan.registry.models import Change, ComponentSpell, Family, Member, PaymentAccount

KINDS = {"family_kk": "kk", "member_nik": "nik", "heir_nik": "nik"} | {name: name for name in NUMBERS}
SCHOOLING_OF = {component: word for word, component in SCHOOLING.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the outside form. `value`: what is typed, blank to keep the order; of a counter-entry `stood` is what
    was typed for the change it takes back, and a blank value then means that it is taken out there."""

    title: Phrase
    name: str
    value: str
    stood: str = ""

    @property
    def secret(self) -> str:
        """The kind of number it is; empty where everybody who sees the change may read it."""
        return KINDS.get(self.name, "")


def sheet(change: Change, family: Family) -> list[Line]:
    """Every field of the outside form. The numbers are in clear: whoever shows them masks or opens them."""
    asked = Asked.of(change.reverses or change, family)
    typed = {name: _typed(asked, name) for name in asked.kind.outside}
    if change.reverses is None:
        return [Line(_title(asked, name), name, value) for name, value in typed.items()]
    now = _recorded(asked)
    return [Line(_title(asked, name), name, now.get(name, "") if was else "", was) for name, was in typed.items()]


def _title(asked: Asked, name: str) -> Phrase:
    return OUTSIDE_ONLY[name] if name in OUTSIDE_ONLY else title(asked.kind.code, name)


def _typed(asked: Asked, name: str) -> str:
    known: Mapping[str, Sealed | None] = {
        "family_kk": asked.family.kk,
        "member_nik": asked.member.nik if asked.member else None,
        "heir_nik": asked.heir.nik if asked.heir else None,
    }
    return _open(known[name]) if name in known else asked.text(name)


def _open(number: Sealed | None) -> str:
    return number.open() if number else ""


def _recorded(asked: Asked) -> dict[str, str]:
    """Field -> what the records hold of it now, on the day of the change; left out what they do not hold."""
    family = asked.family
    return {
        "family_kk": _open(family.kk), "kk": _open(family.kk), "village": str(family.region_id),
        "address": family.address, "rt": family.rt, "rw": family.rw,
        **_of_member(asked), **_of_account(asked), **_of_school(asked),
    }  # fmt: skip


def _of_member(asked: Asked) -> dict[str, str]:
    """Of the member meant: of a change of pengurus whoever is pengurus now. Who was taken out again is not there."""
    of_manager = asked.kind.code == "manager"
    member: Member | None = (
        next((each for each in asked.members.values() if each.manager), None) if of_manager else asked.member
    )
    if member is None:
        return {}
    return {
        "member": str(member.pk), "member_nik": _open(member.nik), "nik": _open(member.nik), "name": member.name,
        "born_on": member.born_on.isoformat() if member.born_on else "",
    }  # fmt: skip


def _of_account(asked: Asked) -> dict[str, str]:
    now = PaymentAccount.objects.filter(family=asked.family, spell__contains=asked.on).order_by("-pk").first()
    return {"bank": now.bank, "account": _open(now.number), "card": _open(now.card)} if now else {}


def _of_school(asked: Asked) -> dict[str, str]:
    at_school = ComponentSpell.objects.filter(
        member=asked.member, component__in=[*SCHOOLING_OF], spell__contains=asked.on
    )  # fmt: skip
    now = at_school.order_by("-pk").first() if asked.member else None
    if now is None:
        return {}
    return {
        "schooling": SCHOOLING_OF[Component(now.component)], "facility": str(now.facility_id or ""), "grade": now.grade,
        "student_no": now.student_no,
    }  # fmt: skip
