"""Who is due what and where in a stage, per group; and one group's sheet, recorded by exception."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.payments.field_law import handover_reasons, late_after_days
from harapan.payments.field_queries import (
    Due,
    Tally,
    days_of,
    due_of_families,
    families_due,
    stages_with_money,
    tallies,
)  # fmt: skip
from harapan.payments.handover_facts import payout_days
from harapan.payments.models import Handover, HandoverProof, PayoutDay
from harapan.payments.payout_changes import untold_days
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.registry.queries import find
from harapan.ui.pages import keyset, show
from harapan.web.distribution.forms import DueFilters
from harapan.web.distribution.reach import group_of, stage_or_404
from harapan.web.places import GroupPlaceFilters

NEXT_STEPS = {
    "nothing": "",
    "change": gettext_lazy("lanjut: perubahan data"),
    "exception": gettext_lazy("lanjut: belum cocok"),
    "card": gettext_lazy("lanjut: urus kartu"),
}


@may("handover.view")
def landing(request: Request) -> HttpResponse:
    """The latest stage that pays anybody in reach."""
    latest = stages_with_money().first()
    if latest is None:
        return render(request, "distribution/none.html")
    return redirect("distribution", latest.name)


@may("handover.view", look="handover_list")
def groups(request: Request, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    filters = GroupPlaceFilters.read(request, post=request.post)
    page = keyset(request, filters.groups(), order=("region_id", "name", "id"))
    told = tallies(stage, page.rows, on=request.today)
    days = payout_days(stage, {group.region_id for group in page if group.region_id})
    places = Region.objects.path_names(group.region_id for group in page if group.region_id)
    untold = untold_days(stage, page.rows)
    context = {
        "stage": stage,
        "stages": list(stages_with_money()[:12]),
        "filters": filters,
        "page": page,
        "rows": [
            (
                g,
                places.get(g.region_id or 0, ""),
                told[g.pk],
                _for_payers(days.get(g.region_id or 0, []), told[g.pk]),
                untold[g.pk],
            )
            for g in page
        ],
        "open": sum(told[group.pk].open for group in page),
        "own": request.post.role.reach == Reach.GROUPS,
        "recorded": True,
        **tabs(request, "groups"),
    }
    return show(request, "distribution/groups.html", context, piece="distribution/_groups.html")


def _for_payers(days: list[PayoutDay], told: Tally) -> list[PayoutDay]:
    """Who is paid into an account is told no day at the post office."""
    return [day for day in days if day.payer.upper() in told.payers]


def tabs(request: Request, here: str) -> dict[str, Any]:
    """Where the reader is, and what they may do around handing over."""
    return {
        "here": here,
        "may_see_receipts": allows(request.post, "receipt.view"),
        "may_report": allows(request.post, "held_card.report"),
    }


@may("handover.view", look="handover_list")
def search(request: Request, name: str) -> HttpResponse:
    """Any family in reach by name or number, with what it is due and what was said."""
    stage = stage_or_404(name)
    filters = DueFilters.read(request)
    text = filters.chosen().get("q", "")
    page = keyset(request, find(request.post, text), order=("name_key", "id")) if text else None
    families = list(page.rows) if page else []
    places = Region.objects.path_names(family.region_id for family in families)
    rows = [(row, places.get(row.family.region_id, "")) for row in due_of_families(stage, families)]
    context = {
        "stage": stage,
        "filters": filters,
        "page": page,
        "rows": rows,
        "recorded": True,
        **tabs(request, "search"),
    }
    return render(request, "distribution/search.html", context)


@may("handover.view", look="group")
def group(request: Request, group_id: int, name: str) -> HttpResponse:
    return _sheet(request, name, group_of(request.post, group_id))


def _sheet(request: Request, name: str, group: Group) -> HttpResponse:
    stage = stage_or_404(name)
    rows = due_of_families(stage, families_due(stage, [group]))
    reasons = handover_reasons(request.today)
    wanting = {code for code, reason in reasons.items() if reason.proof}
    for row in rows:
        known = reasons.get(row.said.reason_code) if row.said else None
        row.next_step = NEXT_STEPS[known.leads_to] if known and row.left_idr else ""
        row.wanted = known.proof if known and row.is_unproven(wanting) else ""
    shown = [_shown(row, request) for row in rows]
    days = days_of(rows)
    parts = [part for row in rows for part in row.parts]
    context = {
        "stage": stage,
        "group": group,
        "place": group.region.path_name() if group.region else "",
        "rows": list(zip(rows, shown, strict=True)),
        "days": days,
        "untold": untold_days(stage, [group])[group.pk],
        "reasons": list(reasons.values()),
        "day": _payout_day(days, request),
        "late_days": late_after_days(request.today),
        "received": shown.count("1"),
        "parts": len(parts),
        "proven": sum(1 for part in parts if part.proof_id),
        "unproven_days": sorted({part.on for part in parts if not part.proof_id}),
        "not_received": shown.count("2"),
        "unproven": [row for row in rows if row.wanted],
        "open": shown.count(""),
        "total_idr": sum(row.idr for row in rows),
        "proofs": list(HandoverProof.objects.filter(stage=stage, group=group).order_by("page", "pk")),
        "writable": allows(request.post, "handover.record"),
        "recorded": True,
        **tabs(request, "groups"),
    }
    return render(request, "distribution/group.html", context)


def _shown(row: Due, request: Request) -> str:
    """The mark a line shows: "1" received, "2" not, "" nobody has spoken of what is there now."""
    if row.said is None or row.is_open(request.today):
        return ""
    received = row.said.outcome == Handover.Outcome.RECEIVED or not row.left_idr
    return "1" if received else "2"


def _payout_day(days: list[PayoutDay], request: Request) -> Any:
    """Offered as the day of the marks: the latest payout day that has come, else today."""
    come = [day.on for day in days if day.on <= request.today]
    return come[-1] if come else request.today
