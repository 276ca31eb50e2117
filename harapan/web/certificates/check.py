"""For anybody who holds the paper: whether it was issued here, and whether it still counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.training.certificates.checking import checked


def check(request: HttpRequest, code: str = "") -> HttpResponse:
    asked = (code or request.GET.get("kode", "")).strip()[:40]
    with put_on(Scope.common(via="web"), read_only=True):
        found = checked(asked) if asked else None
    context = {"asked": asked, "found": found, "verdict": found.verdict(day.today()) if found else None}
    response = render(request, "certificates/check.html", context, status=404 if asked and found is None else 200)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
