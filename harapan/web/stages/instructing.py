"""Payment instructions of a computed stage: drawing orders as work that may be left, and the papers of the treasury."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits.models import Snapshot, State
from harapan.core.errors import Refused
from harapan.jobs.actions import ask
from harapan.payments import treasury
from harapan.payments.file_queries import Drawn, Kind, drawn, let_go, retries_waiting
from harapan.payments.instructing import unwritten
from harapan.payments.tasks import instruct_later
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.stages import money_frame
from harapan.web.stages.drawing import drawing, last_drawing
from harapan.web.stages.frame import Frame
from harapan.web.stages.money_forms import PaperForm

WHOSE = {
    Kind.SPP: gettext_lazy("dicatat oleh PPK"),
    Kind.SPM: gettext_lazy("dicatat oleh PPSPM"),
    Kind.SP2D: gettext_lazy("dicatat oleh bendahara"),
}


@may("stage.view")
def instructions(request: Request, name: str) -> HttpResponse:
    frame = money_frame.computed(request, name)
    found = drawn(frame.stage)
    working = drawing(frame.stage, asked_by=request.user.pk)
    context = {
        "drawn": found,
        "orders": sum(each.orders for each in found),
        "amount_idr": sum(each.amount_idr for each in found),
        "may_record": [kind for kind in Kind if allows(request.post, f"document.{kind}")],
        "whose": list(WHOSE.items()),
        "working": working,
        "refusal": "" if working else last_drawing(request.GET.get("kerja", ""), asked_by=request.user.pk),
        "deeds": [] if working or not allows(request.post, "stage.instruct") else _deeds(frame),
    }
    return render(request, "stages/instructions.html", money_frame.context(frame, "stage_instructions", **context))


def _deeds(frame: Frame) -> list[tuple[str, str, str]]:
    """What may be drawn now: code, label, what it does."""
    stage = frame.stage
    if stage.state not in (State.APPROVED, State.INSTRUCTED):
        return []
    if unwritten(stage) is not None:
        return [("wave", _("Lanjutkan menulis berkas"), _("Sebagian berkas belum tertulis; sisanya ditulis sekarang."))]
    waiting, free = retries_waiting(stage), let_go(stage)
    approved = Snapshot.objects.live().filter(stage=stage, state=Snapshot.State.APPROVED).exists()
    found = []
    if approved:
        found.append(
            ("wave", _("Tarik order"), _("Setiap keluarga yang disetujui mendapat order, atau uangnya ditahan."))
        )
    elif free:
        found.append(
            ("wave", _("Tarik yang dilepas (%(n)s)") % {"n": number(free)},
             _("Keluarga yang penahanannya dilepas mendapat order ke rekeningnya yang sekarang."))
        )  # fmt: skip
    if waiting and not approved:
        found.append(
            ("again", _("Tarik bayar ulang (%(n)s)") % {"n": number(waiting)},
             _("Keluarga yang dimintakan bayar ulang mendapat order baru ke rekeningnya yang sekarang."))
        )  # fmt: skip
    return found


@require_POST
@may("stage.instruct")
def draw(request: Request, name: str, what: str) -> HttpResponse:
    """Ask for orders to be drawn and written. A second click while it runs asks for nothing."""
    frame = money_frame.computed(request, name)
    if what not in [code for code, _label, _asks in _deeds(frame)]:
        raise Refused(
            "Tidak ada yang dapat ditarik sekarang pada tahap {name}. Muat ulang halaman perintah bayar.",
            name=frame.stage.name,
        )
    if drawing(frame.stage, asked_by=request.user.pk) is not None:
        messages.info(request, _("Order tahap ini sedang ditarik. Tunggu sampai selesai."))
        return see_other(request, "stage_instructions", frame.stage.name)
    work = ask(
        instruct_later, asked_by=request.user.pk, post_no=request.post.pk, message=frame.stage.name,
        stage_id=frame.stage.pk, again=int(what == "again"),
    )  # fmt: skip
    return see_other(request, f"{reverse('stage_instructions', args=[frame.stage.name])}?kerja={work.pk}")


@may("stage.view")
def progress(request: Request, name: str) -> HttpResponse:
    """How far drawing and writing are; once that is over, the whole page."""
    frame = money_frame.computed(request, name)
    run = drawing(frame.stage, asked_by=request.user.pk)
    if run is None:
        number = request.GET.get("kerja", "")
        tail = f"?kerja={number}" if number.isdecimal() else ""
        return see_other(request, reverse("stage_instructions", args=[frame.stage.name]) + tail)
    return render(request, "ui/run.html", {"run": run})


@may("stage.view")
def paper(request: Request, name: str, number: int, kind: str) -> HttpResponse:
    """Record the next paper of an instruction for the payers that wait for it."""
    frame = money_frame.computed(request, name)
    if kind not in Kind.values:
        raise Http404
    demand(request.post, f"document.{kind}")
    wanted, found = Kind(kind), drawn(frame.stage, number=number)
    if not found:
        raise Http404
    awaiting = found[0].awaiting(wanted)
    form = PaperForm(request.POST or None, kind=wanted, awaiting=awaiting, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            return _issued(request, frame, found[0], wanted, form)
        except Refused as refusal:  # said beside what was typed
            form.add_error("number" if "nomor" in str(refusal).lower() else None, str(refusal))
    context = {
        "form": form, "kind": wanted, "instruction": found[0].instruction, "awaiting": awaiting,
        "total_idr": sum(payer.amount_idr for payer in awaiting),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(
        request, "stages/paper.html", money_frame.context(frame, "stage_instructions", **context), status=status
    )


def _issued(request: Request, frame: Frame, found: Drawn, kind: Kind, form: PaperForm) -> HttpResponse:
    papers = treasury.issue(
        found.instruction, kind, number=form.cleaned_data["number"], on=form.cleaned_data["on"], by=request.user,
        today=request.today, payers=form.cleaned_data["payers"],
    )  # fmt: skip
    said = _("%(kind)s dicatat untuk %(payers)s.")
    messages.success(request, said % {"kind": kind.label, "payers": ", ".join(paper.payer for paper in papers)})
    return see_other(request, "stage_instructions", frame.stage.name)
