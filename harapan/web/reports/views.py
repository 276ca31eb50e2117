"""The month's reports: made from records, downloaded, gathered for a kabupaten, checked by anybody with the paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.periods import add_months, month_of, parse_month
from harapan.database.scope import Scope, put_on
from harapan.fieldwork import tasks
from harapan.fieldwork.composing import reported_results
from harapan.fieldwork.making import checked, make_reports
from harapan.fieldwork.models import Report, ReportVersion
from harapan.fieldwork.papers import skp
from harapan.fieldwork.results import results_on
from harapan.fieldwork.targets import counted, months_so_far, progress_in
from harapan.fieldwork.workers import Worker, workers_in
from harapan.files.models import StoredFile
from harapan.files.storage import download
from harapan.jobs.models import Work
from harapan.p2k2.planning import number_of
from harapan.regions.models import name_of
from harapan.ui.pages import see_other
from harapan.ui.parts import Progress
from harapan.ui.words import number
from harapan.web import progress as bars
from harapan.web.whose import WHOSE, chosen_worker, month_asked, own_worker, pdf, whose_query

PACK = "fieldwork.pack"


def _latest(people: Sequence[Worker], month: str) -> dict[tuple[int, int], ReportVersion]:
    """(user, RHK) -> the latest version of the month's report. One query."""
    rows = ReportVersion.objects.filter(report__user__in=[each.pk for each in people], report__month=number_of(month))
    found = rows.select_related("report", "file").order_by("version")
    return {(each.report.user_id, each.report.rhk): each for each in found}


@may("report.view")
def page(request: Request) -> HttpResponse:
    """The reader's own nine reports, or one person's; leads see everybody's first."""
    worker, month = chosen_worker(request), month_asked(request, _usual(request.today))
    if worker is None or (worker.lead and not request.GET.get(WHOSE)):
        return _team(request, worker, month)
    return _one(request, worker, month)


def _usual(today: date) -> date:
    """The month that is over: its reports are what is wanted."""
    return date.fromisoformat(f"{add_months(month_of(today), -1)}-01")


def _one(request: Request, worker: Worker, month: str) -> HttpResponse:
    made = _latest([worker], month)
    results = results_on(date.fromisoformat(f"{month}-01"))
    rows = [(results[rhk], made.get((worker.pk, rhk))) for rhk in sorted(reported_results(month))]
    mine = worker.pk == request.post.user_id
    context = {
        "worker": worker, "mine": mine, "month": month, "rows": rows, "whose": whose_query(request, worker),
        "made": sum(version is not None for _result, version in rows),
        "around": (add_months(month, -1), add_months(month, 1)), "ahead": month > month_of(request.today),
        "may_write": mine and allows(request.post, "report.write"), "year": int(month[:4]),
        "whose_key": WHOSE, "team": worker.lead and mine,
    }  # fmt: skip
    return render(request, "reports/one.html", context)


def _team(request: Request, worker: Worker | None, month: str) -> HttpResponse:
    """Who has how many of the month's reports, and the pack of all."""
    people = workers_in(request.post, on=request.today)
    made = _latest(people, month)
    numbers = sorted(reported_results(month))
    rows = [(each, [made.get((each.pk, rhk)) for rhk in numbers]) for each in people]
    whole = sum(len(numbers) == sum(version is not None for version in versions) for _each, versions in rows)
    work = _work()
    context: dict[str, Any] = {
        "rows": rows, "numbers": numbers, "month": month, "whose_key": WHOSE, "own": worker, "whole": whole,
        "around": (add_months(month, -1), add_months(month, 1)), "ahead": month > month_of(request.today),
        "may_pack": allows(request.post, "report.pack") and bool(numbers), "work": work,
        "run": _bar(work) if work and not work.ended else None,
    }  # fmt: skip
    return render(request, "reports/team.html", context)


def _work() -> Work | None:
    """The reader's latest pack; nobody sees another's work."""
    return Work.objects.filter(kind=PACK).order_by("-asked_at").first()


def _bar(work: Work) -> Progress:
    return bars.shown(work, title=_("Mengumpulkan laporan"), poll_url=reverse("report_packing"))


@require_POST
@may("report.write")
def make(request: Request) -> HttpResponse:
    """Make the reader's own reports of a month, as far as their records changed."""
    month, worker = parse_month(request.POST.get("month", "")), own_worker(request)
    among = workers_in(worker.post, on=request.today)
    made = make_reports([worker], month, by=request.user, on=request.today, address=_address(request), among=among)
    fresh = sum(each.fresh for each in made)
    if fresh:
        told = ngettext("%(n)s laporan dibuat.", "%(n)s laporan dibuat.", fresh)
        messages.success(request, told % {"n": number(fresh)})
    else:
        messages.info(request, _("Tidak ada catatan yang berubah; semua laporan tetap seperti semula."))
    return see_other(request, f"{reverse('reports')}?bulan={month}&{WHOSE}={worker.pk}")


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@may("report.view", look="report")
def file(request: Request, report_id: int, version: int) -> HttpResponseBase:
    """One version as it was made. The look is written before the first byte."""
    rows = ReportVersion.objects.select_related("file").filter(report=report_id)
    return download(get_object_or_404(rows, version=version).file, scope=request.scope, inline=True)


@may("report.view", look="report")
def history(request: Request, report_id: int) -> HttpResponse:
    """Every version of one number."""
    report = get_object_or_404(Report.objects.select_related("user"), pk=report_id)
    versions = report.versions.select_related("file", "made_by").order_by("-version")
    result = results_on(date(report.year, report.month % 100, 1)).get(report.rhk)
    month = f"{report.month // 100}-{report.month % 100:02d}"
    context = {
        "report": report, "versions": versions, "result": result, "recorded": True, "month": month,
        "back": f"{reverse('reports')}?bulan={month}&{WHOSE}={report.user_id}",
    }  # fmt: skip
    return render(request, "reports/history.html", context)


@may("report.view")
def form(request: Request, year: int) -> HttpResponse:
    """SKP of a year, counted to today."""
    worker = chosen_worker(request)
    if worker is None or not 2025 <= year <= request.today.year:
        raise Http404
    until = min(request.today, date(year, 12, 31))
    months = months_so_far(year, request.today)
    found = counted([worker], date(year, 1, 1), date(year + 1, 1, 1))
    paper = skp.render(
        worker, year, progress_in([worker], months, found)[worker.pk], results_on(until), until=until,
        place=name_of(worker.region_no), printed_by=request.user.name, printed_at=timezone.localtime(),
    )  # fmt: skip
    return pdf(paper, f"skp-{year}.pdf")


@require_POST
@may("report.pack")
def pack(request: Request) -> HttpResponse:
    """Ask for the zip of everybody's reports; it is made in the background."""
    month = parse_month(request.POST.get("month", ""))
    tasks.pack_later(month, by=request.user, post=request.post, address=_address(request))
    messages.success(request, _("Laporan sedang dikumpulkan. Halaman ini boleh ditinggal; paketnya menunggu di sini."))
    return see_other(request, f"{reverse('reports')}?bulan={month}")


@may("report.pack")
def packing(request: Request) -> HttpResponse:
    """How far the pack is; once it has ended, the whole page."""
    work = _work()
    if work is None or work.ended:
        return see_other(request, "reports")
    return render(request, "ui/run.html", {"run": _bar(work)})


@may("report.pack", look="pack")
def pack_file(request: Request, work_id: int) -> HttpResponseBase:
    work = get_object_or_404(Work.objects.filter(kind=PACK), pk=work_id)
    if work.result is None:
        raise Http404
    return download(get_object_or_404(StoredFile, pk=work.result), scope=request.scope)


def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """For anybody who holds the paper: whether this report was made here, and whether a later version replaced it."""
    asked = (code or request.GET.get("kode", "")).strip()
    with put_on(Scope.common(via="web"), read_only=True):
        found = checked(asked) if asked else None
    context = {"asked": asked, "found": found}
    return render(request, "reports/check.html", context, status=404 if asked and found is None else 200)
