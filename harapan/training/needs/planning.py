"""A plan that empties a queue: first free seats of batches that stand, then so many classes for each centre and month.

Nobody is given a place on days that they have given away. Plain Python.

The same queue, batches, capacity and first month always give the same plan; `digest` tells one from another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice, pairwise

from harapan.core.errors import Refused
from harapan.core.periods import add_months, format_date, format_month, month_days, month_of
from harapan.core.phrases import Phrase
from harapan.training.dated_data import Centre
from harapan.training.needs.queue import Waiting

TURNOVER_DAYS = 4  # between two rounds at one centre: to leave, clean and arrive
MONTH_DAYS = 28  # that every month has
NO_QUOTA = 0  # seats for anybody


class NoCapacity(Refused):
    """People wait for a centre that can hold no class, or no centre teaches their province."""

    def __init__(self, people: int, centre: Centre | None) -> None:
        if centre is None:
            super().__init__(
                Phrase(
                    "{people} orang di antrean bertugas di provinsi yang tidak dilayani balai mana pun. Isi "
                    "provinsinya di data/training/centres.yaml.",
                    people=people,
                )
            )
        else:
            super().__init__(
                Phrase(
                    "{centre} tidak punya kelas, padahal {people} orang menunggu di sana. Isi kapasitasnya di "
                    "needs.classes_per_month.{code}.",
                    centre=centre.name, people=people, code=centre.code,
                )
            )  # fmt: skip


class NobodyWaits(Refused):
    def __init__(self, course: str) -> None:
        super().__init__(
            Phrase("Tidak ada yang menunggu {course}, jadi tidak ada angkatan yang perlu dibuat.", course=course)
        )


class MonthGone(Refused):
    def __init__(self, month: str) -> None:
        super().__init__(
            Phrase(
                "{month} sudah berjalan atau lewat, dan peserta perlu diundang dahulu. Pilih bulan sesudahnya.",
                month=format_month(month),
            )
        )


@dataclass(frozen=True, slots=True)
class Room:
    """What a course needs: `size` people a class, `days` a class; and classes a month by centre code.

    taken: how many of them a centre has given away already, by its code and the month.
    """

    size: int
    days: int
    classes_per_month: Mapping[str, int]
    taken: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def free(self, centre: Centre, month: str) -> int:
        return max(0, self.classes_per_month.get(centre.code, 0) - self.taken.get((centre.code, month), 0))

    @property
    def rounds(self) -> int:
        """How often a month a centre can begin."""
        return max(1, MONTH_DAYS // (self.days + TURNOVER_DAYS))


@dataclass(frozen=True, slots=True)
class Busy:
    """Days that somebody has given away. words: to what, or why they cannot come, as part of a sentence."""

    begins: date
    ends: date
    words: Phrase


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that its centre has made already. seats: those nobody has, by quota (NO_QUOTA: for anybody).

    counted: of a batch with quotas, person number -> their quota; who is not in it has no seat there.
    """

    batch: int
    centre: Centre
    wave: int
    number: int
    begins: date
    ends: date
    seats: Mapping[int, int]
    counted: Mapping[int, int] | None = None

    def quota_of(self, person: int) -> int | None:
        return NO_QUOTA if self.counted is None else self.counted.get(person)


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """Where some of the queue go. `batch`: the one that stands; 0: one to be made, of which `wave` counts the rounds
    of its centre and `number` its classes."""

    centre: Centre
    month: str
    wave: int
    number: int
    begins: date
    ends: date
    people: tuple[Waiting, ...]
    batch: int = 0

    @property
    def words(self) -> Phrase:
        """Where it leads, to be read by whoever looks up a name."""
        days = {"begins": format_date(self.begins), "ends": format_date(self.ends), "centre": self.centre.name}
        if not self.batch:
            return Phrase("Kelas baru di {centre}, {begins} sampai {ends}", **days)
        return Phrase(
            "Kursi kosong gelombang {wave} angkatan {number} di {centre}, {begins} sampai {ends}",
            wave=self.wave, number=self.number, **days,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """`filled`: batches that stand; `classes`: those to be made; both in the order of centre and time.

    kept: person number -> the days that kept them from an earlier place.
    """

    first_month: str
    classes: tuple[PlannedClass, ...]
    filled: tuple[PlannedClass, ...] = ()
    kept: Mapping[int, Busy] = field(default_factory=dict)

    @property
    def all(self) -> tuple[PlannedClass, ...]:
        return self.filled + self.classes

    @property
    def people(self) -> int:
        return sum(len(each.people) for each in self.all)

    @property
    def seated(self) -> int:
        """How many go to batches that stand."""
        return sum(len(each.people) for each in self.filled)

    @property
    def last_month(self) -> str:
        return max(each.month for each in self.all)

    def within(self, ranges: Sequence[tuple[int, int]]) -> Plan:
        """What it gives to those who serve inside half-open ranges of regions; it tells nothing of the others."""

        def ours(found: Iterable[PlannedClass]) -> tuple[PlannedClass, ...]:
            kept = (
                replace(
                    each, people=tuple(one for one in each.people if any(a <= one.region_no < b for a, b in ranges))
                )
                for each in found
            )
            return tuple(each for each in kept if each.people)

        classes, filled = ours(self.classes), ours(self.filled)
        people = {one.person for each in (*classes, *filled) for one in each.people}
        return Plan(self.first_month, classes, filled, {one: why for one, why in self.kept.items() if one in people})

    @property
    def digest(self) -> str:
        told = hashlib.sha256()
        for each in self.all:
            people = ",".join(str(one.person) for one in each.people)
            place = f"{each.centre.code} {each.begins} {each.ends} {each.wave} {each.number}"
            told.update(f"{place} {each.batch} {people}\n".encode())
        return told.hexdigest()


def make_plan(
    queue: Sequence[Waiting], centres: Iterable[Centre], room: Room, *, first_month: str,
    standing: Sequence[OpenBatch] = (), busy: Mapping[int, Sequence[Busy]] | None = None,
) -> Plan:  # fmt: skip
    """Gives everybody a place, in the order of the queue, at the centre of their province. Raises NoCapacity.

    standing: batches of these centres, in the order in which their seats are filled; busy: by person number.
    """
    centres = tuple(centres)
    at = {province: each for each in centres for province in each.taught}
    by_centre: dict[str, list[Waiting]] = {each.code: [] for each in centres}
    nowhere = 0
    for one in queue:
        centre = at.get(one.province)
        if centre is None:
            nowhere += 1
        else:
            by_centre[centre.code].append(one)
    if nowhere:
        raise NoCapacity(nowhere, None)
    classes: list[PlannedClass] = []
    filled: list[PlannedClass] = []
    days = _Days(busy or {})
    for centre in centres:
        here, waiting = _seated([each for each in standing if each.centre == centre], by_centre[centre.code], days)
        filled += here
        classes += _classes(centre, waiting, room, first_month, days)
    return Plan(first_month, tuple(classes), tuple(filled), days.kept)


@dataclass(slots=True)
class _Days:
    """Who is free when; remembers what kept whom from the first place they would have had."""

    busy: Mapping[int, Sequence[Busy]]
    kept: dict[int, Busy] = field(default_factory=dict)

    def between(self, one: Waiting, begins: date, ends: date) -> Busy | None:
        return next(
            (each for each in self.busy.get(one.person, ()) if each.begins <= ends and begins <= each.ends), None
        )

    def take(self, one: Waiting, begins: date, ends: date) -> bool:
        """Whether they can come then."""
        why = self.between(one, begins, ends)
        if why is not None:
            self.kept.setdefault(one.person, why)
        return why is None


def _seated(
    batches: Sequence[OpenBatch], waiting: Sequence[Waiting], days: _Days
) -> tuple[list[PlannedClass], list[Waiting]]:
    """The free seats, each to the first in the queue who may have it and can come; and who waits on."""
    free = {each.batch: dict(each.seats) for each in batches}
    people: dict[int, list[Waiting]] = {each.batch: [] for each in batches}
    rest = []
    for one in waiting:
        for each in batches:
            quota = each.quota_of(one.person)
            if quota is not None and free[each.batch].get(quota, 0) > 0 and days.take(one, each.begins, each.ends):
                free[each.batch][quota] -= 1
                people[each.batch].append(one)
                break
        else:
            rest.append(one)
    found = [
        PlannedClass(each.centre, month_of(each.begins), each.wave, each.number, each.begins, each.ends,
                     tuple(people[each.batch]), each.batch)
        for each in batches if people[each.batch]
    ]  # fmt: skip
    return found, rest


def _classes(
    centre: Centre, waiting: Sequence[Waiting], room: Room, first_month: str, days: _Days
) -> Iterator[PlannedClass]:
    """Month by month as many classes as are free there; those of a month share its people evenly."""
    if waiting and (room.classes_per_month.get(centre.code, 0) < 1 or room.size < 1):
        raise NoCapacity(len(waiting), centre)
    month, wave, number = first_month, 0, 0
    while waiting:
        opened = _opened(waiting, room, room.free(centre, month), month, days)
        groups, waiting = _grouped(waiting, opened, room.size, days)
        before = None
        for (_size, begins, ends), people in zip(opened, groups, strict=True):
            if people:
                wave, number = wave + (begins != before), number + 1
                before = begins
                yield PlannedClass(centre, month, wave, number, begins, ends, tuple(people))
        month = add_months(month, 1)


def _opened(
    waiting: Sequence[Waiting], room: Room, free: int, month: str, days: _Days
) -> list[tuple[int, date, date]]:  # fmt: skip
    """The classes of a month for those who can come in it: people, first and last day, in the order of time."""
    rounds = [_first_monday(month) + timedelta(weeks=turn * _weeks(room)) for turn in range(room.rounds)]
    lasting = timedelta(days=room.days - 1)
    can = (one for one in waiting if any(days.between(one, begins, begins + lasting) is None for begins in rounds))
    people = sum(1 for _one in islice(can, free * room.size))
    count = -(-people // room.size)
    edges = [people * part // count for part in range(count + 1)] if count else []
    begun = [rounds[place * room.rounds // count] for place in range(count)]
    return [(high - low, day, day + lasting) for (low, high), day in zip(pairwise(edges), begun, strict=True)]


def _grouped(
    waiting: Sequence[Waiting], opened: Sequence[tuple[int, date, date]], size_max: int, days: _Days
) -> tuple[list[list[Waiting]], list[Waiting]]:
    """Each to the first class with room on whose days they can come; and who waits for a later month.

    A class takes more than its even share only of those whose days leave them no other.
    """
    groups: list[list[Waiting]] = [[] for _each in opened]
    rest = list(waiting)
    for sizes in ([size for size, _begins, _ends in opened], [size_max] * len(opened)):
        rest = _filled(groups, sizes, rest, opened, days)
    return groups, rest


def _filled(
    groups: Sequence[list[Waiting]], sizes: Sequence[int], waiting: Sequence[Waiting],
    opened: Sequence[tuple[int, date, date]], days: _Days,
) -> list[Waiting]:  # fmt: skip
    """Who is left when no class has room, or nobody can come to one that has."""
    left = sum(sizes) - sum(map(len, groups))
    rest: list[Waiting] = []
    for place, one in enumerate(waiting):
        if not left:
            return rest + list(waiting[place:])
        for size, (_size, begins, ends), people in zip(sizes, opened, groups, strict=True):
            if len(people) < size and days.take(one, begins, ends):
                people.append(one)
                left -= 1
                break
        else:
            rest.append(one)
    return rest


def _weeks(room: Room) -> int:
    """From one round to the next; rounds begin on Mondays."""
    return -(-(room.days + TURNOVER_DAYS) // 7)


def _first_monday(month: str) -> date:
    first, _after = month_days(month)
    return first + timedelta(days=-first.weekday() % 7)
