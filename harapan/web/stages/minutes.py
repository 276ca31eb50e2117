"""Berita acara rekonsiliasi: what was drawn up, the form, the paper and the workbook, and who signed when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits.models import State
from harapan.core.errors import Refused
from harapan.files.storage import download, store
from harapan.payments import minutes as drawing
from harapan.payments import minutes_paper
from harapan.payments.minutes import MinutesData, Signatory
from harapan.payments.models import Minutes
from harapan.regions import zones
from harapan.ui.exports import CONTENT_TYPES
from harapan.ui.pages import see_other
from harapan.web.stages.forms import DrawUpForm, SignForm
from harapan.web.stages.frame import Frame


@may("stage.view")
def all_minutes(request: Request, name: str) -> HttpResponse:
    frame = Frame.of(request, name)
    drawn: dict[int, list[Minutes]] = {}
    for each in Minutes.objects.filter(stage=frame.stage).order_by("-on", "-id"):
        drawn.setdefault(each.region_no, []).append(each)
    rows = [
        (
            regency,
            frame.names.get(regency.regency_no, ""),
            State(regency.state).label,
            drawn.get(regency.regency_no, []),
        )
        for regency in frame.regencies
    ]
    context = {
        "rows": rows,
        "signed": sum(1 for *_rest, found in rows if any(each.signed for each in found)),
        "may_draw": allows(request.post, "report.make"),
    }
    return render(request, "stages/all_minutes.html", frame.context("minutes", **context))


@may("report.make")
def draw_up(request: Request, name: str, regency_no: int) -> HttpResponse:
    """Number, day, place and who signs for both sides; the figures are taken as they stand."""
    frame = Frame.of(request, name)
    if all(regency.regency_no != regency_no for regency in frame.regencies):
        raise Http404
    place = frame.names.get(regency_no, "")
    given = {"on": frame.on, "office": f"Dinas Sosial {place}"}
    form = DrawUpForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = drawing.draw_up(frame.stage, regency=regency_no, by=request.user, **_told(form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(
                request,
                _("Berita acara %(number)s disusun. Cetak, lalu minta tanda tangan.") % {"number": drawn.number},
            )
            return see_other(request, "minutes_one", frame.stage.name, drawn.pk)
    shown = drawing.minutes_data(frame.stage, regency_no, on=frame.on)
    context = {"form": form, "place_name": place, "data": shown}
    status = 422 if request.method == "POST" else 200
    return render(request, "stages/minutes_new.html", frame.context("minutes", **context), status=status)


def _told(cleaned: dict[str, Any]) -> dict[str, Any]:
    office = Signatory(
        cleaned["office"], cleaned["office_name"], cleaned["office_title"], cleaned["office_staff_number"]
    )
    bank = Signatory(cleaned["bank"], cleaned["bank_name"], cleaned["bank_title"])
    return {"number": cleaned["number"], "on": cleaned["on"], "city": cleaned["city"], "office": office, "bank": bank}


def one(frame: Frame, minutes_id: int) -> Minutes:
    """The minutes, if they lie in the reader's scope; else the page that says neither yes nor no."""
    return get_object_or_404(
        Minutes.objects.filter(stage=frame.stage).select_related("drawn_by", "file"), pk=minutes_id
    )


def data_of(frame: Frame, minutes: Minutes) -> MinutesData:
    return drawing.minutes_data(frame.stage, minutes.region_no, on=minutes.on, minutes=minutes)


@may("stage.view", look="minutes")
def one_minutes(request: Request, name: str, minutes_id: int) -> HttpResponse:
    frame = Frame.of(request, name)
    drawn = one(frame, minutes_id)
    return _page(request, frame, drawn, SignForm())


def _page(request: Request, frame: Frame, drawn: Minutes, form: SignForm, status: int = 200) -> HttpResponse:
    context = {
        "drawn": drawn,
        "data": data_of(frame, drawn),
        "form": form,
        "may_sign": allows(request.post, "stage.sign") and not drawn.signed,
        "recorded": True,
    }
    return render(request, "stages/minutes_one.html", frame.context("minutes", **context), status=status)


@may("stage.view", look="minutes")
def pdf(request: Request, name: str, minutes_id: int) -> HttpResponse:
    frame = Frame.of(request, name)
    drawn = one(frame, minutes_id)
    by, at = request.user.name, zones.now(drawn.region_no)  # by the clock of the place, whoever prints it
    paper = minutes_paper.pdf(data_of(frame, drawn), printed_by=by, printed_at=at)
    return _file(paper, _name_of(frame, drawn, "pdf"), "application/pdf")


@may("stage.view", look="minutes")
def xlsx(request: Request, name: str, minutes_id: int) -> HttpResponse:
    frame = Frame.of(request, name)
    drawn = one(frame, minutes_id)
    return _file(minutes_paper.xlsx(data_of(frame, drawn)), _name_of(frame, drawn, "xlsx"), CONTENT_TYPES["xlsx"])


def _name_of(frame: Frame, drawn: Minutes, ending: str) -> str:
    return f"berita-acara-{frame.stage.name}-{drawn.region_no // 10**6}.{ending}"


def _file(contents: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(
        contents, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@may("stage.view", look="minutes")
def scan(request: Request, name: str, minutes_id: int) -> StreamingHttpResponse:
    """The signed paper as it was scanned."""
    drawn = one(Frame.of(request, name), minutes_id)
    if drawn.file is None:
        raise Http404
    return download(drawn.file, scope=request.scope, inline=True)


@require_POST
@may("stage.sign", look="minutes")
def sign(request: Request, name: str, minutes_id: int) -> HttpResponse:
    """Note who signed on paper and when, with the scan where there is one."""
    frame = Frame.of(request, name)
    drawn = one(frame, minutes_id)
    form = SignForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, frame, drawn, form, status=422)
    signed, who = form.cleaned_data["scan"], request.user
    kept = None
    if signed:
        kept = store(
            signed.name,
            kind="minutes",
            contents=signed.read(),
            owner=who.pk,
            region_no=drawn.region_no,
        )
    days = {name: form.cleaned_data[name] for name in ("office_signed_on", "bank_signed_on")}
    drawing.record_signing(drawn, file=kept, by=who, **days)
    messages.success(request, _("Tanda tangan berita acara %(number)s dicatat.") % {"number": drawn.number})
    return see_other(request, "minutes_one", frame.stage.name, drawn.pk)
