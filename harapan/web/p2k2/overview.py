"""The coordinator's overview: by facilitator what was due, done, late and missing, down to the group; and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from harapan.accounts.models import User
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.periods import add_months, format_month, month_of
from harapan.p2k2.planning import number_of
from harapan.p2k2.queries import GroupState, states_of, without_session
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.ui import exports
from harapan.ui.pages import keyset, show
from harapan.web.p2k2.forms import OverviewFilters
from harapan.web.p2k2.groups import listed

PAGE_SIZE = 20  # facilitators, each with some ten groups
EXPORT_STEP = 500


@dataclass
class Line:
    """A facilitator with the groups in reach."""

    facilitator: User
    groups: list[tuple[Group, GroupState]] = field(default_factory=list)

    def total(self, name: str) -> int:
        return sum(int(getattr(state, name)) for _group, state in self.groups)

    @property
    def due(self) -> int:
        return self.total("due")

    @property
    def held(self) -> int:
        return self.total("held")

    @property
    def late(self) -> int:
        return self.total("late")

    @property
    def missing(self) -> int:
        return sum(len(state.missing) for _group, state in self.groups)

    @property
    def met_now(self) -> int:
        return sum(state.this_month is not None for _group, state in self.groups)


@may("session.view")
def landing(request: Request) -> HttpResponse:
    """What a reader of this errand sees first: the own groups, or who is behind."""
    if request.post.role.reach == Reach.GROUPS:
        return listed(request)
    filters = OverviewFilters.read(request, post=request.post, today=request.today)
    groups, on = filters.groups(), filters.on
    having = Exists(groups.order_by().filter(facilitator=OuterRef("pk")))
    page = keyset(request, User.objects.filter(having), order=("name", "id"), size=PAGE_SIZE)
    lines = {user.pk: Line(user) for user in page}
    met = list(groups.filter(facilitator__in=lines).order_by("region_id", "name", "pk"))
    states = states_of(met, year=on.year, on=on)
    for group in met:
        lines[group.facilitator_id or 0].groups.append((group, states[group.pk]))
    context = {
        "filters": filters,
        "page": page,
        "lines": list(lines.values()),
        "totals": _totals(request, groups, month_of(on)),
        "month": month_of(on),
        "last": add_months(month_of(on), -1),
        "present": on == request.today,
    }
    return show(request, "p2k2/overview.html", context, piece="p2k2/_lines.html")


def _totals(request: Request, groups: QuerySet[Group], month: str) -> dict[str, int] | None:
    """Groups of the reach that have not met; the nation's are not counted for a first look. Four queries."""
    if request.post.role.reach == Reach.NATION:
        return None
    bare = groups.order_by().values("pk")
    known = Group.objects.filter(pk__in=bare)
    return {
        "groups": known.count(),
        "alone": known.filter(facilitator__isnull=True).count(),
        "now": without_session(known, number_of(month)).count(),
        "last": without_session(known, number_of(add_months(month, -1))).count(),
    }


@may("session.view")
def file(request: Request, form: exports.Form) -> FileResponse:
    """One row a group of the place chosen: the figures of the overview, without any family."""
    filters = OverviewFilters.read(request, post=request.post, today=request.today)
    found = filters.groups().order_by("region_id", "name", "pk")
    columns = [
        exports.Column("Pendamping", width=28),
        exports.Column("Kelompok", width=24),
        exports.Column("Desa/kelurahan", width=40),
        exports.Column("Keluarga", "number", 10),
        exports.Column("Sesi direncanakan sampai bulan ini", "number"),
        exports.Column("Sudah dilaksanakan", "number"),
        exports.Column("Terlambat", "number"),
        exports.Column("Bulan tanpa pertemuan", width=40),
        exports.Column("Pertemuan terakhir", "date"),
    ]
    return exports.answer("p2k2", columns, _file_rows(found, filters.on), form=form)


def _file_rows(groups: QuerySet[Group], on: date) -> Iterator[tuple[Any, ...]]:
    for some in exports.batches(groups, size=EXPORT_STEP):
        states = states_of(some, year=on.year, on=on)
        places = Region.objects.path_names(group.region_id or 0 for group in some)
        for group in some:
            state = states[group.pk]
            yield (
                group.facilitator.name if group.facilitator else _("belum ada"),
                group.name,
                places.get(group.region_id or 0, ""),
                getattr(group, "families_count", None) or 0,
                state.due,
                state.held,
                state.late,
                ", ".join(str(format_month(f"{month // 100}-{month % 100:02d}")) for month in state.missing),
                state.latest.held_on if state.latest else None,
            )
