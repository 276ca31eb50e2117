"""The roster: who serves in each region against how many should; the people one by one; the establishment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from harapan.accounts.permission import demand, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.places import reach_of
from harapan.ui import exports
from harapan.ui.pages import keyset, see_other, show
from harapan.web.places import PlaceFilters
from harapan.web.staff.forms import EstablishmentForm, NewPersonForm, PeopleFilters
from harapan.web.staff.frame import MANAGE, VIEW, Deed, asked, done, may_manage, who
from harapan.workforce.models import Contract, Person
from harapan.workforce.staff import contracts, law, opening, reach, roster


@may(VIEW)
def overview(request: Request) -> HttpResponse:
    """Lines by region, vacancies first asked for; the figures by cohort and kind."""
    filters = PlaceFilters.read(request, post=request.post)
    place = filters.place()
    scattered = place is None and request.post.role.reach is not Reach.NATION
    lines = [] if scattered else roster.lines(request.post, place, on=request.today)
    context: dict[str, Any] = {
        "filters": filters, "place": place, "reach": reach_of(request.post), "here": "overview",
        "lines": _named(lines, place), "whole": roster.whole(lines),
        "cohorts": roster.cohorts(request.post, place, on=request.today), "kinds": roster.KINDS,
        "may_manage": may_manage(request), "below": place is None or place.level < Level.DISTRICT,
        "ending": contracts.ending(request.post, on=request.today).count(),
        "going": reach.departures_open(request.post, on=request.today).count(),
    }  # fmt: skip
    context["cohorts_total"] = sum(n for _year, n in context["cohorts"])
    return render(request, "staff/overview.html", context)


def _named(lines: list[roster.Line], place: Region | None) -> list[tuple[roster.Line, str]]:
    """Lines with the names of their regions; who serves at the level of the place itself serves in its office."""
    names = Region.objects.path_names(line.region_no for line in lines)
    if place and place.level < Level.DISTRICT and place.no in names:
        names[place.no] = _("Kantor %(place)s") % {"place": place.display_name}
    return [(line, names.get(line.region_no, "")) for line in lines]


@may(VIEW)
def people(request: Request) -> HttpResponseBase:
    filters = PeopleFilters.read(request, post=request.post)
    found = filters.people(request.today)
    if request.GET.get("unduh"):
        return _download(request, filters)
    page = keyset(request, found.select_related("user"), order=("name", "id"))
    names = Region.objects.path_names(person.region_no for person in page)
    bound = _contracts(page.rows)
    rows = [(person, names.get(person.region_no, _("Indonesia")), bound.get(person.pk)) for person in page]
    context = {
        "filters": filters, "page": page, "rows": rows, "here": "people", "may_manage": may_manage(request),
        "today": request.today, "reach": reach_of(request.post),
    }  # fmt: skip
    return show(request, "staff/people.html", context, piece="staff/_people.html")


def _contracts(rows: list[Person]) -> dict[int, Contract]:
    """The latest contract of each. One query."""
    return {each.person_id: each for each in Contract.objects.binding().filter(person__in=rows).order_by("since")}


def _download(request: Request, filters: PeopleFilters) -> HttpResponseBase:
    """Exactly what is listed, without NIK."""
    found = list(filters.people(request.today).order_by("region_no", "name", "pk"))
    names = Region.objects.path_names(person.region_no for person in found)
    bound = _contracts(found)
    rows = [
        [
            person.name, person.staff_number, person.get_kind_display(), names.get(person.region_no, "Indonesia"),
            person.cohort or "", person.since.isoformat(),
            str(law.position_name(bound[person.pk].position, request.today)) if person.pk in bound else "",
            bound[person.pk].number if person.pk in bound else "",
            bound[person.pk].until.isoformat() if person.pk in bound else "",
        ]
        for person in found
    ]  # fmt: skip
    titles = ("NAMA", "NIP", "UNSUR", "TEMPAT TUGAS", "ANGKATAN", "MULAI", "JABATAN", "NOMOR SK", "BERAKHIR")
    return exports.answer("sdm", [exports.Column(title) for title in titles], rows)


@may(VIEW)
def establishment(request: Request) -> HttpResponse:
    """How many facilitators each kecamatan should have, and how many are lacking."""
    filters = PlaceFilters.read(request, post=request.post)
    place = filters.place()
    if request.method == "POST":
        demand(request.post, MANAGE)
    form = EstablishmentForm(request.POST or None, post=request.post, initial={"since": request.today})
    if done(request, form, lambda told: roster.set_establishment(**told, **who(request))):
        messages.success(request, _("Formasi %(place)s dicatat.") % {"place": form.cleaned_data["region"].display_name})
        return see_other(request, "staff_establishment")
    nation = request.post.role.reach is Reach.NATION
    lines = roster.lines(request.post, place, on=request.today) if place or nation else []
    if place and place.level < Level.DISTRICT:  # those who serve in its office fill no place of a kecamatan
        lines = [line for line in lines if line.region_no != place.no]
    shown = sorted(lines, key=lambda line: (-line.vacant, line.region_no))
    context = {
        "filters": filters, "place": place, "form": form, "here": "establishment", "may_manage": may_manage(request),
        "lines": _named(shown, place), "whole": roster.whole(lines),
        "below": place is None or place.level < Level.DISTRICT,
        "history": roster.history_of(place.no) if place and place.level == Level.DISTRICT else [],
    }  # fmt: skip
    return render(request, "staff/establishment.html", context, status=422 if form.errors else 200)


@may(MANAGE)
def add(request: Request) -> HttpResponse:
    """Somebody taken on by hand. The same NIK again leads to the record that stands."""
    form = NewPersonForm(request.POST or None, post=request.post, initial={"since": request.today})
    made: dict[str, Person] = {}

    def do(given: dict[str, Any]) -> None:
        name = given.pop("name")
        made["person"] = opening.add_person(name, **who(request), **given)

    if done(request, form, do):
        messages.success(request, _("%(name)s tercatat.") % {"name": made["person"].name})
        return see_other(request, "staff_person", made["person"].pk)
    deed = Deed(
        _("Catat petugas baru"),
        _("NIK yang sama membuka catatan yang sudah ada. Banyak orang sekaligus dibawa masuk lewat Impor, daftar SDM."),
        _("Catat petugas"),
    )  # fmt: skip
    return asked(request, form, deed)
