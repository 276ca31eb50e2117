"""What the pages about staff share: whose record it is, and how a deed is asked and answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.database.scope import put_on
from harapan.workforce.models import Person
from harapan.workforce.staff import reach

VIEW, MANAGE = "staff.view", "staff.manage"


@dataclass(frozen=True)
class Deed:
    """How a deed is asked: its title as a sentence, what follows from it, and its button."""

    title: str
    about: str
    button: str
    stops: bool = False  # takes something away


def person_in(request: Request, person_id: int) -> Person:
    """Somebody in reach; else the page that says neither yes nor no."""
    return get_object_or_404(reach.persons_in(request.post).select_related("user"), pk=person_id)


def who(request: Request) -> dict[str, Any]:
    """Who does a deed, in which post, on which day: what every action about staff wants to know."""
    return {"post": request.post, "by": request.user, "on": request.today}


def may_manage(request: Request) -> bool:
    return allows(request.post, MANAGE)


def done(request: Request, form: forms.Form, do: Callable[[dict[str, Any]], object]) -> bool:
    """Whether it was sent, may be and is done, in one transaction that carries the reason where one is asked."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with put_on(request.scope.because(form.cleaned_data.get("why", ""))):
            do(form.cleaned_data)
    except Refused as refusal:  # said beside what was typed
        form.add_error(None, refusal.phrase.heard())
        return False
    return True


def asked(
    request: Request, form: forms.Form, deed: Deed, person: Person | None = None, *, own: bool = False
) -> HttpResponse:
    """The deed's page; `own`: asked of somebody about themselves."""
    context = {"form": form, "deed": deed, "person": person, "own": own, "recorded": person is not None}
    return render(request, "staff/deed.html", context, status=422 if request.method == "POST" else 200)
