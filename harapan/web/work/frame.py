"""What every page of the errand shares: its parts, whose month it is, who may change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.fieldwork.workers import Worker
from harapan.web.whose import whose_query


def frame(request: Request, here: str, worker: Worker | None, **context: Any) -> Mapping[str, Any]:
    """The context that every page of the errand shares."""
    mine = worker is not None and worker.pk == request.post.user_id
    return {
        "tabs": _tabs(request, here, worker),
        "worker": worker,
        "mine": mine,
        "whose": whose_query(request, worker) if worker else "",
        "may_record": mine and allows(request.post, "work.record"),
        **context,
    }


def _tabs(request: Request, here: str, worker: Worker | None) -> list[tuple[str, str, bool]]:
    names = [("work", _("Tugas")), ("work_plan", _("Rencana kerja")), ("activities", _("Kegiatan")),
             ("duties", _("Tugas tambahan")), ("targets", _("Target"))]  # fmt: skip
    query = whose_query(request, worker) if worker else ""
    shown = [pair for pair in names if worker is not None or pair[0] in ("work", "duties", "targets")]
    return [(f"{reverse(name)}{'?' + query if query else ''}", label, name == here) for name, label in shown]
