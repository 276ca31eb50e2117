"""Who lacks which course, by region, as a list and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach, role
from harapan.core.phrases import Phrase
from harapan.regions.codes import Level, level_of
from harapan.regions.models import Region
from harapan.training.models import Course
from harapan.training.needs.by_region import RegionNeed, needs_by_region, people_standing
from harapan.training.needs.law import Need, needs_on
from harapan.training.needs.standing import Standing, standings
from harapan.ui import exports
from harapan.ui.pages import keyset, show
from harapan.web.certificates.forms import NeedFilters, PlaceFilter

PAGE_SIZE = 50
NAMES_AT_ONCE = 2000
LEVELS = {Reach.NATION: Level.PROVINCE, Reach.PROVINCE: Level.REGENCY}


@may("certificate.view")
def page(request: Request) -> HttpResponse:
    """For each region one level below what was chosen: how many must have each course, and how many lack it."""
    filters = PlaceFilter.read(request, post=request.post)
    level = LEVELS.get(request.post.role.reach, Level.DISTRICT)
    if chosen := filters.chosen().get("region"):
        level = Level(min(level_of(chosen) + 1, Level.DISTRICT))
    found = needs_by_region(level=level, on=request.today, within=filters.within)
    courses = {each.pk: each for each in Course.objects.filter(pk__in={each.course for each in found})}
    names = Region.objects.path_names({each.region_no for each in found} - {0})
    rows = [(each, courses[each.course], names.get(each.region_no, "")) for each in found]
    context = {
        "filters": filters, "rows": rows, "totals": _totals(found, courses),
        "needs": _demanded(request),
        "may_plan": allows(request.post, "need.plan"),
        "people": sum(each.lacking for each in found), "late": sum(each.overdue for each in found),
    }  # fmt: skip
    return render(request, "certificates/needs.html", context)


def _demanded(request: Request) -> list[tuple[Need, str, Phrase]]:
    """What policy demands: the need, its course by name, its role as it is called today."""
    names = dict(Course.objects.values_list("code", "name"))
    needs = needs_on(request.today)
    return [(need, names.get(need.course, need.course), role(need.role).name_on(request.today)) for need in needs]


def _totals(found: list[RegionNeed], courses: dict[int, Course]) -> list[tuple[Course, int, int, int]]:
    """Each course: who must have it, who has it, who is late."""
    return [
        (
            course,
            sum(each.must for each in found if each.course == pk),
            sum(each.had for each in found if each.course == pk),
            sum(each.overdue for each in found if each.course == pk),
        )
        for pk, course in courses.items()
    ]


@may("certificate.view")
def listed(request: Request) -> HttpResponse:
    """Two statements a page: who stands so, and how each of them stands."""
    filters = NeedFilters.read(request, post=request.post, on=request.today)
    narrowed = _narrowed(filters)
    rows = people_standing(on=request.today, **narrowed)
    page = keyset(request, rows, order=("region_no", "name", "id"), size=PAGE_SIZE)
    stands: dict[int, list[Standing]] = {each.pk: [] for each in page}
    for each in standings(on=request.today, people=stands, course=narrowed["course"], states=narrowed["states"]):
        stands[each.person].append(each)
    places = Region.objects.path_names({each.region_no for each in page} - {0})
    context = {
        "filters": filters, "page": page,
        "rows": [(each, places.get(each.region_no, ""), stands[each.pk]) for each in page],
    }  # fmt: skip
    return show(request, "certificates/people.html", context, piece="certificates/_people.html")


def _narrowed(filters: NeedFilters) -> dict[str, Any]:
    return {"course": filters.chosen().get("course"), "states": filters.states, "within": filters.within}


@may("certificate.view")
def file(request: Request, form: exports.Form) -> FileResponse:
    """One row for each person and course of the list."""
    filters = NeedFilters.read(request, post=request.post, on=request.today)
    columns = [
        exports.Column("Nama", width=28),
        exports.Column("NIP/nomor SDM", width=22),
        exports.Column("Tempat tugas", width=40),
        exports.Column("Direkrut", "date"),
        exports.Column("Diklat", width=32),
        exports.Column("Keadaan"),
        exports.Column("Batas waktu", "date"),
        exports.Column("Berlaku sampai", "date"),
    ]
    rows = _file_rows(standings(on=request.today, **_narrowed(filters)))
    return exports.answer("kebutuhan-diklat", columns, rows, form=form)


def _file_rows(found: Iterator[Standing]) -> Iterator[tuple[Any, ...]]:
    names: dict[int, str] = {0: "Pusat"}
    for batch in _in_batches(found):
        names |= Region.objects.path_names({each.region_no for each in batch} - names.keys())
        for each in batch:
            yield (
                each.name, each.staff_number, names.get(each.region_no, ""), each.since, each.course_name,
                str(each.state.label), each.due_on, each.until,
            )  # fmt: skip


def _in_batches(found: Iterator[Standing]) -> Iterator[list[Standing]]:
    batch: list[Standing] = []
    for each in found:
        batch.append(each)
        if len(batch) == NAMES_AT_ONCE:
            yield batch
            batch = []
    yield batch
