"""Whose month a page shows: the reader's own, or that of somebody in the reader's reach."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse

from harapan.accounts.request import Request
from harapan.core.errors import Unreadable
from harapan.core.periods import month_of, parse_month
from harapan.fieldwork.workers import Worker, is_worker, worker_named, worker_of

WHOSE = "petugas"  # of the address


def own_worker(request: Request) -> Worker:
    """The reader's own month; for roles without one the page that says neither yes nor no."""
    if not is_worker(request.post):
        raise Http404
    return worker_of(request.post)


def chosen_worker(request: Request) -> Worker | None:
    """Whom the address names, in reach; else the reader, where they have a month. At most one query."""
    asked = request.GET.get(WHOSE, "")
    if asked.isdecimal() and int(asked) != request.post.user_id:
        found = worker_named(request.post, int(asked), on=request.today)
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


def pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
