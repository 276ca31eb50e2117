"""The applicants of a round, one of them with their documents, and what is decided about them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Forbidden, Refused
from harapan.files.storage import download
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other, show
from harapan.web.recruitment.forms import ApplicationFilters, CheckForm, CorrectForm, WithdrawForm
from harapan.web.recruitment.views import round_of
from harapan.workforce.models import Application, ApplicationDocument, RecruitmentRound, SelectionStage, StageScore
from harapan.workforce.recruitment import checking, offering, rounds, scoring
from harapan.workforce.recruitment.marking import marked_of
from harapan.workforce.recruitment.notices import notices_of
from harapan.workforce.recruitment.queries import stages_of
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.recruitment.rules import HUNDREDTHS

PAGE_SIZE = 40
State = RecruitmentRound.State


@may("recruitment.view", look="round")
def listed(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    rules = rules_of(found)
    filters = ApplicationFilters.read(request, post=request.post)
    rows = Application.objects.visible_to(request.post).filter(round=found).select_related("formation")
    page = keyset(request, filters.narrow(rows, rules), order=("region_no", "id"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_no for each in page)
    scores = dict(
        StageScore.objects.filter(
            application__in=[each.pk for each in page], stage=SelectionStage.ADMINISTRATION
        ).values_list("application", "score")
    )
    mark = rules.stage(SelectionStage.ADMINISTRATION).pass_mark * HUNDREDTHS
    shown = [
        (each, names.get(each.region_no, ""), None if each.pk not in scores else scores[each.pk] >= mark)
        for each in page
    ]
    context = {"round": found, "filters": filters, "page": page, "rows": shown}
    return show(request, "recruitment/applications.html", context, piece="recruitment/_applications.html")


def _application(request: Request, application_id: int) -> Application:
    rows = Application.objects.visible_to(request.post).exclude(state=Application.State.DRAFT)
    return get_object_or_404(rows.select_related("round", "formation__region", "lives_in__parent"), pk=application_id)


@may("recruitment.view", look="application")
def one(request: Request, application_id: int) -> HttpResponse:
    return _shown(request, _application(request, application_id))


def _shown(request: Request, asked: Application, *, status: int = 200, **forms: Any) -> HttpResponse:
    found, rules = asked.round, rules_of(asked.round)
    documents = list(asked.applicationdocuments.select_related("file").order_by("kind"))
    same = Application.objects.visible_to(request.post).of_the_person_of(asked)
    manages = allows(request.post, "recruitment.manage") and found.run_by(request.post)
    scoring_now = found.state in (State.CLOSED, State.PUBLISHED)
    offer = asked.placeoffers.first()
    context: dict[str, Any] = {
        "offer": offer, "withdrawing": WithdrawForm(prefix="m"),
        "may_withdraw": manages and offer is not None and offer.state == "accepted"
        and request.today < found.begins_on,
        "application": asked, "round": found, "rules": rules, "documents": documents,
        "place": asked.formation.region.path_name(),
        "stages": stages_of({each.stage: each for each in asked.stagescores.all()}, rules),
        "misfits": checking.misfitting(asked),
        "doubles": list(same.exclude(state=Application.State.DRAFT)),
        "may_check": allows(request.post, "recruitment.check") and found.state == State.CLOSED,
        "may_correct": manages and scoring_now, "may_swap": manages and scoring_now and asked.set_aside_on is not None,
        "checking": CheckForm(prefix="p"), "correcting": CorrectForm(prefix="k"), "recorded": True,
        "notices": notices_of(asked, on=request.today), **_marks(request, asked, sees=manages),
    }  # fmt: skip
    return render(request, "recruitment/application.html", context | forms, status=status)


def _marks(request: Request, asked: Application, *, sees: bool) -> dict[str, Any]:
    """Each interviewer's mark and how far they lie apart, for whoever runs the round and marks nobody."""
    rows = list(asked.interviewmarks.select_related("marker").order_by("id")) if sees else []
    said = marked_of([asked], by=request.user, sees_all=True)[0] if rows else None
    return {"marks": rows, "marked": said}


@require_POST
@may("recruitment.check", look="application")
def check(request: Request, application_id: int) -> HttpResponse:
    asked = _application(request, application_id)
    form = CheckForm(request.POST, prefix="p")
    if form.is_valid():
        try:
            checking.decide(asked.pk, **form.cleaned_data, by=request.user, post=request.post)
        except Refused as refusal:
            form.add_error("reason", refusal.phrase.heard())
        else:
            messages.success(request, _("Keputusan administrasi dicatat."))
            return see_other(request, "application", asked.pk)
    return _shown(request, asked, status=422, checking=form)


@require_POST
@may("recruitment.manage", look="application")
def correct(request: Request, application_id: int) -> HttpResponse:
    asked = _application(request, application_id)
    form = CorrectForm(request.POST, prefix="k")
    if form.is_valid():
        told = form.cleaned_data
        try:
            scoring.correct(
                asked.pk, told["stage"], told["score"], reason=told["reason"], by=request.user, post=request.post
            )
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Nilai dikoreksi. Susun peringkat lagi supaya hasilnya ikut berubah."))
            return see_other(request, "application", asked.pk)
    return _shown(request, asked, status=422, correcting=form)


@require_POST
@may("recruitment.manage", look="application")
def withdraw(request: Request, application_id: int) -> HttpResponse:
    """Whoever accepted a place will not begin."""
    asked = _application(request, application_id)
    form = WithdrawForm(request.POST, prefix="m")
    if form.is_valid():
        try:
            offering.withdraw(asked.pk, **form.cleaned_data, by=request.user, post=request.post, on=request.today)
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Pengunduran diri dicatat; tempatnya ditawarkan kepada cadangan berikutnya."))
            return see_other(request, "application", asked.pk)
    return _shown(request, asked, status=422, withdrawing=form)


@require_POST
@may("recruitment.manage", look="application")
def swap(request: Request, application_id: int) -> HttpResponse:
    asked = _application(request, application_id)
    rounds.swap_double(asked.pk, by=request.user, post=request.post)
    messages.success(request, _("Lamaran ini sekarang yang dinilai; lamaran lainnya disisihkan."))
    return see_other(request, "application", asked.pk)


@may("recruitment.view", look="application")
def document(request: Request, application_id: int, document_id: int) -> HttpResponseBase:
    asked = _application(request, application_id)
    kept = ApplicationDocument.objects.select_related("file").filter(application=asked)
    return download(get_object_or_404(kept, pk=document_id).file, scope=request.scope, inline=True)
