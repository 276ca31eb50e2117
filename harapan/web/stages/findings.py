"""Findings of cek rekening: whose money may not go out yet, why, and what to do about each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Count, QuerySet, Sum
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.payments.account_findings import all_findings, findings_of, with_standing
from harapan.payments.models import AccountCheck
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.pages import keyset, show
from harapan.web.stages.figure_words import TO_DO
from harapan.web.stages.forms import RegionFilters
from harapan.web.stages.frame import Frame

ORDER = ("region_no", "family_id", "id")


class FindingFilters(RegionFilters):
    finding = forms.ChoiceField(
        label=gettext_lazy("Temuan"), choices=[("", gettext_lazy("Semua temuan")), *AccountCheck.Finding.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Keadaan"),
        choices=[("", gettext_lazy("Belum selesai")), ("all", gettext_lazy("Semua"))],
    )


def _narrowed(filters: FindingFilters, frame: Frame) -> QuerySet[AccountCheck]:
    chosen = filters.chosen()
    found = all_findings(frame.stage) if chosen.get("state") == "all" else findings_of(frame.stage)
    if "finding" in chosen:
        found = found.filter(finding=chosen["finding"])
    if "region" in chosen:
        low, high = codes.range_of(chosen["region"])
        found = found.filter(region_no__gte=low, region_no__lt=high)
    return with_standing(found).select_related("family")


@may("stage.view", look="finding_list")
def findings(request: Request, name: str) -> HttpResponse:
    """The families of the findings, by region; what stands by each and the way out."""
    frame = Frame.of(request, name)
    filters = FindingFilters.read(request, post=request.post)
    counted = findings_of(frame.stage).values("finding").annotate(n=Count("pk"), idr=Sum("net_idr")).order_by("-idr")
    kinds = [
        {"label": AccountCheck.Finding(row["finding"]).label, "families": row["n"], "idr": int(row["idr"]),
         "query": filters.query_string(finding=row["finding"]), "to_do": TO_DO[row["finding"]]}
        for row in counted
    ]  # fmt: skip
    page = keyset(request, _narrowed(filters, frame), order=ORDER)
    places = Region.objects.path_names(row.region_no for row in page)
    context = {
        "filters": filters,
        "kinds": kinds,
        "families": sum(row["families"] for row in kinds),
        "idr": sum(row["idr"] for row in kinds),
        "page": page,
        "rows": [(row, places.get(row.region_no, ""), *standing(row)) for row in page],
        "may_see_family": allows(request.post, "family.view"),
        "may_release": allows(request.post, "exception.close"),
        "may_export": allows(request.post, "family.export"),
        "recorded": True,
    }
    return show(
        request, "stages/findings.html", frame.context("stage_findings", **context), piece="stages/_findings.html"
    )


def standing(row: Any) -> tuple[str, str]:
    """Tag and words: how far a finding has come."""
    if row.ordered:
        return "ok", _("Sudah diperintahkan")
    if row.held:
        return ("told", _("Rekening baru, siap dilepas")) if row.renewed else ("own", _("Ditahan"))
    if row.let_go:
        return "ok", _("Dilepas, menunggu order")
    return ("told", _("Rekening baru tercatat")) if row.renewed else ("wait", _("Akan ditahan"))


@may("family.export", look="finding_list")
def findings_file(request: Request, name: str, form: exports.Form) -> FileResponse:
    """The rows of the list as a file: exactly what the filters show, without any number of a person."""
    frame = Frame.of(request, name)
    demand(request.post, "stage.view")
    filters = FindingFilters.read(request, post=request.post)
    found = _narrowed(filters, frame).order_by(*ORDER)
    columns = [
        exports.Column(_("Nama pengurus"), width=28),
        exports.Column(_("Desa/kelurahan"), width=40),
        exports.Column(_("Temuan"), width=34),
        exports.Column(_("Jumlah (Rp)"), "rupiah"),
        exports.Column(_("Keadaan"), width=26),
        exports.Column(_("Yang perlu dilakukan"), width=60),
    ]
    return exports.answer(f"temuan-rekening-{frame.stage.name}", columns, _file_rows(found), form=form)


def _file_rows(found: QuerySet[AccountCheck]) -> Iterator[tuple[Any, ...]]:
    for some in exports.batches(found):
        places = Region.objects.path_names(row.region_no for row in some)
        for row in some:
            yield (
                row.family.name, places.get(row.region_no, ""), row.get_finding_display(), row.net_idr,
                standing(row)[1], str(TO_DO[row.finding]),
            )  # fmt: skip
