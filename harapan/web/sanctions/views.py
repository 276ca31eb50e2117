"""Notices before a cut: who is to be told, who has answered, what was decided, and the letters."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits import notice_paper, sanctions
from harapan.benefits import notices as of_notices
from harapan.benefits.models import SanctionNotice, Stage, Verdict
from harapan.benefits.notice_words import cost_words, missed_words, month_words, standing_words
from harapan.core.asked import wholes
from harapan.core.errors import Refused
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other, show
from harapan.web.sanctions.evidence import KIND, keep
from harapan.web.sanctions.forms import AnswerForm, DecisionForm, NoticeFilters

ORDER = ("region_no", "family_id", "month", "id")
LETTERS_MAX = 500  # one PDF; more is printed in parts


@may("sanction.view", look="sanction_list")
def notices(request: Request) -> HttpResponse:
    filters = NoticeFilters.read(request, post=request.post)
    found = filters.notices(on=request.today).select_related("family", "stage")
    page = keyset(request, found, order=ORDER, size=40)
    places = Region.objects.path_names(row.region_no for row in page)
    rows = [
        (row, month_words(row.notice), places.get(row.notice.region_no, ""))
        for row in of_notices.rows(page, on=request.today)
    ]
    letters_of = filters.chosen().get("stage") or (page.rows[0].stage.name if page.rows else "")
    context = {
        "filters": filters,
        "page": page,
        "rows": rows,
        "letters_of": letters_of,
        "letters_query": filters.query_string(stage=letters_of),
        "untold": of_notices.untold(),
        "waiting": of_notices.to_decide(on=request.today),
        "may_answer": allows(request.post, "sanction.answer"),
        "may_decide": allows(request.post, "sanction.decide"),
        "hows": SanctionNotice.Told.choices,
        "form": DecisionForm() if allows(request.post, "sanction.decide") else None,
        "recorded": True,
    }
    return show(request, "sanctions/list.html", context, piece="sanctions/_rows.html")


@require_POST
@may("sanction.view")
def several(request: Request) -> HttpResponse:
    """The families ticked were told, or get the same verdict."""
    chosen = wholes(request.POST.getlist("notice"))
    if not chosen:
        raise Refused(_("Pilih paling sedikit satu pemberitahuan."))
    match request.POST.get("deed"):
        case "tell":
            demand(request.post, "sanction.answer")
            how = request.POST.get("how", "")
            if how not in SanctionNotice.Told.values:
                raise Refused(_("Pilih bagaimana keluarga diberi tahu."))
            told = sanctions.tell(chosen, how=SanctionNotice.Told(how), by=request.user, on=request.today)
            messages.success(request, _("%(n)d pemberitahuan tercatat sudah disampaikan.") % {"n": told})
        case "decide":
            demand(request.post, "sanction.decide")
            form = DecisionForm(request.POST)
            if not form.is_valid():
                raise Refused(_("Pilih putusannya dan tulis alasannya."))
            verdict, why = Verdict(form.cleaned_data["verdict"]), form.cleaned_data["why"]
            count = sanctions.decide(chosen, verdict=verdict, why=why, by=request.user, on=request.today)
            messages.success(request, _("%(n)d pemberitahuan diputuskan.") % {"n": count})
        case _:
            raise BadRequest
    return see_other(request, "sanctions")


@may("sanction.view", look="sanction_list")
def letters(request: Request) -> HttpResponse:
    """The letters of what the list shows of one stage, or of one family; one page a family."""
    filters = NoticeFilters.read(request, post=request.post)
    stage = get_object_or_404(Stage, name=request.GET.get("stage", ""))
    found = filters.notices(on=request.today).filter(of_notices.OPEN)
    if request.GET.get("keluarga", "").isdecimal():
        found = found.filter(family=int(request.GET["keluarga"]))
    families = list(found.order_by("family").values_list("family", flat=True).distinct()[: LETTERS_MAX + 1])
    if not families:
        raise Refused(_("Tidak ada pemberitahuan terbuka pada tahap ini, jadi tidak ada surat yang perlu dicetak."))
    if len(families) > LETTERS_MAX:
        raise Refused("Lebih dari {n} surat dalam satu berkas. Persempit menurut wilayah dahulu.", n=LETTERS_MAX)
    drawn = notice_paper.pdf(notice_paper.letters_of(stage, families), by=request.user, at=timezone.localtime())
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="pemberitahuan-{stage.name}.pdf"'
    return response


@may("sanction.view", look="sanction_notice")
def notice(request: Request, notice_id: int) -> HttpResponse:
    return _shown(request, _one(notice_id))


@require_POST
@may("sanction.answer", look="sanction_notice")
def answer(request: Request, notice_id: int) -> HttpResponse:
    row = _one(notice_id)
    if "told" in request.POST:
        how = request.POST["told"]
        if how not in SanctionNotice.Told.values:
            raise BadRequest
        sanctions.tell([row.pk], how=SanctionNotice.Told(how), by=request.user, on=request.today)
        messages.success(request, _("Tercatat bahwa keluarga sudah diberi tahu."))
        return see_other(request, "sanction_notice", row.pk)
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            sanctions.record_answer(
                row,
                answer=form.cleaned_data["answer"],
                answer_from=SanctionNotice.Answerer(form.cleaned_data["answer_from"]),
                evidence=keep(request, form.cleaned_data["file"], region_no=row.region_no),
                by=request.user,
                on=request.today,
            )
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Jawaban tercatat. Selama belum diputuskan, bantuan tidak dikurangi."))
            return see_other(request, "sanction_notice", row.pk)
    return _shown(request, row, answering=form, status=422)


@require_POST
@may("sanction.decide", look="sanction_notice")
def decide(request: Request, notice_id: int) -> HttpResponse:
    row = _one(notice_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            sanctions.decide(
                [row.pk],
                verdict=Verdict(form.cleaned_data["verdict"]),
                why=form.cleaned_data["why"],
                by=request.user,
                on=request.today,
            )
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Putusan tercatat."))
            return see_other(request, "sanction_notice", row.pk)
    return _shown(request, row, deciding=form, status=422)


@may("sanction.view")
def evidence(request: Request, notice_id: int, file_id: UUID) -> HttpResponseBase:
    """The letter the family brought. Handing it over is written before the first byte."""
    row = _one(notice_id)
    kept = get_object_or_404(StoredFile, pk=file_id, kind=KIND)
    if row.evidence_id != kept.pk:
        raise Http404
    return storage.download(kept, scope=request.scope, inline=True)


def _one(notice_id: int) -> SanctionNotice:
    """Of a family in the scope that is on, or the page that says neither yes nor no."""
    known = SanctionNotice.objects.select_related(
        "family", "stage", "told_by", "answer_recorded_by", "decided_by", "evidence"
    )
    return get_object_or_404(known, pk=notice_id)


def _shown(
    request: Request, row: SanctionNotice, *, answering: AnswerForm | None = None,
    deciding: DecisionForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    names = of_notices.names_of([row])
    cost = of_notices.cost(row) if row.open else None
    may_answer = allows(request.post, "sanction.answer") and row.verdict in (Verdict.OPEN, Verdict.LAPSED)
    may_decide = allows(request.post, "sanction.decide") and row.open
    context = {
        "row": row,
        "month": month_words(row),
        "missed": missed_words(row, names),
        "standing": standing_words(row, on=request.today),
        "cost": cost_words(cost) if cost else "",
        "days": of_notices.days_left(row, on=request.today),
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""),
        "hows": SanctionNotice.Told.choices,
        "answering": answering or (AnswerForm() if may_answer and row.told_on else None),
        "deciding": deciding or (DecisionForm() if may_decide else None),
        "may_answer": may_answer,
        "may_decide": may_decide,
        "recorded": True,
    }
    return render(request, "sanctions/one.html", context, status=status)
