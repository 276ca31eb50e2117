"""Facility months and absences of a demonstration, written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from harapan.demo.attendance import Confirmed, Word, absences, said
from harapan.demo.clock import EFFECTIVE_DAYS, noon
from harapan.demo.facilities import SCHOOLS
from harapan.demo.registering import Registered, scope_columns
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.verification.declaring import Unit
from harapan.verification.models import Declaration, Evidence, FacilityMonth, Observation

EVIDENCE = {Evidence.SIGNED_FORM: 80, Evidence.CONFIRMATION: 10, Evidence.VISIT: 10}  # percent
MANNERS = {FacilityMonth.Manner.FILE: 45, FacilityMonth.Manner.ALL_BUT: 45, FacilityMonth.Manner.ENTRY: 10}
NOTES = {
    Evidence.SIGNED_FORM: "Formulir bertanda tangan kepala sekolah dan berstempel",
    Evidence.CONFIRMATION: "Dikonfirmasi lewat telepon oleh wakil kepala sekolah",
    Evidence.VISIT: "Kunjungan pendamping, daftar hadir dilihat di tempat",
}


def write_attendance(world: World, staffed: Staffed, written: Registered) -> None:
    """One row per facility and month that somebody spoke of, and one per pupil and month with days away."""
    told = said(world)
    _write_months(world, staffed, written, told)
    _write_declarations(world, staffed, written, told)
    rows = [each for each in absences(world, told) if written.members[each.member] is not None]
    columns: Columns = {
        "member_id": [written.members[each.member] for each in rows],
        "facility_id": [written.facilities[each.facility] for each in rows],
        "month": [each.month for each in rows],
        "absent_days": [each.absent for each in rows],
        "leave_days": [each.leave for each in rows],
        "sick_days": [each.sick for each in rows],
        "present_days": [EFFECTIVE_DAYS[each.month] - each.absent - each.leave - each.sick for each in rows],
        **scope_columns(written, [world.members.family[each.member] for each in rows]),
    }
    write(Observation, columns, outcome=int(Observation.Outcome.BY_DAYS), note="")


def _write_months(world: World, staffed: Staffed, written: Registered, told: Sequence[Confirmed]) -> None:
    chance = Random(f"evidence {world.seed}")
    facilitators, officers = _facilitator_of(world, staffed), _officer_of(world, staffed)
    found: dict[str, list[object]] = {
        name: []
        for name in (
            "facility_id", "month", "effective_days", "manner", "declared_by_id", "declared_at", "evidence",
            "evidence_note", "proven_by_id", "proven_at",
        )
    }  # fmt: skip
    for each in told:
        facility = world.facilities.rows[each.facility]
        school, proven = facility.kind in SCHOOLS, each.word is Word.PROVEN
        officer = officers[facility.region_no // 10**6]
        evidence = chance.choices(tuple(EVIDENCE), tuple(EVIDENCE.values()))[0] if proven else Evidence.NONE
        manner = chance.choices(tuple(MANNERS), tuple(MANNERS.values()))[0] if school else FacilityMonth.Manner.ALL_BUT
        for month in each.quarter.months:
            row = (
                written.facilities[each.facility], month, EFFECTIVE_DAYS[month] if school else None, manner.value,
                facilitators.get(each.facility, officer), noon(each.quarter.declared), evidence.value,
                NOTES.get(evidence, ""), officer if proven else None, noon(each.quarter.proven) if proven else None,
            )  # fmt: skip
            for values, value in zip(found.values(), row, strict=True):
                values.append(value)
    write(FacilityMonth, dict(found), evidence_file_id=None)


def _write_declarations(world: World, staffed: Staffed, written: Registered, told: Sequence[Confirmed]) -> None:
    """Each facilitator speaks for the own groups; for families without one the data officer does."""
    facilitators = [staffed.of(worker) for worker in world.staff if worker.facilitator is not None]
    officers, units = _officer_of(world, staffed), _units_of(world, written)
    found: dict[str, list[object]] = {
        name: [] for name in ("facility_id", "month", "group_no", "district_no", "declared_by_id", "declared_at")
    }
    for each in told:
        officer = officers[world.facilities.rows[each.facility].region_no // 10**6]
        for (group_no, district_no), group in units.get(each.facility, {}).items():
            by = facilitators[world.plan.groups[group].facilitator] if group_no else officer
            for month in each.quarter.months:
                row = (
                    written.facilities[each.facility], month, group_no, district_no, by,
                    noon(each.quarter.declared) + timedelta(minutes=each.facility * 11 % 240),
                )  # fmt: skip
                for values, value in zip(found.values(), row, strict=True):
                    values.append(value)
    write(Declaration, dict(found), manner=FacilityMonth.Manner.ALL_BUT.value, late_because="")


def _units_of(world: World, written: Registered) -> dict[int, dict[tuple[int, int], int]]:
    """Facility -> (group, kecamatan) of the families that use it -> the group's row in the plan."""
    found: dict[int, dict[tuple[int, int], int]] = {}
    for facility, family in zip(world.members.facility, world.members.family, strict=True):
        if facility >= 0:
            unit = Unit.at(written.groups[family], written.region_nos[family])
            found.setdefault(facility, {})[unit] = world.families.group[family]
    return found


def _facilitator_of(world: World, staffed: Staffed) -> dict[int, int]:
    """Facility -> the facilitator of some family that uses it: whoever brings its form."""
    facilitators = [staffed.of(worker) for worker in world.staff if worker.facilitator is not None]
    groups, members = world.plan.groups, world.members
    return {
        facility: facilitators[groups[world.families.group[family]].facilitator]
        for facility, family in zip(members.facility, members.family, strict=True)
        if facility >= 0
    }


def _officer_of(world: World, staffed: Staffed) -> dict[int, int]:
    """Regency (four digits) -> its data officer, who has seen the proof."""
    return {worker.region_no // 10**6: staffed.of(worker) for worker in world.staff if worker.role == "data_officer"}
