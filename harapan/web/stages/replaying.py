"""Proof of a computed stage for the auditor: its snapshots and runs, computing again, and the pack to take away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.benefits import tasks as benefits_tasks
from harapan.benefits.models import Mode, Pack, Replay, Run, Stage
from harapan.benefits.replay_words import COLUMNS, TABLES, problems, row_of, wave_name, what_of
from harapan.benefits.replaying import refuse_received
from harapan.files.storage import download
from harapan.jobs.models import Work
from harapan.payments import tasks as payments_tasks
from harapan.ui import parts
from harapan.ui.pages import see_other
from harapan.ui.words import rupiah
from harapan.web import progress as bars
from harapan.web.stages.frame import Frame

SHOWN_MAX = 20


@dataclass
class ReplayPage:
    """What the page of proof shows of one stage; a constant number of queries."""

    stage: Stage

    @cached_property
    def runs(self) -> list[Run]:
        """Runs from a snapshot that came to an end, the live ones first by wave."""
        ended = Run.objects.filter(stage=self.stage, snapshot__isnull=False, state__in=("done", "superseded"))
        found = ended.select_related("by", "snapshot", "snapshot__by", "approval").order_by("wave", "-id")[:SHOWN_MAX]
        return sorted(found, key=lambda run: run.state != Run.State.DONE)

    @property
    def live(self) -> list[tuple[str, Run]]:
        return [(wave_name(run.wave), run) for run in self.runs if run.state == Run.State.DONE]

    @property
    def before(self) -> list[tuple[str, Run]]:
        return [(wave_name(run.wave), run) for run in self.runs if run.state != Run.State.DONE]

    @cached_property
    def replays(self) -> list[Replay]:
        return list(Replay.objects.filter(stage=self.stage).select_related("by").order_by("-id")[:SHOWN_MAX])

    @cached_property
    def packs(self) -> list[Pack]:
        return list(Pack.objects.filter(stage=self.stage).select_related("by", "file").order_by("-id")[:SHOWN_MAX])

    @cached_property
    def works(self) -> dict[int, Work]:
        """The reader's own work behind rows that have no end yet; another's is not shown to them."""
        waiting = [row.work_no for row in (*self.replays, *self.packs) if row.ended_at is None and row.work_no]
        return {work.pk: work for work in Work.objects.filter(pk__in=waiting)} if waiting else {}

    @property
    def running(self) -> list[parts.Progress]:
        """A bar for each piece of the reader's own work that has not ended."""
        titled: list[tuple[Replay | Pack, str]] = [(row, _("Menghitung ulang")) for row in self.replays]
        titled += [(row, _("Membuat paket auditor")) for row in self.packs]
        return [
            bars.shown(work, title=title, poll_url="")  # one piece asks for all of them
            for row, title in titled
            if (work := self.works.get(row.work_no or 0)) and not work.ended
        ]

    @cached_property
    def latest(self) -> Replay | None:
        """The last replay that came to an answer."""
        return next((row for row in self.replays if row.identical is not None), None)

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Per wave of the latest replay what is not as it should be, with the first values that differ."""
        if self.latest is None:
            return []
        return [
            {
                "name": wave_name(wave["wave"]),
                "problems": problems(wave),
                "values": [_value(v) for v in wave["differing"]],
            }
            for wave in self.latest.waves
            if wave["problems"]
        ]

    def why_unended(self, row: Replay | Pack) -> str:
        """Why a row has no result: its refusal, or what became of its work."""
        work = self.works.get(row.work_no or 0)
        return row.refusal or (work.message if work and work.ended else "")

    @property
    def replay_rows(self) -> list[tuple[Replay, str]]:
        return [(row, self.why_unended(row)) for row in self.replays]

    @property
    def pack_rows(self) -> list[tuple[Pack, str]]:
        return [(row, self.why_unended(row)) for row in self.packs]


def _value(differing: dict[str, Any]) -> dict[str, Any]:
    column = differing["column"]
    return {
        "table": TABLES[differing["table"]],
        "row": row_of(differing),
        "label": COLUMNS.get(column, what_of(differing)),
        "column": column if column in COLUMNS else "",
        "found": _shown(column, differing["found"]),
        "expected": _shown(column, differing["expected"]),
    }


def _shown(column: str, value: str) -> str:
    return rupiah(int(value)) if column.endswith("_idr") and value else value


def _frame(request: Request, name: str) -> Frame:
    """The frame of a computed stage. Raises Refused for a received one."""
    frame = Frame.of(request, name)
    refuse_received(frame.stage)
    return frame


@may("stage.replay")
def page(request: Request, name: str) -> HttpResponse:
    frame = _frame(request, name)
    return render(request, "stages/replay.html", frame.context("stage_replay", proof=ReplayPage(frame.stage)))


@may("stage.replay")
def running(request: Request, name: str) -> HttpResponse:
    """How far the reader's work is; once none runs, the whole page."""
    shown = ReplayPage(_frame(request, name).stage).running
    if not shown:
        return see_other(request, "stage_replay", name)
    return render(request, "stages/_replaying.html", {"bars": shown, "stage_name": name})


@require_POST
@may("stage.replay")
def begin(request: Request, name: str) -> HttpResponse:
    """Ask for the stage to be computed again; it runs in the background."""
    frame = _frame(request, name)
    benefits_tasks.replay_later(frame.stage, by=request.user, post=request.post)
    messages.success(request, _("Hitung ulang dimulai. Halaman ini boleh ditinggal; hasilnya menunggu di sini."))
    return see_other(request, "stage_replay", name)


@require_POST
@may("stage.replay")
def make_pack(request: Request, name: str) -> HttpResponse:
    """Ask for the auditor's pack; it is made in the background and kept encrypted."""
    frame = _frame(request, name)
    payments_tasks.pack_later(frame.stage, by=request.user, post=request.post)
    messages.success(request, _("Paket sedang dibuat. Halaman ini boleh ditinggal; paketnya menunggu di sini."))
    return see_other(request, "stage_replay", name)


@may("stage.replay", look="pack")
def pack_file(request: Request, name: str, pack_id: int) -> StreamingHttpResponse:
    """The pack. The look is written before the first byte goes out."""
    row = get_object_or_404(
        Pack.objects.select_related("file"), pk=pack_id, stage__name=name, stage__mode=Mode.COMPUTED
    )
    if row.file is None:
        raise Http404
    return download(row.file, scope=request.scope)
