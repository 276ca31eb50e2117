"""What is done about one person: each asks why, says its refusal beside what was typed, and stands in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts import actions
from harapan.accounts.managing import demand_grant, people_of
from harapan.accounts.models import Acting, User
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.database.scope import put_on
from harapan.ui import words
from harapan.ui.pages import see_other
from harapan.web.people.forms import ActingForm, EndForm, NewPersonForm, PostForm, WhyForm, role_name
from harapan.web.people.views import PERMISSION
from harapan.workforce.staff import ending, opening
from harapan.workforce.staff.opening import FirstPost


@dataclass(frozen=True)
class Deed:
    """How a deed is asked: its title as a sentence, what follows from it, and its button."""

    title: str
    about: str
    button: str
    stops: bool = False  # takes something away


@may(PERMISSION)
def add(request: Request) -> HttpResponse:
    """Somebody new with a first post; the password drawn is shown once."""
    form = NewPersonForm(request.POST or None, post=request.post, on=request.today)
    made: dict[str, Any] = {}

    def do(given: dict[str, Any]) -> None:
        made["password"] = actions.draw_password()
        made["person"] = opening.open_account(
            given["username"], name=given["name"], nik=given["nik"], staff_number=given["staff_number"],
            first=_first(given), password=made["password"], post=request.post, by=request.user, on=request.today,
        )  # fmt: skip

    deed = Deed(
        _("Tambah pengguna dengan jabatan pertamanya"),
        _("Catatan SDM-nya ikut dibuat. Kata sandi sementaranya tampil satu kali sesudah disimpan; sampaikan langsung "
          "kepada orangnya."),
        _("Tambah pengguna"),
    )  # fmt: skip
    if _done(request, form, do):
        return _told(request, made["person"], made["password"])
    return _asked(request, form, deed)


@may(PERMISSION, look="user")
def give_post(request: Request, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    form = PostForm(request.POST or None, post=request.post, on=request.today)
    deed = Deed(
        _("Beri %(name)s jabatan") % {"name": person.name},
        _("Ia memilih sendiri jabatan mana yang dipakainya, satu pada satu waktu."),
        _("Beri jabatan"),
    )
    if _done(request, form, lambda given: opening.give_post(person, _first(given), post=request.post, by=request.user)):
        said = _("%(name)s memegang %(role)s sejak %(day)s.") % {
            "name": person.name,
            "role": role_name(form.cleaned_data["role"], request.today),
            "day": words.day(form.cleaned_data["since"]),
        }
        return _back(request, person, said)
    return _asked(request, form, deed, person)


@may(PERMISSION, look="user")
def end_post(request: Request, user_id: int, post_id: int) -> HttpResponse:
    person = _person(request, user_id)
    post = get_object_or_404(person.posts, pk=post_id)
    role = role_name(post.role_code, request.today)
    form = EndForm(request.POST or None, initial={"on": request.today})
    deed = Deed(
        _("Akhiri jabatan %(role)s milik %(name)s") % {"role": role, "name": person.name},
        _("Orangnya tetap dapat masuk bila memegang jabatan lain. Kelompok dampingannya diserahkan lebih dahulu."),
        _("Akhiri jabatan"),
        stops=True,
    )
    if _done(request, form, lambda given: ending.end_post(post, on=given["on"], by=request.user)):
        said = _("%(name)s tidak lagi memegang %(role)s sejak %(day)s.")
        return _back(request, person, said % {"name": person.name, "role": role, "day": words.day(post.until)})
    return _asked(request, form, deed, person)


@may(PERMISSION, look="user")
def let_act(request: Request, user_id: int, post_id: int) -> HttpResponse:
    """Plt., Plh. or a.n.: another fills this post between two dates under a letter."""
    person = _person(request, user_id)
    post = get_object_or_404(person.posts, pk=post_id)
    role = role_name(post.role_code, request.today)
    form = ActingForm(request.POST or None, post=request.post, on=request.today)

    def do(given: dict[str, Any]) -> None:
        demand_grant(request.post, post.role_code, post.region_nos, to=given["substitute"], actor=request.user)
        named = {name: given[name] for name in ("substitute", "since", "until", "letter")}
        actions.let_act(post, form=Acting.Form(given["form"]), by=request.user, **named)

    deed = Deed(
        _("Tunjuk pengganti %(name)s sebagai %(role)s") % {"name": person.name, "role": role},
        _("Pengganti melihat dan berwenang seperti pemegangnya. Setiap catatan menyebut keduanya."),
        _("Tunjuk pengganti"),
    )
    if _done(request, form, do):
        said = _("%(substitute)s bertindak sebagai %(role)s sampai %(day)s.")
        given = form.cleaned_data
        named = {"substitute": given["substitute"].name, "role": role, "day": words.day(given["until"])}
        return _back(request, person, said % named)
    return _asked(request, form, deed, person)


@may(PERMISSION, look="user")
def end_acting(request: Request, user_id: int, acting_id: int) -> HttpResponse:
    """Whoever fills this person's post stops before the letter's last day."""
    person = _person(request, user_id)
    acting = get_object_or_404(Acting.objects.filter(post__user=person).select_related("substitute"), pk=acting_id)
    form = EndForm(request.POST or None, initial={"on": request.today})
    name = {"substitute": acting.substitute.name, "name": person.name}
    deed = Deed(
        _("Akhiri %(substitute)s sebagai pengganti %(name)s") % name,
        _("Sejak tanggal itu ia tidak lagi melihat dan berwenang seperti pemegangnya. Riwayatnya tetap tercatat."),
        _("Akhiri penggantian"),
        stops=True,
    )
    if _done(request, form, lambda given: actions.end_acting(acting, on=given["on"], by=request.user)):
        said = _("%(substitute)s tidak lagi menggantikan %(name)s sejak %(day)s.")
        return _back(request, person, said % {**name, "day": words.day(acting.until)})
    return _asked(request, form, deed, person)


@may(PERMISSION, look="user")
def password(request: Request, user_id: int) -> HttpResponse:
    """A new temporary password, shown once."""
    person = _person(request, user_id)
    form = WhyForm(request.POST or None)
    drawn = actions.draw_password()
    deed = Deed(
        _("Beri %(name)s kata sandi sementara") % {"name": person.name},
        _("Pastikan dahulu bahwa ia sendiri yang meminta. Kata sandi lamanya tidak berlaku lagi dan sesinya berakhir."),
        _("Buat kata sandi"),
    )
    if _done(request, form, lambda _given: actions.set_password(person, password=drawn, by=request.user)):
        return _told(request, person, drawn)
    return _asked(request, form, deed, person)


@may(PERMISSION, look="user")
def second_factor(request: Request, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    form = WhyForm(request.POST or None)
    deed = Deed(
        _("Lepas langkah kedua %(name)s") % {"name": person.name},
        _("Aplikasi kode, kunci sandi, dan kode cadangannya tidak berlaku lagi; ia memasang yang baru saat masuk. "
          "Bila HP-nya dicuri, beri juga kata sandi baru."),
        _("Lepas langkah kedua"),
        stops=True,
    )  # fmt: skip
    if _done(request, form, lambda _given: actions.forget_second_factor(person, by=request.user)):
        return _back(request, person, _("Langkah kedua %(name)s dilepas.") % {"name": person.name})
    return _asked(request, form, deed, person)


@may(PERMISSION, look="user")
def deactivate(request: Request, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    form = WhyForm(request.POST or None)
    deed = Deed(
        _("Nonaktifkan %(name)s") % {"name": person.name},
        _("Ia tidak dapat masuk, dan sesinya yang terbuka berakhir. Jabatan dan kelompoknya tetap tercatat padanya; "
          "siapa yang berhenti dicatat di SDM."),
        _("Nonaktifkan"),
        stops=True,
    )  # fmt: skip
    if _done(request, form, lambda _given: actions.set_active(person, active=False, by=request.user)):
        return _back(request, person, _("%(name)s tidak dapat masuk lagi.") % {"name": person.name})
    return _asked(request, form, deed, person)


@may(PERMISSION, look="user")
def activate(request: Request, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    form = WhyForm(request.POST or None)
    deed = Deed(
        _("Aktifkan kembali %(name)s") % {"name": person.name},
        _("Ia dapat masuk lagi dengan kata sandi dan jabatan yang masih berlaku."),
        _("Aktifkan"),
    )
    if _done(request, form, lambda _given: actions.set_active(person, active=True, by=request.user)):
        return _back(request, person, _("%(name)s dapat masuk lagi.") % {"name": person.name})
    return _asked(request, form, deed, person)


def _person(request: Request, user_id: int) -> User:
    """Somebody this post may handle; else the page that says neither yes nor no."""
    return get_object_or_404(people_of(request.post, on=request.today), pk=user_id)


def _first(given: dict[str, Any]) -> FirstPost:
    return FirstPost(given["role"], given["regions"], given["since"], given["until"], given["letter"])


def _done(request: Request, form: forms.Form, do: Callable[[dict[str, Any]], object]) -> bool:
    """Whether it was sent, may be and is done, all of it in one transaction that carries the reason."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with put_on(request.scope.because(form.cleaned_data["why"])):
            do(form.cleaned_data)
    except Refused as refusal:  # said beside what was typed
        form.add_error(None, str(refusal))
        return False
    return True


def _asked(request: Request, form: forms.Form, deed: Deed, person: User | None = None) -> HttpResponse:
    context = {"form": form, "deed": deed, "person": person, "recorded": person is not None}
    return render(request, "people/deed.html", context, status=422 if request.method == "POST" else 200)


def _back(request: Request, person: User, said: str) -> HttpResponse:
    messages.success(request, said)
    return see_other(request, "person", person.pk)


def _told(request: Request, person: User, drawn: str) -> HttpResponse:
    """The password, once. No page of ours stays in a cache."""
    return render(request, "people/password.html", {"person": person, "password": drawn, "recorded": True})
