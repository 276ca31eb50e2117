"""Groups of families: the list and one group."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.payments import sheet as papers
from harapan.regions.models import Region
from harapan.registry.models import Family
from harapan.registry.queries import components_of, groups_of, held_by_nobody, listed, marks_of
from harapan.ui.pages import keyset
from harapan.web.groups.forms import GroupFilters


@may("group.view")
def groups(request: Request) -> HttpResponse:
    filters = GroupFilters.read(request, post=request.post)
    chosen = filters.chosen()
    found = groups_of(request.post)
    if "region" in chosen:
        low, high = Region(no=chosen["region"]).range
        found = found.filter(region_id__gte=low, region_id__lt=high)
    if chosen.get("alone"):
        found = held_by_nobody(found, on=request.today)
    page = keyset(request, found, order=("region_id", "name", "id"))
    places = Region.objects.path_names(group.region_id for group in page)
    rows = [(group, places.get(group.region_id, "")) for group in page]
    context = {"may_manage": allows(request.post, "group.manage")}
    return render(request, "groups/list.html", {**context, "filters": filters, "page": page, "rows": rows})


@may("group.view")
def group(request: Request, group_id: int) -> HttpResponse:
    shown = get_object_or_404(groups_of(request.post), pk=group_id)
    families = Family.objects.visible_to(request.post).filter(group=shown)
    page = keyset(request, listed(families), order=("name_key", "id"))
    marks = marks_of(page, on=request.today)
    counted = components_of(page, on=request.today)
    context = {
        "group": shown,
        "place": shown.region.path_name() if shown.region else "",
        "page": page,
        "rows": [(family, marks[family.pk], counted.get(family.pk, {})) for family in page],
        "may_print": allows(request.post, "sheet.print"),
        "may_manage": allows(request.post, "group.manage"),
    }
    return render(request, "groups/one.html", context)


@may("sheet.print", look="group")
def sheets(request: Request, group_id: int) -> HttpResponse:
    """The lembar KPM of every family of a group, two on an A4."""
    shown = get_object_or_404(groups_of(request.post), pk=group_id)
    name = request.GET.get("tahap", "")
    stages = Stage.objects.filter(name=name) if name else Stage.objects.order_by("-year", "-number")
    stage = stages.first()
    families = Family.objects.visible_to(request.post).filter(group=shown)
    found = list(families.select_related("group__facilitator").order_by("name_key", "id"))
    if stage is None or not found:
        raise Refused("Belum ada tahap atau keluarga untuk dicetak. Impor daftar kementerian lebih dahulu.")
    paper = papers.pdf(papers.sheets_of(found, stage, on=request.today), by=request.user, at=timezone.localtime())
    return HttpResponse(paper, content_type="application/pdf")
