"""P2K2 meetings, attendance, commitments and behaviours of a demonstration, written."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from harapan.database.fields import draw_ids
from harapan.demo.clock import NOW, noon
from harapan.demo.meetings import YEAR, Meeting, attendance, meetings, plans
from harapan.demo.registering import Registered, scope_columns
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.p2k2.behaviours import Answer, asked_on
from harapan.p2k2.models import Attendance, BehaviourAnswer, Commitment, CommitmentAnswer, PlannedSession, Session

ASKED_SHARE, PROMISED_SHARE = 8, 6  # one family in so many
ROUNDS = (date(2024, 6, 10), date(2025, 6, 12))
PROMISES = (
    "Menimbang balita setiap bulan", "Mencatat uang masuk dan keluar setiap hari", "Mencuci tangan dengan sabun",
    "Membaca bersama anak setiap malam Minggu", "Menyisihkan Rp5.000 setiap minggu", "Memeriksakan kandungan bulan ini",
)  # fmt: skip
REASONS = ("posyandu tutup bulan ini", "belum ada waktu", "anak sedang sakit", "uang belum cukup")


def write_meetings(world: World, staffed: Staffed, written: Registered) -> None:
    """A few statements, whatever the number of groups."""
    people = [staffed.of(worker) for worker in world.staff if worker.facilitator is not None]
    met_by = [people[group.facilitator] for group in world.plan.groups]
    planned = list(plans(world))
    rows: Columns = {
        "group_id": [staffed.groups[group] for group, _month, _lesson in planned],
        "region_no": [world.plan.groups[group].region_no for group, _month, _lesson in planned],
        "month": [month for _group, month, _lesson in planned],
        "lesson": [lesson for _group, _month, lesson in planned],
        "planned_by_id": [met_by[group] for group, _month, _lesson in planned],
    }
    write(PlannedSession, rows, planned_at=noon(date(YEAR, 1, 6)))
    leaders = dict(zip(world.families.group, (world.members.name[row] for row in world.families.pengurus), strict=True))
    held = meetings(world, {(group, month): lesson for group, month, lesson in planned}, leaders)
    ids = draw_ids(Session, len(held))
    _write_sessions(world, staffed, held, ids, met_by)
    _write_attendance(world, written, held, ids, met_by)
    _write_commitments(world, written, met_by)
    _write_behaviours(world, written, met_by)


def _write_sessions(world: World, staffed: Staffed, held: list[Meeting], ids: list[int], met_by: list[int]) -> None:
    names = {staffed.of(worker): worker.name for worker in world.staff}
    columns: Columns = {
        "id": ids,
        "group_id": [staffed.groups[each.group] for each in held],
        "region_no": [world.plan.groups[each.group].region_no for each in held],
        "held_on": [each.held_on for each in held],
        "begins": [each.begins for each in held],
        "ends": [each.ends for each in held],
        "lesson": [each.lesson for each in held],
        "place": [each.place for each in held],
        "speaker": [names[met_by[each.group]] for each in held],
        "materials": [each.materials for each in held],
        "minutes": [each.minutes for each in held],
        "number": [each.number for each in held],
        "recorded_by_id": [met_by[each.group] for each in held],
        "recorded_at": [noon(each.held_on) + timedelta(minutes=20 + each.group * 7 % 300) for each in held],
    }
    write(Session, columns, speaker_post="Pendamping PKH", year=YEAR, late_because="")


def _write_attendance(
    world: World, written: Registered, held: list[Meeting], ids: list[int], met_by: list[int]
) -> None:  # fmt: skip
    said = list(attendance(world, held, written.since))
    of = [held[each.meeting] for each in said]
    columns: Columns = {
        "session_id": [ids[each.meeting] for each in said],
        "held_on": [each.held_on for each in of],
        "begins": [each.begins for each in of],
        "ends": [each.ends for each in of],
        "lesson": [each.lesson for each in of],
        "mark": [int(each.mark) for each in said],
        "represented_by": [each.represented_by for each in said],
        "manner": [int(Attendance.Manner.REST if each.by_rest else Attendance.Manner.SINGLE) for each in said],
        "said_by_id": [met_by[each.group] for each in of],
        "said_at": [noon(each.held_on) for each in of],
        **scope_columns(written, [each.family for each in said]),
    }
    write(Attendance, columns)


def _write_commitments(world: World, written: Registered, met_by: list[int]) -> None:
    chance = Random(f"commitments {world.seed}")
    rows = [row for row in range(len(world.families)) if row % PROMISED_SHARE == 1]
    made = [date(YEAR, chance.randint(3, 7), chance.randint(1, 17)) for _ in rows]
    asked = [chance.choice((None, True, False)) if day < date(YEAR, 6, 1) else None for day in made]
    met = [day + timedelta(days=30) for day in made]
    ids = draw_ids(Commitment, len(rows))
    by = [met_by[world.families.group[row]] for row in rows]
    columns: Columns = {
        "id": ids,
        "text": [chance.choice(PROMISES) for _ in rows],
        "due_on": met,
        "made_on": made,
        "done_on": [day if done else None for day, done in zip(met, asked, strict=True)],
        "recorded_by_id": by,
        "recorded_at": [noon(day) for day in made],
        **scope_columns(written, rows),
    }
    write(Commitment, columns, session_id=None)
    answered = [place for place, done in enumerate(asked) if done is not None]
    answers: Columns = {
        "commitment_id": [ids[place] for place in answered],
        "asked_on": [met[place] for place in answered],
        "done": [bool(asked[place]) for place in answered],
        "why": ["" if asked[place] else chance.choice(REASONS) for place in answered],
        "said_by_id": [by[place] for place in answered],
        "said_at": [noon(met[place]) for place in answered],
        **scope_columns(written, [rows[place] for place in answered]),
    }
    write(CommitmentAnswer, answers)


def _write_behaviours(world: World, written: Registered, met_by: list[int]) -> None:
    """Asked twice a year apart: most that was done stays, some of what was not is done now."""
    chance = Random(f"behaviours {world.seed}")
    told: list[tuple[int, str, date, Answer]] = []
    for row in range(len(world.families)):
        if row % ASKED_SHARE == 3 and written.since[row] < ROUNDS[0]:
            for each in asked_on(NOW):
                first = chance.choices((Answer.YES, Answer.NO, Answer.NOT_APPLICABLE), (45, 40, 15))[0]
                later = Answer.YES if first is Answer.NO and chance.random() < 0.35 else first
                told += [(row, each.code, day, said) for day, said in zip(ROUNDS, (first, later), strict=True)]
    columns: Columns = {
        "behaviour": [code for _row, code, _day, _said in told],
        "asked_on": [day for _row, _code, day, _said in told],
        "answer": [int(said) for _row, _code, _day, said in told],
        "said_by_id": [met_by[world.families.group[row]] for row, _code, _day, _said in told],
        "said_at": [noon(day) for _row, _code, day, _said in told],
        **scope_columns(written, [row for row, _code, _day, _said in told]),
    }
    write(BehaviourAnswer, columns)
