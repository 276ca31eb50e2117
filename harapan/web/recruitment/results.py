"""The ranking as it was made, as a page and a file, and the objections to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.audit import log
from harapan.core.errors import Forbidden, Refused
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.pages import keyset, see_other
from harapan.web.recruitment.forms import ObjectionAnswerForm, RankedFilters
from harapan.web.recruitment.sessions import texts_file
from harapan.web.recruitment.views import round_of
from harapan.workforce.models import Application, Objection, PlaceOffer, Ranking
from harapan.workforce.models.recruitment import inside
from harapan.workforce.recruitment import objecting
from harapan.workforce.recruitment.notices import offer_text
from harapan.workforce.recruitment.queries import ranked_rows
from harapan.workforce.recruitment.rules import PARTS

PAGE_SIZE = 50


def _ranking(round_id: int) -> Ranking | None:
    rows = Ranking.objects.filter(round=round_id).select_related("made_by", "round")
    latest: Ranking | None = rows.order_by("-version").first()
    return latest


@may("recruitment.view", look="round")
def ranked(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    ranking = _ranking(found.pk)
    filters = RankedFilters.read(request, post=request.post, ranking=ranking)
    rows = filters.narrow(ranked_rows(ranking, request.post))
    page = keyset(request, rows, order=("formation_id", "place"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_no for each in page)
    context = {
        "round": found, "ranking": ranking, "filters": filters, "page": page,
        "rows": [(each, names.get(each.region_no, ""), each.total / PARTS) for each in page], "recorded": True,
    }  # fmt: skip
    return render(request, "recruitment/ranked.html", context)


@may("recruitment.view", look="round")
def file(request: Request, round_id: int, form: exports.Form) -> FileResponse:
    """Exactly what is listed, every page of it."""
    found = round_of(round_id)
    ranking = _ranking(found.pk)
    filters = RankedFilters.read(request, post=request.post, ranking=ranking)
    rows = filters.narrow(ranked_rows(ranking, request.post)).order_by("formation_id", "place")
    columns = [
        exports.Column("Wilayah", width=40), exports.Column("Jabatan", width=24), exports.Column("Urutan", "number"),
        exports.Column("Nomor peserta"), exports.Column("Nama", width=28), exports.Column(_total(ranking), "number"),
        exports.Column("Hasil", width=28), exports.Column("Gugur di"),
    ]  # fmt: skip
    lines = _lines(rows, ranking.outcomes) if ranking else ()
    return exports.answer(f"peringkat-{found.code}", columns, list(lines), form=form)


def _total(ranking: Ranking | None) -> str:
    """What the points are: of a shortlist, those before the interview."""
    shortlist = ranking is not None and ranking.kind == Ranking.Kind.SHORTLIST
    return "Nilai sebelum wawancara" if shortlist else "Nilai akhir"


def _lines(rows: Any, outcomes: Mapping[int, Any]) -> Iterator[tuple[Any, ...]]:
    names = Region.objects.path_names(set(rows.order_by().values_list("region_no", flat=True).distinct()))
    for each in rows.prefetch_related(None).select_related("application", "formation").iterator(chunk_size=2000):
        yield (
            names.get(each.region_no, ""), each.formation.get_position_display(), each.place,
            str(each.application.participant_no), each.application.name, each.total / PARTS,
            str(outcomes[each.outcome]), each.get_failed_stage_display() if each.failed_stage else "",
        )  # fmt: skip


@may("recruitment.view", look="round")
def objections(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    mine = Application.objects.visible_to(request.post).filter(round=found)
    rows = Objection.objects.filter(application__in=mine).select_related("application__formation")
    page = keyset(request, rows, order=("-made_on", "-id"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_no for each in page)
    context = {"round": found, "page": page, "rows": [(each, names.get(each.region_no, "")) for each in page]}
    return render(request, "recruitment/objections.html", context)


@may("recruitment.view", look="round")
def offers(request: Request, round_id: int) -> HttpResponse:
    """Who was offered which place, and what they answered."""
    found = round_of(round_id)
    rows = PlaceOffer.objects.filter(inside(request.post), formation__round=found)
    rows = rows.select_related("application", "formation", "person")
    page = keyset(request, rows, order=("formation_id", "place_no", "id"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_no for each in page)
    context = {
        "round": found, "page": page, "rows": [(each, names.get(each.region_no, "")) for each in page],
        "recorded": True, "may_tell": allows(request.post, "recruitment.manage") and found.run_by(request.post),
        "may_staff": allows(request.post, "staff.view"), "today": request.today,
    }  # fmt: skip
    return render(request, "recruitment/offers.html", context)


@require_POST
@may("recruitment.manage", look="round")
def offer_texts(request: Request, round_id: int, form: exports.Form) -> FileResponse:
    """A text to send to everybody who may still answer for a place."""
    found = round_of(round_id)
    rows = PlaceOffer.objects.filter(inside(request.post), formation__round=found, state=PlaceOffer.State.OPEN)
    rows = rows.filter(answer_by__gte=request.today).select_related("application").order_by("id")
    told = [(each.application, offer_text(each, on=request.today)) for each in rows]
    log.record("notices.taken", kind="round", subject=found.pk, body={"texts": len(told)})
    return texts_file(request, f"tawaran-{found.code}", told, form=form)


@may("recruitment.view", look="objection")
def objection(request: Request, objection_id: int) -> HttpResponse:
    mine = Application.objects.visible_to(request.post)
    rows = Objection.objects.filter(application__in=mine).select_related("application__round", "answered_by")
    found = get_object_or_404(rows, pk=objection_id)
    may_answer = allows(request.post, "recruitment.manage") and found.answered_at is None
    form = ObjectionAnswerForm(request.POST or None)
    if request.method == "POST" and may_answer and form.is_valid():
        try:
            objecting.answer_objection(found.pk, **form.cleaned_data, by=request.user, post=request.post)
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Jawaban sanggah dicatat dan terlihat oleh pelamar."))
            return see_other(request, "objections", found.application.round_id)
    context = {"objection": found, "form": form, "may_answer": may_answer, "recorded": True}
    return render(request, "recruitment/objection.html", context, status=422 if form.errors else 200)
