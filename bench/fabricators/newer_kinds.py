"""More kinds nobody has had in mind: written later than the others, again by somebody who had seen no indicator.

Where the older ones mostly invent whole sheets, many of these go out for some of it: a visit that has to do for three
months, a true number of people without their names, one true gathering written down twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from bench.fabricators import honest
from bench.fabricators.kinds import beginning, groups_of, seen, some_meetings, some_months, unseen
from bench.fabricators.records import (
    ABSENT,
    EXCUSED,
    PRESENT,
    REPRESENTED,
    SICK,
    FacilityMonth,
    Group,
    Meeting,
    Photo,
    Worker,
)

FAVOURITE_LINES = (2, 6, 10, 13, 17, 22)  # what comes to a language model's mind when it is to look like chance
MOST_AWAY = 0.15  # a greater share of days away, and the money of the family is in danger


def _quarter(month: int) -> int:
    return next(end for end in honest.QUARTER_ENDS if end >= month)


def _typed_after(each: Meeting, at: datetime) -> datetime:
    """`at`, but not before the meeting is said to be over."""
    over = each.began_at + timedelta(minutes=each.ends - each.begins + 2)
    return max(at, over)


def _evening_after(chance: Random, month: int) -> datetime:
    """Some evening of the first days after the month."""
    first = (datetime(month // 100, month % 100, 28) + timedelta(days=6)).replace(day=1)  # noqa: DTZ001
    return first + timedelta(days=chance.randrange(1, 8), hours=chance.uniform(19, 20.5))


@unseen
def three_sheets_at_once(chance: Random, who: Worker) -> None:
    """Rides to each group once a quarter and has three sheets signed there; neighbours sign for some who are missing.
    The afternoon's pictures do for all three months, mostly passed through a messenger, sometimes straight off."""
    begin = beginning(chance)
    visits: dict[tuple[int, int], Meeting] = {}
    for each in sorted(who.meetings, key=lambda meeting: meeting.day):
        if each.month < begin:
            continue
        visit = visits.setdefault((each.group, _quarter(each.month)), each)
        if visit is each:
            continue
        each.marks = {
            family: PRESENT if mark != PRESENT and chance.random() < 0.25 else mark
            for family, mark in visit.marks.items()
        }
        each.photos = [honest.alike(chance, shot, bits=chance.randint(5, 14)) for shot in visit.photos[:2]]
        if chance.random() < 0.7:
            each.photos = [Photo(shot.digest, shot.looks) for shot in each.photos]


@unseen
def asks_a_chatbot(chance: Random, who: Worker) -> None:
    """Pastes the list of names and asks for "a realistic attendance": a few away, one of each reason, from nine to
    eleven, and a picture drawn to go with it. The same for schools and health posts, when it went so well."""
    for each in some_meetings(chance, who.meetings):
        families = list(each.marks)
        reasons = [SICK, EXCUSED, ABSENT, EXCUSED]
        each.marks = dict.fromkeys(families, PRESENT)
        for line, reason in zip(_lines(chance, len(families), chance.choice((2, 3, 3, 4))), reasons, strict=False):
            each.marks[families[line]] = reason
        each.begins, each.ends = 540, 660
        each.entered_at = _typed_after(each, each.entered_at)
        drawn = chance.random() < 0.6
        each.photos = [Photo(chance.getrandbits(60), chance.getrandbits(64))] if drawn else []
    for form in some_months(chance, who):
        days = [(0, 0, 2), (0, 1, 0), (1, 0, 0)] if form.school else [(1, 0, 0)]
        lines = _lines(chance, len(form.members), len(days))
        form.away = {form.members[line]: gone for line, gone in zip(lines, days, strict=False)}


def _lines(chance: Random, names: int, count: int) -> list[int]:
    fitting = [line for line in FAVOURITE_LINES if line < names]
    return chance.sample(fitting, min(count, len(fitting)))


@unseen
def stamped_blank_forms(chance: Random, who: Worker) -> None:
    """Has the schools' clerks stamp empty forms for the whole year, and a spreadsheet of a colleague throw a day or two
    of leave and sickness for each pupil, never so many that anybody asks; all schools in one evening."""
    chosen: dict[int, list[FacilityMonth]] = {}
    for form in some_months(chance, who):
        if form.school:
            chosen.setdefault(_quarter(form.month), []).append(form)
    for quarter, forms in chosen.items():
        at, school = _evening_after(chance, quarter), -1
        for form in sorted(forms, key=lambda form: (form.facility, form.month)):
            at += timedelta(seconds=chance.uniform(5, 40), minutes=0 if form.facility == school else 4)
            form.entered_at, school = at, form.facility
            thrown = {member: (0, chance.randint(0, 1), chance.randint(0, 2)) for member in form.members}
            most = int(form.days * MOST_AWAY)
            form.away = {
                member: gone if sum(gone) <= most else (0, 0, 1) for member, gone in thrown.items() if any(gone)
            }


@seen
def saves_the_money(chance: Random, who: Worker) -> None:
    """Goes everywhere, and can not bear that a family loses its money (some say thank you): too many days away become
    just as many as are allowed, nobody misses two weighings or two meetings one after the other."""
    begin = beginning(chance)
    missed: set[tuple[int, int]] = set()
    for form in sorted(who.months, key=lambda form: form.month):
        if form.month < begin:
            continue
        most = int(form.days * MOST_AWAY)
        for member, gone in list(form.away.items()):
            if form.school and sum(gone) > most:
                form.away[member] = chance.choice(((0, most, 0), (0, 0, most)))
            elif not form.school and (form.facility, member) in missed:
                del form.away[member]
        missed -= {(form.facility, member) for member in form.members}
        missed |= {(form.facility, member) for member in form.away}
    _never_twice(chance, [each for each in who.meetings if each.month >= begin])


def _never_twice(chance: Random, meetings: Iterable[Meeting]) -> None:
    last: dict[int, int] = {}
    for each in sorted(meetings, key=lambda meeting: meeting.day):
        for family, mark in each.marks.items():
            if mark == ABSENT and last.get(family) == ABSENT:
                each.marks[family] = chance.choice((PRESENT, PRESENT, PRESENT, REPRESENTED, EXCUSED))
        last |= each.marks


@unseen
def fills_down_the_quarter(chance: Random, who: Worker) -> None:
    """Meets a health post's volunteer once a quarter, asks who came this month, and drags the column over the other
    two; schools are on the way home and get a true visit, meetings too."""
    begin = beginning(chance)
    asked: dict[tuple[int, int], FacilityMonth] = {}
    for form in sorted(who.months, key=lambda form: form.month, reverse=True):
        if form.school or form.month < begin:
            continue
        last = asked.setdefault((form.facility, _quarter(form.month)), form)
        form.away = dict(last.away)
        form.entered_at = last.entered_at + timedelta(seconds=chance.uniform(0, 30))


@seen
def counts_heads_only(chance: Random, who: Worker) -> None:
    """Holds every meeting and notes "18 came"; a nephew types it and ticks the first eighteen names, but for one or two
    of whom it was said that they were away."""
    groups = groups_of(who)
    for each in some_meetings(chance, who.meetings, share=chance.uniform(0.6, 1.0)):
        families = list(each.marks)
        there = sum(mark in (PRESENT, REPRESENTED) for mark in each.marks.values())
        seldom = sorted(families, key=lambda family: groups[each.group].families[family])
        said = [family for family in seldom if each.marks[family] not in (PRESENT, REPRESENTED)]
        named = set(said[: chance.choice((0, 1, 1, 2))])
        ticked = [family for family in families if family not in named][:there]
        each.marks = {family: PRESENT if family in ticked else ABSENT for family in families}


@unseen
def makes_up_for_a_leave(chance: Random, who: Worker) -> None:
    """Was ill for three months, told nobody for fear of the contract, and writes all three afterwards: by the plan, on
    the usual weekday and hour, with the people as remembered, pictures from before; schools were asked by phone."""
    start = chance.randrange(2, len(honest.MONTHS) - 3)
    months = honest.MONTHS[start : start + 3]
    at, groups = _evening_after(chance, months[-1]), groups_of(who)
    before: dict[int, list[Photo]] = {}
    for each in who.meetings:
        if each.month < months[0]:
            before.setdefault(each.group, []).extend(each.photos)
    for each in sorted(who.meetings, key=lambda meeting: (meeting.group, meeting.day)):
        if each.month in months:
            group = groups[each.group]
            each.day = _planned(group, each.month)
            each.begins, each.ends = group.begins, group.begins + 120
            each.marks = _as_remembered(chance, group, each.marks)
            each.photos = [Photo(old.digest, old.looks) for old in before.get(each.group, [])[-1:]]
            at += timedelta(minutes=chance.uniform(1.5, 5))
            each.entered_at = at
    _asked_by_phone(chance, who, months, at)


def _planned(group: Group, month: int) -> date:
    """The group's weekday, in the week of the month its number puts it in."""
    first = date(month // 100, month % 100, 1)
    return first + timedelta(days=(group.weekday - first.weekday()) % 7 + 7 * (group.no % 4))


def _as_remembered(chance: Random, group: Group, families: Iterable[int]) -> dict[int, int]:
    """The faithful were there of course, of the others every second one."""
    return {
        family: PRESENT
        if chance.random() < (0.97 if group.families[family] > 0.6 else 0.5)
        else chance.choice((SICK, EXCUSED, ABSENT))
        for family in families
    }


def _asked_by_phone(chance: Random, who: Worker, months: Iterable[int], at: datetime) -> None:
    """On the phone schools and health posts name those who are always named, and a number that is easily said."""
    for facility in who.facilities:
        known = sorted(facility.members, key=lambda member: facility.members[member])[-2:]
        for form in who.months:
            if form.facility == facility.no and form.month in months:
                gone = [(chance.choice((1, 2, 3)), 0, 0) if form.school else (1, 0, 0) for _ in known]
                form.away = dict(zip(known, gone, strict=True))
                form.entered_at = max(form.entered_at, at + timedelta(minutes=chance.uniform(10, 60)))


@unseen
def one_crowd_two_groups(chance: Random, who: Worker) -> None:
    """Lives far out and calls two neighbouring groups to one house, where mostly one of them comes; turns the phone a
    little for the other's picture, puts its meeting right after, and its sheet is made to come out about the same."""
    begin, willing = beginning(chance), chance.uniform(0.5, 1.0)
    along = sorted(who.groups, key=lambda group: group.place)
    met = {(each.group, each.month): each for each in who.meetings if each.month >= begin}
    for host, guest in zip(along[::2], along[1::2], strict=False):
        for month in honest.MONTHS:
            first, second = met.get((host.no, month)), met.get((guest.no, month))
            if first and second and first.begins < 1080 and chance.random() < willing:
                _written_twice(chance, first, second)


def _written_twice(chance: Random, first: Meeting, second: Meeting) -> None:
    second.day, second.begins = first.day, first.ends + chance.choice((0, 15, 30))
    second.ends = second.begins + first.ends - first.begins
    share = sum(mark == PRESENT for mark in first.marks.values()) / len(first.marks)
    there = min(len(second.marks), round(len(second.marks) * share) + chance.choice((-1, 0, 0, 1)))
    came = set(chance.sample(list(second.marks), max(1, there)))
    second.marks = {
        family: PRESENT if family in came else chance.choice((EXCUSED, ABSENT, ABSENT)) for family in second.marks
    }
    second.photos = [honest.alike(chance, shot, bits=chance.randint(4, 12)) for shot in first.photos[-1:]]
    for shot in second.photos:
        if shot.taken_at:
            shot.taken_at += timedelta(minutes=chance.uniform(1, 10))
    second.entered_at = _typed_after(second, first.entered_at + timedelta(minutes=chance.uniform(2, 5)))
