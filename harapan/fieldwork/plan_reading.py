"""A plan as it is read: by day and village, with names looked up under the reader's own scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from itertools import groupby

from harapan.accounts.models import User
from harapan.core.periods import month_days
from harapan.core.phrases import Phrase
from harapan.fieldwork.agenda import Deadline, deadlines
from harapan.fieldwork.models import PlanItem, WorkPlan
from harapan.fieldwork.sources import SOURCES, Subject
from harapan.fieldwork.supervising import KIND as SUPERVISION
from harapan.fieldwork.supervising import title_of
from harapan.fieldwork.task_kinds import kind_named
from harapan.fieldwork.workers import Worker
from harapan.regions.models import Region
from harapan.registry.models import Facility, Family, Group
from harapan.workforce import duties
from harapan.workforce.duty_kinds import duty_kind
from harapan.workforce.models import ExtraDuty
from harapan.workforce.workdays import days_of, holidays_of, hours_on, workdays

GONE = Phrase("sudah bukan dampingan Anda")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a day."""

    item: PlanItem
    what: Phrase | str
    who: Phrase | str
    village: str


@dataclass(slots=True)
class PlannedDay:
    """A day of the month; `off`: why it is not worked. `minutes`: what is planned, duties included."""

    day: date
    off: Phrase | str = ""
    duties: list[Phrase] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    duty_minutes: int = 0

    @property
    def minutes(self) -> int:
        return self.duty_minutes + sum(each.item.minutes for each in self.entries)

    @property
    def span(self) -> tuple[time, time] | None:
        if not self.entries:
            return None
        return min(each.item.begins for each in self.entries), max(each.item.ends for each in self.entries)

    @property
    def villages(self) -> list[str]:
        return list(dict.fromkeys(each.village for each in self.entries if each.village))

    @property
    def runs(self) -> list[list[Entry]]:
        """Pieces of one kind in one village that follow each other, told as one."""
        return [list(rows) for _key, rows in groupby(self.entries, key=lambda each: (each.what, each.village))]

    @property
    def idle(self) -> bool:
        return not (self.entries or self.duties or self.deadlines)


@dataclass(frozen=True, slots=True)
class Month:
    """A person's month: its days, the minutes planned and the minutes that its working days hold.

    open_days: working days that extra duties take without saying which; `open_duties` are those duties' words.
    """

    days: list[PlannedDay]
    planned: int
    whole: int
    items: int
    open_days: int = 0
    open_duties: tuple[str, ...] = ()

    @property
    def percent(self) -> int:
        return 100 * self.planned // self.whole if self.whole else 0


def month_of_plan(plan: WorkPlan | None, worker: Worker, month: str) -> Month:
    """At most eight queries, whatever the number of lines."""
    first, after = month_days(month)
    hours, off = hours_on(first), holidays_of(first.year)
    own = duties.in_force({worker.pk: worker.region_no}, first, after)[worker.pk]
    named, unnamed = ([each for each in own if bool(each.minutes_a_day) is wanted] for wanted in (True, False))
    taken, worked = duties.minutes_by_day(named), set(workdays(month, hours))
    days = {day: PlannedDay(day, off=_off(day, off, hours.weekdays)) for day in days_of(month)}
    for deadline in deadlines(month):
        days[deadline.day].deadlines.append(deadline)
    for day in worked:
        days[day].duty_minutes = taken.get(day, 0)
    for duty in named:
        for each in days.values():
            if duty.last_on and duty.first_on <= each.day <= duty.last_on:
                each.duties.append(duty_words(duty))
    items = list(plan.items.order_by("day", "begins", "pk")) if plan else []
    for entry in entries_of(items):
        days[entry.item.day].entries.append(entry)
    free = duties.open_days(unnamed, month, hours)
    return Month(
        list(days.values()), sum(day.minutes for day in days.values()) + free * hours.day_minutes,
        len(worked) * hours.day_minutes, len(items), free, tuple(map(duties.purpose, unnamed)),
    )  # fmt: skip


def _off(day: date, holidays: dict[date, str], weekdays: tuple[int, ...]) -> Phrase | str:
    if day in holidays:
        return holidays[day]
    return "" if day.isoweekday() in weekdays else Phrase("akhir pekan")


def duty_words(duty: ExtraDuty) -> Phrase:
    kind = duty_kind(duty.kind)
    return kind.title if kind else Phrase(duty.title)


def entries_of(items: Iterable[PlanItem]) -> list[Entry]:
    """Each line with the name of what it is about. Five queries."""
    rows = list(items)
    names = _names(rows)
    places = Region.objects.filter(no__in={row.village_no for row in rows}).in_bulk()
    return [_entry(row, names, places) for row in rows]


def _entry(row: PlanItem, names: dict[tuple[Subject, int], str], places: dict[int, Region]) -> Entry:
    kind = kind_named(row.kind)
    if row.kind == SUPERVISION:
        who = names.get((Subject.STAFF, row.subject_no), "")
        return Entry(row, title_of(row.rhk, row.day), who, _village(row, places))
    village = _village(row, places)
    if kind is None:
        return Entry(row, row.title, "", village)
    who = names.get((SOURCES[kind.query].subject, row.subject_no), GONE)
    return Entry(row, kind.title, who, village)


def _village(row: PlanItem, places: dict[int, Region]) -> str:
    return places[row.village_no].display_name if row.village_no in places else ""


def _names(rows: Iterable[PlanItem]) -> dict[tuple[Subject, int], str]:
    wanted: dict[Subject, set[int]] = {subject: set() for subject in Subject}
    for row in rows:
        if row.kind == SUPERVISION:
            wanted[Subject.STAFF].add(row.subject_no)
        elif kind := kind_named(row.kind):
            wanted[SOURCES[kind.query].subject].add(row.subject_no)
    models = {Subject.FAMILY: Family, Subject.GROUP: Group, Subject.FACILITY: Facility, Subject.STAFF: User}
    return {
        (subject, number): name
        for subject, model in models.items()
        for number, name in model.objects.filter(pk__in=wanted[subject]).values_list("pk", "name")  # type: ignore[attr-defined]
    }
