"""Long work on a computed stage as its page shows it: what runs now, whoever asked, and what the last try was refused.

A freeze and a run say themselves how far they are, to everybody; before they begin, and for a check, the asker's own
request does. A request carries the stage's name as its message until it ends.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.models import User
from harapan.benefits.alone import held
from harapan.benefits.models import Run, Snapshot, Stage
from harapan.jobs.models import Work
from harapan.ui import parts
from harapan.ui.words import clock

TITLES = {
    "benefits.freeze": lambda: _("Membekukan tahap"),
    "benefits.compute": lambda: _("Menghitung hak"),
    "payments.check": lambda: _("Memeriksa hasil"),
    "payments.instruct": lambda: _("Menarik order"),
}


def under_way(stage: Stage, *, asked_by: int) -> parts.Progress | None:
    """The work that runs on the stage now. At most four queries."""
    if held(stage):
        snapshot = Snapshot.objects.filter(stage=stage, state=Snapshot.State.RUNNING).select_related("by").first()
        if snapshot is not None:
            return _shown(
                "benefits.freeze", stage, snapshot.ranges_done, snapshot.ranges, snapshot.by, snapshot.started_at
            )
        run = Run.objects.filter(stage=stage, state=Run.State.RUNNING).select_related("by").first()
        if run is not None:
            return _shown("benefits.compute", stage, run.ranges_done, run.ranges, run.by, run.started_at)
    work = (
        Work.objects.filter(asked_by=asked_by, kind__in=TITLES, message=stage.name)
        .exclude(state__in=(Work.State.DONE, Work.State.FAILED))
        .last()
    )
    if work is None:
        return None
    return _shown(
        work.kind, stage, work.done, work.total, None, work.started_at, waiting=work.state == Work.State.WAITING,
        work=work.pk,
    )  # fmt: skip


def _shown(
    kind: str, stage: Stage, done: int, total: int, by: User | None, begun: datetime | None, *,
    waiting: bool = False, work: int | None = None,
) -> parts.Progress:  # fmt: skip
    tail = f"?kerja={work}" if work else ""
    told = _("%(done)d dari %(total)d bagian") % {"done": done, "total": total} if total else ""
    return parts.Progress(
        TITLES[kind](),
        100 * done // total if total else 0,
        done=told,
        left=_("dimulai pukul %(clock)s") % {"clock": clock(begun)} if begun else "",
        step=_("menunggu giliran") if waiting else _("sedang dikerjakan"),
        started_by=by.name if by else "",
        poll_url=reverse("stage_progress", args=[stage.name]) + tail,
    )


def last_refusal(stage: Stage, *, asked: str, asked_by: int) -> str:
    """Why the last try ended without a result: the asker's own request by number, else the latest freeze or run.

    For a stage on which nothing is under way: what says it runs has died.
    """
    if asked.isdecimal():
        failed = Work.objects.filter(pk=int(asked), asked_by=asked_by, state=Work.State.FAILED).first()
        if failed is not None:
            return failed.message
    frozen = Snapshot.objects.filter(stage=stage).order_by("-number").first()
    run = Run.objects.filter(stage=stage).order_by("-pk").first()
    latest = run if run is not None and (frozen is None or run.started_at > frozen.started_at) else frozen
    if latest is None or latest.state in (Snapshot.State.RUNNING, Run.State.RUNNING):
        return _("Pekerjaan terakhir terhenti sebelum selesai. Minta sekali lagi.") if latest else ""
    return latest.refusal if latest.state in (Snapshot.State.FAILED, Run.State.FAILED, Run.State.REFUSED) else ""
