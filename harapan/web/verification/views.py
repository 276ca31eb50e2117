"""Verification: facilities with the state of their months, one facility's grid, and what proves it."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.regions.models import Region
from harapan.registry.models import Facility
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.verification import actions
from harapan.verification.declaring import declared_for
from harapan.verification.models import ConfirmationLink, Evidence, FacilityMonth
from harapan.verification.papers import form
from harapan.verification.queries import blanks_of, facilities_of, month_counts, months_of, pupils_per_unit, said_to
from harapan.web.verification.foreseen import is_costly
from harapan.web.verification.forms import EvidenceForm, FacilityFilters
from harapan.web.verification.page import FacilityPage
from harapan.web.verification.quarter import Quarter, at_hand

LINKS_SHOWN = 5
ORDER = ("region_id", "kind", "name_key", "id")


class MonthLine(NamedTuple):
    """A month of a facility in the list; `missing`: groups of the reader's for which nobody has declared it."""

    month: str
    said: FacilityMonth | None
    blank: int
    missing: int


@may("verification.view")
def facilities(request: Request) -> HttpResponse:
    filters = FacilityFilters.read(request, post=request.post, on=request.today)
    quarter = Quarter.chosen(filters.chosen().get("stage", ""), on=request.today)
    found = filters.facilities(quarter)
    page = keyset(request, filters.in_state(found, quarter), order=ORDER, size=40)
    said = months_of(page, quarter.numbers, said_to(request.post))
    declared = declared_for(page, quarter.numbers)
    blanks = blanks_of(page, quarter.numbers)
    units = pupils_per_unit(page, quarter.months, quarter.obligated)
    places = Region.objects.path_names(facility.region_id for facility in page)
    rows = [
        (
            facility,
            places.get(facility.region_id, ""),
            sum(units.get(facility.pk, {}).values()),
            [
                MonthLine(
                    month,
                    said.get(key := (facility.pk, number)),
                    blanks.get(key, 0),
                    len({unit.group_no for unit in set(units.get(facility.pk, {})) - set(declared.get(key, {}))}),
                )
                for number, month in quarter.columns
            ],
        )
        for facility in page
    ]
    wide = request.post.role.reach == Reach.NATION  # the nation's schools are not counted for a first look
    counts = None if wide else month_counts(found, quarter.counted, request.post)
    context = {
        "filters": filters,
        "quarter": quarter,
        "quarters": at_hand(on=request.today),
        "page": page,
        "rows": rows,
        "counts": counts,
        "may_import": allows(request.post, "import.families"),
        "may_hear": allows(request.post, "sanction.view"),
    }
    return show(request, "verification/list.html", context, piece="verification/_rows.html")


def _facility(post: Post, facility_id: int, quarter: Quarter) -> Facility:
    """The facility, if it serves families in reach; else the page that says neither yes nor no."""
    serving = facilities_of(post, quarter.months, quarter.obligated).select_related("region")
    return get_object_or_404(serving, pk=facility_id)


def page_of(request: Request, facility_id: int, quarter: Quarter | None = None) -> FacilityPage:
    given = request.POST if request.method == "POST" else request.GET
    quarter = quarter or Quarter.chosen(given.get("stage", ""), on=request.today)
    return FacilityPage(_facility(request.post, facility_id, quarter), quarter, request.post, request.today)


def shown(
    request: Request, page: FacilityPage, *, proof: EvidenceForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    if proof is None and page.may_prove:
        proof = EvidenceForm(months=[(column.number, column.month) for column in page.declared])
    context = {
        "page": page,
        "quarter": page.quarter,
        "quarters": at_hand(on=request.today),
        "facility": page.facility,
        "place": page.facility.region.path_name(),
        "grid": page.grid,
        "proof": proof,
        "noted_only": request.GET.get("show") == "noted" and page.typed is None,
        "recorded": True,
        "may_import": allows(request.post, "import.families"),
        "may_export": allows(request.post, "family.export"),
        "costly": is_costly(page),
        "may_link": allows(request.post, "verification.confirm"),
        "links": _links(request, page),
        "shared": request.post.role.reach == Reach.GROUPS,
    }
    return render(request, "verification/facility.html", context | more, status=status)


def _links(request: Request, page: FacilityPage) -> list[ConfirmationLink]:
    """The latest confirmation links of the facility, for those who send them."""
    if not allows(request.post, "verification.confirm"):
        return []
    return list(ConfirmationLink.objects.filter(facility=page.facility).select_related("made_by")[:LINKS_SHOWN])


@may("verification.view", look="facility")
def facility(request: Request, facility_id: int) -> HttpResponse:
    return shown(request, page_of(request, facility_id))


@deed_of("facility")
@may("verification.confirm", look="facility")
def prove(request: Request, facility_id: int) -> HttpResponse:
    """Say on what the declared months rest; a signed form is kept encrypted, with the place of the facility."""
    page = page_of(request, facility_id)
    months = [(column.number, column.month) for column in page.declared]
    proof = EvidenceForm(request.POST, request.FILES, months=months)
    if not proof.is_valid():
        return shown(request, page, proof=proof, status=422)
    given = proof.cleaned_data["file"]
    kept = None
    if given:
        kept = storage.store(
            given.name,
            kind="evidence",
            contents=given.read(),
            owner=request.user.pk,
            region_no=_home_of(page.facility, request.post),
            media_type=given.content_type,
        )
    for month in proof.cleaned_data["months"]:
        actions.prove(
            page.facility,
            month,
            evidence=Evidence(proof.cleaned_data["evidence"]),
            note=proof.cleaned_data["note"],
            file=kept,
            by=request.user,
        )
    messages.success(request, _("%(months)d bulan kini terbukti.") % {"months": len(proof.cleaned_data["months"])})
    return see_other(request, address(page))


def _home_of(facility: Facility, post: Post) -> int:
    """Where the proof belongs: at the facility, or with the reader whose families go to school elsewhere."""
    inside = post.role.reach == Reach.NATION or any(low <= facility.region_id < high for low, high in post.ranges)
    return facility.region_id if inside else post.region_nos[0]


def address(page: FacilityPage) -> str:
    return f"{reverse('facility', args=[page.facility.pk])}?stage={page.quarter.law.stage}"


@may("verification.view")
def evidence_file(request: Request, facility_id: int, file_id: UUID) -> HttpResponseBase:
    """The signed form itself. Handing it over is written before the first byte."""
    kept = get_object_or_404(StoredFile, pk=file_id, kind="evidence")
    if not FacilityMonth.objects.filter(facility=facility_id, evidence_file=kept).exists():
        raise Http404
    return storage.download(kept, scope=request.scope, inline=True)


@may("verification.view", look="facility")
def blank_form(request: Request, facility_id: int) -> HttpResponse:
    """The form to print and have filled in and signed at the facility."""
    page = page_of(request, facility_id)
    drawn = form.render(
        page.facility,
        page.spells,
        place=page.facility.region.path_name(),
        months=page.quarter.months,
        printed_by=request.user.name,
        printed_at=timezone.localtime(),
        owed=() if page.school else page.owed,
    )
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="formulir-{page.facility.code or page.facility.pk}.pdf"'
    return response
