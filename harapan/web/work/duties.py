"""Extra duties under an order letter: whose, which days, what they take from target, plan and load."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.fieldwork.papers import letter
from harapan.fieldwork.plan_reading import duty_words
from harapan.fieldwork.workers import Worker, is_worker, worker_named, worker_of, workers_in
from harapan.regions import codes
from harapan.regions.models import name_of
from harapan.ui.pages import keyset, see_other, show
from harapan.web.whose import chosen_worker, pdf
from harapan.web.work.forms import DutyForm
from harapan.web.work.frame import frame
from harapan.workforce.duties import cancel_duty, record_duty
from harapan.workforce.models import ExtraDuty
from harapan.workforce.queries import duties_here, reaches


def _may_record(post: Post) -> bool:
    return allows(post, "duty.manage") or allows(post, "work.record")


def _people(request: Request) -> list[Worker]:
    """For whom the reader may record one: leads for everybody in reach, others for themselves."""
    if allows(request.post, "duty.manage"):
        return workers_in(request.post, on=request.today)
    return [worker_of(request.post)] if is_worker(request.post) else []


def _listed(request: Request, worker: Worker | None) -> HttpResponse:
    asked = request.GET.get("petugas") or request.post.role.reach == "groups"
    rows = duties_here(request.post)
    if worker is not None and asked:
        rows = rows.filter(Q(user=worker.user) | Q(user=None, region__in=codes.lineage(worker.region_no)))
    people = {each.pk for each in _people(request)}
    page = keyset(request, rows, order=("-first_on", "-id"), size=40)
    context = frame(
        request, "duties", worker, page=page,
        rows=[(each, duty_words(each), _may_cancel(request, each, people)) for each in page],
        may_duty=_may_record(request.post), whole=not asked, today=request.today,
    )  # fmt: skip
    return show(request, "work/duties.html", context, piece="work/_duties.html")


@may("work.view")
def page(request: Request) -> HttpResponse:
    return _listed(request, chosen_worker(request))


@may("work.view")
def new(request: Request) -> HttpResponse:
    """Behind `duty.manage` for others, `work.record` for oneself."""
    people = _people(request)
    if not people or not _may_record(request.post):
        raise Refused("Tidak ada petugas yang dapat Anda beri tugas tambahan di wilayah ini.")
    form = DutyForm(request.POST or None, people=people, on=request.today)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data.get("user", people[0].pk)
        worker = next(each for each in people if each.pk == wanted)
        try:
            record_duty(form.facts(), user=worker.user, region_no=worker.region_no, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Tugas tambahan dicatat; target dan rencana menyesuaikan."))
            return see_other(request, "duties")
    context = frame(request, "duties", chosen_worker(request), form=form)
    return render(request, "work/duty_form.html", context, status=422 if request.method == "POST" else 200)


def _duty(request: Request, duty_id: int) -> ExtraDuty:
    """One in the reader's reach, or of a region around it: the database's policy shows no other."""
    return get_object_or_404(ExtraDuty.objects.select_related("user", "region"), pk=duty_id)


def _may_cancel(request: Request, duty: ExtraDuty, people: Collection[int]) -> bool:
    """people: for whom the reader may record one."""
    if duty.user_id is not None:
        return duty.user_id in people
    manages = allows(request.post, "duty.manage") or allows(request.post, "caseload.record")
    return manages and reaches(request.post, duty.region_id)


@require_POST
@may("work.view")
def cancel(request: Request, duty_id: int) -> HttpResponse:
    duty = _duty(request, duty_id)
    if not _may_cancel(request, duty, {each.pk for each in _people(request)}):
        raise Refused("Tugas tambahan itu hanya dapat dibatalkan oleh petugasnya atau ketua timnya.")
    cancel_duty(duty.pk, why=request.POST.get("why", ""), on=request.today)
    messages.success(request, _("Tugas tambahan dibatalkan; harinya tidak lagi menurunkan target."))
    return see_other(request, "duties")


@may("work.view")
def order(request: Request, duty_id: int) -> HttpResponse:
    """Surat tugas of the duty."""
    duty = _duty(request, duty_id)
    if duty.user_id is None:
        raise Refused(
            "Tugas ini bagi semua petugas di {place}; surat tugasnya dikeluarkan oleh {by}.",
            place=duty.region.display_name, by=duty.letter_by_post or "pemberi tugas",
        )  # fmt: skip
    worker = worker_named(request.post, duty.user_id, on=request.today)
    if worker is None:
        raise Refused("Petugas itu tidak lagi bertugas di wilayah ini, jadi surat tugasnya tidak dapat dicetak.")
    paper = letter.of_duty(
        duty, worker, place=name_of(worker.region_no), printed_by=request.user.name, printed_at=timezone.localtime()
    )
    return pdf(paper, f"surat-tugas-{duty.first_on:%Y%m%d}.pdf")
