"""For whom a facility's month was declared: the members of a group, one kecamatan at a time.

One school is used by families of several groups, and who meets one group cannot speak for another's. A unit is as fine
as a declaration is kept; families without a group are told apart by their kecamatan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import User
from harapan.core.periods import month_days
from harapan.database.day import moment, today
from harapan.regions import codes
from harapan.registry.models import ComponentSpell, Facility, FamilyChild, Member
from harapan.verification.models import Declaration

Declared = Mapping[tuple[int, int], Mapping["Unit", Declaration]]  # (facility, month) -> unit -> who said it


class Unit(NamedTuple):
    """Families of one group in one kecamatan."""

    group_no: int
    district_no: int

    @classmethod
    def at(cls, group_no: int, region_no: int) -> Unit:
        return cls(group_no, codes.ancestor(region_no, codes.Level.DISTRICT))

    @classmethod
    def of(cls, row: FamilyChild) -> Unit:
        return cls.at(row.group_no, row.region_no)


def units_of(members: Collection[int]) -> dict[int, Unit]:
    """Member -> unit, of those in the scope that is on. One query."""
    rows = Member.objects.filter(pk__in=members).values_list("pk", "group_no", "region_no")
    return {pk: Unit.at(group, region) for pk, group, region in rows}


def declared_for(
    facilities: Iterable[Facility], months: Collection[int]
) -> dict[tuple[int, int], dict[Unit, Declaration]]:
    """(facility, month) -> unit -> who declared it, when and how. One query."""
    ids = [facility.pk for facility in facilities]
    found: dict[tuple[int, int], dict[Unit, Declaration]] = {}
    for row in Declaration.objects.filter(facility__in=ids, month__in=months).select_related("declared_by"):
        found.setdefault((row.facility_id, row.month), {})[Unit(row.group_no, row.district_no)] = row
    return found


def served_in(facility: Facility, said: Collection[tuple[int, Unit]]) -> list[tuple[int, int]]:
    """(member, month) of everybody in the scope that is on whom the facility serves in one of these (month, unit)."""
    if not said:
        return []
    days = {month: month_days(f"{month // 100:04d}-{month % 100:02d}") for month, _unit in said}
    span = DateRange(min(first for first, _after in days.values()), max(after for _first, after in days.values()))
    groups = {unit.group_no for _month, unit in said}
    spells = ComponentSpell.objects.filter(facility=facility, group_no__in=groups, spell__overlap=span)
    return sorted(
        {
            (spell.member_id, month)
            for spell in spells
            for month, unit in said
            if unit == Unit.of(spell) and _during(spell.spell, *days[month])
        }
    )


def _during(spell: DateRange, first: date, after: date) -> bool:
    return (spell.upper is None or spell.upper > first) and spell.lower < after


def keep(
    facility: Facility, said: Iterable[tuple[int, Unit]], *, manner: str, by: User, late_because: str = ""
) -> None:
    """Keep who declares these (month, unit); who said it first stays. One statement."""
    now = moment(today())
    rows = [
        Declaration(
            facility=facility, month=month, group_no=unit.group_no, district_no=unit.district_no, manner=manner,
            declared_by=by, declared_at=now, late_because=late_because.strip()[:200],
        )
        for month, unit in sorted(set(said))
    ]  # fmt: skip
    Declaration.objects.bulk_create(rows, ignore_conflicts=True)
