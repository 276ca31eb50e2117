"""Villages with candidates: quota, places taken and free, who looks after them, their first meetings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import User
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.fieldwork.candidates import give_village, quotas_on, set_quota
from harapan.fieldwork.models import Candidacy, FirstMeeting, VillageQuota
from harapan.fieldwork.road_queries import counts
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.registry.queries import facilitators_serving
from harapan.ui.pages import keyset, see_other
from harapan.web.road.forms import GiveForm, MeetingForm, QuotaForm, villages_of


@dataclass(frozen=True, slots=True)
class Village:
    group: Group
    place: str
    quota: VillageQuota | None
    taken: int
    reserve: int
    earlier: int = 0  # with a place of a quota before the one in force

    @property
    def free(self) -> int:
        return max(self.quota.places - self.taken, 0) if self.quota else 0


@may("candidate.view")
def villages(request: Request) -> HttpResponse:
    page = keyset(request, villages_of(request.post), order=("region_id", "id"))
    context = {
        "page": page,
        "villages": _described(request, list(page)),
        "may_manage": allows(request.post, "candidate.manage"),
    }
    return render(request, "road/villages.html", context)


def _described(request: Request, groups: list[Group]) -> list[Village]:
    """With quota and candidates, in three queries."""
    numbers = [int(group.region_id or 0) for group in groups]
    quotas = quotas_on(numbers, request.today)
    places = Region.objects.path_names(numbers)
    taken: Counter[int] = Counter()
    reserve: Counter[int] = Counter()
    earlier: Counter[int] = Counter()
    rows = Candidacy.objects.visible_to(request.post).open().filter(region_no__in=numbers)
    for village, placed_on in rows.values_list("region_no", "placed_on"):
        if placed_on is None:
            reserve[village] += 1
        elif village in quotas and placed_on >= quotas[village].from_on:
            taken[village] += 1
        else:
            earlier[village] += 1
    return [
        Village(group, places.get(no, ""), quotas.get(no), taken[no], reserve[no], earlier[no])
        for group, no in zip(groups, numbers, strict=True)
    ]


@may("candidate.manage")
def set_one(request: Request) -> HttpResponse:
    form = QuotaForm(
        request.POST or None, post=request.post,
        initial={"from_on": request.today.replace(day=1), "village": request.GET.get("desa", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            quota = set_quota(
                given["village"], given["places"], source=given["source"], from_on=given["from_on"], by=request.user,
                on=request.today,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kuota desa disimpan. Calon di cadangan naik bila ada tempat."))
            return see_other(request, "candidates_village", quota.group_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "road/quota.html", {"form": form}, status=status)


@may("candidate.view")
def one(request: Request, group_id: int) -> HttpResponse:
    return village_page(request, group_id)


def village_page(request: Request, group_id: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    group = get_object_or_404(villages_of(request.post), pk=group_id)
    here = Candidacy.objects.visible_to(request.post).filter(region_no=int(group.region_id or 0))
    manages = allows(request.post, "candidate.manage")
    meetings = FirstMeeting.objects.filter(group=group).order_by("-held_on", "-begins")
    context = {
        "group": group,
        "village": _described(request, [group])[0],
        "quotas": VillageQuota.objects.filter(group=group).select_related("set_by").order_by("-from_on"),
        "meetings": meetings,
        "steps": counts(here, on=request.today),
        "meeting_form": MeetingForm(initial={"held_on": request.today, "begins": "09:00", "kind": 2}),
        "give_form": GiveForm(people=facilitators_serving(request.post, group, on=request.today)) if manages else None,
        "may_manage": manages,
        "may_record": allows(request.post, "candidate.record"),
        **forms,
    }
    return render(request, "road/village.html", context, status=status)


@require_POST
@may("candidate.manage")
def give(request: Request, group_id: int) -> HttpResponse:
    group = get_object_or_404(villages_of(request.post), pk=group_id)
    form = GiveForm(request.POST, people=facilitators_serving(request.post, group, on=request.today))
    if form.is_valid():
        who = get_object_or_404(User, pk=form.cleaned_data["facilitator"])
        try:
            give_village(
                int(group.region_id or 0), who, by=request.user, on=request.today, why=form.cleaned_data["why"]
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("%(name)s kini melihat calon desa ini.") % {"name": who.name})
            return see_other(request, "candidates_village", group.pk)
    return village_page(request, group_id, status=422, give_form=form)
