"""Pages behind a link, opened without an account: wrong addresses wait, what is closed gives one answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from harapan.accounts import delays
from harapan.accounts.links import LinkClosed
from harapan.database.scope import SYSTEM, Scope, put_on
from harapan.ui.words import heard

View = Callable[[HttpRequest, str, str], HttpResponse]


def guarded(name: str, *, via: str) -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """Of a view that gets the token and the caller's address. name: under which wrong ones are counted, by address."""

    def decorate(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, token: str) -> HttpResponse:
            address = get_adapter().get_client_ip(request) or ""
            with put_on(Scope.common(actor=SYSTEM, via=via)):
                wait = delays.wait_seconds(name, address, known_device=True)
            if wait:
                context = {"wait": heard(delays.in_words(wait))}
                return _sealed(render(request, "ui/link_closed.html", context, status=429))
            try:
                response = view(request, token, address)
            except LinkClosed as closed:
                with put_on(Scope.common(actor=SYSTEM, via=via)):
                    delays.failed(name, address)
                response = render(request, "ui/link_closed.html", {"why": closed.phrase}, status=404)
            return _sealed(response)

        return answered

    return decorate


def _sealed(response: HttpResponse) -> HttpResponse:
    """Nothing is kept or passed on."""
    response["Referrer-Policy"] = "same-origin"  # no address leaves, and browsers still send Origin with the form
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address, which is the secret
    return response
