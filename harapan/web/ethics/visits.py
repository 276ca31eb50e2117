"""Five short questions to families: drawn, asked, summed up by kecamatan, forwarded where an answer deserves it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.core.periods import add_months, month_of
from harapan.p2k2.planning import number_of
from harapan.regions.codes import Level, ancestor
from harapan.regions.models import Region
from harapan.registry.queries import groups_in
from harapan.ui.pages import keyset, see_other
from harapan.web.ethics.forms import AnswersForm, DistrictForm
from harapan.web.ethics.frame import tabs
from harapan.web.whose import month_asked
from harapan.workforce.ethics import asking
from harapan.workforce.ethics.catalogue import questions_on
from harapan.workforce.models import EthicsVisit
from harapan.workforce.queries import within


def _visits(request: Request) -> QuerySet[EthicsVisit]:
    return EthicsVisit.objects.filter(within(request.post, "region_no")).select_related("family", "draw")


def _districts(request: Request) -> list[tuple[int, str]]:
    """The kecamatan of the reader's groups."""
    regions = groups_in(request.post).order_by("region_id").values_list("region_id", flat=True).distinct()
    numbers = sorted({ancestor(no, Level.DISTRICT) for no in regions if no})
    names = Region.objects.path_names(numbers)
    return [(no, names.get(no, str(no))) for no in numbers]


@may("ethics.ask", look="ethics_visit_list")
def listing(request: Request) -> HttpResponse:
    month = month_asked(request, request.today)
    told = asking.by_place(number_of(month), on=request.today)
    page = keyset(request, _visits(request).filter(draw__month=number_of(month)), order=("region_no", "id"))
    names = Region.objects.path_names({each.draw.region_no for each in told} | {row.region_no for row in page})
    left: list[tuple[int, str]] = []
    if allows(request.post, "ethics.draw") and month == month_of(request.today):
        drawn = {each.draw.region_no for each in told}
        left = [each for each in _districts(request) if each[0] not in drawn]
    context = {
        "month": month, "around": (add_months(month, -1), add_months(month, 1)),
        "ahead": month >= month_of(request.today),
        "places": [(each, names.get(each.draw.region_no, "")) for each in told], "page": page,
        "questions": questions_on(request.today), "form": DistrictForm(districts=left) if left else None,
        "rows": [(row, names.get(row.region_no, ""), asking.deserves(row)) for row in page],
        "drawn": sum(each.draw.drawn for each in told), "visited": sum(each.visited + each.not_found for each in told),
        "recorded": True, **tabs(request, "visits"),
    }  # fmt: skip
    return render(request, "ethics/visits.html", context)


@require_POST
@may("ethics.draw")
def draw(request: Request) -> HttpResponse:
    form = DistrictForm(request.POST, districts=_districts(request))
    if not form.is_valid():
        raise Refused("Kecamatan belum dipilih. Pilih kecamatan di wilayah Anda.")
    made = asking.draw_families(form.cleaned_data["district"], by=request.user, on=request.today)
    told = _("%(drawn)s dari %(of)s keluarga terundi.") % {"drawn": made.drawn, "of": made.population}
    messages.success(request, told)
    return see_other(request, "ethics_visits")


@may("ethics.ask", look="ethics_visit")
def one(request: Request, visit_id: int) -> HttpResponse:
    row = get_object_or_404(_visits(request), pk=visit_id)
    questions = questions_on(request.today)
    said = dict(zip(row.asked, row.answers, strict=True))
    started = {"visited_on": row.visited_on or request.today, "note": row.note, "absent": row.found is False, **said}
    form = AnswersForm(request.POST or None, questions=questions, initial=started)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            asking.record_answers(
                row.pk, {} if given["absent"] else form.answers(), visited_on=given["visited_on"], by=request.user,
                on=request.today, found=not given["absent"], note=given["note"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Jawaban disimpan. Pendamping keluarga ini tidak dapat melihatnya."))
            return see_other(request, "ethics_visit", row.pk)
    context = {
        "row": row, "form": None if row.forwarded_on else form, "grave": asking.deserves(row),
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""), "recorded": True,
        "may_forward": not row.forwarded_on, **tabs(request, "visits"),
    }  # fmt: skip
    return render(request, "ethics/visit.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("ethics.ask")
def forward(request: Request, visit_id: int) -> HttpResponse:
    row = get_object_or_404(_visits(request), pk=visit_id)
    asking.forward_visit(row.pk, by=request.user, on=request.today)
    messages.success(request, _("Diteruskan ke penegak etik, tanpa nama keluarga."))
    return see_other(request, "ethics_visit", row.pk)
