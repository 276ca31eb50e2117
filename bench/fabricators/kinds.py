"""Kinds of fabricators, each thought of as a person: what would I do who did not want to go, or could not?

`SEEN` kinds are those of which field reports speak and which whoever builds indicators has in mind; `UNSEEN` kinds
are kept apart and stand for what nobody has thought of yet. Each takes a worker's honest year and replaces some of it:
most begin some month, and few invent everything. This module keeps the register; `newer_kinds` and `latest_kinds`
add to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from bench.fabricators import honest
from bench.fabricators.records import (
    ABSENT,
    EXCUSED,
    PRESENT,
    SICK,
    FacilityMonth,
    Group,
    Meeting,
    Photo,
    Worker,
)

Kind = Callable[[Random, Worker], None]
SEEN: dict[str, Kind] = {}
UNSEEN: dict[str, Kind] = {}


def seen(kind: Kind) -> Kind:
    SEEN[kind.__name__] = kind
    return kind


def unseen(kind: Kind) -> Kind:
    UNSEEN[kind.__name__] = kind
    return kind


def fabricate(chance: Random, who: Worker, kind: str) -> None:
    who.kind = kind
    (SEEN | UNSEEN)[kind](chance, who)


def beginning(chance: Random) -> int:
    """The month it begins: a month in the first half of the year."""
    return honest.MONTHS[chance.randrange(0, 7)]


def some_meetings(chance: Random, meetings: Iterable[Meeting], *, share: float | None = None) -> list[Meeting]:
    since, share = beginning(chance), share or chance.uniform(0.5, 1.0)
    return [each for each in meetings if each.month >= since and chance.random() < share]


def some_months(chance: Random, who: Worker, *, share: float | None = None) -> list[FacilityMonth]:
    since, share = beginning(chance), share or chance.uniform(0.5, 1.0)
    places = {each.no for each in who.facilities if chance.random() < share}
    return [each for each in who.months if each.month >= since and each.facility in places]


def groups_of(who: Worker) -> dict[int, Group]:
    return {group.no: group for group in who.groups}


def _none_there(meeting: Meeting, count: int, chance: Random, mark: int = ABSENT) -> dict[int, int]:
    families = list(meeting.marks)
    away = set(chance.sample(families, min(count, len(families))))
    return {family: mark if family in away else PRESENT for family in families}


# -- seen ------------------------------------------------------------------------------------------------------------


@seen
def uses_the_attendance_maker(chance: Random, who: Worker) -> None:
    """Has the tool that goes round: presence between 90 and 100 %, for meetings and for schools, and nobody is ever
    sick or excused."""
    for each in some_meetings(chance, who.meetings):
        away = round(len(each.marks) * (1 - chance.uniform(0.9, 1.0)))
        each.marks = _none_there(each, away, chance)
    for form in some_months(chance, who):
        form.away = {}
        for member in form.members:
            gone = form.days - round(form.days * chance.uniform(0.9, 1.0)) if form.school else 0
            if gone:
                form.away[member] = (gone, 0, 0)


@seen
def copies_last_month(chance: Random, who: Worker) -> None:
    """Takes the sheet of the month before and changes the date, and a name now and then."""
    chosen = {(each.group, each.month) for each in some_meetings(chance, who.meetings)}
    before: dict[int, Meeting] = {}
    for each in sorted(who.meetings, key=lambda meeting: meeting.day):
        if (each.group, each.month) in chosen and each.group in before:
            each.marks = dict(before[each.group].marks)
            if chance.random() < 0.3:
                each.marks[chance.choice(list(each.marks))] = ABSENT
        before[each.group] = each
    last: dict[int, FacilityMonth] = {}
    for form in some_months(chance, who):
        if form.facility in last:
            form.away = {member: gone for member, gone in last[form.facility].away.items() if sum(gone) < form.days}
        last[form.facility] = form


@seen
def all_in_one_evening(chance: Random, who: Worker) -> None:
    """Invents a month of meetings in one evening on the sofa, with a few taps each; no photographs."""
    months: dict[int, list[Meeting]] = {}
    for each in some_meetings(chance, who.meetings, share=1.0):
        months.setdefault(each.month, []).append(each)
    for month, held in months.items():
        at = (datetime(month // 100, month % 100, 28) + timedelta(days=chance.uniform(2, 6))).replace(hour=21)  # noqa: DTZ001
        for each in held:
            at += timedelta(seconds=chance.uniform(12, 35))
            each.entered_at, each.rest, each.photos = at, True, []
            each.marks = _none_there(each, chance.randint(0, 3), chance)


@seen
def same_photographs(chance: Random, who: Worker) -> None:
    """Has a folder with a dozen good pictures and uses them over and over, sent to oneself through a messenger."""
    folder = [photo for each in who.meetings[:12] for photo in each.photos][:10] or [
        Photo(chance.getrandbits(60), chance.getrandbits(64))
    ]
    for each in some_meetings(chance, who.meetings):
        one = chance.choice(folder)
        if chance.random() < 0.4:
            each.photos = [Photo(one.digest, one.looks)]
        else:
            sent = honest.alike(chance, one, bits=chance.randint(1, 4))
            each.photos = [Photo(sent.digest, sent.looks)]


@seen
def two_places_at_once(chance: Random, who: Worker) -> None:
    """Plans days on paper that no motorbike can ride: meetings of far villages at the same hour or right after."""
    days: dict[int, list[Meeting]] = {}
    for each in some_meetings(chance, who.meetings):
        days.setdefault(each.month, []).append(each)
    for held in days.values():
        for first, second in zip(held[::2], held[1::2], strict=False):
            second.day = first.day
            second.begins = first.begins + chance.choice((0, 30, 60))
            second.ends = second.begins + 120
            for photo in second.photos:
                photo.taken_at = None
            second.entered_at = max(first.entered_at, second.entered_at)


@seen
def always_all_present(chance: Random, who: Worker) -> None:
    """Nobody is ever away, at any meeting, school or health post: who would complain?"""
    for each in some_meetings(chance, who.meetings, share=chance.uniform(0.8, 1.0)):
        each.marks, each.rest = dict.fromkeys(each.marks, PRESENT), True
    for form in some_months(chance, who, share=1.0):
        form.away = {}


# -- unseen ----------------------------------------------------------------------------------------------------------


@unseen
def leader_on_the_phone(chance: Random, who: Worker) -> None:
    """Rings the group's leader, gets a picture by WhatsApp, and marks away whoever is known to stay away."""
    known = {group.no: sorted(group.families, key=lambda f: group.families[f])[: chance.randint(2, 4)]
             for group in who.groups}  # fmt: skip
    for each in some_meetings(chance, who.meetings):
        away = {family for family in known[each.group] if chance.random() < 0.85}
        each.marks = {family: ABSENT if family in away else PRESENT for family in each.marks}
        each.photos = [Photo(photo.digest, photo.looks) for photo in each.photos[:1]]


@unseen
def own_script_with_true_shares(chance: Random, who: Worker) -> None:
    """Can program: every family comes by a throw of the coin with its own true share, typed at believable hours; old
    pictures cut differently so that they look new."""
    groups, old = groups_of(who), [photo for each in who.meetings for photo in each.photos][:20]
    for each in some_meetings(chance, who.meetings):
        faithful = groups[each.group].families
        each.marks = {
            family: PRESENT if chance.random() < faithful[family] else chance.choice((SICK, EXCUSED, ABSENT))
            for family in each.marks
        }
        if old:
            cut = honest.alike(chance, chance.choice(old), bits=chance.randint(8, 16))
            each.photos = [Photo(cut.digest, cut.looks)]


@unseen
def stays_at_home(chance: Random, who: Worker) -> None:
    """Photographs filled-in sheets on the own table; the phone writes down where the table stands."""
    table = chance.getrandbits(64)
    for each in some_meetings(chance, who.meetings):
        each.photos = [
            Photo(shot.digest, shot.looks, each.began_at + timedelta(minutes=chance.uniform(10, 80)),
                  (who.home[0] + chance.gauss(0, 1e-4), who.home[1] + chance.gauss(0, 1e-4)))
            for shot in [honest.photo(chance, who, who.home, table, each)]
        ]  # fmt: skip
        each.marks = _none_there(each, chance.randint(1, 4), chance, chance.choice((SICK, EXCUSED, ABSENT)))


@seen
def fills_the_quota(chance: Random, who: Worker) -> None:
    """Goes to the near groups; what is missing is made up on the last evening, by hand, with care to look random."""
    far = {group.no for group in sorted(who.groups, key=lambda g: _far(who, g))[len(who.groups) // 2 :]}
    since = beginning(chance)
    for each in who.meetings:
        if each.group in far and each.month >= since:
            month_end = (each.day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            each.entered_at = datetime(month_end.year, month_end.month, month_end.day, 20) + timedelta(  # noqa: DTZ001
                minutes=chance.uniform(0, 180)
            )
            each.day = min(each.day, month_end)
            families, away = list(each.marks), chance.randint(2, 4)
            step = max(2, len(families) // away)  # spread over the sheet, never two in a row
            start = chance.randrange(step)
            each.marks = {
                family: chance.choice((SICK, EXCUSED, ABSENT)) if n % step == start else PRESENT
                for n, family in enumerate(families)
            }
            each.photos = []


def _far(who: Worker, group: Group) -> float:
    return abs(group.place[0] - who.home[0]) + abs(group.place[1] - who.home[1])


@unseen
def rounds_the_days(chance: Random, who: Worker) -> None:
    """Fills school forms in the car: 20, 15 or 10 days present, what comes to mind."""
    for form in some_months(chance, who):
        if not form.school:
            form.away = {}
            continue
        form.away = {}
        for member in form.members:
            present = chance.choice(
                (form.days, form.days, form.days, form.days // 5 * 5, max(5, form.days // 5 * 5 - 5))
            )
            if present < form.days:
                gone = form.days - present
                form.away[member] = chance.choice(((gone, 0, 0), (0, gone, 0), (0, 0, gone)))


@seen
def one_form_for_all_schools(chance: Random, who: Worker) -> None:
    """Visits one school, and fills the others' forms by the lines of that one: the third pupil is away everywhere."""
    schools = [each.no for each in who.facilities if each.school]
    since = beginning(chance)
    for month in honest.MONTHS:
        forms = [form for form in who.months if form.month == month and form.school and month >= since]
        if len(forms) < 2:
            continue
        model = forms[0] if forms[0].facility == schools[0] else chance.choice(forms)
        lines = {model.members.index(member): gone for member, gone in model.away.items()}
        for form in forms:
            if form is not model:
                form.away = {
                    form.members[line]: gone
                    for line, gone in lines.items()
                    if line < len(form.members) and sum(gone) < form.days
                }


@unseen
def takes_turns(chance: Random, who: Worker) -> None:
    """Is fair to everybody: each month the next three of the list are away, so nobody stands out."""
    turn: dict[int, int] = {}
    each_time = chance.randint(2, 3)
    for each in sorted(some_meetings(chance, who.meetings, share=1.0), key=lambda meeting: meeting.day):
        families, start = sorted(each.marks), turn.get(each.group, 0)
        away = {families[(start + n) % len(families)] for n in range(each_time)}
        each.marks = {family: EXCUSED if family in away else PRESENT for family in families}
        turn[each.group] = start + each_time


@unseen
def a_day_of_pictures(chance: Random, who: Worker) -> None:
    """Gathers each group once, takes a year's pictures in other clothes, sets their dates by an app, and marks most as
    present."""
    since = beginning(chance)
    spots = {group.no: (group.place[0] + chance.gauss(0, 1e-4), group.place[1]) for group in who.groups}
    scenes = {group.no: group.scene for group in who.groups}
    for each in who.meetings:
        if each.month >= since:
            shot = honest.photo(chance, who, spots[each.group], scenes[each.group], each)
            shot.taken_at, shot.place = each.began_at + timedelta(minutes=60), spots[each.group]
            each.photos = [shot]
            away = round(len(each.marks) * chance.uniform(0.04, 0.08))
            each.marks = _none_there(each, away, chance, chance.choice((SICK, EXCUSED, ABSENT)))


@unseen
def colleague_s_pictures(chance: Random, who: Worker) -> None:
    """Writes each month later than all others, in closed files from a friend: his pictures, her own guesses, and always
    the same round number of people present."""
    friend = [Photo(chance.getrandbits(60), chance.getrandbits(64)) for _ in range(40)]
    there = chance.choice((10, 12, 15))
    for each in some_meetings(chance, who.meetings):
        each.marks = _none_there(each, max(0, len(each.marks) - there), chance)
        one = honest.alike(chance, chance.choice(friend), bits=chance.randint(0, 5))
        each.photos = [Photo(one.digest, one.looks)]
        each.entered_at += timedelta(days=chance.uniform(0, 6))
