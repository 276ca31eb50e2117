"""Contracts, establishment, badges, departures and newcomers of a demonstration: what the pages about staff show."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, timedelta
from random import Random

from PIL import Image, ImageDraw

from harapan.database.fields import draw_ids
from harapan.demo import names
from harapan.demo.clock import NOW, noon
from harapan.demo.staff import Worker
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.files import storage
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.workforce.ethics import texts
from harapan.workforce.models import (
    Badge,
    CodeSignature,
    Contract,
    Departure,
    Establishment,
    FirstStep,
    Mentorship,
    Person,
    Portrait,
)
from harapan.workforce.staff.law import position_for, position_name
from harapan.workforce.staff.portraits import KIND, NAME

YEARS = (2023, 2024, 2025)  # of the decrees on record; the last made everybody a civil servant
OF_ROLE = {
    "facilitator": "pendamping_sosial", "district_lead": "pekerja_sosial_supervisor",
    "data_officer": "administrator_pangkalan_data", "regency_coordinator": "koordinator_kabupaten",
    "province_coordinator": "koordinator_wilayah",
}  # fmt: skip
EDUCATIONS, SHARES = ("bachelor", "diploma", "senior"), (70, 18, 12)
ENDS_SOON_SHARE = 12  # one civil servant in so many was bound for a part of the year only
LACKING_SHARE = 5  # one kecamatan in so many has a place more than people
NEW_DAYS = (12, 34, 71)  # days since the newcomers of a kabupaten came
BESIDE = ("bpnt", "tksk")
PICTURED, SHADES = 3, ("#d9e2ec", "#e6dccf", "#dfe8dc")  # bearers with a portrait on their card, and its ground


def write_serving(world: World, staffed: Staffed, persons: dict[str, int]) -> None:
    """A few statements, whatever the number of people."""
    chance = Random(f"serving {world.seed}")
    staff = [worker for worker in world.staff if worker.role in OF_ROLE]
    schooled = {worker.username: chance.choices(EDUCATIONS, SHARES)[0] for worker in staff}
    for education in EDUCATIONS:
        held = [persons[name] for name, known in schooled.items() if known == education]
        Person.objects.filter(pk__in=held).update(education=education)
    _write_contracts(chance, staff, staffed, persons, schooled)
    _write_badges(staff, staffed, persons, schooled)
    _write_establishment(world, staffed)
    _write_newcomers(chance, world, staffed)
    _write_departures(staff, staffed, persons)


def _write_contracts(
    chance: Random, staff: list[Worker], staffed: Staffed, persons: dict[str, int], schooled: dict[str, str]
) -> None:
    first = list({_place(worker): worker for worker in reversed(staff)}.values())
    rows = []
    for year in YEARS:
        for worker in staff:
            pppk = year == YEARS[-1]
            part = pppk and (worker in first or chance.randrange(ENDS_SOON_SHARE) == 0)
            until = NOW + timedelta(days=chance.randint(5, 50)) if part else date(year + 1, 1, 1)
            position = position_for(schooled[worker.username], NOW) if pppk else OF_ROLE[worker.role]
            rows.append((worker, year, "pppk" if pppk else "contract", position, until))
    columns: Columns = {
        "person_id": [persons[worker.username] for worker, *_rest in rows],
        "region_no": [worker.region_no for worker, *_rest in rows],
        "form": [form for _worker, _year, form, *_rest in rows],
        "position": [position for *_rest, position, _until in rows],
        "number": [
            f"{_place(worker)}/{'SPK' if form == 'pppk' else 'SK'}/PKH/{year}" for worker, year, form, *_r in rows
        ],
        "dated": [date(year - 1, 12, 19) for _worker, year, *_rest in rows],
        "since": [date(year, 1, 1) for _worker, year, *_rest in rows],
        "until": [until for *_rest, until in rows],
        "basis": [f"Hasil penilaian kinerja {year - 1}" for _worker, year, *_rest in rows],
        "recorded_at": [noon(date(year, 1, 6)) for _worker, year, *_rest in rows],
    }
    write(Contract, columns, recorded_by_id=None)


def _place(worker: Worker) -> str:
    """One decree names everybody of a kabupaten/kota."""
    return codes.compact(codes.ancestor(worker.region_no, Level(min(codes.level_of(worker.region_no), Level.REGENCY))))


def _write_badges(staff: list[Worker], staffed: Staffed, persons: dict[str, int], schooled: dict[str, str]) -> None:
    """For everybody of the first kabupaten; others still have to be issued."""
    regency = codes.ancestor(staff[0].region_no, Level.REGENCY)
    bearers = [each for each in staff if each.region_no and codes.contains(regency, each.region_no)]
    drawn = Random("badges")
    portraits = _portraits(bearers[:PICTURED], staffed, persons)
    columns: Columns = {
        "person_id": [persons[each.username] for each in bearers],
        "region_no": [each.region_no for each in bearers],
        "code": [f"{drawn.getrandbits(80):020x}" for _each in bearers],
        "name": [each.name for each in bearers],
        "title": [str(position_name(position_for(schooled[each.username], NOW), NOW)) for each in bearers],
        "place": [each.place for each in bearers],
        "portrait_id": [portraits.get(each.username) for each in bearers],
    }
    write(Badge, columns, issued_on=date(2025, 1, 13), until=date(2026, 1, 1), revoked_on=None, issued_by_id=None)


def _portraits(bearers: list[Worker], staffed: Staffed, persons: dict[str, int]) -> dict[str, int]:
    """User name -> portrait: a drawn figure, nobody's face."""
    found = {}
    for place, each in enumerate(bearers):
        file = storage.store(
            NAME, kind=KIND, contents=_figure(place), owner=staffed.of(each), media_type="image/jpeg"
        )  # fmt: skip
        made = Portrait.objects.create(
            person_id=persons[each.username], region_no=each.region_no, file=file, added_on=date(2025, 1, 10),
            added_by_id=staffed.of(each),
        )  # fmt: skip
        found[each.username] = made.pk
    return found


def _figure(place: int) -> bytes:
    picture = Image.new("RGB", (440, 580), SHADES[place % len(SHADES)])
    pen, out = ImageDraw.Draw(picture), io.BytesIO()
    pen.ellipse((40, 370, 400, 900), fill="#6b2a5b")
    pen.ellipse((130, 110, 310, 340), fill="#c89b7b")
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _write_establishment(world: World, staffed: Staffed) -> None:
    """As many places as people serve, one at least, and one more in some kecamatan."""
    serving = Counter(worker.region_no for worker in world.staff if worker.facilitator is not None)
    led = {worker.region_no for worker in world.staff if worker.role == "district_lead"}
    by = {worker.region_no: staffed.of(worker) for worker in world.staff if worker.role == "regency_coordinator"}
    districts = sorted({*serving, *led})
    columns: Columns = {
        "region_no": districts,
        "places": [max(serving[no], 1) + (at % LACKING_SHARE == 1) for at, no in enumerate(districts)],
        "set_by_id": [by[codes.ancestor(no, Level.REGENCY)] for no in districts],
    }
    write(Establishment, columns, since=date(2025, 1, 1), source="Surat Direktur tentang formasi SDM PKH 2025")


def _write_newcomers(chance: Random, world: World, staffed: Staffed) -> None:
    """In each kabupaten people who came weeks ago, and the companions of sister programmes."""
    leads = [worker for worker in world.staff if worker.role == "district_lead"]
    mentors: dict[int, Worker] = {}
    for worker in leads:
        mentors.setdefault(codes.ancestor(worker.region_no, Level.REGENCY), worker)
    rows = []
    for regency, mentor in sorted(mentors.items()):
        for days in NEW_DAYS[: 1 + regency // 10**6 % 3]:
            rows.append(("pkh", mentor, NOW - timedelta(days=days)))
        rows += [(kind, mentor, date(2022, 3, 1)) for kind in BESIDE]
    ids = draw_ids(Person, len(rows))
    drawn = [chance.choice((names.women, names.men)).draw(chance, 1)[0] for _row in rows]
    columns: Columns = {
        "id": ids,
        "kind": [kind for kind, *_rest in rows],
        "name": drawn,
        "region_no": [mentor.region_no for _kind, mentor, _since in rows],
        "since": [since for *_rest, since in rows],
        "cohort": [2025 if kind == "pkh" else None for kind, *_rest in rows],
    }
    write(Person, columns, user_id=None, staff_number="", sex=0, education="bachelor", email="", phone="")
    new = [(no, name, mentor, since) for no, name, (kind, mentor, since) in zip(ids, drawn, rows, strict=True)
           if kind == "pkh"]  # fmt: skip
    guided = [each for each in new if (NOW - each[3]).days > NEW_DAYS[0]]
    stood: Columns = {
        "person_id": [no for no, *_rest in guided],
        "region_no": [mentor.region_no for _no, _name, mentor, _since in guided],
        "mentor_id": [staffed.of(mentor) for _no, _name, mentor, _since in guided],
        "person_name": [name for _no, name, *_rest in guided],
        "since": [since + timedelta(days=3) for *_rest, since in guided],
    }
    write(Mentorship, stood, until=None, given_by_id=None)
    steps: Columns = {
        "person_id": [no for no, *_rest in guided],
        "region_no": [mentor.region_no for _no, _name, mentor, _since in guided],
        "done_on": [since + timedelta(days=6) for *_rest, since in guided],
    }
    met = "Diperkenalkan ketua tim kepada camat, kepala desa, sekolah, dan puskesmas."
    write(FirstStep, steps, step="introduced", words=met, told_by_id=None)
    code = texts.in_force(NOW)
    signed: Columns = {
        "person_id": [no for no, *_rest in guided],
        "region_no": [mentor.region_no for _no, _name, mentor, _since in guided],
        "signed_on": [since + timedelta(days=6) for *_rest, since in guided],
        "paper": [f"KE/{place + 1}/{NOW.year}" for place in range(len(guided))],
        "recorded_by_id": [staffed.of(mentor) for _no, _name, mentor, _since in guided],
    }
    if code is not None:
        write(CodeSignature, signed, year=NOW.year, version=code.version)


def _write_departures(staff: list[Worker], staffed: Staffed, persons: dict[str, int]) -> None:
    """In each kabupaten one facilitator is about to leave for good; in the first somebody will go on leave."""
    facilitators = [worker for worker in staff if worker.facilitator is not None]
    last: dict[int, Worker] = {}
    for worker in facilitators:
        last[codes.ancestor(worker.region_no, Level.REGENCY)] = worker
    by = {worker.region_no: staffed.of(worker) for worker in staff if worker.role == "regency_coordinator"}
    rows: list[tuple[Worker, str, date, date | None, int]]
    rows = [(worker, "exit", NOW - timedelta(days=3), None, by[regency]) for regency, worker in sorted(last.items())]
    first = facilitators[0]
    regency = codes.ancestor(first.region_no, Level.REGENCY)
    if last[regency] is not first:
        rows.append((first, "leave", NOW + timedelta(days=6), NOW + timedelta(days=96), by[regency]))
    cover = next((each for each in facilitators if each.region_no == first.region_no and each is not first), None)
    columns: Columns = {
        "person_id": [persons[worker.username] for worker, *_rest in rows],
        "region_no": [worker.region_no for worker, *_rest in rows],
        "kind": [kind for _worker, kind, *_rest in rows],
        "leaves_on": [day for _worker, _kind, day, *_rest in rows],
        "back_on": [back for _worker, _kind, _day, back, _by in rows],
        "cover_id": [staffed.of(cover) if kind == "leave" and cover else None for _worker, kind, *_rest in rows],
        "letter": [f"800/{place + 21}/PKH/2025" for place in range(len(rows))],
        "why": ["cuti melahirkan" if kind == "leave" else "mengundurkan diri" for _worker, kind, *_rest in rows],
        "planned_by_id": [planner for *_rest, planner in rows],
    }
    write(
        Departure, columns, to_region_no=None, planned_at=noon(NOW - timedelta(days=10)), settled_on=None,
        settled_by_id=None, withdrawn_on=None, withdrawn_why="", asked_on=None,
    )  # fmt: skip
    _write_wishes(facilitators, last, staffed, persons)


def _write_wishes(
    facilitators: list[Worker], last: dict[int, Worker], staffed: Staffed, persons: dict[str, int]
) -> None:
    """In each kabupaten somebody has asked for leave, and waits for letter and cover."""
    middle: dict[int, Worker] = {}
    for worker in facilitators[1:]:
        regency = codes.ancestor(worker.region_no, Level.REGENCY)
        if worker is not last[regency]:
            middle.setdefault(regency, worker)
    rows = list(middle.values())
    columns: Columns = {
        "person_id": [persons[worker.username] for worker in rows],
        "region_no": [worker.region_no for worker in rows],
        "planned_by_id": [staffed.of(worker) for worker in rows],
    }
    write(
        Departure, columns, kind="leave", leaves_on=NOW + timedelta(days=12), back_on=NOW + timedelta(days=26),
        to_region_no=None, cover_id=None, letter="", why="cuti tahunan, menjenguk orang tua", settled_on=None,
        asked_on=NOW - timedelta(days=2), planned_at=noon(NOW - timedelta(days=2)), settled_by_id=None,
        withdrawn_on=None, withdrawn_why="",
    )  # fmt: skip
