"""The record of one person: by the person, and by whoever looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harapan.accounts import actions
from harapan.accounts.models import Acting, Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.regions.models import Region, name_of
from harapan.ui.pages import see_other
from harapan.ui.words import heard
from harapan.web.staff.forms import AccountForm, FactsForm
from harapan.web.staff.frame import MANAGE, VIEW, Deed, asked, done, may_manage, person_in, who
from harapan.workforce.models import NATION, Badge, Departure, Person
from harapan.workforce.recruitment.queries import position_taken
from harapan.workforce.staff import beginning, contracts, law, opening, portraits, reach
from harapan.workforce.staff.opening import FirstPost


@may("home.view")
def mine(request: Request) -> HttpResponse:
    """Everything on record about the reader, for the reader."""
    person = reach.own_person(request.user)
    caseload = request.post.role.reach is Reach.GROUPS and allows(request.post, "caseload.view")
    context = {
        "own": True, "may_caseload": caseload, "mentees": beginning.mentees(request.user),
        "may_ethics": allows(request.post, "ethics.view"), "may_learned": allows(request.post, "learned.view"),
    }  # fmt: skip
    if person is None:
        return render(request, "staff/no_record.html", context)
    return render(request, "staff/person.html", _all_about(request, person) | context)


@may(VIEW, look="person")
def one(request: Request, person_id: int) -> HttpResponse:
    person = person_in(request, person_id)
    manages = may_manage(request) and person.user_id != request.user.pk
    context = {"own": False, "may_manage": manages, "recorded": True, "kinds": Departure.Kind}
    return render(request, "staff/person.html", _all_about(request, person) | context)


def _all_about(request: Request, person: Person) -> dict[str, Any]:
    """A constant number of queries."""
    bound = [(each, heard(law.position_name(each.position, each.since))) for each in contracts.contracts_of(person)]
    current = next((name for each, name in bound if each.since <= request.today < each.until), "")
    (newcomer,) = beginning.progress([person], on=request.today)
    badges = list(Badge.objects.filter(person=person).order_by("-issued_on", "-pk")[:5])
    return {
        "person": person, "today": request.today, "place": place_of(person), "contracts": bound, "title": current,
        "posts": _posts(person, request), "departures": _departures(person), "badges": badges, "newcomer": newcomer,
        "portrait": portraits.latest(person),
        "is_new": person.until is None and (law.is_new(person, request.today) or newcomer.overdue(request.today)),
        "late": {step.step.code for step in newcomer.behind(request.today)},
        "user_may": allows(request.post, "user.manage"),
        "user_page": person.user_id if allows(request.post, "user.manage") else None,
    }  # fmt: skip


def place_of(person: Person) -> str:
    if person.region_no == NATION:
        return _("Indonesia")
    return Region.objects.path_names([person.region_no]).get(person.region_no, "")


def _posts(person: Person, request: Request) -> Sequence[tuple[str, str, Post, Sequence[Acting]]]:
    """Title, place, post, and who fills it now or soon; the latest first. Two queries."""
    if person.user_id is None:
        return []
    found = list(Post.objects.filter(user=person.user_id).order_by("-since", "-pk"))
    filled: dict[int, list[Acting]] = {}
    rows = Acting.objects.filter(post__in=found, until__gt=request.today).select_related("substitute")
    for each in rows.order_by("since"):
        filled.setdefault(each.post_id, []).append(each)
    return [
        (heard(post.title_on(max(post.since, request.today))), ", ".join(name_of(no) for no in post.region_nos), post,
         filled.get(post.pk, []))
        for post in found
    ]  # fmt: skip


def _departures(person: Person) -> Sequence[tuple[Departure, str]]:
    """Each with the name of the new place, of a transfer."""
    found = list(Departure.objects.filter(person=person).select_related("cover").order_by("-leaves_on", "-pk"))
    names = Region.objects.path_names(each.to_region_no for each in found if each.to_region_no)
    return [(each, names.get(each.to_region_no or 0, "")) for each in found]


@may(MANAGE, look="person")
def change(request: Request, person_id: int) -> HttpResponse:
    person = person_in(request, person_id)
    initial = {name: getattr(person, name) for name in FactsForm.base_fields}
    form = FactsForm(request.POST or None, initial=initial)
    if done(request, form, lambda given: opening.change(person.pk, **who(request), **given)):
        messages.success(request, _("Catatan %(name)s diperbarui.") % {"name": form.cleaned_data["name"]})
        return see_other(request, "staff_person", person.pk)
    deed = Deed(
        _("Ubah catatan %(name)s") % {"name": person.name},
        _("Nama di kartu yang sudah terbit tidak ikut berubah; terbitkan kartu baru sesudahnya."),
        _("Simpan catatan"),
    )
    return asked(request, form, deed, person)


@may("user.manage", look="person")
def account(request: Request, person_id: int) -> HttpResponse:
    """A user name, a drawn password shown once, and a first post."""
    person = person_in(request, person_id)
    initial = {"role": position_taken(person)}
    form = AccountForm(request.POST or None, post=request.post, person=person, on=request.today, initial=initial)
    drawn = actions.draw_password()

    def do(given: dict[str, Any]) -> None:
        region = given["region"]
        first = FirstPost(given["role"], [region.no] if region else [], given["since"], letter=given["letter"])
        opening.give_account(person.pk, given["username"], first=first, password=drawn, **who(request))

    if done(request, form, do):
        context = {"person": person, "password": drawn, "username": form.cleaned_data["username"], "recorded": True}
        return render(request, "staff/password.html", context)
    deed = Deed(
        _("Beri %(name)s akun dan jabatan pertama") % {"name": person.name},
        _("Kata sandi sementaranya tampil satu kali sesudah disimpan. Sampaikan langsung kepada orangnya."),
        _("Beri akun"),
    )
    return asked(request, form, deed, person)
