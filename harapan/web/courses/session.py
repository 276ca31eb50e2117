"""One session of a class: the list, the cards and the code that tell who was there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused
from harapan.database import day
from harapan.training import attending, timetable
from harapan.training.codes import code_of, open_until
from harapan.training.lists import Answers, attendance_from
from harapan.training.models import Batch, ClassAttendance, ClassSession, Enrolment, Mark
from harapan.training.queries import batches_for, manages, sessions_of
from harapan.training.teaching import current, in_class, taught_by, teaches
from harapan.ui.pages import see_other
from harapan.ui.words import clock, number
from harapan.web.courses.drawing import square
from harapan.web.courses.forms import CodeForm, ListForm
from harapan.web.courses.frame import framed, own_batch, session_in_hand
from harapan.web.courses.people import answered_list

LETTERS = ((Mark.PRESENT, "H", "h"), (Mark.SICK, "S", "s"), (Mark.EXCUSED, "I", "s"), (Mark.ABSENT, "A", "a"))
OF_CARD = ("person", "batch__course", "training_class")  # what the page of a card shows


@may("course.view", look="batch")
def session(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    with session_in_hand(request, batch_id, session_id) as (batch, held):
        return _shown(request, batch, held)


def _shown(
    request: Request, batch: Batch, held: ClassSession, *, status: int = 200, card_form: CodeForm | None = None,
    list_form: ListForm | None = None, answers: Answers | None = None,
) -> HttpResponse:  # fmt: skip
    members = Enrolment.objects.coming().filter(training_class=held.training_class_id).select_related("person")
    said = {row.enrolment_id: row for row in ClassAttendance.objects.filter(session=held).select_related("said_by")}
    rows = [(row, said.get(row.pk), _choices(said.get(row.pk))) for row in members.order_by("person__name", "pk")]
    in_hand = manages(request.post, batch) or teaches(request.user, held)
    writable = in_hand and batch.is_open and held.day <= request.today
    context = framed(
        request, batch, "classes",
        session=held, rows=rows, writable=writable, in_hand=in_hand, teaches=teaches(request.user, held),
        there=sum(each.mark == Mark.PRESENT for each in said.values()), open=len(rows) - len(said),
        card_form=card_form or CodeForm(), list_form=list_form or ListForm(), answers=answers,
        marked=bool(said), **_code(request, held, writable=writable),
    )  # fmt: skip
    return render(request, "courses/session.html", context, status=status)


def _choices(said: ClassAttendance | None) -> list[tuple[Mark, str, str, bool]]:
    return [(each, letter, kind, said is not None and said.mark == each) for each, letter, kind in LETTERS]


def _code(request: Request, held: ClassSession, *, writable: bool) -> dict[str, Any]:
    """The code and its square while it counts, for those who may show it."""
    until, now = open_until(held), day.moment(request.today)
    if not writable or until is None or now > until or held.day != request.today:
        return {"code": ""}
    code = code_of(held)
    url = request.build_absolute_uri(reverse("attend", args=[held.pk, code]))
    return {"code": code, "code_until": clock(until), "qr": square(url)}


@require_POST
@may("course.view", look="batch")
def mark(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    said = {
        int(name[2:]): Mark(value)
        for name, value in request.POST.items()
        if name.startswith("m-") and name[2:].isdecimal() and len(name) < 21 and value in Mark.values
    }
    rest = Mark.PRESENT if request.POST.get("rest") else None
    if not said and rest is None:
        raise Refused("Belum ada yang ditandai. Tandai pesertanya, atau pilih bahwa sisanya hadir.")
    with session_in_hand(request, batch_id, session_id) as (batch, held):
        found = attending.mark(held.pk, said, by=request.user, on=request.today, rest=rest)
    if found.saved:
        told = ngettext("Kehadiran %(n)s peserta disimpan.", "Kehadiran %(n)s peserta disimpan.", found.saved)
        messages.success(request, told % {"n": number(found.saved)})
    elif not found.refused:
        messages.info(request, _("Tidak ada yang berubah; semua tanda sudah tercatat begitu."))
    for refusal in list(found.refused.values())[:1]:
        messages.error(request, refusal.phrase.heard())
    return see_other(request, "class_session", batch.pk, held.pk)


@require_POST
@may("course.view", look="batch")
def tick(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    """A card typed, or read by a scanner that types: no camera is needed."""
    form = CodeForm(request.POST)
    with session_in_hand(request, batch_id, session_id) as (batch, held):
        if form.is_valid():
            try:
                row = attending.tick_card(held.pk, form.cleaned_data["code"], by=request.user, on=request.today)
            except Refused as refusal:
                form.add_error("code", refusal.phrase.heard())
            else:
                messages.success(request, _("%(name)s hadir.") % {"name": row.person.name})
                return see_other(request, "class_session", batch.pk, held.pk)
        return _shown(request, batch, held, status=422, card_form=form)


@require_POST
@may("course.view", look="batch")
def show_code(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    with session_in_hand(request, batch_id, session_id) as (batch, held):
        attending.show_code(held.pk, by=request.user, on=request.today, now=day.moment(request.today))
    return see_other(request, "class_session", batch.pk, held.pk)


@require_POST
@may("course.view", look="batch")
def from_list(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    form = ListForm(request.POST, request.FILES)
    with session_in_hand(request, batch_id, session_id) as (batch, held):
        if not form.is_valid():
            return _shown(request, batch, held, status=422, list_form=form)
        file = form.cleaned_data["file"]
        try:
            answers = attendance_from(held.pk, file.read(), name=file.name, by=request.user, on=request.today)
        except HarapanError as refusal:
            form.add_error("file", refusal.phrase.heard())
            return _shown(request, batch, held, status=422, list_form=form)
        return answered_list(request, answers) or _shown(request, batch, held, answers=answers)


@require_POST
@may("course.manage", look="batch")
def take_away(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    held = get_object_or_404(sessions_of(batch), pk=session_id)
    timetable.take_away(held.pk, by=request.user, on=request.today)
    messages.success(request, _("Sesi dihapus dari jadwal."))
    return see_other(request, "batch_classes", batch.pk)


@may("course.view")
def card_scanned(request: Request, code: str) -> HttpResponse:
    """What a participant's square leads the trainer's telephone to: who it is, and one button."""
    taught = current(taught_by(request.user), now=day.moment(request.today))
    if taught is not None and not manages(request.post, taught.batch):
        return _scanned_by_trainer(request, taught, code)
    if not allows(request.post, "course.manage"):
        raise Http404
    rows = Enrolment.objects.coming().filter(batch__in=batches_for(request.post), code=code.upper())
    row = get_object_or_404(rows.select_related(*OF_CARD), pk__gt=0)
    held = attending.session_now(row, now=day.moment(request.today))
    if request.method == "POST":
        own_batch(request, row.batch_id)
        if held is None:
            raise Refused("Kelas peserta ini tidak punya sesi hari ini. Catat lewat daftar hadir sesinya.")
        return _ticked(request, held, code)
    context = {"row": row, "session": held, "in_hand": manages(request.post, row.batch)}
    return render(request, "courses/card_scanned.html", context)


def _scanned_by_trainer(request: Request, held: ClassSession, code: str) -> HttpResponse:
    """The card is looked for in the batch of the session the reader teaches now."""
    with in_class(held, by=request.user, read_only=request.method != "POST"):
        if request.method == "POST":
            return _ticked(request, held, code)
        rows = Enrolment.objects.coming().filter(batch=held.batch_id, code=code.upper())
        row = get_object_or_404(rows.select_related(*OF_CARD), pk__gt=0)
        return render(request, "courses/card_scanned.html", {"row": row, "session": held, "in_hand": True})


def _ticked(request: Request, held: ClassSession, code: str) -> HttpResponse:
    row = attending.tick_card(held.pk, code, by=request.user, on=request.today)
    messages.success(request, _("%(name)s hadir.") % {"name": row.person.name})
    return see_other(request, "class_session", held.batch_id, held.pk)
