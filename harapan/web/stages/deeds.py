"""The deeds that move a computed stage up to its instruction: who may, what each asks, and the long work behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from procrastinate.tasks import Task

from harapan.accounts.permission import demand, may
from harapan.accounts.request import Request
from harapan.benefits import actions
from harapan.benefits.models import Mode, Snapshot, Stage, State
from harapan.benefits.tasks import compute_later, freeze_later
from harapan.core.errors import Refused
from harapan.jobs.actions import ask
from harapan.payments.tasks import check_later, instruct_later
from harapan.ui.pages import see_other
from harapan.web.stages.frame import Frame
from harapan.web.stages.under_way import under_way

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Deed:
    """`since`: where the wave at hand stands when it is offered. `task`: the work that does it; none: done at once."""

    code: str
    since: tuple[State, ...]
    permission: str
    label: Words
    asks: Words
    task: Task[Any, Any, Any] | None = None
    arguments: Callable[[Stage], dict[str, int | str]] = lambda stage: {}
    main: bool = True


def _of_freeze(stage: Stage) -> dict[str, int | str]:
    latest = Snapshot.objects.filter(stage=stage).order_by("-number").values_list("number", flat=True).first()
    return {"susulan": int(stage.state == State.INSTRUCTED), "after": latest or 0}


DEEDS = {
    deed.code: deed
    for deed in (
        Deed(
            "open", (State.PLANNED,), "stage.plan", _("Buka tahap"),
            _("Perubahan data dan verifikasi bulan yang diamati dikumpulkan sampai tahap dibekukan."),
        ),
        Deed(
            "freeze", (State.OPEN,), "stage.freeze", _("Bekukan tahap"),
            _("Data yang dibaca aturan disalin pada satu saat. Yang dicatat sesudahnya masuk susulan atau tahap "
              "berikutnya."), freeze_later, _of_freeze,
        ),
        Deed(
            "compute", (State.FROZEN,), "stage.compute", _("Hitung hak"),
            _("Hak setiap keluarga dihitung dari data yang dibekukan, dengan aturan yang ikut dibekukan."),
            compute_later,
        ),
        Deed(
            "refreeze", (State.FROZEN,), "stage.freeze", _("Bekukan lagi"),
            _("Pembekuan dan hitungan yang ada diganti. Boleh selama belum ada hitungan yang disetujui."),
            freeze_later, _of_freeze, main=False,
        ),
        Deed(
            "check", (State.COMPUTED,), "stage.check", _("Periksa hasil"),
            _("Rekening setiap keluarga diperiksa, dan angka untuk pemberi persetujuan disusun lalu dibekukan."),
            check_later,
        ),
        Deed(
            "instruct", (State.APPROVED,), "stage.instruct", _("Perintahkan pembayaran"),
            _("Setiap keluarga yang disetujui mendapat order, atau uangnya ditahan karena temuan cek rekening. "
              "Order tidak dapat diubah."), instruct_later,
        ),
        Deed(
            "again", (State.INSTRUCTED,), "stage.instruct", _("Perintahkan yang dilepas"),
            _("Keluarga yang penahanannya sudah dilepas mendapat order ke rekeningnya yang sekarang."),
            instruct_later,
        ),
        Deed(
            "susulan", (State.INSTRUCTED,), "stage.freeze", _("Bekukan susulan"),
            _("Keluarga yang belum dibayar pada tahap ini dibekukan sebagai susulan, dengan data terbaru."),
            freeze_later, _of_freeze, main=False,
        ),
    )
}  # fmt: skip


@require_POST
@may("stage.view")
def do(request: Request, name: str, deed: str) -> HttpResponse:
    """Ask for a deed: at once, or as work that may be left and found again. A second click asks for nothing."""
    frame = Frame.of(request, name)
    chosen = DEEDS.get(deed)
    if chosen is None:
        raise Http404
    demand(request.post, chosen.permission)
    if frame.stage.mode != Mode.COMPUTED:
        raise Refused(gettext("Langkah ini hanya untuk tahap yang dihitung di sini."))
    if chosen.task is None:
        actions.open_stage(frame.stage, by=request.user, on=request.today)
        messages.success(request, gettext("Tahap %(name)s dibuka.") % {"name": frame.stage.name})
    elif under_way(frame.stage, asked_by=request.user.pk) is not None:
        messages.info(request, gettext("Tahap ini sedang dikerjakan. Tunggu sampai selesai."))
    else:
        ids: dict[str, Any] = {"stage_id": frame.stage.pk, **chosen.arguments(frame.stage)}
        work = ask(
            chosen.task, asked_by=request.user.pk, post_no=request.post.pk, message=frame.stage.name, **ids
        )  # fmt: skip
        return see_other(request, f"{reverse('stage', args=[frame.stage.name])}?kerja={work.pk}")
    return see_other(request, "stage", frame.stage.name)


@may("stage.view")
def progress(request: Request, name: str) -> HttpResponse:
    """How far the work on the stage is; once it is over, the whole page."""
    frame = Frame.of(request, name)
    run = under_way(frame.stage, asked_by=request.user.pk)
    if run is None:
        number = request.GET.get("kerja", "")
        tail = f"?kerja={number}" if number.isdecimal() else ""
        return see_other(request, reverse("stage", args=[frame.stage.name]) + tail)
    return render(request, "ui/run.html", {"run": run})
