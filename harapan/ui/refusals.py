"""Errors that are meant for people become a page that says them, instead of a failure."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from harapan.core.errors import Forbidden, HarapanError
from harapan.ui.pages import wants_piece
from harapan.ui.views import not_here


class Refusals:
    """Middleware: a `HarapanError` that a view let through. Forbidden looks like "not there"; the rest is said, 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return not_here(request, exception)
        if isinstance(exception, HarapanError):
            return _said(request, exception.phrase)
        return None


def _said(request: HttpRequest, reason: str) -> HttpResponse:
    """The sentence as a page; to htmx as a note above the page it came from, so that nothing typed is lost."""
    if not wants_piece(request):
        return render(request, "ui/refused.html", {"reason": reason}, status=422)
    response = render(request, "ui/refused_note.html", {"reason": reason}, status=422)
    return reswap(retarget(response, "#penolakan"), "innerHTML")
