"""Pages that belong to no errand: the answers when something cannot be shown, and the sheet of components."""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from harapan.ui import sheet

log = logging.getLogger("harapan.ui")
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0, 1: codes are read out on the telephone


def help_code() -> str:
    """A short code that ties what the reader sees to a line of the log: `HRP-7K2M-V9`."""
    letters = "".join(secrets.choice(_LETTERS) for _position in range(6))
    return f"HRP-{letters[:4]}-{letters[4:]}"


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For 403 and 404 alike, with one status: nobody learns from the answer whether a family exists elsewhere."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """For 500. Renders without request and session, which may be what broke."""
    code = help_code()
    log.error("a page failed, help code %s", code)
    return HttpResponse(render_to_string("500.html", {"code": code}), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For `CSRF_FAILURE_VIEW`: the form was open too long, or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)


def components(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for whoever writes pages."""
    return render(request, "ui/components.html", sheet.contents(request))
