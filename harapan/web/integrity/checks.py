"""Check visits: drawn once a month and place, and what each found."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused, Unreadable
from harapan.files import storage
from harapan.performance.drawing import draw_checks, drawn_again
from harapan.performance.models import CheckDraw, CheckPhotograph, CheckVisit
from harapan.performance.queries import checks_of, findings_of, runs, seen
from harapan.performance.visiting import record_visit
from harapan.regions.models import Region
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.web.integrity.forms import DrawForm, VisitForm, month_words

ORDER = ("-month", "result", "id")  # those not visited yet first
DRAWS_SHOWN = 6


def _listed(request: Request, *, form: DrawForm | None = None, status: int = 200) -> HttpResponse:
    page = keyset(request, checks_of(request.post), order=ORDER, size=30)
    places = Region.objects.path_names(row.region_no for row in page)
    draws = list(CheckDraw.objects.select_related("drawn_by").order_by("-month", "-pk")[:DRAWS_SHOWN])
    months = runs()
    may_check = allows(request.post, "integrity.check")
    context = {
        "page": page,
        "rows": [(row, month_words(row.month), places.get(row.region_no, "")) for row in page],
        "waiting": checks_of(request.post).filter(result="").count(),
        "draws": [(each, month_words(each.month), len(drawn_again(each))) for each in draws],
        "may_check": may_check,
        "form": (form or DrawForm(months=months, on=request.today)) if may_check and months else None,
        "recorded": True,
    }
    return show(request, "integrity/checks.html", context, piece="integrity/_checks.html", status=status)


@may("integrity.view", look="check_list")
def checks(request: Request) -> HttpResponse:
    return _listed(request)


@deed_of("checks")
@may("integrity.check", look="check_list")
def draw(request: Request) -> HttpResponse:
    form = DrawForm(request.POST, months=runs(), on=request.today)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = draw_checks(
                data["month"], size=data["size"], random_percent=data["random_percent"], post=request.post,
                by=request.user, on=request.today,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            told = _("Terundi %(n)d pendamping, dengan benih %(seed)d.")
            messages.success(request, told % {"n": made.visits.count(), "seed": made.seed})
            return see_other(request, "checks")
    return _listed(request, form=form, status=422)


@may("integrity.view", look="check")
def check(request: Request, visit_id: int) -> HttpResponse:
    row = get_object_or_404(checks_of(request.post), pk=visit_id)
    may_check = allows(request.post, "integrity.check") and not row.result and row.person_id != request.user.pk
    form = VisitForm(request.POST or None, request.FILES or None, initial={"visited_on": request.today})
    status = 200
    if request.method == "POST":
        demand(request.post, "integrity.check")
        status = 422
        if may_check and form.is_valid() and _kept(request, row, form):
            messages.success(request, _("Hasil kunjungan cek disimpan."))
            return see_other(request, "check", row.pk)
    found = findings_of(request.post).filter(person=row.person_id, month=row.month).order_by("-score", "pk")
    context = {
        "row": row,
        "month": month_words(row.month),
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""),
        "seed": CheckDraw.objects.filter(pk=row.draw_id).values_list("seed", flat=True).first(),
        "findings": [(each, seen(each)) for each in found],
        "photographs": CheckPhotograph.objects.filter(visit=row).order_by("pk"),
        "form": form if may_check else None,
        "recorded": True,
    }
    return render(request, "integrity/check.html", context, status=status)


def _kept(request: Request, row: CheckVisit, form: VisitForm) -> bool:
    try:
        record_visit(row.pk, form.found(), by=request.user, on=request.today)
    except (Refused, Unreadable) as refusal:
        form.add_error(None, _heard(refusal))
        return False
    return True


def _heard(refusal: HarapanError) -> str:
    return refusal.phrase.heard()


@may("integrity.view")
def photograph(request: Request, visit_id: int, photograph_id: int) -> HttpResponseBase:
    row = get_object_or_404(checks_of(request.post), pk=visit_id)
    found = get_object_or_404(CheckPhotograph.objects.select_related("shown"), pk=photograph_id, visit=row)
    return storage.download(found.shown, scope=request.scope)
