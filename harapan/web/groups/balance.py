"""Groups balanced anew: the proposal with each move and its reason, before and after, accepted whole or in part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from harapan.accounts.models import Post
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.errors import Refused
from harapan.fieldwork.regrouping import Regrouping, accept, proposed
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.balancing import Move, Place, heart
from harapan.registry.models import NO_GROUP, Family, Group
from harapan.ui.filters import FilterForm
from harapan.ui.pages import see_other
from harapan.ui.words import number

WHY_EXAMPLE = gettext_lazy("Dibaca auditor. Contoh: pembagian kelompok sesudah penetapan Juni.")


@dataclass(frozen=True, slots=True)
class Line:
    """A group of the proposal: how many meet there now and then; `leader` is offered for a new one."""

    name: str
    place: str
    before: int
    after: int
    new: bool
    leader: str
    moves: list[Move]


class DistrictFilters(FilterForm):
    region = forms.TypedChoiceField(label=gettext_lazy("Kecamatan"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, districts: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [(str(each.no), each.display_name) for each in districts]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """One kecamatan is always chosen: there is nothing to take away."""
        return False


def districts(post: Post) -> list[Region]:
    """The kecamatan in reach, by name. One query; the nation chooses by address."""
    if post.role.reach == Reach.NATION:
        return []
    found: list[Region] = []
    for low, high in post.ranges:
        rows = Region.objects.filter(no__gte=low, no__lt=high, level=codes.Level.DISTRICT, until__isnull=True)
        found += rows.order_by("name_key")
    return found


@may("group.manage", look="family_list")
def page(request: Request) -> HttpResponse:
    """The kecamatan in the address, else the one with most members who meet nowhere."""
    choices = districts(request.post)
    numbers = [region.no for region in choices]
    at = request.POST.get("region") or request.GET.get("region", "")
    reached = at.isdecimal() and (int(at) in numbers or request.post.role.reach is Reach.NATION)
    chosen = int(at) if reached else _needing(request.post, numbers)
    filters = DistrictFilters({"region": str(chosen)}, districts=choices)
    refused = ""
    if request.method == "POST":
        try:
            return _accepted(request, chosen)
        except Refused as refusal:
            refused = refusal.phrase.heard()
    found = proposed(chosen, on=request.today) if chosen else None
    context = {
        "filters": filters,
        "chosen": chosen,
        "found": found,
        "lines": _lines(found) if found else [],
        "left": found.proposal.left if found else [],
        "picked": set(request.POST.getlist("move")),
        "why": request.POST.get("why", ""),
        "why_example": WHY_EXAMPLE,
        "refused": refused,
    }
    return render(request, "groups/balance.html", context, status=422 if refused else 200)


def _needing(post: Post, numbers: list[int]) -> int:
    """The kecamatan with most families without a group that meets; the first where there is none. One query."""
    holding = Group.objects.filter(Q(candidates=True) | Q(pk=NO_GROUP)).values("pk")
    rows = Family.objects.visible_to(post).filter(group__in=holding).order_by().values_list("region_id")
    waiting: Counter[int] = Counter()
    for region, count in rows.annotate(n=Count("pk")):
        waiting[codes.ancestor(region, codes.Level.DISTRICT)] += count
    return max(numbers, key=lambda number: waiting[number], default=0)


def _accepted(request: Request, region_no: int) -> HttpResponse:
    moves = []
    for each in request.POST.getlist("move"):
        family, _colon, key = each.partition(":")
        if family.isdecimal():
            moves.append((int(family), key))
    why = request.POST.get("why", "")
    done = accept(region_no, moves, by=request.user, on=request.today, why=why)
    said = ngettext("%(n)s keluarga dipindahkan.", "%(n)s keluarga dipindahkan.", done.moved)
    made = ngettext("%(n)s kelompok baru dibuat.", "%(n)s kelompok baru dibuat.", len(done.made))
    text = said % {"n": number(done.moved)}
    if done.made:
        text += " " + made % {"n": number(len(done.made))}
    messages.success(request, text + " " + _("Untuk membatalkan, pindahkan kembali dari halaman kelompoknya."))
    return see_other(request, f"{reverse('groups_balance')}?region={region_no}")


def _lines(found: Regrouping) -> list[Line]:
    """Each touched group, those that gain first."""
    places = Region.objects.path_names(place.village for place in found.proposal.after)
    moves: dict[Place, list[Move]] = {}
    for move in found.proposal.moves:
        moves.setdefault(move.to, []).append(move)
    lines = []
    for place, homes in found.proposal.after.items():
        middle = heart(homes) if place.new else None
        lines.append(
            Line(
                found.name_of(place), places.get(place.village, ""),
                found.before.get(place.group, 0) if place.group else 0,
                len(homes), bool(place.new), middle.name if middle else "", moves.get(place, []),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (not line.moves, line.place, line.name))
