"""The month's plan: proposed, moved, completed, accepted, printed."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.core.periods import add_months, month_days, parse_month
from harapan.fieldwork import plans
from harapan.fieldwork.models import PlanItem, WorkPlan
from harapan.fieldwork.papers import letter
from harapan.fieldwork.papers import plan as plan_paper
from harapan.fieldwork.plan_reading import entries_of, month_of_plan
from harapan.fieldwork.workers import Worker
from harapan.p2k2.planning import number_of
from harapan.regions.models import name_of
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.whose import chosen_worker, month_asked, own_worker, pdf
from harapan.web.work.forms import ItemForm, MoveForm
from harapan.web.work.frame import frame
from harapan.workforce.workdays import days_of


def _worker(request: Request) -> Worker:
    worker = chosen_worker(request)
    if worker is None:
        raise Http404
    return worker


def _plan(worker: Worker, month: str) -> WorkPlan | None:
    return WorkPlan.objects.filter(user=worker.user, month=number_of(month)).first()


def address(month: str) -> str:
    return f"{reverse('work_plan')}?bulan={month}"


@may("work.view")
def page(request: Request) -> HttpResponse:
    worker, month = _worker(request), month_asked(request, request.today)
    plan = _plan(worker, month)
    shown = month_of_plan(plan, worker, month)
    context = frame(
        request, "work_plan", worker, plan=plan, month=month, shown=shown, today=request.today,
        days=[day for day in shown.days if not day.idle],
        around=(add_months(month, -1), add_months(month, 1)),
        over=month_days(month)[1] <= request.today,
        planned_hours=shown.planned // 60, whole_hours=shown.whole // 60,
    )  # fmt: skip
    return render(request, "work/plan.html", context)


@require_POST
@may("work.record")
def propose(request: Request) -> HttpResponse:
    month = parse_month(request.POST.get("month", ""))
    found = plans.propose_plan(own_worker(request), month, by=request.user, on=request.today)
    told = ngettext("%(n)s kegiatan direncanakan.", "%(n)s kegiatan direncanakan.", found.placed)
    messages.success(request, told % {"n": number(found.placed)})
    if found.left:
        left = ngettext(
            "%(n)s tugas tidak muat di bulan ini; jam kerjanya habis.",
            "%(n)s tugas tidak muat di bulan ini; jam kerjanya habis.", found.left,
        )  # fmt: skip
        messages.warning(request, left % {"n": number(found.left)})
    return see_other(request, address(month))


@require_POST
@may("work.record")
def accept(request: Request) -> HttpResponse:
    worker, month = own_worker(request), parse_month(request.POST.get("month", ""))
    plan = get_object_or_404(WorkPlan, user=worker.user, month=number_of(month))
    plans.accept_plan(plan.pk, by=request.user, on=request.today)
    messages.success(request, _("Rencana disetujui. Usulan berikutnya hanya menambah yang baru."))
    return see_other(request, address(month))


@may("work.record")
def add(request: Request, month: str) -> HttpResponse:
    """Something of one's own into a day of the month."""
    worker, first = own_worker(request), month_days(parse_month(month))[0]
    form = ItemForm(request.POST or None, on=first, initial={"day": max(first, request.today)})
    if request.method == "POST" and form.is_valid():
        try:
            plans.add_item(worker, month, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kegiatan ditambahkan ke rencana."))
            return see_other(request, address(month))
    context = frame(request, "work_plan", worker, form=form, month=month, back=address(month))
    return render(request, "work/plan_add.html", context, status=422 if request.method == "POST" else 200)


@may("work.record")
def item(request: Request, item_id: int) -> HttpResponse:
    """One line: another day, another hour."""
    found = _item(request, item_id)
    month = found.plan.month_text
    form = MoveForm(request.POST or None, initial={"day": found.day, "begins": found.begins})
    if request.method == "POST" and form.is_valid():
        try:
            plans.move_item(found.pk, **form.cleaned_data, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kegiatan dipindahkan."))
            return see_other(request, address(month))
    (entry,) = entries_of([found])
    context = frame(request, "work_plan", own_worker(request), form=form, entry=entry, month=month, back=address(month))
    return render(request, "work/plan_item.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("work.record")
def remove(request: Request, item_id: int) -> HttpResponse:
    found = _item(request, item_id)
    plans.remove_item(found.pk, by=request.user)
    messages.success(request, _("Kegiatan dikeluarkan dari rencana."))
    return see_other(request, address(found.plan.month_text))


def _item(request: Request, item_id: int) -> PlanItem:
    """A line of the reader's own plan."""
    rows = PlanItem.objects.filter(user=own_worker(request).user).select_related("plan")
    return get_object_or_404(rows, pk=item_id)


@may("work.view")
def printed(request: Request) -> HttpResponse:
    worker, month = _worker(request), month_asked(request, request.today)
    plan = _plan(worker, month)
    paper = plan_paper.render(
        worker, month, month_of_plan(plan, worker, month), place=name_of(worker.region_no),
        accepted=bool(plan and plan.accepted_at), on=request.today, printed_by=request.user.name,
        printed_at=timezone.localtime(),
    )  # fmt: skip
    return pdf(paper, f"rencana-kerja-{month}.pdf")


@may("work.view")
def visits_letter(request: Request, day: str) -> HttpResponse:
    """The order letter for what is planned on a day."""
    worker = _worker(request)
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    month = f"{wanted:%Y-%m}"
    if wanted not in days_of(month):
        raise Http404
    shown = month_of_plan(_plan(worker, month), worker, month).days[wanted.day - 1]
    if not shown.entries:
        raise Http404
    paper = letter.of_visits(
        shown, worker, place=name_of(worker.region_no), printed_by=request.user.name, printed_at=timezone.localtime()
    )
    return pdf(paper, f"surat-tugas-{wanted:%Y%m%d}.pdf")
