"""The people of a batch: searched, listed, invited from a file, guests; and what is noted of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused
from harapan.core.phrases import Phrase
from harapan.regions.models import Region
from harapan.training import answering, inviting
from harapan.training.catalogue import rubric_on
from harapan.training.concluding import standings
from harapan.training.doubts import doubts_about
from harapan.training.following import linking
from harapan.training.following.feedback import ASKED
from harapan.training.inviting import Invited
from harapan.training.lists import Answers, invite_from
from harapan.training.models import Batch, ClassAttendance, Enrolment, PracticeScore
from harapan.training.queries import participants_of, people_named, tallies
from harapan.training.scoring import record_practice
from harapan.ui.exports import CONTENT_TYPES
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.ui.words import number
from harapan.web.courses.forms import AnswerForm, GuestForm, ListForm, PracticeForm
from harapan.web.courses.frame import batch_of, framed, own_batch
from harapan.web.courses.papers import feedback_address
from harapan.workforce.models import Person
from harapan.workforce.taking_on import take_on

FOUND_MAX = 20
TOLD_MAX = 10
STATES = {
    Enrolment.State.INVITED: "wait", Enrolment.State.CONFIRMED: "ok", Enrolment.State.DECLINED: "bad",
    Enrolment.State.SUBSTITUTED: "", Enrolment.State.PRESENT: "ok", Enrolment.State.ABSENT: "bad",
    Enrolment.State.PASSED: "ok", Enrolment.State.FAILED: "bad",
}  # fmt: skip


@may("course.view", look="batch")
def people(request: Request, batch_id: int) -> HttpResponse:
    return _listed(request, batch_of(request, batch_id))


def _listed(
    request: Request, batch: Batch, *, status: int = 200, list_form: ListForm | None = None,
    guest_form: GuestForm | None = None, answers: Answers | None = None,
) -> HttpResponse:  # fmt: skip
    state, typed = request.GET.get("keadaan", ""), request.GET.get("cari", "")
    found = participants_of(batch)
    if state in Enrolment.State.values:
        found = found.filter(state=state)
    page = keyset(request, found, order=("region_no", "person__name", "id"), size=60)
    candidates = people_named(typed, batch, most=FOUND_MAX)
    places = Region.objects.path_names({row.region_no for row in page} | {each.region_no for each in candidates})
    counted = tallies([batch])[batch.pk]
    context = framed(
        request, batch, "people",
        page=page, rows=[(row, places.get(row.region_no, ""), STATES[Enrolment.State(row.state)]) for row in page],
        tally=counted, chosen=state, typed=typed, searched=len(typed.strip()) >= 3,
        chips=[(each, counted.of(each.value)) for each in Enrolment.State if counted.of(each.value)],
        candidates=_with_doubts(request, batch, candidates, places),
        list_form=list_form or ListForm(), guest_form=guest_form or GuestForm(post=request.post), answers=answers,
    )  # fmt: skip
    return show(request, "courses/people.html", context, status=status)


def _with_doubts(
    request: Request, batch: Batch, candidates: list[Person], places: dict[int, str]
) -> list[tuple[Person, str, list[Phrase]]]:
    """Who was searched, where they serve, and what speaks against inviting them."""
    said = doubts_about(batch, [each.pk for each in candidates], on=request.today) if candidates else {}
    return [(each, places.get(each.region_no, ""), said.get(each.pk, [])) for each in candidates]


def _tell_doubts(request: Request, batch: Batch, found: Invited) -> None:
    """What speaks against those just invited, whatever it is; they stay invited."""
    doubts = doubts_about(batch, [row.person_id for row in found.done], on=request.today)
    doubtful = [row for row in found.done if row.person_id in doubts]
    for row in doubtful[:TOLD_MAX]:
        said = " ".join(phrase.heard() for phrase in doubts[row.person_id])
        messages.warning(request, _("%(name)s diundang. %(said)s") % {"name": row.person.name, "said": said})
    if len(doubtful) > TOLD_MAX:
        left = len(doubtful) - TOLD_MAX
        told = ngettext("%(n)s undangan lain juga perlu diperiksa.", "%(n)s undangan lain juga perlu diperiksa.", left)
        messages.warning(request, told % {"n": number(left)})


@require_POST
@may("course.manage", look="batch")
def invite(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    chosen = [int(each) for each in request.POST.getlist("person") if each.isdecimal() and len(each) < 19]
    if not chosen:
        raise Refused("Belum ada yang dipilih. Centang namanya, lalu undang.")
    found = inviting.invite(batch.pk, chosen, by=request.user, on=request.today)
    if found.done:
        told = ngettext("%(n)s orang diundang.", "%(n)s orang diundang.", len(found.done))
        messages.success(request, told % {"n": number(len(found.done))})
    _tell_doubts(request, batch, found)
    for refusal in list(found.refused.values())[:TOLD_MAX]:
        messages.error(request, refusal.phrase.heard())
    return see_other(request, "batch_people", batch.pk)


@deed_of("batch_people")
@may("course.manage", look="batch")
def invite_list(request: Request, batch_id: int) -> HttpResponse:
    """A file: every line gets its answer, on the page or in the same file."""
    batch = own_batch(request, batch_id)
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _listed(request, batch, status=422, list_form=form)
    file = form.cleaned_data["file"]
    try:
        answers = invite_from(batch.pk, file.read(), name=file.name, by=request.user, on=request.today)
    except HarapanError as refusal:
        form.add_error("file", refusal.phrase.heard())
        return _listed(request, batch, status=422, list_form=form)
    return answered_list(request, answers) or _listed(request, batch, answers=answers)


def answered_list(request: Request, answers: Answers) -> HttpResponse | None:
    """The answers as xlsx, where the reader asked for them in that form."""
    if request.POST.get("answer") != "xlsx":
        return None
    response = HttpResponse(answers.xlsx(), content_type=CONTENT_TYPES["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="jawaban.xlsx"'
    return response


@deed_of("batch_people")
@may("course.manage", look="batch")
def guest(request: Request, batch_id: int) -> HttpResponse:
    """Somebody of a sister programme, without an account: taken on as a person, and invited."""
    batch = own_batch(request, batch_id)
    form = GuestForm(request.POST, post=request.post)
    if form.is_valid():
        told = form.cleaned_data
        try:
            person = take_on(
                told["name"].upper(), region_no=told["region"].no, since=min(request.today, batch.begins),
                nik=told["nik"], kind=told["kind"], sex=told["sex"],
            )  # fmt: skip
            found = inviting.invite(batch.pk, [person.pk], by=request.user, on=request.today)
            for refusal in found.refused.values():
                raise refusal
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("%(name)s dicatat dan diundang.") % {"name": person.name})
            _tell_doubts(request, batch, found)
            return see_other(request, "batch_people", batch.pk)
    return _listed(request, batch, status=422, guest_form=form)


def enrolment_of(request: Request, batch: Batch, enrolment_id: int) -> Enrolment:
    rows = Enrolment.objects.filter(batch=batch).select_related("person", "training_class", "replaced", "quota__region")
    return get_object_or_404(rows, pk=enrolment_id)


@may("course.view", look="batch")
def one(request: Request, batch_id: int, enrolment_id: int) -> HttpResponse:
    batch = batch_of(request, batch_id)
    return _one(request, batch, enrolment_of(request, batch, enrolment_id))


def _one(request: Request, batch: Batch, row: Enrolment, *, status: int = 200, **forms: Any) -> HttpResponse:
    rubric = rubric_on(batch.begins)
    points = dict(PracticeScore.objects.filter(enrolment=row).values_list("criterion", "points"))
    typed = request.GET.get("cari", "")
    candidates = people_named(typed, batch, most=FOUND_MAX)
    places = Region.objects.path_names({row.region_no} | {each.region_no for each in candidates})
    marks = ClassAttendance.objects.filter(enrolment=row).select_related("session__topic", "said_by")
    context = framed(
        request, batch, "people",
        row=row, place=places.get(row.region_no, ""),
        row_tag=STATES[Enrolment.State(row.state)], standing=standings([row])[row.pk],
        marks=marks.order_by("session__day", "session__begins"),
        scores=row.scores.order_by("kind"),
        waits=row.state in answering.OPEN,
        replaceable=row.state in (*answering.OPEN, Enrolment.State.ABSENT),
        typed=typed, candidates=_with_doubts(request, batch, candidates, places),
        answer_form=AnswerForm(), rubric=rubric,
        notes_plan=row.person.user_id is None and row.state in ASKED and allows(request.post, "follow_up.check"),
        practice_form=PracticeForm(criteria=rubric.criteria, initial=points),
    )  # fmt: skip
    if context["manages"] and linking.waiting(batch, on=request.today).filter(pk=row.pk).exists():
        context["feedback_url"] = feedback_address(request, row)
    context |= forms
    return render(request, "courses/person.html", context, status=status)


@deed_of("enrolment")
@may("course.manage", look="batch")
def note(request: Request, batch_id: int, enrolment_id: int) -> HttpResponse:
    """The answer of somebody who telephoned."""
    batch = own_batch(request, batch_id)
    row = enrolment_of(request, batch, enrolment_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answering.note_answer(row.pk, by=request.user, on=request.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Jawaban dicatat."))
            return see_other(request, "enrolment", batch.pk, row.pk)
    return _one(request, batch, row, status=422, answer_form=form)


@require_POST
@may("course.manage", look="batch")
def replace(request: Request, batch_id: int, enrolment_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    row = enrolment_of(request, batch, enrolment_id)
    chosen = request.POST.get("person", "")
    if not chosen.isdecimal():
        raise Refused("Pilih dahulu siapa yang menggantikan.")
    taken = answering.substitute(row.pk, int(chosen), by=request.user, on=request.today)
    told = _("%(new)s menggantikan %(old)s.") % {"new": taken.person.name, "old": row.person.name}
    messages.success(request, told)
    return see_other(request, "enrolment", batch.pk, taken.pk)


@require_POST
@may("course.manage", look="batch")
def withdraw(request: Request, batch_id: int, enrolment_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    row = enrolment_of(request, batch, enrolment_id)
    inviting.withdraw(row.pk, why=request.POST.get("why", ""), by=request.user, on=request.today)
    messages.success(request, _("Undangan dibatalkan; kursinya kosong lagi."))
    return see_other(request, "batch_people", batch.pk)


@deed_of("enrolment")
@may("course.manage", look="batch")
def practice(request: Request, batch_id: int, enrolment_id: int) -> HttpResponseBase:
    batch = own_batch(request, batch_id)
    row = enrolment_of(request, batch, enrolment_id)
    form = PracticeForm(request.POST, criteria=rubric_on(batch.begins).criteria)
    if form.is_valid():
        try:
            percent = record_practice(row.pk, form.points(), by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Praktik mengajar dinilai %(percent)s%%.") % {"percent": int(percent)})
            return see_other(request, "enrolment", batch.pk, row.pk)
    return _one(request, batch, row, status=422, practice_form=form)
