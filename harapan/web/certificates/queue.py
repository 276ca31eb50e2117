"""The queue for places, and the plan that empties it: looked at, said of each person, then accepted as it was shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused
from harapan.core.phrases import Phrase
from harapan.regions.models import Region
from harapan.training.dated_data import Centre
from harapan.training.models import Enrolment, PlacePlan
from harapan.training.needs.accepting import accept, foresee
from harapan.training.needs.law import class_size
from harapan.training.needs.planning import Plan, PlannedClass
from harapan.ui import exports
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.certificates.forms import PlanFilters
from harapan.workforce.models import Person

ACCEPTED_SHOWN = 10
PEOPLE_SHOWN = 50
NAMES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Figures:
    """What a centre gives in a month: new classes, people in all, and those of them in batches that stand."""

    classes: int = 0
    people: int = 0
    seated: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.classes + other.classes, self.people + other.people, self.seated + other.seated)


@dataclass(frozen=True, slots=True)
class CentreLine:
    """One centre by month, in the order of the plan's months."""

    centre: Centre
    months: list[Figures]

    @property
    def all(self) -> Figures:
        return sum(self.months, Figures())


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the plan brings one person, and which days of theirs stood against something earlier."""

    person: Person
    region: str
    where: Phrase
    kept: Phrase | None


@may("certificate.view")
def page(request: Request) -> HttpResponse:
    """The whole plan for whoever decides it; what it gives their own people to those whose people wait."""
    filters = PlanFilters.read(request, on=request.today)
    plan, problem = _foreseen(request, filters)
    months = sorted({each.month for each in plan.all}) if plan else []
    context = {
        "filters": filters, "course": filters.queue, "plan": plan, "problem": problem, "months": months,
        "lines": _lines(plan.all, months) if plan else [], "month": filters.first_month,
        "placed": _placed(plan, filters) if plan else [], "shown_most": PEOPLE_SHOWN,
        "accepted": _accepted(), "own_region": bool(request.post.ranges),
        "may_plan": allows(request.post, "need.plan"), "may_follow": allows(request.post, "course.view"),
        "size": class_size(request.today),
    }  # fmt: skip
    return render(request, "certificates/queue.html", context)


def _foreseen(request: Request, filters: PlanFilters) -> tuple[Plan | None, Phrase | None]:
    """The plan, or why there is none."""
    if filters.queue is None:
        return None, None
    try:
        plan = foresee(
            filters.queue, first_month=filters.first_month, post=request.post, by=request.user, on=request.today
        )
    except HarapanError as refusal:
        return None, refusal.phrase
    return plan, None


def _placed(plan: Plan, filters: PlanFilters) -> list[Placed]:
    """The first people of the plan, or of those who bear a name: earliest places first. Two queries."""
    return list(_told(plan, _numbers(plan, filters)[:PEOPLE_SHOWN]))


def _numbers(plan: Plan, filters: PlanFilters) -> list[int]:
    numbers = [one.person for each in plan.all for one in each.people]
    if not filters.name:
        return numbers
    named = set(Person.objects.filter(pk__in=numbers, name__icontains=filters.name).values_list("pk", flat=True))
    return [one for one in numbers if one in named]


def _told(plan: Plan, numbers: Sequence[int]) -> Iterator[Placed]:
    where = {one.person: each for each in plan.all for one in each.people}
    for start in range(0, len(numbers), NAMES_AT_ONCE):
        some = numbers[start : start + NAMES_AT_ONCE]
        people = Person.objects.in_bulk(some)
        regions = {0: str(Phrase("Pusat"))} | Region.objects.path_names({each.region_no for each in people.values()})
        for one in some:
            person, kept = people[one], plan.kept.get(one)
            yield Placed(person, regions.get(person.region_no, ""), where[one].words, kept.words if kept else None)


@may("certificate.view")
def file(request: Request, form: exports.Form) -> FileResponse:
    """Everybody of the plan, or of a name, with where they come to."""
    filters = PlanFilters.read(request, on=request.today)
    plan, problem = _foreseen(request, filters)
    if plan is None:
        raise Refused(problem or Phrase("Belum ada diklat wajib, jadi belum ada rencana."))
    columns = [
        exports.Column("Nama", width=28),
        exports.Column("NIP/nomor SDM", width=22),
        exports.Column("Tempat tugas", width=40),
        exports.Column("Direkrut", "date"),
        exports.Column("Mendapat tempat di", width=60),
        exports.Column("Bukan yang lebih awal, karena", width=60),
    ]
    rows = (
        (each.person.name, each.person.staff_number, each.region, each.person.since, str(each.where),
         str(each.kept or ""))
        for each in _told(plan, _numbers(plan, filters))
    )  # fmt: skip
    return exports.answer("rencana-tempat", columns, rows, form=form)


def _accepted() -> list[tuple[PlacePlan, int]]:
    """The latest plans, each with how many places it gave to people in reach. Two queries."""
    plans = list(PlacePlan.objects.select_related("course", "made_by").order_by("-pk")[:ACCEPTED_SHOWN])
    given = dict(
        Enrolment.objects.filter(place_plan__in=plans).order_by().values_list("place_plan").annotate(people=Count("pk"))
    )
    return [(plan, given.get(plan.pk, 0)) for plan in plans]


def _lines(places: Iterable[PlannedClass], months: list[str]) -> list[CentreLine]:
    found: dict[Centre, dict[str, Figures]] = {}
    for each in places:
        people = len(each.people)
        more = Figures(1, people) if not each.batch else Figures(0, people, people)
        by_month = found.setdefault(each.centre, {})
        by_month[each.month] = by_month.get(each.month, Figures()) + more
    return [CentreLine(centre, [by.get(month, Figures()) for month in months]) for centre, by in found.items()]


@require_POST
@may("need.plan")
def agree(request: Request) -> HttpResponse:
    filters = PlanFilters(request.POST, on=request.today)
    if not filters.is_valid() or filters.queue is None:
        raise Http404
    made = accept(
        filters.queue, first_month=filters.first_month, digest=request.POST.get("digest", ""), by=request.user,
        on=request.today,
    )  # fmt: skip
    told = _("%(people)s orang diundang ke kursi kosong; tidak ada angkatan baru yang perlu dibuat.")
    if made.batch_nos:
        told = ngettext(
            "%(people)s orang diundang; %(batches)s angkatan baru dibuat.",
            "%(people)s orang diundang; %(batches)s angkatan baru dibuat.", len(made.batch_nos),
        )  # fmt: skip
    values = {"batches": number(len(made.batch_nos)), "people": number(made.people)}
    messages.success(request, told % values)
    return see_other(request, f"{reverse('place_queue')}?course={made.course_id}")
