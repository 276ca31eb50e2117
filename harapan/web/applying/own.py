"""The applicant's own pages: what is missing, what was sent, the result and its reasons, an objection, an answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused
from harapan.ui.pages import see_other, wants_piece
from harapan.web.applying.forms import STEPS, DocumentForm, ObjectionForm
from harapan.web.applying.holding import as_applicant, let_go
from harapan.workforce.models import Application, ApplicationDocument, RecruitmentRound
from harapan.workforce.recruitment import applying, checking, objecting, offering
from harapan.workforce.recruitment.notices import notices_of
from harapan.workforce.recruitment.queries import own_result, published
from harapan.workforce.recruitment.rounds import rules_of

State = RecruitmentRound.State


@as_applicant
def status(request: Request, asked: Application) -> HttpResponse:
    return _shown(request, asked)


def _shown(request: Request, asked: Application, form: ObjectionForm | None = None, status: int = 200) -> HttpResponse:
    found = asked.round
    taking = found.state == State.OPEN and found.opens_on <= request.today <= found.closes_on
    context: dict[str, Any] = {
        "application": asked, "round": found, "place": asked.formation.region.path_name(), "taking": taking,
        "notices": notices_of(asked, on=request.today),
    }  # fmt: skip
    if asked.state == Application.State.DRAFT:
        missing = applying.missing(asked)
        misfits = [] if missing else checking.misfitting(asked)
        context |= {"missing": missing, "misfits": misfits, "steps": _steps(asked)}
    elif asked.state == Application.State.SUBMITTED and found.state in (State.PUBLISHED, State.SETTLED):
        context |= _result(request, asked) | {"form": form or ObjectionForm()}
    return render(request, "applying/own.html", context, status=status)


def _steps(asked: Application) -> list[tuple[str, Any, bool]]:
    kept = set(asked.applicationdocuments.values_list("kind", flat=True))
    whole = asked.born_on and asked.lives_in_id and asked.address and asked.phone
    done = {"diri": bool(whole), "pendidikan": bool(asked.education)}
    steps = [(reverse("application_fill", args=[name]), form.title, done[name]) for name, form in STEPS.items()]
    return [*steps, (reverse("application_documents"), _("Berkas"), set(rules_of(asked.round).documents) <= kept)]


def _result(request: Request, asked: Application) -> dict[str, Any]:
    found, ranking = asked.round, published(asked.round)
    until = objecting.last_day(asked)
    offer = asked.placeoffers.select_related("formation").first()
    objections = list(asked.objections.order_by("id"))
    return {
        "result": own_result(asked, ranking, rules_of(found)) if ranking else None,
        "objections": objections, "objections_until": until, "offer": offer,
        "offer_open": offer is not None and offer.state == "open" and request.today <= offer.answer_by,
        "may_object": found.state == State.PUBLISHED and until is not None and request.today <= until
        and not any(each.answered_at is None for each in objections),
    }  # fmt: skip


@as_applicant
def fill(request: Request, asked: Application, step: str) -> HttpResponse:
    """One step, kept field by field while it is filled in; whole, it leads back."""
    if step not in STEPS:
        raise Http404
    kind = STEPS[step]
    initial = {name: getattr(asked, name) for name in kind.base_fields if name != "phone"}
    initial["phone"] = asked.phone.open() if asked.phone else ""
    form = kind(request.POST or None, application=asked, initial=initial)
    if wants_piece(request) and request.method == "POST":
        return _kept(request, asked, form)
    if request.method == "POST" and form.is_valid():
        try:
            applying.fill_in(asked.pk, on=request.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Tersimpan."))
            return see_other(request, "application_own")
    elif request.method == "POST":
        _keep(request, asked, form)
    return render(
        request, "applying/step.html", {"application": asked, "form": form, "title": kind.title},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _kept(request: Request, asked: Application, form: Form) -> HttpResponse:
    """What is right so far is kept, without a word about the rest: somebody is still typing."""
    form.is_valid()
    try:
        kept = _keep(request, asked, form)
    except Refused as refusal:
        return HttpResponse(refusal.phrase.__html__())
    return HttpResponse(escape(_("Tersimpan sampai di sini.")) if kept else "")


def _keep(request: Request, asked: Application, form: Form) -> bool:
    """Write the fields that are right; whether there was one. Raises Refused."""
    right = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    applying.fill_in(asked.pk, on=request.today, **right)
    return bool(right)


@as_applicant
def documents(request: Request, asked: Application) -> HttpResponse:
    kept = {each.kind: each for each in asked.applicationdocuments.select_related("file")}
    wanted = rules_of(asked.round).documents
    lacking = next((kind for kind in wanted if kind not in kept), None)
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"kind": lacking})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            applying.add_document(
                asked.pk, form.cleaned_data["kind"], sent.read(), name=sent.name, media_type=sent.content_type,
                on=request.today,
            )  # fmt: skip
        except HarapanError as refusal:
            form.add_error("file", refusal.phrase.heard())
        else:
            messages.success(request, _("Berkas tersimpan."))
            return see_other(request, "application_documents")
    rows = [(kind, kept.get(kind.value), kind.value in wanted) for kind in ApplicationDocument.Kind]
    context = {"application": asked, "form": form, "rows": rows}
    return render(request, "applying/documents.html", context, status=422 if form.errors else 200)


@require_POST
@as_applicant
def send(request: Request, asked: Application) -> HttpResponse:
    try:
        applying.submit(asked.pk, on=request.today)
    except Refused as refusal:
        messages.error(request, refusal.phrase.heard())
    else:
        messages.success(request, _("Lamaran terkirim. Simpan nomor lamaran Anda."))
    return see_other(request, "application_own")


@require_POST
@as_applicant
def take_back(request: Request, asked: Application) -> HttpResponse:
    applying.withdraw(asked.pk, on=request.today)
    messages.success(request, _("Lamaran ditarik. Anda boleh memulai yang baru selama pendaftaran terbuka."))
    return see_other(request, "application_own")


@require_POST
@as_applicant
def object_(request: Request, asked: Application) -> HttpResponse:
    form = ObjectionForm(request.POST)
    if form.is_valid():
        try:
            objecting.object_to_result(asked.pk, form.cleaned_data["text"], on=request.today)
        except Refused as refusal:
            form.add_error("text", refusal.phrase.heard())
        else:
            messages.success(request, _("Sanggah terkirim. Jawabannya muncul di halaman ini."))
            return see_other(request, "application_own")
    return _shown(request, asked, form, status=422)


@require_POST
@as_applicant
def answer(request: Request, asked: Application) -> HttpResponse:
    """Take the place, or give it up for the next one of the reserve."""
    if request.POST.get("jawaban") == "terima":
        offering.accept(asked.pk, on=request.today)
        messages.success(request, _("Selamat bergabung. Tempat Anda sudah tercatat."))
    elif request.POST.get("jawaban") == "tolak":
        offering.decline(asked.pk, on=request.today)
        messages.success(request, _("Tempat dilepas. Terima kasih sudah memberi tahu."))
    return see_other(request, "application_own")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    let_go(request)
    return see_other(request, "applying")
