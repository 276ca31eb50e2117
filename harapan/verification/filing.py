"""The quarter's forms as files, filled with what is recorded: the education form, ours of health and social care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harapan.core.components import LABELS_ID, Component
from harapan.core.periods import quarter_of
from harapan.database.fields import Sealed
from harapan.exchange.verification_care import codec as care_codec
from harapan.exchange.verification_care.codec import CareHead
from harapan.exchange.verification_care.marks import DONE, EXCUSED, MISSED, UNKNOWN, Said
from harapan.exchange.verification_school import codec as school_codec
from harapan.exchange.verification_school.head import Head
from harapan.registry.models import ComponentSpell, Facility, Group, Member
from harapan.verification.declaring import Declared, Unit
from harapan.verification.models import CareMark, FacilityMonth, Observation
from harapan.verification.obligations import EXCUSED as SAID_EXCUSED
from harapan.verification.obligations import MET, Owed
from harapan.verification.obligations import MISSED as SAID_MISSED

LETTERS = {
    CareMark.Outcome.DONE: DONE, CareMark.Outcome.MISSED: MISSED, CareMark.Outcome.EXCUSED: EXCUSED,
    CareMark.Outcome.UNKNOWN: UNKNOWN,
}  # fmt: skip


def school_form(
    facility: Facility, spells: Sequence[ComponentSpell], months: Sequence[str], *,
    said: Mapping[tuple[int, int], FacilityMonth], declared: Declared, seen: Mapping[tuple[int, int], Observation],
    form: str = "csv",
) -> bytes:  # fmt: skip
    """The official twenty-five columns. A pupil's month of which nobody spoke stays blank. Two queries of its own.

    Full NIK are in it: the caller asks whether the reader may, and writes that they were handed over.
    """
    year, quarter = quarter_of(months[0])
    numbers = [int(month.replace("-", "")) for month in months]
    rows_of = {number: said.get((facility.pk, number)) for number in numbers}
    days = [(row.effective_days or 0) if row else 0 for row in rows_of.values()]
    head = Head(year, quarter, facility.code, facility.name, (days[0], days[1], days[2]))
    managers, facilitators = _around(spells)
    rows = []
    for at, spell in enumerate(spells, start=1):
        row = _person(at, spell, managers, facilitators) | {
            "nisn": spell.student_no or None, "school_kind": facility.level, "grade": spell.grade,
        }  # fmt: skip
        for place, (number, count) in enumerate(zip(numbers, days, strict=True), start=1):
            spoken = Unit.of(spell) in declared.get((facility.pk, number), {})
            row |= _days(place, count, spoken, seen.get((spell.member_id, number)))
        rows.append(row)
    return school_codec.render(head, rows, form=form)


def _days(place: int, days: int, spoken: bool, seen: Observation | None) -> dict[str, int | None]:
    """A month's block; blank where nobody spoke, where days are not known, or where days do not tell."""
    if not days or not (spoken or seen) or (seen is not None and seen.outcome != Observation.Outcome.BY_DAYS):
        return {f"{field}_{place}": None for field in ("absent", "excused", "sick", "present")}
    away = (seen.absent_days, seen.leave_days, seen.sick_days) if seen else (0, 0, 0)
    present = seen.present_days if seen and seen.present_days is not None else max(days - sum(away), 0)
    values = dict(zip(("absent", "excused", "sick"), (number or None for number in away), strict=True))
    return {f"{field}_{place}": value for field, value in {**values, "present": present}.items()}


def care_form(
    facility: Facility,
    spells: Sequence[ComponentSpell],
    months: Sequence[str],
    owed: Iterable[Owed],
    *,
    form: str = "csv",
) -> bytes:
    """Our form of health or social care: a row for each member and obligation, a letter for each month."""
    year, quarter = quarter_of(months[0])
    codec = care_codec.WELFARE if facility.kind == Facility.Kind.WELFARE else care_codec.HEALTH
    head = CareHead(year, quarter, facility.name, facility.code, f"{facility.region_id:010d}")
    managers, facilitators = _around(spells)
    of_item: dict[tuple[int, str], dict[int, Owed]] = {}
    for each in owed:
        of_item.setdefault((each.member_id, each.item.key), {})[each.month] = each
    places = {int(month.replace("-", "")): place for place, month in enumerate(months, start=1)}
    people = {spell.member_id: spell for spell in spells}
    rows: list[dict[str, Any]] = []
    for (member, key), of_month in sorted(of_item.items(), key=lambda pair: (_by_name(people, pair[0][0]), pair[0][1])):
        if member not in people:
            continue
        item = next(iter(of_month.values())).item
        row = _person(len(rows) + 1, people[member], managers, facilitators)
        row |= {"kind": str(LABELS_ID[Component(item.component)]), "item": key, "label": str(item.label)}
        row |= {f"mark_{places[month]}": letter_of(each) for month, each in of_month.items()}
        rows.append(row)
    return codec.render(head, rows, form=form)


def _by_name(people: Mapping[int, ComponentSpell], member: int) -> tuple[str, int]:
    return (people[member].member.name_key if member in people else "", member)


def letter_of(owed: Owed) -> str:
    """What the cell says; "" where nobody has spoken."""
    if owed.marked is not None:
        word = LETTERS[CareMark.Outcome(owed.marked)]
        return str(Said(word, owed.marked_times if word == DONE else 1, owed.done_on if word == DONE else None))
    if not owed.item.monthly:
        return ""
    return {MET: DONE, SAID_MISSED: MISSED, SAID_EXCUSED: EXCUSED}.get(owed.state, "")


def _person(
    at: int, spell: ComponentSpell, managers: Mapping[int, Member], facilitators: Mapping[int, str]
) -> dict[str, Any]:
    manager = managers.get(spell.family_id)
    return {
        "number": str(at),
        "pengurus_nik": _opened(manager.nik) if manager else None,
        "pengurus": manager.name if manager else spell.family.name,
        "nik": _opened(spell.member.nik),
        "name": spell.member.name,
        "note": "",
        "facilitator": facilitators.get(spell.group_no, ""),
    }


def _opened(number: Sealed | None) -> str | None:
    return number.open() if number else None


def _around(spells: Sequence[ComponentSpell]) -> tuple[dict[int, Member], dict[int, str]]:
    """Family -> its pengurus, group -> its facilitator's name. Two queries."""
    families = {spell.family_id for spell in spells}
    managers = {each.family_id: each for each in Member.objects.filter(family__in=families, manager=True)}
    groups = Group.objects.filter(pk__in={spell.group_no for spell in spells}).select_related("facilitator")
    return managers, {group.pk: group.facilitator.name for group in groups if group.facilitator}
