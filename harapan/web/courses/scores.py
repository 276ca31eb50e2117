"""Points and results of a batch, typed or from a file; those of one class for its trainer."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused, Unreadable
from harapan.exchange.training_scores.codec import read_points
from harapan.training.catalogue import rubric_on
from harapan.training.concluding import standings
from harapan.training.law import law_on, pass_law_on
from harapan.training.lists import scores_from
from harapan.training.models import Batch, ClassSession, Enrolment, PracticeScore, TestScore
from harapan.training.queries import manages, participants_of
from harapan.training.rules import missing, plain
from harapan.training.scoring import record_practice, record_scores
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.courses.forms import PracticeForm, ScoresListForm
from harapan.web.courses.frame import batch_of, framed, own_batch, session_in_hand
from harapan.web.courses.people import STATES, answered_list

TOLD_MAX = 10


@may("course.view", look="batch")
def scores(request: Request, batch_id: int) -> HttpResponse:
    return _shown(request, batch_of(request, batch_id))


@may("course.view", look="batch")
def of_class(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    """The points of a session's class, as its trainer sees and types them."""
    with session_in_hand(request, batch_id, session_id, strictly=True) as (batch, held):
        if request.method == "POST":
            return _typed(request, batch, held)
        return _shown(request, batch, held=held)


@may("course.view", look="batch")
def practice(request: Request, batch_id: int, session_id: int, enrolment_id: int) -> HttpResponse:
    """One participant's practice teaching, as the trainer of that session judges it."""
    with session_in_hand(request, batch_id, session_id, strictly=True) as (batch, held):
        rows = Enrolment.objects.coming().filter(training_class=held.training_class_id).select_related("person")
        row, rubric = get_object_or_404(rows, pk=enrolment_id), rubric_on(batch.begins)
        points = dict(PracticeScore.objects.filter(enrolment=row).values_list("criterion", "points"))
        form = PracticeForm(request.POST or None, criteria=rubric.criteria, initial=points)
        if request.method == "POST" and form.is_valid():
            try:
                percent = record_practice(row.pk, form.points(), by=request.user, on=request.today, session=held)
            except Refused as refusal:
                form.add_error(None, refusal.phrase.heard())
            else:
                told = _("Praktik mengajar %(name)s dinilai %(percent)s%%.")
                messages.success(request, told % {"name": row.person.name, "percent": int(percent)})
                return see_other(request, "class_session_scores", batch.pk, held.pk)
        context = framed(request, batch, "scores", session=held, row=row, rubric=rubric, form=form)
        return render(request, "courses/practice.html", context, status=422 if form.errors else 200)


def _shown(
    request: Request, batch: Batch, *, status: int = 200, typed: dict[str, str] | None = None,
    held: ClassSession | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """Everybody's points; with `held` those of its class, to be typed by its trainer."""
    asked = participants_of(batch).exclude(state__in=(Enrolment.State.DECLINED, Enrolment.State.SUBSTITUTED))
    if held is not None:
        asked = asked.filter(training_class=held.training_class_id).order_by("person__name", "pk")
    rows = list(asked)
    first = batch.begins if held is None else held.day
    reached, law = standings(rows), pass_law_on(batch.ends)
    points: dict[int, dict[str, Decimal]] = {}
    for enrolment, kind, given in TestScore.objects.filter(enrolment__in=rows).values_list(
        "enrolment", "kind", "points"
    ):
        points.setdefault(enrolment, {})[kind] = given
    course, said = batch.course, typed or {}
    lines = [
        {
            "row": row,
            "tag": STATES[Enrolment.State(row.state)],
            "standing": reached[row.pk],
            "lacking": missing(reached[row.pk], law, tested=course.tested, practised=course.practised),
            **{
                kind: said.get(f"{kind}-{row.pk}", plain(given[kind]) if kind in given else "")
                for kind in TestScore.Kind.values
            },
        }
        for row in rows
        for given in [points.get(row.pk, {})]
    ]
    context = framed(
        request, batch, "scores",
        lines=lines, law=law, most=law_on("score_max", batch.begins),
        passed=sum(row.state == Enrolment.State.PASSED for row in rows),
        ready=sum(not line["lacking"] for line in lines), over=batch.ends <= request.today,
        ended=batch.state == Batch.State.ENDED, list_form=ScoresListForm(), answers=None, session=held,
        may_type=(held is not None or manages(request.post, batch))
        and batch.is_open and (first <= request.today or bool(said)),
        first=first,
    )  # fmt: skip
    return render(request, "courses/scores.html", context | more, status=status)


@dataclass
class Typed:
    """What came of the fields of the page: how many were kept, why others were not, and what these were typed as."""

    saved: int = 0
    refused: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def refuse(self, name: str, value: str, why: str) -> None:
        self.kept[name] = value
        self.refused.append(why)


@require_POST
@may("course.manage", look="batch")
def typed(request: Request, batch_id: int) -> HttpResponse:
    """Every field of the page at once; what is refused stays as it was typed."""
    return _typed(request, own_batch(request, batch_id))


def _typed(request: Request, batch: Batch, held: ClassSession | None = None) -> HttpResponse:
    found = Typed()
    for kind in TestScore.Kind:
        _take(request, batch, kind, found, held)
    if found.saved:
        words = ngettext("%(n)s nilai disimpan.", "%(n)s nilai disimpan.", found.saved)
        messages.success(request, words % {"n": number(found.saved)})
    for each in list(dict.fromkeys(found.refused))[:TOLD_MAX]:
        messages.error(request, each)
    if found.refused:
        return _shown(request, batch, status=422, typed=found.kept, held=held)
    if not found.saved:
        messages.info(request, _("Tidak ada nilai yang berubah."))
    if held is not None:
        return see_other(request, "class_session_scores", batch.pk, held.pk)
    return see_other(request, "batch_scores", batch.pk)


def _take(request: Request, batch: Batch, kind: TestScore.Kind, found: Typed, held: ClassSession | None) -> None:
    told: dict[int, Decimal] = {}
    for name, value in request.POST.items():
        head, _dash, pk = name.partition("-")
        if head != kind.value or not pk.isdecimal() or len(pk) > 18:
            continue
        try:
            given = read_points(str(value))
        except Unreadable as problem:
            found.refuse(name, str(value), problem.phrase.heard())
        else:
            told |= {} if given is None else {int(pk): given}
    if not told:
        return
    try:
        written = record_scores(batch.pk, kind, told, by=request.user, on=request.today, session=held)
    except Refused as refusal:
        for number, points in told.items():
            found.refuse(f"{kind.value}-{number}", plain(points), refusal.phrase.heard())
        return
    found.saved += written.saved
    names = dict(Enrolment.objects.filter(pk__in=written.refused).values_list("pk", "person__name"))
    for number, why in written.refused.items():
        heard = f"{names[number]}: {why.phrase.heard()}" if number in names else why.phrase.heard()
        found.refuse(f"{kind.value}-{number}", plain(told[number]), heard)


@require_POST
@may("course.manage", look="batch")
def from_list(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = ScoresListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, batch, status=422, list_form=form)
    file, kind = form.cleaned_data["file"], TestScore.Kind(form.cleaned_data["kind"])
    try:
        answers = scores_from(batch.pk, kind, file.read(), name=file.name, by=request.user, on=request.today)
    except HarapanError as refusal:
        form.add_error("file", refusal.phrase.heard())
        return _shown(request, batch, status=422, list_form=form)
    return answered_list(request, answers) or _shown(request, batch, answers=answers)
