"""What is decided about groups: families move, a group is made, renamed or given to another facilitator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.models import User
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.asked import wholes
from harapan.core.errors import Refused
from harapan.database.scope import atomic, put_on
from harapan.regions.models import Region
from harapan.registry import grouping
from harapan.registry.actions import assign_facilitator
from harapan.registry.models import NO_GROUP, Family, Group
from harapan.registry.queries import groups_of
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.groups.forms import GroupForm, MoveForm

PERMISSION = "group.manage"
MOVED_MAX = 200  # at once; a whole group has ten to thirty


@may(PERMISSION, look="family_list")
def move(request: Request) -> HttpResponse:
    """The families named in the address into another group; from the page of one family, or of a group."""
    families = _families(request)
    form = MoveForm(request.POST or None, post=request.post, families=families)
    if request.method == "POST" and form.is_valid():
        try:
            return _moved(request, families, form.cleaned_data)
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
    places = Region.objects.path_names(family.region_id for family in families)
    context = {
        "families": [(family, places.get(family.region_id, "")) for family in families],
        "one": families[0] if len(families) == 1 else None,
        "form": form,
        "recorded": True,
    }
    return render(request, "groups/move.html", context, status=422 if request.method == "POST" else 200)


def _families(request: Request) -> list[Family]:
    given = (request.POST if request.method == "POST" else request.GET).getlist("family")
    numbers = set(wholes(given[:MOVED_MAX]))
    if not numbers:
        raise Refused(_("Pilih dahulu keluarganya, di halaman kelompok atau di halaman keluarga."))
    found = Family.objects.visible_to(request.post).filter(pk__in=numbers).select_related("group")
    families = list(found.order_by("name_key", "pk"))
    if len(families) != len(numbers):
        raise Http404
    return families


def _moved(request: Request, families: list[Family], given: dict[str, Any]) -> HttpResponse:
    moving = grouping.move_to_group(
        [family.pk for family in families], given["group"], by=request.user, on=request.today, why=given["why"]
    )
    group = moving[0].group.name
    said = ngettext(
        "%(n)s keluarga kini di kelompok %(group)s.", "%(n)s keluarga kini di kelompok %(group)s.", len(moving)
    )
    messages.success(request, said % {"n": number(len(moving)), "group": group})
    if len(families) == 1:
        return see_other(request, "family", families[0].pk)
    if given["group"] == NO_GROUP:
        return see_other(request, "groups")
    return see_other(request, "group", given["group"])


@may(PERMISSION)
def make(request: Request) -> HttpResponse:
    form = GroupForm(request.POST or None, post=request.post, on=request.today)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with put_on(request.scope.because(given["why"])), atomic():
                _refuse_outside(request, given["region"])
                group = grouping.make_group(
                    given["name"],
                    given["region"],
                    leader_name=given["leader_name"],
                    meeting_place=given["meeting_place"],
                    by=request.user,
                    on=request.today,
                    why=given["why"],
                )
                _assign(request, group, given)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kelompok %(name)s dibuat.") % {"name": group.name})
            return see_other(request, "group", group.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/edit.html", {"form": form, "group": None}, status=status)


def _refuse_outside(request: Request, region_no: int) -> None:
    ranges = request.post.ranges
    if ranges and not any(low <= region_no < high for low, high in ranges):
        raise Refused(_("Tempat itu berada di luar wilayah kerja Anda. Pilih yang di dalamnya."))


@may(PERMISSION)
def change(request: Request, group_id: int) -> HttpResponse:
    group = get_object_or_404(groups_of(request.post), pk=group_id)
    now = {
        "name": group.name, "leader_name": group.leader_name, "meeting_place": group.meeting_place,
        "facilitator": group.facilitator_id,
    }  # fmt: skip
    form = GroupForm(request.POST or None, post=request.post, on=request.today, group=group, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        named = {name: given[name] for name in ("name", "leader_name", "meeting_place")}
        try:
            with put_on(request.scope.because(given["why"])), atomic():
                renamed = grouping.rename_group(group.pk, by=request.user, why=given["why"], **named)
                _assign(request, renamed, given)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Perubahan kelompok %(name)s disimpan.") % {"name": renamed.name})
            return see_other(request, "group", group.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/edit.html", {"form": form, "group": group}, status=status)


def _assign(request: Request, group: Group, given: dict[str, Any]) -> None:
    """Give the group to the facilitator chosen, where that is somebody else."""
    chosen = given["facilitator"]
    if chosen is not None and chosen != group.facilitator_id:
        facilitator = get_object_or_404(User, pk=chosen)
        assign_facilitator([group.pk], facilitator, by=request.user, on=request.today, why=given["why"])
