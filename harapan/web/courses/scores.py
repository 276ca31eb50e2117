"""Points and results of a batch, typed or from a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused, Unreadable
from harapan.exchange.training_scores.codec import read_points
from harapan.training.concluding import standings
from harapan.training.law import law_on, pass_law_on
from harapan.training.lists import scores_from
from harapan.training.models import Batch, Enrolment, TestScore
from harapan.training.queries import participants_of, tallies
from harapan.training.rules import missing, plain
from harapan.training.scoring import record_scores
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.courses.forms import ScoresListForm
from harapan.web.courses.frame import batch_of, framed, own_batch
from harapan.web.courses.people import STATES, answered_list

TOLD_MAX = 10


@may("course.view", look="batch")
def scores(request: Request, batch_id: int) -> HttpResponse:
    return _shown(request, batch_of(request, batch_id))


def _shown(request: Request, batch: Batch, *, status: int = 200, typed: dict[str, str] | None = None, **more: Any) -> HttpResponse:  # fmt: skip
    rows = list(participants_of(batch).exclude(state__in=(Enrolment.State.DECLINED, Enrolment.State.SUBSTITUTED)))
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
        lines=lines, law=law, most=law_on("score_max", batch.begins), tally=tallies([batch])[batch.pk],
        ready=sum(not line["lacking"] for line in lines), over=batch.ends <= request.today,
        ended=batch.state == Batch.State.ENDED, list_form=ScoresListForm(), answers=None,
    )  # fmt: skip
    return render(request, "courses/scores.html", context | more, status=status)


@require_POST
@may("course.manage", look="batch")
def typed(request: Request, batch_id: int) -> HttpResponse:
    """Every field of the page at once; what is refused stays as it was typed."""
    batch = own_batch(request, batch_id)
    refused: list[str] = []
    kept: dict[str, str] = {}
    saved = 0
    for kind in TestScore.Kind:
        told: dict[int, Decimal] = {}
        for name, value in request.POST.items():
            head, _dash, pk = name.partition("-")
            if head != kind.value or not pk.isdigit() or len(pk) > 18:
                continue
            try:
                given = read_points(str(value))
            except Unreadable as problem:
                refused.append(problem.phrase.heard())
                kept[name] = str(value)
                continue
            if given is not None:
                told[int(pk)] = given
        try:
            found = record_scores(batch.pk, kind, told, by=request.user, on=request.today) if told else None
        except Refused as refusal:
            refused.append(refusal.phrase.heard())
            kept |= {f"{kind.value}-{pk}": plain(points) for pk, points in told.items()}
            continue
        if found:
            saved += found.saved
            refused += [each.phrase.heard() for each in found.refused.values()]
            kept |= {f"{kind.value}-{pk}": plain(told[pk]) for pk in found.refused}
    if saved:
        words = ngettext("%(n)s nilai disimpan.", "%(n)s nilai disimpan.", saved) % {"n": number(saved)}
        messages.success(request, words)
    for each in dict.fromkeys(refused[:TOLD_MAX]):
        messages.error(request, each)
    if refused:
        return _shown(request, batch, status=422, typed=kept)
    if not saved:
        messages.info(request, _("Tidak ada nilai yang berubah."))
    return see_other(request, "batch_scores", batch.pk)


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
