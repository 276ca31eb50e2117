"""The groups a workbook names: found within the kecamatan, made where there are none, given to the facilitator."""

from __future__ import annotations

from typing import Any

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.intake.errand import Errand
from harapan.regions.codes import Level, ancestor
from harapan.registry.actions import assign_facilitator
from harapan.registry.bulk.groups import Ambiguous, Place, add_groups, groups_named, place
from harapan.registry.matching import Known

Rows = dict[int, dict[str, Any]]


def prepare(errand: Errand, rows: Rows, families: dict[int, Known]) -> dict[int, int]:
    """Line -> number of its group. Lines without a group are left out; where it stays open which is meant, refused."""
    places = {line: place(row["group"], families[line].region_no) for line, row in rows.items() if row["group"]}
    found = groups_named(places.values(), facilitator=errand.facilitator)
    missing = {at: lines for at, lines in _lines_of(places).items() if at not in found}
    made = {at: (rows[lines[0]]["group"], _where(lines, families)) for at, lines in missing.items()}
    known: dict[Place, int | Ambiguous] = {**found, **add_groups(made, since=errand.since)}
    groups = {}
    for line, at in places.items():
        group = _picked(known[at], at, families[line])
        if isinstance(group, int):
            groups[line] = group
        else:
            errand.answers.refuse(line, _which(group, rows[line]["group"], errand.facilitator), "group")
    return groups


def _picked(group: int | Ambiguous, at: Place, family: Known) -> int | Ambiguous:
    """Of several, the one the family is in already, else the only one of its village."""
    if isinstance(group, int):
        return group
    if place(family.group_name, family.region_no) == at:
        return family.group_no
    return group.of_village(family.region_no) or group


def _which(group: Ambiguous, name: str, facilitator: User | None) -> str:
    several = Phrase("Ada {count} kelompok “{name}”", count=len(group.groups), name=name)
    if facilitator is None:
        return Phrase("{several} di kecamatan ini. Sebutkan pendampingnya saat membawa masuk berkas.", several=several)
    return Phrase(
        "{several} milik {facilitator} atau tanpa pendamping di kecamatan ini, dan desa keluarga ini "
        "tidak menentukan yang mana. Tulis nama kelompok beserta desanya, misalnya “{name} Hiyung”; "
        "kelompok yang belum ada akan dibuat.",
        several=several,
        facilitator=facilitator.name,
        name=name,
    )


def assign(errand: Errand, groups: dict[int, int]) -> None:
    """Give the workbook's groups to the facilitator who was named with it."""
    if errand.facilitator and groups:
        assign_facilitator(groups.values(), errand.facilitator, by=errand.by, on=errand.on)


def _lines_of(places: dict[int, Place]) -> dict[Place, list[int]]:
    lines: dict[Place, list[int]] = {}
    for line, at in places.items():
        lines.setdefault(at, []).append(line)
    return lines


def _where(lines: list[int], families: dict[int, Known]) -> int:
    """The village all its families live in, else their kecamatan."""
    villages = {families[line].region_no for line in lines}
    return villages.pop() if len(villages) == 1 else ancestor(villages.pop(), Level.DISTRICT)
