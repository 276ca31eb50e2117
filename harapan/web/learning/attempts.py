"""A quiz: what it asks, one question a page, a last look, the result. No page needs a script."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.training.learning import attempting, rules, wording
from harapan.training.learning.errors import AlreadyHandedIn, TimeIsUp
from harapan.training.learning.queries import Standing, enrolments_of, progress_of
from harapan.training.models import Attempt, Enrolment
from harapan.ui.pages import see_other
from harapan.web.learning import answering
from harapan.web.learning.mine import enrolment_of, is_open


def _attempt(request: Request, attempt_id: int) -> Attempt:
    """One of the reader's own."""
    mine = enrolments_of(request.user)
    found = Attempt.objects.select_related("quiz", "enrolment__batch__course")
    return get_object_or_404(found, pk=attempt_id, enrolment__in=mine.values("pk"))


def _standing(enrolment: Enrolment, attempt: Attempt) -> Standing | None:
    known = progress_of([enrolment]).get(enrolment.pk)
    return next((each for each in known.standings if each.quiz.key == attempt.quiz_key), None) if known else None


@may("learning.view")
def intro(request: Request, enrolment_id: int, quiz_id: int) -> HttpResponse:
    """POST begins, or goes on where it was."""
    enrolment, progress = enrolment_of(request, enrolment_id)
    quiz = get_object_or_404(progress.taught.edition.quizzes.select_related("edition"), pk=quiz_id)
    if request.method == "POST":
        attempt = attempting.begin(enrolment, quiz, on=request.today, now=timezone.now())
        return see_other(request, "learning_attempt", attempt.pk, _first_open(attempt))
    tries = Attempt.objects.filter(enrolment=enrolment, quiz_key=quiz.key).order_by("-number")
    standing = next(each for each in progress.standings if each.quiz.pk == quiz.pk)
    context = {
        "enrolment": enrolment,
        "course": enrolment.batch.course,
        "quiz": quiz,
        "standing": standing,
        "tries": [(each, rules.in_percent(each.score) if each.score is not None else "") for each in tries],
        "open": is_open(enrolment, request),
    }
    return render(request, "learning/quiz.html", context)


def _first_open(attempt: Attempt) -> int:
    """Where to go on: the first question without answer, else the first."""
    places = attempt.answers.filter(given__isnull=True).order_by("place").values_list("place", flat=True)
    return places.first() or 1


@may("learning.view")
def question(request: Request, attempt_id: int, place: int) -> HttpResponse:
    """POST saves and goes where the pressed button says; what is typed is never lost by going elsewhere."""
    attempt = _attempt(request, attempt_id)
    if attempt.ended_at is not None:
        return redirect("learning_result", attempt.pk)
    if attempting.is_up(attempt, on=request.today, now=timezone.now()):
        return _time_is_up(request, attempt)
    asked = attempting.asked_in(attempt)
    if not 1 <= place <= len(asked):
        return redirect("learning_review", attempt.pk)
    refusal = ""
    if request.method == "POST":
        try:
            said = answering.given(asked[place - 1], request.POST)
            attempting.save(attempt.pk, place, said, on=request.today, now=timezone.now())
        except TimeIsUp:
            return _time_is_up(request, attempt)
        except AlreadyHandedIn:
            return see_other(request, "learning_result", attempt.pk)
        except Refused as refused:
            refusal = refused.phrase.heard()
        else:
            to = request.POST.get("to", "")
            if to.isdecimal() and 1 <= int(to) <= len(asked):
                return see_other(request, "learning_attempt", attempt.pk, int(to))
            return see_other(request, "learning_review", attempt.pk)
    context = {
        "attempt": attempt,
        "asked": asked[place - 1],
        "shown": answering.shown(asked[place - 1]),
        "typed": request.POST.get("a", "") if refusal else "",
        "place": place,
        "total": len(asked),
        "numbers": [(each.answer.place, rules.is_given(each.answer.given)) for each in asked],
        "refusal": refusal,
        "minutes_left": _minutes_left(attempt),
    }
    return render(request, "learning/question.html", context, status=422 if refusal else 200)


def _minutes_left(attempt: Attempt) -> int | None:
    if attempt.due_at is None:
        return None
    return max(int((attempt.due_at - timezone.now()).total_seconds()) // 60, 0)


def _time_is_up(request: Request, attempt: Attempt) -> HttpResponse:
    """Reading writes nothing: then the last look says so and offers the way to the result."""
    if request.method != "POST":
        return redirect("learning_review", attempt.pk)
    attempting.hand_in(attempt.pk, on=request.today, now=timezone.now())
    messages.warning(request, _("Waktu kuis sudah habis. Yang dinilai ialah jawaban yang tersimpan sebelumnya."))
    return see_other(request, "learning_result", attempt.pk)


@may("learning.view")
def review(request: Request, attempt_id: int) -> HttpResponse:
    """A last look before handing in; POST hands in."""
    attempt = _attempt(request, attempt_id)
    if attempt.ended_at is not None:
        return redirect("learning_result", attempt.pk)
    if request.method == "POST":
        attempting.hand_in(attempt.pk, on=request.today, now=timezone.now())
        return see_other(request, "learning_result", attempt.pk)
    asked = attempting.asked_in(attempt)
    rows = [(each, wording.given_words(each.item, each.answer.given)) for each in asked]
    context = {
        "attempt": attempt,
        "rows": rows,
        "missing": sum(not words for _each, words in rows),
        "up": attempting.is_up(attempt, on=request.today, now=timezone.now()),
        "minutes_left": _minutes_left(attempt),
    }
    return render(request, "learning/review.html", context)


@may("learning.view")
def result(request: Request, attempt_id: int) -> HttpResponse:
    """What would have been right is told once it can no longer be used: passed, or no attempt left."""
    attempt = _attempt(request, attempt_id)
    if attempt.ended_at is None or attempt.score is None:
        return redirect("learning_review", attempt.pk)
    enrolment = attempt.enrolment
    standing = _standing(enrolment, attempt)
    told = standing is None or standing.passed or standing.left == 0
    rows = [
        (
            each,
            (each.answer.credit or 0) / 100,
            wording.given_words(each.item, each.answer.given),
            wording.right_words(each.item) if told else [],
            wording.comments(each.item, each.answer.given),
        )
        for each in attempting.asked_in(attempt)
    ]
    context = {
        "attempt": attempt,
        "enrolment": enrolment,
        "course": enrolment.batch.course,
        "rows": rows,
        "score": rules.in_percent(attempt.score),
        "standing": standing,
        "again": standing is not None and not standing.passed and standing.left != 0 and is_open(enrolment, request),
        "whole": enrolment.state == Enrolment.State.PASSED,
    }
    return render(request, "learning/result.html", context)
