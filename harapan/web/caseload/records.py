"""Terrain of villages and extra duty of people: what makes a load light or heavy beside its size."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.ui.pages import see_other
from harapan.web.caseload.forms import DutyForm, TerrainForm
from harapan.web.caseload.overview import rights
from harapan.workforce import recording
from harapan.workforce.duties import record_duty
from harapan.workforce.queries import duties_here, terrain_counts

PERMISSION = "caseload.record"


@may(PERMISSION)
def records(request: Request) -> HttpResponse:
    return _shown(
        request,
        DutyForm(post=request.post, on=request.today, initial={"first_on": request.today}),
        TerrainForm(post=request.post),
    )


def _shown(request: Request, duty: DutyForm, terrain: TerrainForm, *, status: int = 200) -> HttpResponse:
    running = Q(last_on__isnull=True) | Q(last_on__gte=request.today), Q(cancelled_on__isnull=True)
    context = {
        "duties": duties_here(request.post).filter(*running).order_by("-first_on", "pk")[:60],
        "counts": terrain_counts(request.post, on=request.today),
        "duty_form": duty,
        "terrain_form": terrain,
        "here": "records",
        "may_see_work": allows(request.post, "work.view"),
    } | rights(request)
    return render(request, "caseload/records.html", context, status=status)


@may(PERMISSION)
def add_duty(request: Request) -> HttpResponse:
    form = DutyForm(request.POST, post=request.post, on=request.today)
    if form.is_valid():
        try:
            record_duty(form.facts(), region_no=form.cleaned_data["region"], by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(
                request, _("Tugas tambahan dicatat; rentang, target, dan rencana pendamping di sana ikut turun.")
            )
            return see_other(request, "caseload_records")
    return _shown(request, form, TerrainForm(post=request.post), status=422)


@may(PERMISSION)
def tell_terrain(request: Request) -> HttpResponse:
    form = TerrainForm(request.POST, post=request.post)
    if form.is_valid():
        told = form.cleaned_data
        try:
            recording.record_terrain(
                told["village"], told["difficulty"], source=told["source"], post=request.post, by=request.user,
                on=request.today,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Medan %(village)s dicatat.") % {"village": told["village"].display_name})
            return see_other(request, "caseload_records")
    return _shown(request, DutyForm(post=request.post, on=request.today), form, status=422)
