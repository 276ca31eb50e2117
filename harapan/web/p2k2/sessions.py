"""One meeting: recorded, its attendance entered, corrected, photographed, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused, Unreadable
from harapan.p2k2 import rules
from harapan.p2k2.attending import Outcome, Said, mark_attendance, roster
from harapan.p2k2.committing import open_commitments
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.law import law_on
from harapan.p2k2.models import Attendance, Commitment, Mark, Photograph, Session
from harapan.p2k2.photographs import add_photograph, remove_photograph
from harapan.p2k2.queries import Tally, sessions_seen_by, states_of
from harapan.p2k2.recording import correct_session, record_session, remove_session
from harapan.registry.models import Family, Group
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.p2k2.forms import SessionForm
from harapan.web.p2k2.groups import group_of
from harapan.workforce.staff.beginning import mentor_of

LETTERS = (
    (Mark.PRESENT, "H", "h"), (Mark.SICK, "S", "s"), (Mark.EXCUSED, "I", "s"), (Mark.ABSENT, "A", "a"),
    (Mark.REPRESENTED, "W", "h w"),
)  # fmt: skip
USUAL_HOURS = (time(9), time(11))  # offered to a group that has never met
TOLD_MAX = 6  # refusals told one by one


@dataclass(frozen=True, slots=True)
class Row:
    family: Family
    said: Attendance | None
    commitments: list[Commitment]

    @property
    def choices(self) -> list[tuple[Mark, str, str, bool]]:
        """(mark, letter, class, chosen) in the order of the sheet."""
        return [(mark, letter, kind, bool(self.said and self.said.mark == mark)) for mark, letter, kind in LETTERS]


def session_of(post: Post, session_id: int) -> Session:
    """The meeting, if its group is in reach; else the page that says neither yes nor no."""
    found = sessions_seen_by(post).select_related("group__facilitator", "group__region", "recorded_by", "beside")
    return get_object_or_404(found, pk=session_id)


def rows_of(session: Session) -> list[Row]:
    """The families of a meeting by name, with what was said of each. Three queries."""
    families = list(roster(session).order_by("name_key", "pk"))
    said = {row.family_id: row for row in Attendance.objects.filter(session=session).select_related("said_by")}
    promised = open_commitments(families)
    return [Row(family, said.get(family.pk), promised.get(family.pk, [])) for family in families]


def tally_of(rows: list[Row]) -> Tally:
    marks: dict[int, int] = {}
    for row in rows:
        if row.said:
            marks[row.said.mark] = marks.get(row.said.mark, 0) + 1
    return Tally(len(rows), marks)


@may("session.view", look="session")
def one(request: Request, session_id: int) -> HttpResponse:
    session = session_of(request.post, session_id)
    rows = rows_of(session)
    entry = rules.entry(session.held_on, on=request.today, law=law_on(session.held_on))
    completes = allows(request.post, "session.complete")
    context = {
        "session": session,
        "group": session.group,
        "lesson": default_curriculum().lesson(session.lesson),
        "place": session.group.region.path_name() if session.group.region else "",
        "rows": [row for row in rows if not (request.GET.get("belum") and row.said)],
        "only_open": bool(request.GET.get("belum")),
        "tally": tally_of(rows),
        "entry": entry,
        "needs_reason": entry.late and not session.late_because,
        "writable": allows(request.post, "session.record") and (completes or not entry.closed),
        "photographs": Photograph.objects.shown().filter(session=session),
        "recorded": True,
    }
    return render(request, "p2k2/session.html", context)


@may("session.record", look="group")
def new(request: Request, group_id: int) -> HttpResponse:
    group = group_of(request.post, group_id)
    mentor = mentor_of(request.user, request.today)
    form = SessionForm(request.POST or None, on=request.today, mentor=mentor, initial=_proposed(request, group))
    if request.method == "POST" and form.is_valid():
        try:
            made = record_session(group.pk, form.facts(), **_told(request))
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Pertemuan dicatat. Sekarang tandai siapa yang hadir."))
            return see_other(request, "session", made.pk)
    context = {"group": group, "form": form, "session": None}
    return render(request, "p2k2/session_form.html", context, status=422 if request.method == "POST" else 200)


def _told(request: Request) -> dict[str, Any]:
    """Who says it, today, and whether they may write into closed months."""
    return {"by": request.user, "on": request.today, "completes": allows(request.post, "session.complete")}


def _proposed(request: Request, group: Group) -> Mapping[str, Any]:
    """What most likely is to be written: as the last meeting, with the lesson that comes next."""
    state = states_of([group], year=request.today.year, on=request.today)[group.pk]
    last = Session.objects.filter(group=group).order_by("-held_on", "-begins").first()
    begins, ends = (last.begins, last.ends) if last else USUAL_HOURS
    return {
        "held_on": request.today,
        "begins": begins,
        "ends": ends,
        "lesson": state.next_lesson.code if state.next_lesson else "",
        "place": last.place if last else "",
        "speaker": last.speaker if last else request.user.name,
        "speaker_post": last.speaker_post if last else str(request.post.title_on(request.today)),
        "materials": last.materials if last else "",
    }


@may("session.record", look="session")
def change(request: Request, session_id: int) -> HttpResponse:
    session = session_of(request.post, session_id)
    initial = {name: getattr(session, name) for name in SessionForm.base_fields if name != "mentored"}
    mentor = session.beside or mentor_of(session.recorded_by, session.held_on)
    initial["mentored"] = session.beside is not None
    form = SessionForm(request.POST or None, on=session.held_on, mentor=mentor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            correct_session(session.pk, form.facts(), **_told(request))
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Perubahan pertemuan disimpan."))
            return see_other(request, "session", session.pk)
    context = {"group": session.group, "form": form, "session": session}
    return render(request, "p2k2/session_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("session.record", look="session")
def remove(request: Request, session_id: int) -> HttpResponse:
    session = session_of(request.post, session_id)
    remove_session(session.pk, why=request.POST.get("why", ""), **_told(request))
    messages.success(request, _("Catatan pertemuan dihapus; jejaknya tetap ada."))
    return see_other(request, "p2k2_group", session.group_id)


@require_POST
@may("session.record", look="session")
def mark(request: Request, session_id: int) -> HttpResponse:
    """The marks of the sheet; with "sisanya hadir" also everybody of whom nobody has spoken."""
    session = session_of(request.post, session_id)
    said, rest = _said(request), Mark.PRESENT if request.POST.get("rest") else None
    if not said and rest is None:
        raise Refused("Belum ada yang ditandai. Tandai keluarganya, atau pilih bahwa sisanya hadir.")
    found = mark_attendance(session.pk, said, rest=rest, why=request.POST.get("why", ""), **_told(request))
    _tell(request, found)
    return see_other(request, "session", session.pk)


def _said(request: Request) -> dict[int, Said]:
    marks = {str(int(each)): each for each in Mark}
    said = {}
    for name, value in request.POST.items():
        kind, _dash, family = name.partition("-")
        if kind == "m" and family.isdecimal() and len(family) < 19 and value in {*marks, ""}:
            by = str(request.POST.get(f"by-{family}", ""))
            said[int(family)] = Said(marks.get(str(value)), by)
    return said


def _tell(request: Request, found: Outcome) -> None:
    if found.saved:
        told = ngettext("Kehadiran %(n)s keluarga disimpan.", "Kehadiran %(n)s keluarga disimpan.", found.saved)
        messages.success(request, told % {"n": number(found.saved)})
    elif not found.refused:
        messages.info(request, _("Tidak ada yang berubah; semua tanda sudah tercatat begitu."))
    for _family, why in found.refused[:TOLD_MAX]:
        messages.error(request, why.heard())
    if len(found.refused) > TOLD_MAX:
        messages.error(request, _("dan %(n)s keluarga lagi.") % {"n": number(len(found.refused) - TOLD_MAX)})


@require_POST
@may("session.record", look="session")
def photograph(request: Request, session_id: int) -> HttpResponse:
    """Photographs of the meeting: what is none is told, the others are kept."""
    session = session_of(request.post, session_id)
    files = request.FILES.getlist("photographs")
    if not files:
        raise Refused("Pilih dahulu fotonya.")
    kept = 0
    for each in files:
        try:
            add_photograph(session.pk, each.read(), name=str(each.name), **_told(request))
            kept += 1
        except (Unreadable, Refused) as refusal:
            messages.error(request, _heard(refusal))
    if kept:
        told = ngettext("%(n)s foto disimpan.", "%(n)s foto disimpan.", kept)
        messages.success(request, told % {"n": number(kept)})
    return see_other(request, "session", session.pk)


@require_POST
@may("session.record", look="session")
def photograph_away(request: Request, session_id: int, photograph_id: int) -> HttpResponse:
    session = session_of(request.post, session_id)
    remove_photograph(photograph_id, session=session, why=request.POST.get("why", ""), **_told(request))
    messages.success(request, _("Foto dihapus dari pertemuan dan laporannya; jejaknya tetap ada."))
    return see_other(request, "session", session.pk)


def _heard(refusal: HarapanError) -> str:
    return refusal.phrase.heard()
