"""The four amounts of many families at once: by group with totals, and family by family of one group."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.payments.amount_queries import Sums, sums_by_group, sums_of_place, total
from harapan.payments.field_queries import families_due, stages_with_money
from harapan.payments.receipts import amounts_of
from harapan.regions.models import Region
from harapan.ui.pages import keyset, show
from harapan.web.distribution.groups import tabs
from harapan.web.distribution.reach import group_of, stage_or_404
from harapan.web.places import GroupPlaceFilters


@may("handover.view", look="handover_list")
def groups(request: Request, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    filters = GroupPlaceFilters.read(request, post=request.post)
    page = keyset(request, filters.groups(), order=("region_id", "name", "id"))
    found = sums_by_group(stage, [group.pk for group in page])
    places = Region.objects.path_names(group.region_id for group in page if group.region_id)
    context = {
        "stage": stage, "stages": list(stages_with_money()[:12]), "filters": filters, "page": page,
        "rows": [(group, places.get(group.region_id or 0, ""), found[group.pk]) for group in page],
        "total": _total(request, stage, filters, found), "own": request.post.role.reach == Reach.GROUPS,
        "recorded": True, **tabs(request, "amounts"),
    }  # fmt: skip
    return show(request, "distribution/amounts.html", context, piece="distribution/_amounts.html")


def _total(request: Request, stage: Any, filters: GroupPlaceFilters, found: dict[int, Sums]) -> Sums:
    """Of everything in reach that the filter leaves, not of the page alone."""
    if request.post.role.reach == Reach.GROUPS:
        return total(sums_by_group(stage, request.post.groups).values())
    chosen = filters.chosen().get("region")
    return sums_of_place(stage, [Region(no=chosen).range] if chosen else request.post.ranges)


@may("handover.view", look="group")
def group(request: Request, group_id: int, name: str) -> HttpResponse:
    stage, found = stage_or_404(name), group_of(request.post, group_id)
    families = families_due(stage, [found])
    amounts = amounts_of(stage, [family.pk for family in families])
    rows = [(family, amounts[family.pk]) for family in families]
    sums = {key: sum(asdict(row)[key] or 0 for _family, row in rows) for key in ("due_idr", "credited_idr",
            "withdrawn_idr", "said_idr")}  # fmt: skip
    context = {
        "stage": stage, "group": found, "rows": rows, "sums": sums,
        "asked": sum(1 for _family, row in rows if row.said_idr is not None),
        "differing": sum(1 for _family, row in rows if row.differs),
        "place": found.region.path_name() if found.region else "", "recorded": True, **tabs(request, "amounts"),
    }  # fmt: skip
    return show(request, "distribution/group_amounts.html", context)
