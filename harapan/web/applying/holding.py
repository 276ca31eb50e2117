"""Which application this browser holds, after number and NIK were given: for an hour of use, and no other."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from harapan.accounts.request import Request
from harapan.database.scope import put_on
from harapan.regions.zones import zone_of
from harapan.ui.pages import see_other
from harapan.workforce.models import Application
from harapan.workforce.recruitment.looking_up import scope_at

HELD, IDLE_SECONDS = "application", 3600  # phones are lent

View = Callable[..., HttpResponse]


def hold(request: HttpRequest, application_id: int, region_no: int) -> None:
    """From now on this browser is the applicant's."""
    request.session.cycle_key()
    request.session[HELD] = [application_id, region_no, int(time.time())]


def let_go(request: HttpRequest) -> None:
    request.session.pop(HELD, None)


def as_applicant(view: View) -> View:
    """A page of the one application held, under the scope and by the clock of the place applied for; GET only reads."""

    @functools.wraps(view)
    def guarded(incoming: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request = cast(Request, incoming)
        held = request.session.get(HELD)
        if not held or time.time() - held[2] > IDLE_SECONDS:
            let_go(request)
            return see_other(request, "application_status")
        request.session[HELD] = [held[0], held[1], int(time.time())]
        reading = request.method in ("GET", "HEAD")
        with timezone.override(zone_of(held[1])), put_on(scope_at(held[1]), read_only=reading):
            rows = Application.objects.select_related("round", "formation__region", "lives_in")
            response = view(request, get_object_or_404(rows, pk=held[0]), *args, **kwargs)
            response.headers["Cache-Control"] = "no-store"
            return response

    return guarded
