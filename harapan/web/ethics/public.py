"""For everybody, without signing in: report, and ask what became of it. Nothing of the caller is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from harapan.accounts import delays
from harapan.core.errors import HarapanError
from harapan.database import day
from harapan.database.scope import SYSTEM, Scope, put_on
from harapan.ui.words import heard
from harapan.web.ethics.forms import AddForm, FollowForm, ReportForm, regencies
from harapan.workforce.ethics import following
from harapan.workforce.ethics.errors import NothingFiled
from harapan.workforce.ethics.reporting import VIA, Told, file_report
from harapan.workforce.models import NATION, Step

NAME = "laporan etik"  # under which wrong words are counted, by the caller's address
# what a reporter hears of each step: nothing that only the accused or the handlers may know
HEARD = {
    Step.RECEIVED: _("Laporan Anda diterima dan menunggu diperiksa."),
    Step.VERIFIED: _("Laporan Anda layak dan sedang diperiksa."),
    Step.EXAMINED: _("Pemeriksaan selesai; yang dilaporkan akan dipanggil."),
    Step.SUMMONED: _("Yang dilaporkan dipanggil untuk didengar."),
    Step.HEARD: _("Yang dilaporkan sudah didengar; putusan disiapkan."),
    Step.DECIDED: _("Sudah diputus; yang diputus masih boleh banding."),
    Step.APPEALED: _("Putusannya sedang diperiksa di tingkat banding."),
    Step.FINAL: _("Selesai: putusannya tetap."),
    Step.CLOSED: _("Ditutup: tidak ada yang dapat diperiksa lebih lanjut."),
}
View = Callable[[HttpRequest], HttpResponse]


def _unkept(view: View) -> View:
    """No copy stays in the browser, no address leaves it, and no search engine lists it."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response["Referrer-Policy"] = "same-origin"
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@require_http_methods(["GET", "POST"])
@_unkept
def report(request: HttpRequest) -> HttpResponse:
    """The form; once filed, number and word, which are shown this one time."""
    with put_on(Scope.common(actor=SYSTEM, via=VIA), read_only=True):
        places = regencies()
    form = ReportForm(request.POST or None, request.FILES or None, on=day.today(), places=places)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        told = Told(region_no=given.pop("region") or NATION, **given)
        try:
            with put_on(Scope.common(actor=SYSTEM, via=VIA)):
                receipt = file_report(told, on=day.today(), address=get_adapter().get_client_ip(request) or "")
        except HarapanError as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            return render(request, "ethics/receipt.html", {"receipt": receipt, "anonymous": told.anonymous})
    return render(request, "ethics/report.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@_unkept
def follow(request: HttpRequest) -> HttpResponse:
    """Number and word travel in the body of the request only, never in an address."""
    if request.method == "GET":
        return render(request, "ethics/follow.html", {"form": FollowForm()})
    adding = "text" in request.POST
    form = AddForm(request.POST, request.FILES) if adding else FollowForm(request.POST)
    address = get_adapter().get_client_ip(request) or ""
    with put_on(Scope.common(actor=SYSTEM, via=VIA)):
        wait = delays.wait_seconds(NAME, address, known_device=True)
    if wait:
        said = heard(delays.in_words(wait))
        return render(request, "ethics/follow.html", {"form": FollowForm(), "wait": said}, status=429)
    if not form.is_valid():
        return render(request, "ethics/follow.html", {"form": form}, status=422)
    return _followed(request, form, address, adding=adding)


def _followed(request: HttpRequest, form: FollowForm, address: str, *, adding: bool) -> HttpResponse:
    number, word = form.cleaned_data["number"], form.cleaned_data["word"]
    try:
        found = following.follow(number, word)
        if adding:
            given = form.cleaned_data
            following.add(number, word, given["text"], on=day.today(), brought=given["brought"])
            found = following.follow(number, word)
    except NothingFiled as refusal:
        with put_on(Scope.common(actor=SYSTEM, via=VIA)):
            delays.failed(NAME, address)
        form.add_error(None, refusal.phrase.heard())
        return render(request, "ethics/follow.html", {"form": form}, status=404)
    except HarapanError as refusal:
        form.add_error(None, refusal.phrase.heard())
        return render(request, "ethics/followed.html", _told(found, form), status=422)
    return render(request, "ethics/followed.html", _told(found, AddForm(initial={"number": number, "word": word})))


def _told(found: following.Followed, form: FollowForm) -> dict[str, Any]:
    for name in ("number", "word"):
        form.fields[name].widget = form.fields[name].hidden_widget()
    ended = not found.step.open
    return {"found": found, "said": HEARD[found.step], "ended": ended, "form": None if ended else form}
