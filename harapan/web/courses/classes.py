"""The classes of a batch, its trainers and its timetable."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.training import timetable
from harapan.training.dividing import divide
from harapan.training.law import law_on
from harapan.training.models import Batch, ClassAttendance, Enrolment, TrainingClass
from harapan.training.queries import marked_counts, sessions_of
from harapan.training.rules import Division, class_count
from harapan.ui.pages import deed_of, see_other
from harapan.ui.words import number
from harapan.web.courses.forms import DivideForm, ProposeForm, SessionForm, TrainerForm
from harapan.web.courses.frame import batch_of, framed, own_batch


@may("course.view", look="batch")
def classes(request: Request, batch_id: int) -> HttpResponse:
    return _shown(request, batch_of(request, batch_id))


def _shown(request: Request, batch: Batch, *, status: int = 200, **forms: Any) -> HttpResponse:
    rows = list(TrainingClass.objects.filter(batch=batch).order_by("number"))
    coming = Enrolment.objects.coming().filter(batch=batch)
    members: Counter[int | None] = Counter(coming.values_list("training_class", flat=True))
    asked = request.GET.get("kelas", "")
    chosen = next((each for each in rows if str(each.number) == asked), rows[0] if rows else None)
    sessions = list(sessions_of(batch).filter(training_class=chosen)) if chosen else []
    marked = marked_counts(sessions)
    size = law_on("class_size_max", batch.begins)
    people = sum(members.values())
    context = framed(
        request, batch, "classes",
        classes=[(each, members[each.pk]) for each in rows], chosen=chosen, people=people, size=size,
        needed=class_count(people, size), unplaced=members[None] if rows else 0,
        days=[(day, list(held)) for day, held in groupby(
            ((each, marked.get(each.pk, 0)) for each in sessions), key=lambda pair: pair[0].day
        )],
        hours=sum(each.hours for each in sessions),
        begun=ClassAttendance.objects.filter(batch=batch).exists(),
        divide_form=DivideForm(initial={"rooms": "\n".join(each.room for each in rows)}),
        trainer_form=TrainerForm(prefix="t"), propose_form=ProposeForm(prefix="p"),
        session_form=SessionForm(batch=batch, prefix="s", initial={"day": batch.begins, "training_class": chosen}),
    )  # fmt: skip
    context |= forms
    return render(request, "courses/classes.html", context, status=status)


@deed_of("batch_classes")
@may("course.manage", look="batch")
def divided(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = DivideForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = divide(
                batch.pk, how=Division(told["how"]), rooms=told["rooms"].splitlines(), by=request.user,
                on=request.today,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            said = ngettext("Peserta dibagi menjadi %(n)s kelas.", "Peserta dibagi menjadi %(n)s kelas.", len(made))
            messages.success(request, said % {"n": number(len(made))})
            return see_other(request, "batch_classes", batch.pk)
    return _shown(request, batch, status=422, divide_form=form)


@deed_of("batch_classes")
@may("course.manage", look="batch")
def trainer(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = TrainerForm(request.POST, prefix="t")
    if form.is_valid():
        try:
            made = timetable.add_trainer(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("%(name)s dapat dipilih sebagai pelatih.") % {"name": made.name})
            return see_other(request, "batch_classes", batch.pk)
    return _shown(request, batch, status=422, trainer_form=form)


@deed_of("batch_classes")
@may("course.manage", look="batch")
def proposed(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = ProposeForm(request.POST, prefix="p")
    if form.is_valid():
        chosen = [each.pk for each in form.cleaned_data["trainers"]]
        try:
            made = timetable.propose(batch.pk, chosen, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            said = ngettext("%(n)s sesi dijadwalkan.", "%(n)s sesi dijadwalkan.", len(made))
            messages.success(request, said % {"n": number(len(made))})
            return see_other(request, "batch_classes", batch.pk)
    return _shown(request, batch, status=422, propose_form=form)


@deed_of("batch_classes")
@may("course.manage", look="batch")
def put_down(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = SessionForm(request.POST, batch=batch, prefix="s")
    if form.is_valid():
        told = form.cleaned_data
        facts = timetable.SessionFacts(
            told["training_class"].pk, told["topic"].pk, told["trainer"].pk if told["trainer"] else None, told["day"],
            told["begins"], told["hours"], told["room"],
        )  # fmt: skip
        try:
            timetable.put_down(batch.pk, facts, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Sesi masuk jadwal."))
            return see_other(request, "batch_classes", batch.pk)
    return _shown(request, batch, status=422, session_form=form)
