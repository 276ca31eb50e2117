""" "Uang diterima utuh?": the draw per kecamatan, the families to ask, and what was answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.payments.models import ReceiptDraw, ReceiptQuestion
from harapan.payments.receipt_asking import Told, answer_question, draw_questions, repeat_draw, summary
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.queries import groups_in
from harapan.ui.pages import keyset, see_other
from harapan.web.distribution.forms import AnswerForm, DrawForm
from harapan.web.distribution.groups import tabs
from harapan.web.distribution.reach import stage_or_404

CUTS_MAX = 100


def _districts(request: Request) -> list[tuple[int, str]]:
    """The kecamatan of the reader's groups."""
    regions = groups_in(request.post).order_by("region_id").values_list("region_id", flat=True).distinct()
    numbers = sorted({codes.ancestor(no, Level.DISTRICT) for no in regions if no})
    names = Region.objects.path_names(numbers)
    return [(no, names.get(no, str(no))) for no in numbers]


@may("receipt.view", look="receipt_list")
def questions(request: Request, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    told = summary(stage, on=request.today)
    places = Region.objects.path_names(each.draw.region_no for each in told)
    rows = ReceiptQuestion.objects.filter(draw__stage=stage, answer__isnull=True).select_related(
        "family", "facilitator"
    )
    page = keyset(request, rows, order=("region_no", "id"))
    villages = Region.objects.path_names(row.region_no for row in page)
    cuts = _cuts(stage)
    may_draw = allows(request.post, "receipt.draw")
    drawn = {each.draw.region_no for each in told}
    left = [each for each in _districts(request) if each[0] not in drawn] if may_draw else []
    context = {
        "stage": stage,
        "summary": [(each, places.get(each.draw.region_no, "")) for each in told],
        "asked": sum(each.answered for each in told),
        "drawn": sum(each.draw.drawn for each in told),
        "page": page,
        "rows": [(row, villages.get(row.region_no, "")) for row in page],
        "cuts": cuts[:CUTS_MAX],
        "more_cuts": len(cuts) > CUTS_MAX,
        "form": DrawForm(districts=left) if left else None,
        "may_ask": allows(request.post, "receipt.ask"),
        "recorded": True,
        **tabs(request, "questions"),
    }
    return render(request, "distribution/questions.html", context)


def _cuts(stage: Stage) -> list[tuple[ReceiptQuestion, str]]:
    """Families that say their money was cut, the latest first, with their place; one more than shown where there are.

    Two queries; the scope hides the reader's own groups.
    """
    cut = ReceiptQuestion.objects.filter(draw__stage=stage, answer=ReceiptQuestion.Answer.CUT)
    rows = list(cut.select_related("family", "asked_by").order_by("-asked_on", "pk")[: CUTS_MAX + 1])
    places = Region.objects.path_names(row.region_no for row in rows)
    return [(row, places.get(row.region_no, "")) for row in rows]


@require_POST
@may("receipt.draw")
def draw(request: Request, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    form = DrawForm(request.POST, districts=_districts(request))
    if not form.is_valid():
        raise Refused("Kecamatan belum dipilih. Pilih kecamatan di wilayah Anda.")
    made = draw_questions(stage, form.cleaned_data["region"], by=request.user, on=request.today)
    told = _("%(drawn)s dari %(of)s keluarga terundi.") % {"drawn": made.drawn, "of": made.population}
    messages.success(request, told)
    return see_other(request, "distribution_questions", stage.name)


@may("receipt.view", look="receipt_list")
def repeat(request: Request, draw_id: int, name: str) -> HttpResponse:
    """The draw done again from its frozen frame, for whoever doubts it; it names nobody."""
    stage = stage_or_404(name)
    made = get_object_or_404(ReceiptDraw.objects.select_related("by", "stage"), pk=draw_id, stage=stage)
    place = Region.objects.path_names([made.region_no]).get(made.region_no, "")
    context = {
        "stage": stage, "draw": made, "place": place, "again": repeat_draw(made), "recorded": True,
        **tabs(request, "questions"),
    }  # fmt: skip
    return render(request, "distribution/draw.html", context)


@may("receipt.ask", look="receipt_question")
def question(request: Request, question_id: int) -> HttpResponse:
    row = get_object_or_404(ReceiptQuestion.objects.select_related("family", "draw__stage"), pk=question_id)
    form = AnswerForm(request.POST or None, initial={"asked_on": request.today})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = Told(ReceiptQuestion.Answer(said["answer"]), said["cut_idr"], said["cut_by"], said["cut_because"])
        try:
            answer_question(row.pk, told, asked_on=said["asked_on"], by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Jawaban disimpan. Pendamping keluarga ini tidak dapat melihatnya."))
            return see_other(request, "distribution_questions", row.draw.stage.name)
    place = Region.objects.path_names([row.region_no]).get(row.region_no, "")
    context = {
        "row": row,
        "stage": row.draw.stage,
        "form": form,
        "place": place,
        "recorded": True,
        **tabs(request, "questions"),
    }
    return render(request, "distribution/question.html", context, status=422 if request.method == "POST" else 200)
