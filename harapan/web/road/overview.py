"""Jalan keluarga baru: where each candidate stands, since when, who acts next; and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.fieldwork.road import ACTS, LABELS, WAITING, Step, days_allowed
from harapan.fieldwork.road_queries import StepCount, counts
from harapan.fieldwork.visit_codes import reason_words
from harapan.regions.models import Region
from harapan.registry.models import Family, Group
from harapan.ui import exports
from harapan.ui.pages import keyset, show
from harapan.ui.parts import Chip
from harapan.ui.words import heard, number
from harapan.web.road.forms import RoadFilters

ORDER = ("since", "id")


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate with where it stands."""

    candidacy: Any
    family: Family
    place: str
    facilitator: str
    step: Step
    days: int
    late_by: int  # days beyond what policy allows, 0 where not late

    @property
    def label(self) -> str:
        return LABELS[self.step]

    @property
    def acts(self) -> str:
        return ACTS[self.step]

    @property
    def waiting(self) -> bool:
        return self.step in WAITING

    @property
    def because(self) -> str:
        return reason_words(self.candidacy.closed_because) if self.candidacy.closed_because else ""


def lines_of(rows: Iterable[Any], *, on: date) -> list[Line]:
    """Rows of `with_standing` with names and places, in three queries."""
    known = list(rows)
    families = Family.objects.in_bulk({row.family_id for row in known})
    groups = Group.objects.select_related("facilitator").in_bulk({row.group_no for row in known})
    places = Region.objects.path_names(row.region_no for row in known)
    allowed = {step: days_allowed(step, on=on) for step in Step}
    found = []
    for row in known:
        step, days = Step(row.step), (on - row.since).days
        group = groups.get(row.group_no)
        limit = allowed[step]
        found.append(
            Line(
                row, families[row.family_id], places.get(row.region_no, ""),
                group.facilitator.name if group and group.facilitator else "", step, days,
                max(days - limit, 0) if limit is not None else 0,
            )
        )  # fmt: skip
    return found


@may("candidate.view", look="family_list")
def road(request: Request) -> HttpResponse:
    filters = RoadFilters.read(request, post=request.post)
    page = keyset(request, filters.narrowed_candidates(on=request.today), order=ORDER)
    told = counts(filters.candidates(), on=request.today)
    context = {
        "filters": filters,
        "page": page,
        "lines": lines_of(page, on=request.today),
        "chips": _chips(filters, told),
        "late": sum(each.late for each in told),
        "waiting": sum(each.count for each in told if each.step in WAITING),
        "everybody": sum(each.count for each in told),
        "may_manage": allows(request.post, "candidate.manage"),
        "may_import": allows(request.post, "import.families"),
        "may_decree": allows(request.post, "candidate.decree"),
        "may_export": allows(request.post, "family.export"),
    }
    return show(request, "road/road.html", context, piece="road/_lines.html")


def _chips(filters: RoadFilters, told: list[StepCount]) -> list[Chip]:
    chosen = filters.chosen().get("step")
    found = []
    for each in told:
        if each.count or each.step == chosen:
            label = f"{heard(LABELS[each.step])} {number(each.count)}"
            if each.late:
                label += f" ({_('terlambat %(n)s') % {'n': number(each.late)}})"
            found.append(Chip(label, f"?{filters.query_string(step=int(each.step))}", current=each.step == chosen))
    return found


@may("family.export", look="family_list")
def file(request: Request, form: exports.Form) -> FileResponse:
    """The rows on the screen: names and villages, no number of a person."""
    filters = RoadFilters.read(request, post=request.post)
    found = filters.narrowed_candidates(on=request.today).order_by(*ORDER)
    columns = [
        exports.Column("Nama", width=28),
        exports.Column("Desa/kelurahan", width=40),
        exports.Column("Pendamping", width=28),
        exports.Column("Desil", "number", 8),
        exports.Column("Peringkat", "number", 10),
        exports.Column("Langkah", width=28),
        exports.Column("Sejak", "date"),
        exports.Column("Hari menunggu", "number"),
        exports.Column("Terlambat hari", "number"),
        exports.Column("Yang bertindak", width=24),
        exports.Column("Nomor SK", width=20),
    ]
    return exports.answer("jalan-keluarga-baru", columns, _rows(found, on=request.today), form=form)


def _rows(found: QuerySet[Any], *, on: date) -> Iterator[tuple[Any, ...]]:
    for some in exports.batches(found):
        for line in lines_of(some, on=on):
            row = line.candidacy
            yield (
                line.family.name, line.place, line.facilitator, row.desil, row.rank, line.label, row.since,
                line.days if line.waiting else None, line.late_by or None, line.acts, row.decree_no,
            )  # fmt: skip
