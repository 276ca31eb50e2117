"""Targets of the nine results against what the records show, by person and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from harapan.core.periods import month_days, month_of, month_range
from harapan.fieldwork.evidence import ALL
from harapan.fieldwork.evidence.own import ACTIVITIES
from harapan.fieldwork.law import TargetLaw, targets_on
from harapan.fieldwork.models import Activity, Report
from harapan.fieldwork.results import MONTHLY, NUMBERS, SUPERVISED
from harapan.fieldwork.rules import lowered
from harapan.fieldwork.workers import Worker
from harapan.p2k2.planning import number_of
from harapan.registry.models import Group
from harapan.workforce import duties
from harapan.workforce.workdays import hours_on, workdays

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Progress:
    """One result of one person in a span: `target` and `done` in units, or of percent results in percent.

    `target` None: nothing was set; `done` None: a percent of nothing. `before`: the target without extra duties;
    `year`: that of the whole year, as of the last month.
    """

    rhk: int
    target: int | None
    done: int | None
    before: int | None = None
    percent: bool = False
    cases: int = 0
    settled: int = 0
    year: int | None = None

    @property
    def share(self) -> int | None:
        """Done of the target in whole percent, rounded down; None where either is not there."""
        if self.done is None or not self.target:
            return None
        return 100 * self.done // self.target

    @property
    def met(self) -> bool:
        return self.target is not None and (self.done is None or self.done >= self.target)


Counts = dict[tuple[int, int, int], int]  # (user, yyyymm, rhk) -> units


@dataclass(frozen=True, slots=True)
class Counted:
    """What the records of a span show: units that weigh, each kind of evidence, cases that came in and were settled."""

    units: Counts
    by_evidence: dict[tuple[int, int, str], int]
    cases: Counts
    settled: Counts


def counted(workers: Iterable[Worker], first: date, after: date) -> Counted:
    """One query for each kind of evidence and two more, whatever the number of people and months.

    A lead's results 1 to 5 are supervision, which only activities show.
    """
    people = list(workers)
    users, leads = [each.pk for each in people], {each.pk for each in people if each.lead}
    units: Counts = defaultdict(int)
    by_evidence: dict[tuple[int, int, str], int] = {}
    for evidence in ALL:
        for (user, month), number in evidence.by_month(users, first, after).items():
            by_evidence[user, month, evidence.code] = number
            if evidence.counted is None or (
                user in leads and evidence.rhk in SUPERVISED and evidence not in ACTIVITIES
            ):
                continue
            units[user, month, evidence.rhk] += number
    for user, month in _monthly(users, first, after):
        units[user, month, MONTHLY] += 1
    cases, settled = _cases(users, first, after)
    return Counted(units, by_evidence, cases, settled)


def _monthly(users: Collection[int], first: date, after: date) -> list[tuple[int, int]]:
    span = (first.year * 100 + first.month, after.year * 100 + after.month - 1)
    return list(Report.objects.filter(user__in=users, rhk=MONTHLY, month__range=span).values_list("user", "month"))


def _cases(users: Collection[int], first: date, after: date) -> tuple[Counts, Counts]:
    """Activities of percent results are cases: all of them, and those that are settled."""
    rows = Activity.objects.filter(user__in=users, held_on__gte=first, held_on__lt=after)
    summed = rows.annotate(month=TruncMonth("held_on")).order_by().values_list("user", "month", "rhk")
    cases, settled = defaultdict(int), defaultdict(int)
    for user, month, rhk, number, done in summed.annotate(Count("pk"), done=Count("pk", filter=Q(settled=True))):
        place = user, month.year * 100 + month.month, rhk
        cases[place], settled[place] = number, done
    return cases, settled


def progress_in(
    workers: Iterable[Worker], months: Sequence[str], found: Counted
) -> dict[int, dict[int, Progress]]:  # fmt: skip
    """User -> RHK -> where they stand over these months together, by the law of the last one's first day.

    Two queries.
    """
    people, numbers = list(workers), [number_of(month) for month in months]
    first, after = month_days(months[0])[0], month_days(months[-1])[1]
    own = duties.in_force({each.pk: each.region_no for each in people}, first, after)
    hours = hours_on(first)
    days = {month: len(workdays(month, hours)) for month in months}
    laws = {lead: targets_on(month_days(months[-1])[0], supervision=lead) for lead in (False, True)}
    groups = _groups_met((each.pk for each in people), months)
    result: dict[int, dict[int, Progress]] = {}
    for worker in people:
        taken = {month: duties.duty_days(own.get(worker.pk, ()), month) for month in months}
        law = laws[worker.lead]
        result[worker.pk] = {
            rhk: _progress(
                worker.pk, rhk, numbers, law[rhk], found, (sum(days.values()), sum(taken.values())), groups[worker.pk]
            )
            if rhk in law else Progress(rhk, None, None)
            for rhk in NUMBERS
        }  # fmt: skip
    return result


def _groups_met(users: Iterable[int], months: Sequence[str]) -> dict[int, list[int]]:
    """User -> how many groups they meet in each of these months: their own, from the day each began. One query."""
    met = {user: [0] * len(months) for user in users}
    afters = [month_days(month)[1] for month in months]
    rows = Group.objects.filter(facilitator__in=list(met), candidates=False)
    for user, since in rows.values_list("facilitator", "since"):
        met[user] = [number + (since is None or since < after) for number, after in zip(met[user], afters, strict=True)]
    return met


def _progress(
    user: int, rhk: int, numbers: Sequence[int], law: TargetLaw, found: Counted, days: tuple[int, int],
    groups: Sequence[int],
) -> Progress:  # fmt: skip
    if law.percent is not None:
        cases = sum(found.cases.get((user, number, rhk), 0) for number in numbers)
        settled = sum(found.settled.get((user, number, rhk), 0) for number in numbers)
        done = 100 * settled // cases if cases else None
        return Progress(rhk, law.percent, done, law.percent, percent=True, cases=cases, settled=settled)
    done = sum(found.units.get((user, number, rhk), 0) for number in numbers)
    years = [int(law.year or 0) * (number if law.each_group else 1) for number in groups]
    whole = -(-sum(years) // MONTHS_A_YEAR)
    workdays_all, taken = days
    target = lowered(sum(years), months=MONTHS_A_YEAR, workdays=workdays_all, duty_days=taken if law.lowered else 0)
    return Progress(rhk, target, done, whole, year=years[-1])


def months_so_far(year: int, today: date) -> tuple[str, ...]:
    """January to the month of today, or to December of a year that is over."""
    last = f"{year}-12" if year < today.year else month_of(today)
    return month_range(f"{year}-01", last)
