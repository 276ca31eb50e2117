"""Errors that are meant for people become a page that says them, instead of a failure."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from harapan.core.errors import Forbidden, HarapanError
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
            return render(request, "ui/refused.html", {"reason": str(exception)}, status=422)
        return None
