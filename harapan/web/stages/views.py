"""Stages: the list, one stage with its money and what blocks its next step, and the deeds that move it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.benefits import actions, tasks
from harapan.benefits.models import Mode, Stage
from harapan.core.asked import whole
from harapan.core.errors import Refused
from harapan.payments.stage_queries import account_sums
from harapan.ui.pages import keyset, see_other
from harapan.web.stages.computed import computed_stage
from harapan.web.stages.forms import MoveForm, PlanForm
from harapan.web.stages.frame import Frame
from harapan.web.stages.moves import MOVES
from harapan.web.stages.page import StagePage, StageRow, running

PLANNED = {
    Mode.RECEIVED: gettext_lazy("Tahap %(name)s dibuka. Daftar dan status kini dapat masuk."),
    Mode.COMPUTED: gettext_lazy("Tahap %(name)s direncanakan. Buka bila pengumpulan datanya dimulai."),
}


@may("stage.view")
def stages(request: Request) -> HttpResponse:
    page = keyset(request, Stage.objects.all(), order=("-year", "-number", "-id"), size=20)
    sums = account_sums(page)
    standing = StageRow.standing(page, request.post)
    rows = [StageRow(stage, sums.get(stage.pk, {}), standing.get(stage.pk, [])) for stage in page]
    at_hand = next((row for row in rows if not row.settled), None)
    context = {"page": page, "rows": rows, "running": at_hand, "may_plan": allows(request.post, "stage.plan")}
    return render(request, "stages/list.html", context)


@may("stage.plan")
def plan(request: Request) -> HttpResponse:
    """Take a stage up from the calendar, before its first list comes."""
    form = PlanForm(request.POST or None, on=request.today, nation=request.post.role.reach == Reach.NATION)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        planned = actions.plan(
            said["stage"], mode=Mode(said["mode"] or Mode.RECEIVED), by=request.user, on=request.today, why=said["why"]
        )
        done = PLANNED[Mode(planned.mode)]
        messages.success(request, done % {"name": planned.name})
        return see_other(request, "stage", planned.name)
    return render(request, "stages/plan.html", {"form": form}, status=422 if request.method == "POST" else 200)


@may("stage.view")
def stage(request: Request, name: str) -> HttpResponse:
    frame = Frame.of(request, name)
    if frame.stage.mode == Mode.COMPUTED:
        return computed_stage(request, frame)
    region = request.GET.get("region", "")
    page = StagePage(frame, region=whole(region))
    return render(request, "stages/one.html", frame.context("stage", page_of=page))


@require_POST
@may("stage.view")
def move(request: Request, name: str) -> HttpResponse:
    """Reconcile, close, finish, or open again: the reader's own kabupaten/kota, or all of the reader's reach."""
    frame = Frame.of(request, name)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    chosen = MOVES[form.cleaned_data["to"]]
    demand(request.post, chosen.permission)
    region = frame.regency.regency_no if frame.regency else None
    who: dict[str, Any] = {"by": request.user, "on": request.today, "why": form.cleaned_data["why"]}
    chosen.deed(frame.stage, region=region, **who)
    messages.success(request, chosen.done % {"name": frame.stage.name})
    return see_other(request, "stage", frame.stage.name)


@require_POST
@may("stage.plan")
def compute(request: Request, name: str) -> HttpResponse:
    """Ask for a computation beside the list; it runs in the background."""
    frame = Frame.of(request, name)
    if frame.stage.mode == Mode.COMPUTED:
        raise Refused(_("Tahap ini dihitung dari pembekuannya. Bekukan dahulu, lalu hitung di ringkasan tahap."))
    asked = tasks.compute_beside_later(frame.stage, actor=request.user.pk)
    if asked:
        messages.success(request, _("Hitungan pembanding dimulai. Halaman ini boleh ditinggal."))
    else:
        messages.info(request, _("Hitungan tahap ini sudah menunggu giliran."))
    return see_other(request, "stage", frame.stage.name)


@may("stage.view")
def computing(request: Request, name: str) -> HttpResponse:
    """How far the computation is; once it is over, the whole page."""
    frame = Frame.of(request, name)
    run = running(frame.stage)
    if run is None:
        return see_other(request, "stage", frame.stage.name)
    return render(request, "stages/_computing.html", {"run": run, "stage": frame.stage})
