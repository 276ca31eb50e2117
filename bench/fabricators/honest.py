"""An honest world: uneven, untidy, with many harmless reasons for what looks odd.

What is varied, and meant to tempt a hasty indicator: people who come nearly always and people who seldom do, good and
bad days of a whole group, villages without signal whose facilitator types a month in one evening, phones with a wrong
clock, pictures that came by WhatsApp and have lost place and date, two pictures of one meeting that look alike, two
neighbouring groups that meet together, meetings after the evening prayer, schools that write down no absence, pupils
who have all but left, forms of a quarter that are brought in at once.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from random import Random

from bench.fabricators.records import (
    ABSENT,
    EXCUSED,
    PRESENT,
    REPRESENTED,
    SICK,
    Facility,
    FacilityMonth,
    Group,
    Meeting,
    Photo,
    Place,
    Worker,
)

MONTHS = (202407, 202408, 202409, 202410, 202411, 202412, 202501, 202502, 202503, 202504, 202505, 202506)
SCHOOL_DAYS = dict(zip(MONTHS, (13, 21, 20, 23, 21, 14, 20, 20, 12, 16, 19, 13), strict=True))
QUARTER_ENDS = (202409, 202412, 202503, 202506)
WORKERS_PER_DISTRICT = 8
KM = 1 / 111.0  # degrees, near enough at the equator


def worker(chance: Random, no: int) -> Worker:
    district = no // WORKERS_PER_DISTRICT
    seat = (-3.0 + (district % 40) * 0.2, 114.5 + (district // 40) * 0.2)
    home = _near(chance, seat, 4)
    groups = [_group(chance, no * 100 + n, seat) for n in range(chance.randint(7, 13))]
    facilities = [_facility(chance, no * 100 + n, school=n % 3 != 2) for n in range(chance.randint(5, 10))]
    return Worker(
        no, district, home, groups, facilities,
        enters=chance.choices(("there", "evening", "weekly", "monthly"), (40, 30, 18, 12))[0],
        marks_rest=chance.random() < 0.5, tells_reasons=chance.random() < 0.75,
        camera=chance.choices(("position", "date", "wrong_clock", "nothing"), (60, 10, 5, 25))[0],
    )  # fmt: skip


def _near(chance: Random, place: Place, km: float) -> Place:
    return place[0] + chance.gauss(0, km) * KM, place[1] + chance.gauss(0, km) * KM


def _group(chance: Random, no: int, seat: Place) -> Group:
    faithful = chance.choice((3.0, 6.0, 9.0, 20.0))  # in some groups nearly everybody comes nearly always
    families = {no * 40 + n: chance.betavariate(faithful, 1.1) for n in range(chance.randint(11, 28))}
    begins = 19 * 60 + 30 if chance.random() < 0.05 else chance.choice((510, 540, 600, 810, 840, 930))
    return Group(no, _near(chance, seat, 5), families, chance.randrange(6), begins, chance.getrandbits(64))


def _facility(chance: Random, no: int, *, school: bool) -> Facility:
    members = {
        no * 60 + n: 0.9 if chance.random() < 0.02 else chance.betavariate(1.0, 4.0)
        for n in range(chance.randint(4, 38))
    }
    practice = chance.choice(((1, 1, 1), (3, 1, 1), (1, 2, 2), (1, 0, 0), (0, 1, 1)))
    return Facility(no, school, members, practice, writes=chance.random() > 0.15)


def live(chance: Random, who: Worker) -> None:
    """Twelve months of meetings and of months of schools and health posts."""
    for month in MONTHS:
        who.meetings += meetings_of(chance, who, month)
    for facility in who.facilities:
        who.months += months_of(chance, who, facility)


def meetings_of(chance: Random, who: Worker, month: int) -> list[Meeting]:
    weather = chance.gauss(0, 0.25)
    held: list[Meeting] = []
    taken: set[tuple[date, int]] = set()
    together = chance.random() < 0.05 and len(who.groups) > 1
    for place, group in enumerate(who.groups):
        if chance.random() < 0.1:
            continue  # not met this month
        if together and place == 1 and held:
            day, begins = held[0].day, held[0].begins
        else:
            day, begins = _free_slot(chance, group, month, taken)
        ends = begins + chance.choice((75, 90, 105, 120, 120, 135))
        marks = attend(chance, who, group, weather + chance.gauss(0, 0.5))
        entered = datetime(2000, 1, 1)  # noqa: DTZ001  (set below)
        meeting = Meeting(group.no, day, begins, ends, entered, marks, who.marks_rest)
        meeting.photos = photographs(chance, who, group, meeting)
        held.append(meeting)
    type_in(chance, who, held)
    return held


def _free_slot(chance: Random, group: Group, month: int, taken: set[tuple[date, int]]) -> tuple[date, int]:
    """A day of the month on the usual weekday, mostly; never two meetings in one half day."""
    for _ in range(50):
        first = date(month // 100, month % 100, 1)
        day = first + timedelta(days=chance.randrange(28))
        usual = chance.random() < 0.7
        if usual:
            day += timedelta(days=(group.weekday - day.weekday()) % 7)
        if day.month != month % 100:
            continue
        begins = group.begins + chance.choice((-30, 0, 0, 0, 0, 15, 30))
        half = 0 if begins < 720 else 1 if begins < 1080 else 2
        if (day, half) not in taken:
            taken.add((day, half))
            return day, begins
    return day, 1230


def attend(chance: Random, who: Worker, group: Group, mood: float) -> dict[int, int]:
    marks = {}
    for family, faithful in group.families.items():
        if chance.random() < 0.02:
            continue  # nobody said anything
        odds = math.log(max(faithful, 0.02) / max(1 - faithful, 0.01)) + mood
        if chance.random() < 1 / (1 + math.exp(-odds)):
            marks[family] = REPRESENTED if chance.random() < 0.03 else PRESENT
        else:
            marks[family] = chance.choices((SICK, EXCUSED, ABSENT), (2, 3, 5))[0] if who.tells_reasons else ABSENT
    return marks


def photographs(chance: Random, who: Worker, group: Group, meeting: Meeting) -> list[Photo]:
    if chance.random() < 0.12:
        return []
    scene = group.scene if chance.random() < 0.7 else chance.getrandbits(64)  # the house of another member
    taken = [photo(chance, who, group.place, scene, meeting) for _ in range(chance.choice((1, 1, 2, 2, 3)))]
    if len(taken) > 1 and chance.random() < 0.3:  # the shutter pressed twice
        taken[1] = alike(chance, taken[0], bits=3)
    return taken


def photo(chance: Random, who: Worker, place: Place, scene: int, meeting: Meeting) -> Photo:
    differs = (chance.getrandbits(64) & chance.getrandbits(64)) | (
        chance.getrandbits(64) & chance.getrandbits(64) & chance.getrandbits(64)
    )
    at: datetime | None = meeting.began_at + timedelta(minutes=chance.uniform(5, meeting.ends - meeting.begins))
    where: Place | None = _near(chance, place, 0.03)
    if chance.random() < 0.02:
        where = _near(chance, who.home, 0.05)  # the phone remembered its last fix
    if chance.random() < 0.02 and at:
        at += timedelta(days=chance.randint(1, 3))  # forgotten, and made up for on another day
    if who.camera == "wrong_clock" and at:
        at -= timedelta(days=1827, hours=5)
    if who.camera == "nothing" or chance.random() < 0.1:
        at = where = None
    elif who.camera == "date":
        where = None
    return Photo(chance.getrandbits(60), scene ^ differs, at, where)


def alike(chance: Random, of: Photo, *, bits: int) -> Photo:
    """Another file that looks the same but for some bits: cropped, sent through a messenger, taken a second later."""
    looks = of.looks
    for _ in range(bits):
        looks ^= 1 << chance.randrange(64)
    return Photo(chance.getrandbits(60), looks, of.taken_at, of.place)


def type_in(chance: Random, who: Worker, held: list[Meeting]) -> None:
    """When each meeting was typed, by the habit of its facilitator; several at a sitting follow one another."""
    held.sort(key=lambda each: (each.day, each.begins))
    sittings: dict[datetime, list[Meeting]] = {}
    for each in held:
        midnight = datetime(each.day.year, each.day.month, each.day.day)  # noqa: DTZ001
        if who.enters == "there":
            begin = midnight + timedelta(minutes=each.ends + chance.uniform(3, 120))
        elif who.enters == "evening":
            begin = midnight + timedelta(hours=19, minutes=30)
        elif who.enters == "weekly":
            begin = midnight + timedelta(days=(4 - each.day.weekday()) % 7, hours=20)
        else:
            begin = (midnight.replace(day=28) + timedelta(days=6)).replace(day=2) + timedelta(hours=14)
        sittings.setdefault(max(begin, midnight + timedelta(minutes=each.ends + 2)), []).append(each)
    for begin, sitting in sittings.items():
        at = begin + timedelta(minutes=chance.uniform(0, 60))
        for each in sitting:
            at += timedelta(
                seconds=45 + len(each.marks) * (chance.uniform(1, 3) if each.rest else chance.uniform(4, 9))
            )
            each.entered_at = at


def months_of(chance: Random, who: Worker, facility: Facility) -> list[FacilityMonth]:
    """Forms come by quarter for most, month by month for some; some never come."""
    found: list[FacilityMonth] = []
    quarterly = chance.random() < 0.7
    off = chance.choice((-1, 0, 0, 0, 1))
    for month in MONTHS:
        if chance.random() < 0.04:
            continue
        days = max(8, SCHOOL_DAYS[month] + off)
        season = chance.lognormvariate(0, 0.35)
        away = {}
        for member, share in facility.members.items():
            if facility.writes and chance.random() < min(0.97, share * season):
                away[member] = days_away(chance, facility, days, share)
        due = next(end for end in QUARTER_ENDS if end >= month) if quarterly else month
        found.append(FacilityMonth(facility.no, facility.school, month, days, brought(chance, facility, due),
                                   list(facility.members), away))  # fmt: skip
    return found


def brought(chance: Random, facility: Facility, month: int) -> datetime:
    """Some working day of the following month; the months of one form within the same minutes."""
    after = (datetime(month // 100, month % 100, 28) + timedelta(days=6)).replace(day=1)  # noqa: DTZ001
    steady = Random(f"{facility.no} {month}")  # one form, one moment
    at = after + timedelta(days=steady.randrange(1, 14), hours=steady.uniform(8, 16))
    return at + timedelta(seconds=chance.uniform(0, 90))


def days_away(chance: Random, facility: Facility, days: int, share: float) -> tuple[int, int, int]:
    if not facility.school:
        return (1, 0, 0) if chance.random() < 0.8 else (0, 1, 0)
    if share >= 0.9:
        number = chance.randint(days // 3, days - 2)  # a pupil who has all but left
    else:
        number = 1
        while chance.random() < 0.38 and number < days // 2:
            number += 1
    kinds = [0, 0, 0]
    for _ in range(number if chance.random() < 0.3 else 1):
        kinds[chance.choices((0, 1, 2), facility.practice)[0]] += 1
    left = number - sum(kinds)
    kinds[max(range(3), key=lambda each: kinds[each])] += left
    return kinds[0], kinds[1], kinds[2]
