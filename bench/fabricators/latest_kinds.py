"""A third set of kinds nobody has had in mind: again by somebody who had seen no indicator.

Hardly any of these people sits down to invent a sheet. They are tired, hindered, ranked, in need of money or of another
job, and bend what is there: another gathering, the first lines of a list, a total without names, a mother's word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from bench.fabricators import honest
from bench.fabricators.kinds import beginning, groups_of, seen, some_meetings, some_months, unseen
from bench.fabricators.newer_kinds import MOST_AWAY
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
    Place,
    Worker,
)

PAYOUTS = (202407, 202410, 202501, 202504)
CAME = (PRESENT, REPRESENTED)
Days = tuple[int, int, int]


def _at(day: date, minutes: float) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001


def _typed_later(chance: Random, each: Meeting) -> None:
    """Types it when it would have been typed anyway, or else some time after it is said to be over."""
    over = _at(each.day, each.ends)
    if each.entered_at <= over:
        each.entered_at = over + timedelta(minutes=chance.uniform(5, 240))


# -- another gathering -----------------------------------------------------------------------------------------------


@unseen
def payday_as_meeting(chance: Random, who: Worker) -> None:
    """On payday they all stand before the post office, and in that month nobody comes a second time: a few words
    through the megaphone, a picture of the queue, and it was the meeting of every group. Some write it as it was, some
    deal it out over the week."""
    post, queue = _middle(who.groups), chance.getrandbits(64)
    as_it_was = chance.random() < 0.5
    for month in PAYOUTS:
        payday = date(month // 100, month % 100, chance.randint(10, 20))
        monday = payday - timedelta(days=payday.weekday())
        for n, each in enumerate(meeting for meeting in who.meetings if meeting.month == month):
            each.day, each.begins, each.ends = payday, 480 + 30 * n, 510 + 30 * n
            each.photos = [honest.photo(chance, who, post, queue, each) for _ in range(chance.choice((1, 1, 2)))]
            if not as_it_was:
                each.day, each.begins = monday + timedelta(days=n % 5), (510, 810, 930)[n // 5]
                each.ends = each.begins + chance.choice((90, 105, 120))
                if chance.random() < 0.5:
                    each.photos = [Photo(shot.digest, shot.looks) for shot in each.photos]
            each.marks = {family: _in_the_queue(chance) for family in each.marks}
            each.entered_at = max(each.entered_at, _at(payday, chance.uniform(900, 1260)))
            _typed_later(chance, each)


def _middle(groups: Sequence[Group]) -> Place:
    north, east = (sum(group.place[axis] for group in groups) / len(groups) for axis in (0, 1))
    return north, east


def _in_the_queue(chance: Random) -> int:
    return PRESENT if chance.random() < 0.96 else chance.choice((REPRESENTED, SICK, ABSENT))


@unseen
def works_at_a_market_stall(chance: Random, who: Worker) -> None:
    """The pay does not feed three children, so there is the stall until four, first on some days, by the year's end on
    most. Then by the leader's porch: a picture of the same few neighbours on the same bench, and the leader has an
    excuse for each of the others. The hour on the sheet is the one in the plan."""
    groups, tempted = groups_of(who), chance.uniform(0.6, 1.0)
    porch = {group.no: chance.getrandbits(64) for group in who.groups}
    bench = {group.no: set(chance.sample(list(group.families), chance.randint(4, 6))) for group in who.groups}
    for each in who.meetings:
        grown = honest.MONTHS.index(each.month) / (len(honest.MONTHS) - 1)
        if each.begins > 960 or chance.random() > tempted * grown:
            continue
        each.begins, each.ends = groups[each.group].begins, groups[each.group].begins + 120
        each.marks = {
            family: PRESENT if family in bench[each.group] or chance.random() < 0.85 else EXCUSED
            for family in each.marks
        }
        shot = honest.photo(chance, who, groups[each.group].place, porch[each.group], each)
        if shot.taken_at:
            shot.taken_at += timedelta(minutes=chance.uniform(960, 990) - each.begins)
        each.photos = [shot]
        each.entered_at = max(each.entered_at, _at(each.day, chance.uniform(1150, 1290)))


# -- less than all of it ---------------------------------------------------------------------------------------------


@seen
def stops_calling_the_names(chance: Random, who: Worker) -> None:
    """Calls the names, but they talk, the rain drums on the roof, it is nearly time for prayer: after seven or eight,
    "and the others?" - "all here, bu", and one is shouted out who is not. In schools, too, the first page of the
    register has to do."""
    for each in some_meetings(chance, who.meetings):
        uncalled = list(each.marks)[chance.randint(5, 9) :]
        missing = [family for family in uncalled if each.marks[family] not in CAME]
        shouted = chance.choice(missing) if missing and chance.random() < 0.3 else None
        each.marks |= {family: PRESENT for family in uncalled if family != shouted}
    for form in some_months(chance, who):
        if form.school:
            page = form.members[: chance.randint(7, 11)]
            form.away = {member: form.away[member] for member in page if member in form.away}


@unseen
def reaches_the_target(chance: Random, who: Worker) -> None:
    """Goes everywhere and counts truly, and is shamed in front of everybody when the ranking comes. So where a meeting
    or a weighing falls short of the share that is asked, just as many are added as are missing: such as would have come
    if it had not been for the harvest."""
    begin, target, groups = beginning(chance), chance.choice((0.8, 0.85, 0.9)), groups_of(who)
    for each in who.meetings:
        if each.month >= begin:
            likely = groups[each.group].families
            missing = sorted((f for f in each.marks if each.marks[f] not in CAME), key=lambda f: -likely[f])
            short = math.ceil(target * len(each.marks)) - (len(each.marks) - len(missing))
            short += chance.random() < 0.2 and short > 0
            each.marks |= dict.fromkeys(missing[: max(0, short)], PRESENT)
    for form in who.months:
        if form.month >= begin and not form.school:
            allowed = len(form.members) - math.ceil(target * len(form.members))
            kept = chance.sample(list(form.away), min(allowed, len(form.away)))
            form.away = {member: form.away[member] for member in sorted(kept)}


@unseen
def keeps_the_cards(chance: Random, who: Worker) -> None:
    """Some mothers went to Malaysia, some families to town, and left their cards behind; half of the money is sent on.
    That goes well as long as they are members: somebody signs for them at each meeting, and the children, gone with
    them or not, have never missed a day. All else is true."""
    begin = beginning(chance)
    gone: set[int] = set()
    for group in who.groups:
        if chance.random() < 0.7:
            seldom = sorted(group.families, key=lambda family: group.families[family])
            gone.update(chance.sample(seldom[: len(seldom) // 2], chance.randint(2, 4)))
    children = {
        child
        for facility in who.facilities
        for child in sorted(facility.members, key=lambda each: -facility.members[each])[: chance.randint(0, 3)]
    }
    for each in who.meetings:
        if each.month >= begin:
            signed = chance.choice((PRESENT, PRESENT, REPRESENTED))
            each.marks |= {family: signed for family in each.marks if family in gone}
    for form in who.months:
        if form.month >= begin:
            form.away = {member: days for member, days in form.away.items() if member not in children}


# -- a number or a word instead of a register ------------------------------------------------------------------------


@unseen
def shares_out_the_totals(chance: Random, who: Worker) -> None:
    """The clerk has no time for names and reads out three numbers: so much without leave, with leave, ill. They have to
    stand behind some names, and justly: a day here, two there, no child in danger. A health post's volunteer knows how
    many did not come, too."""
    for form in some_months(chance, who):
        if form.school:
            totals = [_as_said(sum(days[kind] for days in form.away.values())) for kind in range(3)]
            form.away = _dealt_out(chance, form, totals)
        else:
            form.away = dict.fromkeys(chance.sample(form.members, len(form.away)), (1, 0, 0))


def _as_said(total: int) -> int:
    return total if total <= 10 else 5 * round(total / 5)


def _dealt_out(chance: Random, form: FacilityMonth, totals: Sequence[int]) -> dict[int, Days]:
    """Round and round the names, a day or two at each, until all is dealt or nobody can take more."""
    most = max(1, int(form.days * MOST_AWAY))
    hand = {member: [0, 0, 0] for member in form.members}
    order = chance.sample(form.members, len(form.members)) * 3
    for kind, total in enumerate(totals):
        left = total
        while left and order:
            days = min(left, chance.choice((1, 1, 2)))
            mine = hand[order.pop(0)]
            if sum(mine) + days <= most:
                mine[kind] += days
                left -= days
    return {member: (days[0], days[1], days[2]) for member, days in hand.items() if any(days)}


@unseen
def takes_the_mothers_word(chance: Random, who: Worker) -> None:
    """The schools are far and the mothers sit right here: "has he been to school?" - "always, bu, a day of fever." At
    the next meeting all schools and health posts are asked for in that way, and typed after it; who is not there is not
    asked, and then it will have been all right."""
    sittings = {month: _first_after(who.meetings, month) for month in honest.MONTHS}
    for n, form in enumerate(some_months(chance, who)):
        told = {member: days for member, days in form.away.items() if chance.random() < (0.55 if form.school else 0.25)}
        form.away = {member: _a_day_of_fever(chance, days) if form.school else days for member, days in told.items()}
        sitting = sittings[form.month]
        if sitting:
            form.entered_at = sitting.entered_at + timedelta(minutes=2 + n % 10, seconds=chance.uniform(0, 50))


def _first_after(meetings: Iterable[Meeting], month: int) -> Meeting | None:
    later = [each for each in meetings if each.month > month]
    return min(later, key=lambda each: (each.day, each.begins), default=None)


def _a_day_of_fever(chance: Random, days: Days) -> Days:
    number = min(sum(days), chance.choice((1, 1, 1, 2)))
    return (0, number, 0) if chance.random() < 0.15 else (0, 0, number)


# -- somebody else goes ----------------------------------------------------------------------------------------------


@unseen
def husband_rides_with_the_phone(chance: Random, who: Worker) -> None:
    """Is with child and may not ride for five months, and a contract has no leave. The husband is free at week-ends: he
    takes the phone round, two pictures of the house and who happens to sit there, and on to the next. She makes up the
    rest in bed and takes care: nobody is away twice running, nobody for long."""
    start = chance.randrange(1, len(honest.MONTHS) - 5)
    months = honest.MONTHS[start : start + 5]
    groups, front = groups_of(who), {group.no: chance.getrandbits(64) for group in who.groups}
    absent: dict[int, set[int]] = {}
    for month in months:
        held = sorted((each for each in who.meetings if each.month == month), key=lambda each: groups[each.group].place)
        _ridden(chance, held)
        for each in held:
            each.photos = _in_passing(chance, who, groups[each.group].place, front[each.group], each)
            away = absent[each.group] = _others(chance, each.marks, absent.get(each.group, set()), most=4)
            each.marks = {f: chance.choice((SICK, EXCUSED, ABSENT)) if f in away else PRESENT for f in each.marks}
    missed: dict[int, set[int]] = {}
    for form in who.months:
        if form.month in months:
            away = _others(chance, form.members, missed.get(form.facility, set()), most=5 if form.school else 3)
            missed[form.facility] = away
            form.away = {member: _short(chance, form.school) for member in form.members if member in away}


def _ridden(chance: Random, held: Sequence[Meeting]) -> None:
    """Two week-ends, a quarter of the groups each morning along the road; typed in the afternoon."""
    if not held:
        return
    first = held[0].day.replace(day=1)
    saturday, each_day = first + timedelta(days=(5 - first.weekday()) % 7), math.ceil(len(held) / 4)
    for n, each in enumerate(held):
        tour, stop = divmod(n, each_day)
        each.day = saturday + timedelta(days=(0, 1, 7, 8)[tour])
        each.begins, each.ends = 480 + 75 * stop, 540 + 75 * stop
        each.entered_at = _at(each.day, 840 + 8 * stop + chance.uniform(0, 5))


def _in_passing(chance: Random, who: Worker, place: Place, front: int, each: Meeting) -> list[Photo]:
    first = honest.photo(chance, who, place, front, each)
    second = honest.alike(chance, first, bits=chance.randint(3, 9))
    if second.taken_at:
        second.taken_at += timedelta(seconds=chance.uniform(5, 90))
    return [first, second]


def _others(chance: Random, names: Iterable[int], before: set[int], *, most: int) -> set[int]:
    fresh = [name for name in names if name not in before]
    return set(chance.sample(fresh, min(len(fresh), chance.randint(1, most))))


def _short(chance: Random, school: bool) -> Days:
    return chance.choice(((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 2))) if school else (1, 0, 0)
