"""Orders being drawn and files being written, as a page shows it to whoever looks.

How many files are written stands in their rows, so everybody may leave and find it again; before the first row is
there, and after a refusal, only the asker's own request knows.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.benefits.alone import held
from harapan.benefits.models import Stage
from harapan.jobs.models import Work
from harapan.payments.models import PaymentFile
from harapan.payments.tasks import instruct_later
from harapan.ui import parts
from harapan.ui.words import clock, number

ENDED = (Work.State.DONE, Work.State.FAILED)


def drawing(stage: Stage, *, asked_by: int) -> parts.Progress | None:
    """The work under way on the orders of a stage; None where there is none. At most three queries."""
    own = Work.objects.filter(kind=instruct_later.name, asked_by=asked_by, message=stage.name).exclude(state__in=ENDED)
    work = own.last()
    if work is None and not held(stage):
        return None
    counted = PaymentFile.objects.filter(stage=stage, instruction__in=_unfinished(stage)).aggregate(
        files=Count("pk"), written=Count("pk", filter=Q(written_at__isnull=False))
    )
    if work is None and not counted["files"]:
        return None  # other work than this holds the stage
    files, written = counted["files"], counted["written"]
    if not files:
        step = _("menunggu giliran") if work and work.state == Work.State.WAITING else _("menarik order")
    else:
        step = _("menulis dan membaca ulang berkas")
    begun = work.started_at if work else None
    done = _("%(written)s dari %(files)s berkas") % {"written": number(written), "files": number(files)}
    tail = f"?kerja={work.pk}" if work else ""
    return parts.Progress(
        _("Menarik order"), 100 * written // files if files else 0,
        done=done if files else "",
        left=_("dimulai pukul %(clock)s") % {"clock": clock(begun)} if begun else "",
        step=step, poll_url=reverse("stage_drawing", args=[stage.name]) + tail,
    )  # fmt: skip


def _unfinished(stage: Stage) -> Any:
    return PaymentFile.objects.filter(stage=stage, written_at=None).values("instruction")


def last_drawing(asked: str, *, asked_by: int) -> str:
    """Why the reader's own request, by its number, ended without a result; else empty."""
    if not asked.isdecimal():
        return ""
    failed = Work.objects.filter(
        pk=int(asked), asked_by=asked_by, kind=instruct_later.name, state=Work.State.FAILED
    ).first()
    return failed.message if failed else ""
