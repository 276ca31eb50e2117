"""Problems of the field: searched, raised, answered, published."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.training.following.problems import answer, problems_for, raise_problem, searched
from harapan.training.models import Batch
from harapan.ui.pages import keyset, see_other, show
from harapan.web.learned.forms import AnswerForm, ProblemForm, WordsFilter
from harapan.web.learned.own import myself

PAGE_SIZE = 20


@may("learned.view")
def listed(request: Request) -> HttpResponse:
    filters = WordsFilter.read(request)
    answers = allows(request.post, "problem.answer")
    rows = problems_for(request.user, answers=answers)
    waiting = rows.filter(published_on__isnull=True).count()
    if words := filters.chosen().get("q"):
        rows = searched(rows, words)
    page = keyset(request, rows, order=("-raised_on", "-id"), size=PAGE_SIZE)
    context = {"filters": filters, "page": page, "may_answer": answers, "waiting": waiting}
    return show(request, "learned/problems.html", context, piece="learned/_problems.html")


@may("learned.view")
def add(request: Request) -> HttpResponse:
    me = myself(request)
    batches = Batch.objects.filter(enrolments__person=me).select_related("course").order_by("-begins")
    form = ProblemForm(request.POST or None, batches=batches if me else Batch.objects.none())
    if request.method == "POST" and form.is_valid():
        made = raise_problem(**form.cleaned_data, by=request.user, on=request.today)
        messages.success(request, _("Masalah tercatat. Jawabannya muncul di sini begitu disepakati."))
        return see_other(request, "problem", made.pk)
    return render(request, "learned/problem_form.html", {"form": form}, status=422 if form.errors else 200)


@may("learned.view")
def one(request: Request, problem_id: int) -> HttpResponse:
    """One problem; whoever answers writes here."""
    answers = allows(request.post, "problem.answer")
    problem = get_object_or_404(problems_for(request.user, answers=answers), pk=problem_id)
    initial = {
        "answer": problem.answer, "owner": problem.owner, "agreed_on": problem.agreed_on or request.today,
        "publish": problem.published_on is not None,
    }  # fmt: skip
    form = AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST":
        demand(request.post, "problem.answer")
        if form.is_valid():
            said = form.cleaned_data
            answer(
                problem, said["answer"], owner=said["owner"], agreed_on=said["agreed_on"], publish=said["publish"],
                by=request.user, on=request.today,
            )  # fmt: skip
            messages.success(request, _("Jawaban tersimpan."))
            return see_other(request, "problem", problem.pk)
    context = {"problem": problem, "form": form, "may_answer": answers}
    return render(request, "learned/problem.html", context, status=422 if form.errors else 200)
