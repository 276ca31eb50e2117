"""Where and when a stage takes place, who is invited, and the texts that tell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.audit import log
from harapan.core.errors import Forbidden, Refused
from harapan.exchange.scores import codec as scores
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.pages import keyset, see_other
from harapan.ui.words import number
from harapan.web.recruitment.forms import MoveSessionForm, SessionForm
from harapan.web.recruitment.views import round_of
from harapan.workforce.models import Application, RecruitmentRound, StageInvitation, StageSession
from harapan.workforce.models.recruitment import inside
from harapan.workforce.recruitment import inviting
from harapan.workforce.recruitment.notices import invitation_text, to_send

PAGE_SIZE = 50


def _may_plan(request: Request, found: RecruitmentRound) -> bool:
    scored = found.state == RecruitmentRound.State.CLOSED
    return scored and allows(request.post, "recruitment.manage") and found.run_by(request.post)


@may("recruitment.view", look="round")
def listed(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    rows = StageSession.objects.filter(round=found)
    page = keyset(request, rows, order=("begins_at", "id"), size=PAGE_SIZE)
    invited = StageInvitation.objects.filter(session__in=[each.pk for each in page]).order_by()
    counts = dict(invited.values_list("session").annotate(Count("pk")))
    names = Region.objects.path_names(each.region_id for each in page)
    context = {
        "round": found, "page": page, "may_plan": _may_plan(request, found),
        "rows": [(each, names.get(each.region_id, ""), counts.get(each.pk, 0)) for each in page],
    }  # fmt: skip
    return render(request, "recruitment/sessions.html", context)


@may("recruitment.manage")
def new(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    form = SessionForm(request.POST or None, round=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = inviting.plan_session(
                found.pk, **form.cleaned_data, by=request.user, post=request.post, on=request.today
            )
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Sesi direncanakan. Undang pesertanya bila tempat dan jamnya sudah pasti."))
            return see_other(request, "stage_session", made.pk)
    context = {"round": found, "form": form}
    return render(request, "recruitment/session_new.html", context, status=422 if form.errors else 200)


def _session(session_id: int) -> StageSession:
    return get_object_or_404(StageSession.objects.select_related("round", "region"), pk=session_id)


def _invited(request: Request, session: StageSession) -> Any:
    rows = StageInvitation.objects.filter(inside(request.post), session=session)
    return rows.select_related("application__formation", "session")


@may("recruitment.view", look="stage_session")
def one(request: Request, session_id: int) -> HttpResponse:
    """Its place and hour, and who is invited; whoever runs the round may move it."""
    session = _session(session_id)
    initial = {"place": session.place, "begins_at": session.begins_at, "note": session.note}
    form = MoveSessionForm(request.POST or None, initial=initial)
    may_plan = _may_plan(request, session.round)
    if request.method == "POST" and may_plan and form.is_valid():
        try:
            inviting.move_session(session.pk, **form.cleaned_data, by=request.user, post=request.post, on=request.today)
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Sesi diubah; yang diundang membacanya sebagai perubahan."))
            return see_other(request, "stage_session", session.pk)
    rows = _invited(request, session)
    page = keyset(request, rows, order=("application__participant_no", "id"), size=PAGE_SIZE)
    context = {
        "session": session, "round": session.round, "place": session.region.path_name(), "page": page,
        "invited": rows.count(), "form": form, "may_plan": may_plan, "recorded": True,
        "text": invitation_text(page.rows[0]) if page.rows else "",
        "left": inviting.uninvited(session).count() if may_plan else 0,
        "may_import": may_plan and allows(request.post, "import.rehearse"),
    }  # fmt: skip
    return render(request, "recruitment/session.html", context, status=422 if form.errors else 200)


@require_POST
@may("recruitment.manage", look="stage_session")
def invite(request: Request, session_id: int) -> HttpResponse:
    session = _session(session_id)
    try:
        count = inviting.invite(session.pk, by=request.user, post=request.post, on=request.today)
    except (Refused, Forbidden) as refusal:
        messages.error(request, refusal.phrase.heard())
    else:
        said = ngettext("%(n)s peserta diundang.", "%(n)s peserta diundang.", count)
        messages.success(request, said % {"n": number(count)})
    return see_other(request, "stage_session", session.pk)


@may("recruitment.manage", look="stage_session")
def score_sheet(request: Request, session_id: int) -> HttpResponse:
    """The list that the examiners fill in and send back: numbers without names, scores empty."""
    session = _session(session_id)
    numbers = _invited(request, session).order_by("application__participant_no")
    stage = {"round": session.round.code, "stage": scores.Stage(session.stage)}
    rows = [stage | {"participant_no": no} for no in numbers.values_list("application__participant_no", flat=True)]
    response = HttpResponse(scores.render(rows), content_type=exports.CONTENT_TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="nilai-{session.round.code}-{session.pk}.xlsx"'
    return response


@require_POST
@may("recruitment.manage", look="stage_session")
def texts(request: Request, session_id: int, form: exports.Form) -> FileResponse:
    """A text for each who is invited, with where to send it."""
    session = _session(session_id)
    rows = _invited(request, session).order_by("application__participant_no")
    told = [(each.application, invitation_text(each)) for each in rows]
    log.record("notices.taken", kind="stage_session", subject=session.pk, body={"texts": len(told)})
    return texts_file(request, f"undangan-{session.round.code}-{session.pk}", told, form=form)


def texts_file(
    request: Request, name: str, told: Iterable[tuple[Application, str]], *, form: exports.Form
) -> FileResponse:
    """Telephone and mail of each with the text to send; the numbers are opened for this and nothing else."""
    address = request.build_absolute_uri(reverse("application_status"))
    columns = [
        exports.Column("Nomor peserta"), exports.Column("Nama", width=28), exports.Column("Nomor HP"),
        exports.Column("Surel", width=28), exports.Column("Teks", width=80),
    ]  # fmt: skip
    rows = [
        (
            str(asked.participant_no), asked.name, asked.phone.open() if asked.phone else "", asked.email,
            to_send(asked, text, address=address),
        )
        for asked, text in told
    ]  # fmt: skip
    return exports.answer(name, columns, rows, form=form)
