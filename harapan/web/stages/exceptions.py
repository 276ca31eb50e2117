"""Answers of bank and post that fit nothing: the list, and one line matched to a family or set aside with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.payments import actions, reasons
from harapan.payments.enums import ExceptionKind
from harapan.payments.models import PaymentException
from harapan.payments.stage_queries import files_of
from harapan.payments.suggestions import Candidate, suggest
from harapan.regions.models import Region
from harapan.registry.models import Family
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.ui.words import heard, number, rupiah
from harapan.web.stages.forms import CloseForm, ExceptionFilters, SetAsideForm
from harapan.web.stages.frame import Frame

OVERRULED = (ExceptionKind.CONTRADICTS, ExceptionKind.DOUBLE)  # where the bank may have taken an answer back


def _narrowed(filters: ExceptionFilters, frame: Frame) -> QuerySet[PaymentException]:
    chosen = filters.chosen()
    found = PaymentException.objects.filter(stage=frame.stage)
    match chosen.get("state"):
        case None:
            found = found.open()
        case "closed":
            found = found.filter(closed_at__isnull=False)
    return found.filter(kind=chosen["kind"]) if "kind" in chosen else found


@may("stage.view", look="exception_list")
def exceptions(request: Request, name: str) -> HttpResponse:
    return _listed(request, Frame.of(request, name))


def _listed(request: Request, frame: Frame, refused: SetAsideForm | None = None) -> HttpResponse:
    filters = ExceptionFilters.read(request)
    waiting = PaymentException.objects.open().filter(stage=frame.stage)
    sums = waiting.aggregate(lines=Count("pk"), idr=Sum("amount_idr"))
    page = keyset(
        request, _narrowed(filters, frame).select_related("family", "file", "closed_by"), order=("region_no", "id")
    )
    places = Region.objects.path_names(row.region_no for row in page)
    context = {
        "filters": filters,
        "lines": sums["lines"],
        "answered": bool(sums["lines"]) or files_of(frame.stage).exists(),
        "idr": int(sums["idr"] or 0),
        "page": page,
        "rows": [(row, places.get(row.region_no, ""), (frame.on - row.opened_on).days) for row in page],
        "may_import": allows(request.post, "import.families"),
        "recorded": True,
        **_alike(request, frame, filters, refused),
    }
    context = frame.context("stage_exceptions", **context)
    if refused is not None:
        return render(request, "stages/exceptions.html", context, status=422)
    return show(request, "stages/exceptions.html", context, piece="stages/_exceptions.html")


def _alike(
    request: Request, frame: Frame, filters: ExceptionFilters, refused: SetAsideForm | None
) -> dict[str, Any]:  # fmt: skip
    """What one reason may set aside in one go: all open lines of the chosen kind, where there are several."""
    chosen = filters.chosen()
    if "kind" not in chosen or "state" in chosen or not allows(request.post, "exception.close"):
        return {}
    alike = PaymentException.objects.alike(frame.stage, chosen["kind"])
    sums = alike.aggregate(lines=Count("pk"), idr=Sum("amount_idr"))
    if sums["lines"] < 2:
        return {}
    form = SetAsideForm(initial={"kind": chosen["kind"], "lines": sums["lines"]})
    return {"alike_form": refused or form, "alike": sums["lines"], "alike_idr": int(sums["idr"])}


@deed_of("stage_exceptions")
@may("exception.close", look="exception_list")
def set_aside_alike(request: Request, name: str) -> HttpResponse:
    """All open lines of one kind with one reason; the address carries the filters of the list."""
    frame, form = Frame.of(request, name), SetAsideForm(request.POST)
    if not form.is_valid():
        return _listed(request, frame, form)
    told = form.cleaned_data
    try:
        count = actions.set_aside_alike(
            frame.stage, ExceptionKind(told["kind"]), lines=told["lines"], why=told["why"], by=request.user
        )
    except Refused as refusal:
        messages.error(request, refusal.phrase.heard())
    else:
        said = ngettext("%(n)s baris disisihkan dengan alasan.", "%(n)s baris disisihkan dengan alasan.", count)
        messages.success(request, said % {"n": number(count)})
    return see_other(request, "stage_exceptions", frame.stage.name)


@may("stage.view", look="payment_exception")
def exception(request: Request, name: str, exception_id: int) -> HttpResponse:
    frame = Frame.of(request, name)
    found = PaymentException.objects.filter(stage=frame.stage).select_related("family", "file", "closed_by")
    row = get_object_or_404(found, pk=exception_id)
    text = request.GET.get("q", "").strip()
    candidates = suggest(row, request.post, text=text) if row.is_open and not row.from_the_field else []
    form = _form(request, candidates)
    if request.method == "POST":
        demand(request.post, "exception.close")
        if form.is_valid():
            try:
                return _close(request, frame, row, form)
            except Refused as refusal:  # said beside what was typed
                form.add_error(None, refusal.phrase.heard())
    context = {
        "row": row,
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""),
        "reason": reasons.label(row.reason_code, frame.on) if row.reason_code else "",
        "days": (frame.on - row.opened_on).days,
        "candidates": candidates,
        "text": text,
        "form": form,
        "overrules": row.kind in OVERRULED,
        "may_close": row.is_open and allows(request.post, "exception.close"),
        "may_see_cards": allows(request.post, "held_card.report"),
        "recorded": True,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "stages/exception.html", frame.context("stage_exceptions", **context), status=status)


def _form(request: Request, candidates: list[Candidate]) -> CloseForm:
    places = Region.objects.path_names(each.family.region_id for each in candidates)
    choices = [(str(each.family.pk), _shown(each, places.get(each.family.region_id, ""))) for each in candidates]
    return CloseForm(request.POST or None, families=choices, matching=request.POST.get("how") == "match")


def _shown(each: Candidate, place: str) -> str:
    due = rupiah(each.due_idr) if each.claims else _("tidak ada di daftar tahap ini")
    standing = ", ".join(heard(claim.get_standing_display()) for claim in each.claims)
    return format_html(
        "<span><b>{}</b> <small>{} · {}{}</small></span>",
        each.family.name,
        place,
        due,
        f" · {standing}" if standing else "",
    )


def _close(request: Request, frame: Frame, row: PaymentException, form: CloseForm) -> HttpResponse:
    why, by = form.cleaned_data["why"], request.user
    match request.POST.get("how"):
        case "match":
            family = get_object_or_404(Family.objects.visible_to(request.post), pk=form.cleaned_data["family"])
            options: dict[str, Any] = {"overrule": bool(request.POST.get("overrule")) and row.kind in OVERRULED}
            actions.match_exception(row, family=family, why=why, by=by, on=frame.on, **options)
            messages.success(
                request, _("Baris %(line)d dibukukan untuk %(name)s.") % {"line": row.line, "name": family.name}
            )
        case "set_aside":
            actions.set_aside(row, why=why, by=by)
            if row.from_the_field:
                said = _("Laporan %(reference)s ditutup dengan alasan.") % {"reference": row.reference}
            else:
                said = _("Baris %(line)d disisihkan dengan alasan.") % {"line": row.line}
            messages.success(request, said)
        case _:
            raise BadRequest
    return see_other(request, "stage_exceptions", frame.stage.name)
