"""First meetings: planned, the invitations and the sheet printed, what was read out, who came and who agreed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.fieldwork import rights
from harapan.fieldwork.correcting import correct_meeting, correction_days
from harapan.fieldwork.first_meetings import Answered, note_answers, note_reading, plan_meeting
from harapan.fieldwork.models import FirstMeeting, Invitation
from harapan.fieldwork.papers.first_meeting import render_invitations, render_sheet
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.road.forms import AnswerForm, MeetingForm, MoveMeetingForm, ReadingForm, villages_of
from harapan.web.road.villages import village_page


def meeting_of(request: Request, meeting_id: int) -> FirstMeeting:
    found = FirstMeeting.objects.filter(group__in=villages_of(request.post)).select_related(
        "group__region", "group__facilitator"
    )
    return get_object_or_404(found, pk=meeting_id)


@require_POST
@may("candidate.record")
def plan(request: Request, group_id: int) -> HttpResponse:
    group = get_object_or_404(villages_of(request.post), pk=group_id)
    form = MeetingForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = plan_meeting(
                group.pk, kind=FirstMeeting.Kind(given["kind"]), held_on=given["held_on"], begins=given["begins"],
                place=given["place"], by=request.user, on=request.today,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            if made.invitations.exists():
                messages.success(request, _("Pertemuan dicatat. Cetak undangannya, lalu catat siapa yang hadir."))
            else:
                messages.success(request, _("Pertemuan dicatat. Tidak ada calon yang diundang menurut nama."))
            return see_other(request, "first_meeting", made.pk)
    return village_page(request, group_id, status=422, meeting_form=form)


@dataclass(frozen=True, slots=True)
class Row:
    """One invited candidate; `refused`: why the last answer was not kept."""

    invitation: Invitation
    form: AnswerForm
    refused: str = ""


@may("candidate.view", look="first_meeting")
def one(request: Request, meeting_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    if request.method == "POST":
        return answers(request, meeting)
    return _page(request, meeting, {})


def _page(
    request: Request, meeting: FirstMeeting, refused: dict[int, str], *, status: int = 200,
    move_form: MoveMeetingForm | None = None,
) -> HttpResponse:  # fmt: skip
    rows = []
    for row in _invited(meeting):
        initial = {
            "came": row.came, "consent": row.consent, "paper": row.paper, "given_on": row.consent_on or row.held_on,
        }  # fmt: skip
        data, files = (request.POST, request.FILES) if row.pk in refused else (None, None)
        form = AnswerForm(data, files, prefix=str(row.pk), initial=initial, name=row.family.name)
        rows.append(Row(row, form, refused.get(row.pk, "")))
    past = meeting.held_on <= request.today
    writable = allows(request.post, "candidate.record") and past
    told = {name: getattr(meeting, name) for name in ("held_on", "begins", "place")}
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "rows": rows,
        "past": past,
        "writable": writable,
        "came": sum(row.invitation.came in (1, 2) for row in rows),
        "agreed": sum(row.invitation.consent in (1, 2) for row in rows),
        "reading": rights.of_version(meeting.rights) or rights.in_force(meeting.held_on),
        "reading_form": ReadingForm(initial={"read_by": meeting.read_by or request.user.name}),
        "answered": any(row.invitation.said_by_id for row in rows),
        "because": request.POST.get("because", ""),
        "move_form": move_form or MoveMeetingForm(initial=told),
        "correctable": allows(request.post, "candidate.record") and _correctable(request, meeting),
        "recorded": True,
    }
    return render(request, "road/meeting.html", context, status=status)


def _correctable(request: Request, meeting: FirstMeeting) -> bool:
    return (request.today - meeting.held_on).days <= correction_days("first_meetings", on=request.today)


def _invited(meeting: FirstMeeting) -> list[Invitation]:
    rows = Invitation.objects.filter(meeting=meeting).select_related("family")
    return list(rows.order_by("family__name_key", "pk"))


def answers(request: Request, meeting: FirstMeeting) -> HttpResponse:
    """All answers of the sheet at once; what is refused is told in its row, the others are kept."""
    if not allows(request.post, "candidate.record"):
        raise Refused(_("Mencatat kehadiran calon bukan untuk peran Anda. Minta pendampingnya."))
    said: dict[int, Answered] = {}
    told: dict[int, str] = {}  # why an answer was not kept
    for row in _invited(meeting):
        form = AnswerForm(request.POST, request.FILES, prefix=str(row.pk))
        if "given_on" in form.errors:
            told[row.pk] = str(form.errors["given_on"][0])
        if form.is_valid():
            given = form.cleaned_data
            photo = given["photograph"]
            said[row.pk] = Answered(
                Invitation.Came(given["came"]), Invitation.Consent(given["consent"]), given["paper"],
                (photo.name, photo.read()) if photo else None, given["given_on"],
            )  # fmt: skip
    noted = note_answers(
        meeting.pk, said, by=request.user, on=request.today, because=str(request.POST.get("because", ""))
    )
    saved = ngettext("%(n)s jawaban disimpan.", "%(n)s jawaban disimpan.", noted.done)
    told |= {pk: error.phrase.heard() for pk, error in noted.refused.items()}
    if noted.done or not told:
        messages.success(request, saved % {"n": number(noted.done)})
    if told:
        return _page(request, meeting, told, status=422)
    return see_other(request, "first_meeting", meeting.pk)


@require_POST
@may("candidate.record", look="first_meeting")
def move(request: Request, meeting_id: int) -> HttpResponse:
    """Another day, hour or place, with a reason."""
    meeting = meeting_of(request, meeting_id)
    form = MoveMeetingForm(request.POST)
    if form.is_valid():
        try:
            correct_meeting(meeting.pk, by=request.user, on=request.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Pertemuan diperbaiki; yang semula tersimpan di jejak."))
            return see_other(request, "first_meeting", meeting.pk)
    return _page(request, meeting, {}, status=422, move_form=form)


@require_POST
@may("candidate.record", look="first_meeting")
def read_out(request: Request, meeting_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    note_reading(meeting.pk, read_by=request.POST.get("read_by", ""), by=request.user, on=request.today)
    messages.success(request, _("Pembacaan hak dan kewajiban dicatat."))
    return see_other(request, "first_meeting", meeting.pk)


@may("candidate.view", look="first_meeting")
def invitations(request: Request, meeting_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    paper = render_invitations(
        meeting, _invited(meeting), place=_place(meeting), printed_by=request.user.name, printed_at=timezone.localtime()
    )
    return _pdf(paper, f"undangan-{meeting.group.name}-{meeting.held_on:%Y%m%d}.pdf")


@may("candidate.view", look="first_meeting")
def sheet(request: Request, meeting_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    paper = render_sheet(
        meeting, _invited(meeting), place=_place(meeting), printed_by=request.user.name, printed_at=timezone.localtime()
    )
    return _pdf(paper, f"daftar-calon-{meeting.group.name}-{meeting.held_on:%Y%m%d}.pdf")


def _place(meeting: FirstMeeting) -> str:
    return meeting.group.region.path_name() if meeting.group.region else ""


def _pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return response


@may("candidate.view")
def proof(request: Request, meeting_id: int, invitation_id: int) -> HttpResponseBase:
    """The photographed paper. Handing it over is written before the first byte."""
    meeting = meeting_of(request, meeting_id)
    rows = Invitation.objects.filter(meeting=meeting, photograph__isnull=False)
    found = get_object_or_404(rows, pk=invitation_id)
    file = get_object_or_404(StoredFile, pk=found.photograph_id)
    return storage.download(file, scope=request.scope)
