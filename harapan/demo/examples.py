"""The planted difficulties with one family each, for whoever wants to look at one."""

from __future__ import annotations

from dataclasses import dataclass

from harapan.demo.difficulties import read_difficulties
from harapan.demo.logins import SHOWN_REGENCY
from harapan.demo.world import World
from harapan.regions import codes
from harapan.regions.naming import path_name


@dataclass(frozen=True, slots=True)
class Example:
    """One kind of difficulty: how many families have it, where it is seen, and one of them, in Tapin if possible."""

    code: str
    text: str
    find: str
    families: int
    dtks_id: str
    name: str
    place: str


def examples(world: World) -> list[Example]:
    """Every kind, in the order of the file."""
    found = []
    for each in read_difficulties():
        rows = world.planted[each.code]
        shown = next((row for row in rows if codes.contains(SHOWN_REGENCY, world.families.region_no[row])), rows[0])
        found.append(
            Example(
                each.code,
                each.text,
                each.find,
                len(rows),
                world.families.iddtks[shown],
                world.members.name[world.families.pengurus[shown]],
                path_name(world.families.region_no[shown], world.region_names),
            )
        )
    return found
