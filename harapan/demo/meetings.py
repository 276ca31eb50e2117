"""P2K2 meetings of a demonstration, January to July 2025: uneven, as the field is; some groups meet seldom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from random import Random

from harapan.demo import names
from harapan.demo.clock import NOW
from harapan.demo.world import World
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.models import Mark

YEAR, MONTHS = 2025, range(1, 13)
EVERY_MONTH, MOST_MONTHS, SELDOM = 70, 18, 12  # groups in percent; the last meet every third month
UNPLANNED_PERCENT = 6
UNMARKED_PERCENT = 12  # of this month's meetings: held, attendance not entered yet
HOURS = ((time(9), time(11)), (time(13, 30), time(15, 30)), (time(15, 30), time(17)))
PLACES = ("Rumah {leader}", "Balai desa", "Rumah {leader}", "Musala setempat", "Posyandu")
MATERIALS = ("Flipchart", "Flipchart dan lembar kerja", "Video dan lembar kerja", "")
AWAY = {
    Mark.SICK: 18,
    Mark.EXCUSED: 30,
    Mark.ABSENT: 40,
    Mark.REPRESENTED: 12,
}  # percent of those not there
AGREED = (
    "Keluarga sepakat mencoba di rumah dan menceritakannya pada pertemuan berikutnya.",
    "Tiga keluarga bercerita tentang pengalamannya; yang lain menanggapi.",
    "Lembar kerja diisi bersama, sebagian dilanjutkan di rumah.",
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a group (its `no` in the plan)."""

    group: int
    held_on: date
    begins: time
    ends: time
    lesson: str
    place: str
    materials: str
    minutes: str
    number: int  # within the group's year
    marked: bool  # whether attendance was entered


@dataclass(frozen=True, slots=True)
class Said:
    """A family (row in Families) at a meeting (place in the list of meetings)."""

    family: int
    meeting: int
    mark: Mark
    represented_by: str
    by_rest: bool


def plans(world: World) -> Iterator[tuple[int, int, str]]:
    """(group, yyyymm, lesson): the core set in order, groups that began later further back."""
    chance = Random(f"plans {world.seed}")
    lessons = _lessons()
    for group in world.plan.groups:
        start, planned = chance.randrange(len(lessons)), chance.random() * 100 >= UNPLANNED_PERCENT
        if planned:
            for month in MONTHS:
                yield group.no, YEAR * 100 + month, lessons[(start + month - 1) % len(lessons)]


def _lessons() -> list[str]:
    core = next(each for each in default_curriculum().in_force(NOW) if each.name == "core")
    return [lesson.code for lesson in core.lessons]


def meetings(world: World, planned: dict[tuple[int, int], str], leaders: dict[int, str]) -> list[Meeting]:
    """What was held up to the demonstration's present. Groups without facilitator do not meet."""
    chance = Random(f"meetings {world.seed}")
    lessons, found = _lessons(), []
    for group in world.plan.groups:
        if group.no in world.lost_groups:
            continue
        manner = chance.choices(("every", "most", "seldom"), (EVERY_MONTH, MOST_MONTHS, SELDOM))[0]
        hours, number = chance.choice(HOURS), 0
        for month in range(1, NOW.month + 1):
            held_on = date(YEAR, month, 1 + (group.no * 3 + month * 2) % 24)
            share = {"every": 0.97, "most": 0.75, "seldom": float(month % 3 == 2)}[manner]
            if chance.random() >= share or held_on >= NOW:
                continue
            number += 1
            usual = lessons[(group.no + month) % len(lessons)]
            found.append(
                Meeting(
                    group.no, held_on, *hours, planned.get((group.no, YEAR * 100 + month), usual),
                    chance.choice(PLACES).format(leader=leaders[group.no].title()), chance.choice(MATERIALS),
                    chance.choice(AGREED), number, month < NOW.month or chance.random() * 100 >= UNMARKED_PERCENT,
                )
            )  # fmt: skip
    return found


def attendance(world: World, held: list[Meeting], since: list[date]) -> Iterator[Said]:
    """What was said of each family: a group has its own habit, a family its own, and a few are left out."""
    chance = Random(f"attendance of meetings {world.seed}")
    dead, lonely = world.has("dead_manager"), world.has("no_group")
    members: dict[int, list[int]] = {}
    for row, group in enumerate(world.families.group):
        if row not in lonely:
            members.setdefault(group, []).append(row)
    habit = {group: chance.uniform(0.62, 0.95) for group in members}
    own = [min(max(chance.gauss(0, 0.12), -0.45), 0.2) for _ in range(len(world.families))]
    for place, meeting in enumerate(held):
        if not meeting.marked:
            continue
        for row in members.get(meeting.group, ()):
            if since[row] > meeting.held_on or chance.random() < 0.01:
                continue
            there = chance.random() < min(habit[meeting.group] + own[row], 0.99)
            mark = Mark.PRESENT if there else chance.choices(tuple(AWAY), tuple(AWAY.values()))[0]
            if row in dead and mark is Mark.PRESENT:
                mark = Mark.REPRESENTED
            by = f"{names.women.draw(chance, 1)[0].title()}" if mark is Mark.REPRESENTED else ""
            yield Said(row, place, mark, by, mark is Mark.PRESENT and chance.random() < 0.7)
