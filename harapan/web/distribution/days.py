"""Payout days at the post office, per village: set, moved or taken away with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.intake.counter_dues import take_listed_bpnt
from harapan.payments.models import PayoutDay
from harapan.payments.payout_changes import cancel_payout_day, move_payout_day
from harapan.payments.payout_days import plan_payout_day
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.ui.pages import KeysetPage, keyset, see_other
from harapan.ui.words import number
from harapan.web.distribution.forms import DayForm, MoveForm
from harapan.web.distribution.groups import tabs
from harapan.web.distribution.reach import stage_or_404
from harapan.web.places import GroupPlaceFilters

CHOICES_MAX = 400  # villages in one select; of a wider place the reader is asked to choose a part first


@may("handover.view")
def days(request: Request, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    filters = GroupPlaceFilters.read(request, post=request.post)
    groups = filters.groups()
    form = None
    if allows(request.post, "payout.plan"):
        choices = _villages(groups)
        form = DayForm(request.POST or None, villages=choices) if choices else None
    if request.method == "POST":
        demand(request.post, "payout.plan")
        if form is None:
            raise Refused("Wilayahnya terlalu luas untuk memilih desa. Saring wilayahnya dahulu.")
        if form.is_valid() and _planned(request, stage, form):
            return see_other(request, "distribution_days", stage.name)
    rows = PayoutDay.objects.filter(stage=stage, region_no__in=_numbers(groups)).select_related("moved_to", "gone_by")
    page = keyset(request, rows, order=("on", "region_no", "id"))
    context = _told(request, stage, groups, page) | {"form": form, "filters": filters, **tabs(request, "days")}
    return render(request, "distribution/days.html", context, status=422 if request.method == "POST" else 200)


def _numbers(groups: QuerySet[Group]) -> QuerySet[Group, int | None]:
    return groups.filter(region_id__isnull=False).order_by().values_list("region_id", flat=True).distinct()


def _villages(groups: QuerySet[Group]) -> list[tuple[int, str]]:
    """The villages to choose from, by place; none where they are too many for a select."""
    numbers = sorted(no for no in _numbers(groups)[: CHOICES_MAX + 1] if no)
    if len(numbers) > CHOICES_MAX:
        return []
    places = Region.objects.path_names(numbers)
    return [(no, places.get(no, str(no))) for no in numbers]


def _planned(request: Request, stage: Stage, form: DayForm) -> bool:
    told = form.cleaned_data
    try:
        plan_payout_day(
            stage, told["region"], day=told["day"], begins=told["begins"], ends=told["ends"], place=told["place"],
            payer=told["payer"], by=request.user, on=request.today,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, refusal.phrase.heard())
        return False
    messages.success(request, _("Hari bayar disimpan."))
    return True


def _told(request: Request, stage: Stage, groups: QuerySet[Group], page: KeysetPage) -> dict[str, Any]:
    places = Region.objects.path_names(day.region_no for day in page)
    villages = _numbers(groups).count()
    planned = PayoutDay.objects.standing().filter(stage=stage, region_no__in=_numbers(groups))
    writable = allows(request.post, "payout.plan")
    return {
        "stage": stage, "page": page, "rows": [(day, places.get(day.region_no, "")) for day in page],
        "villages": villages, "without": villages - planned.order_by().values("region_no").distinct().count(),
        "may_write": writable, "recorded": False,
    }  # fmt: skip


@may("payout.plan")
def change(request: Request, day_id: int, name: str) -> HttpResponse:
    """One payout day: move it, or take it away; both want a reason, and its families are told anew."""
    stage = stage_or_404(name)
    reach = _numbers(GroupPlaceFilters.read(request, post=request.post).groups())
    day = get_object_or_404(PayoutDay.objects.standing(), pk=day_id, stage=stage, region_no__in=reach)
    told = {"day": day.on, "begins": day.begins, "ends": day.ends, "place": day.place}
    form = MoveForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("cancel"):
                cancel_payout_day(day.pk, because=form.cleaned_data["because"], by=request.user)
            else:
                move_payout_day(day.pk, by=request.user, on=request.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Perubahan disimpan. Pendamping melihat bahwa keluarga perlu dikabari."))
            return see_other(request, "distribution_days", stage.name)
    place = Region.objects.path_names([day.region_no]).get(day.region_no, "")
    context = {"stage": stage, "day": day, "place": place, "form": form, "recorded": False, **tabs(request, "days")}
    return render(request, "distribution/day.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("payout.plan")
def listed_bpnt(request: Request, name: str) -> HttpResponse:
    """What the ministry's list says of BPNT, beside PKH at the same counter."""
    stage = stage_or_404(name)
    taken = take_listed_bpnt(stage, by=request.user)
    messages.success(request, _("BPNT %(n)s keluarga dicatat.") % {"n": number(taken)})
    return see_other(request, "distribution_days", stage.name)
