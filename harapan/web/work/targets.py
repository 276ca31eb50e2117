"""Targets of the nine results against what was done: a person's year by month, or everybody in reach."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.periods import month_of
from harapan.fieldwork.results import NUMBERS, results_on
from harapan.fieldwork.targets import counted, months_so_far, progress_in
from harapan.fieldwork.workers import Worker, worker_of, workers_in
from harapan.web.whose import WHOSE, chosen_worker
from harapan.web.work.frame import frame

PEOPLE_MAX = 60


@may("work.view")
def page(request: Request) -> HttpResponse:
    asked = request.GET.get("tahun", "")
    year = int(asked) if asked.isdecimal() and 2025 <= int(asked) <= request.today.year else request.today.year
    worker = chosen_worker(request)
    if worker is None or (worker.lead and not request.GET.get(WHOSE)):
        return _team(request, worker, year)
    return _one(request, worker, year)


def _one(request: Request, worker: Worker, year: int) -> HttpResponse:
    months = months_so_far(year, request.today)
    found = counted([worker], date(year, 1, 1), date(year + 1, 1, 1))
    by_month = [(month, progress_in([worker], [month], found)[worker.pk]) for month in months[-3:]]
    whole = progress_in([worker], months, found)[worker.pk]
    results = results_on(request.today)
    rows = [
        (result, whole[number], [progress[number] for _month, progress in by_month])
        for number, result in sorted(results.items())
    ]
    met = sum(each.met for each in whole.values())
    context = frame(
        request, "targets", worker, rows=rows, months=[month for month, _progress in by_month], year=year, met=met
    )
    return render(request, "work/targets.html", context)


def _team(request: Request, worker: Worker | None, year: int) -> HttpResponse:
    """This month of everybody in reach; a constant number of statements."""
    everybody = workers_in(request.post, on=request.today)
    people = everybody[:PEOPLE_MAX]
    month = month_of(request.today)
    found = counted(people, date(request.today.year, request.today.month, 1), date(year + 1, 1, 1))
    progress = progress_in(people, [month], found) if people else {}
    rows = [(each, [progress[each.pk][number] for number in NUMBERS]) for each in people]
    context = frame(
        request, "targets", worker, rows=rows, month=month, numbers=NUMBERS, whose_key=WHOSE,
        more=len(everybody) - len(people), own=worker_of(request.post) if worker else None,
    )  # fmt: skip
    return render(request, "work/team.html", context)
