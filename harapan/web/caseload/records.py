"""Terrain of villages and extra duty of people: what makes a load light or heavy beside its size."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.ui.pages import see_other
from harapan.web.caseload.forms import DutyForm, TerrainForm
from harapan.web.caseload.overview import rights
from harapan.workforce import recording
from harapan.workforce.queries import duties_in, terrain_counts

PERMISSION = "caseload.record"


@may(PERMISSION)
def records(request: Request) -> HttpResponse:
    return _shown(request, DutyForm(post=request.post, initial={"since": request.today}), TerrainForm())


def _shown(request: Request, duty: DutyForm, terrain: TerrainForm, *, status: int = 200) -> HttpResponse:
    running = Q(until__isnull=True) | Q(until__gt=request.today)
    context = {
        "duties": duties_in(request.post).filter(running).order_by("-since", "pk")[:60],
        "counts": terrain_counts(request.post, on=request.today),
        "duty_form": duty,
        "terrain_form": terrain,
        "here": "records",
    } | rights(request)
    return render(request, "caseload/records.html", context, status=status)


@may(PERMISSION)
def add_duty(request: Request) -> HttpResponse:
    form = DutyForm(request.POST, post=request.post)
    if form.is_valid():
        try:
            recording.record_duty(by=request.user, on=request.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Tugas tambahan dicatat; rentang pendamping di sana ikut turun."))
            return see_other(request, "caseload_records")
    return _shown(request, form, TerrainForm(), status=422)


@may(PERMISSION)
def tell_terrain(request: Request) -> HttpResponse:
    form = TerrainForm(request.POST)
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
    return _shown(request, DutyForm(post=request.post), form, status=422)
