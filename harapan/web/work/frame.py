"""Whose month a page shows: the reader's own, or that of somebody in the reader's reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.core.errors import Unreadable
from harapan.core.periods import month_of, parse_month
from harapan.fieldwork.workers import Worker, is_worker, worker_of, workers_in

WHOSE = "petugas"  # of the address


def own_worker(request: Request) -> Worker:
    """The reader's own month; for roles without one the page that says neither yes nor no."""
    if not is_worker(request.post):
        raise Http404
    return worker_of(request.post)


def chosen_worker(request: Request) -> Worker | None:
    """Whom the address names, in reach; else the reader, where they have a month. At most one query."""
    asked = request.GET.get(WHOSE, "")
    if asked.isdigit() and int(asked) != request.post.user_id:
        found = next((each for each in workers_in(request.post, on=request.today) if each.pk == int(asked)), None)
        if found is None:
            raise Http404
        return found
    return worker_of(request.post) if is_worker(request.post) else None


def month_asked(request: Request, default: date) -> str:
    """The month of the address, else that of the day."""
    try:
        return parse_month(request.GET.get("bulan", ""))
    except Unreadable:
        return month_of(default)


def whose_query(request: Request, worker: Worker) -> str:
    """What an address needs to show this person again: "" for the reader."""
    return "" if worker.pk == request.post.user_id else f"{WHOSE}={worker.pk}"


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


def pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
