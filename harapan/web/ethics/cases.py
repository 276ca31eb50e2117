"""The cases for those who handle them: the list, and one with what the reader may know and do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from harapan.accounts.models import User
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.files import storage
from harapan.regions.models import Region
from harapan.ui.pages import keyset, show
from harapan.ui.parts import Words, chain
from harapan.web.ethics.forms import CaseFilters, KeeperForm, TextForm
from harapan.web.ethics.frame import tabs
from harapan.web.ethics.steps import next_of
from harapan.workforce.ethics import joining, keeping, law
from harapan.workforce.ethics.catalogue import level_words, measure_words, offence_words
from harapan.workforce.ethics.queries import cases_in, late_cases, open_cases
from harapan.workforce.ethics.recusal import standing_aside
from harapan.workforce.models import (
    EthicsCase,
    EthicsDecision,
    EthicsDeed,
    EthicsEvidence,
    EthicsMessage,
    EthicsReport,
    EthicsStatement,
    Step,
)

WAY = (Step.RECEIVED, Step.VERIFIED, Step.EXAMINED, Step.SUMMONED, Step.HEARD, Step.DECIDED, Step.FINAL)
REPLY = "balas"  # the form under a report; the others are deeds of `steps`
SHOWN_AS = {Step.APPEALED: Step.DECIDED}


@may("ethics.handle", look="ethics_case_list")
def listing(request: Request) -> HttpResponse:
    filters = CaseFilters.read(request)
    chosen = filters.chosen()
    rows = cases_in(request.post) if chosen.get("step") else open_cases(request.post)
    if chosen.get("step"):
        rows = rows.filter(step=chosen["step"])
    if chosen.get("late"):
        rows = rows.filter(due_on__lt=request.today).exclude(step=Step.DECIDED)
    page = keyset(request, rows, order=("-id",), size=30)
    places = Region.objects.path_names(row.region_no for row in page)
    context = {
        "filters": filters, "page": page, "today": request.today,
        "rows": [(row, places.get(row.region_no, ""), offence_words(row.offence), _late(row, request)) for row in page],
        "open": open_cases(request.post).count(), "late": late_cases(request.post, on=request.today).count(),
        "recorded": True, **tabs(request, "cases"),
    }  # fmt: skip
    return show(request, "ethics/cases.html", context, piece="ethics/_cases.html")


def _late(case: EthicsCase, request: Request) -> bool:
    return case.due_on is not None and case.due_on < request.today and case.step != Step.DECIDED


@dataclass(frozen=True, slots=True)
class Told:
    """A report as the handler sees it: who keeps the reporter's name, never the name."""

    row: EthicsReport
    mine: bool
    form: forms.Form | None


@may("ethics.handle", look="ethics_case")
def one(request: Request, case_id: int) -> HttpResponse:
    return shown(request, case_id)


def shown(
    request: Request, case_id: int, *, filled: dict[str, forms.Form] | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The case's page; `filled`: forms that were refused, by the name of their deed."""
    case = get_object_or_404(cases_in(request.post).select_related("person"), pk=case_id)
    aside = request.user.pk in standing_aside(case, law.handling_recused(request.today), on=request.today)
    mine = case.handler_id == request.user.pk
    reads = mine or request.post.role.reach is Reach.NATION
    given = filled or {}
    steps = next_of(request, case, given)
    passed = given.keys() - {each.name for each in steps} - {REPLY}  # somebody else took the step meanwhile
    context = {
        "case": case, "offence": offence_words(case.offence), "aside": aside, "reads": reads, "mine": mine,
        "place": Region.objects.path_names([case.region_no]).get(case.region_no, ""), "late": _late(case, request),
        "way": chain([(step, step.label) for step in WAY], SHOWN_AS.get(Step(case.step), Step(case.step))),
        "decisions": [in_words(row) for row in _decisions(case)],
        "statements": EthicsStatement.objects.filter(case=case).order_by("pk"),
        "others": list(joining.others_about(case, post=request.post)),
        "may_take": Step(case.step).open and case.handler_id is None and not aside, "steps": steps, "recorded": True,
        "passed": next((given[name] for name in passed), None),
        **(_in_confidence(request, case, given) if reads else {}), **more, **tabs(request, "cases"),
    }  # fmt: skip
    return render(request, "ethics/case.html", context, status=status)


@may("ethics.handle", look="ethics_case")
def file(request: Request, case_id: int, evidence_id: int) -> HttpResponseBase:
    """A file of the case. Handing it over is written before the first byte; the database gives it to the handler and
    the nation alone, and to neither in a case about themselves."""
    case = get_object_or_404(cases_in(request.post), pk=case_id)
    if case.handler_id != request.user.pk and request.post.role.reach is not Reach.NATION:
        raise Http404
    rows = EthicsEvidence.objects.filter(case=case, file__isnull=False).select_related("file")
    found = get_object_or_404(rows, pk=evidence_id)
    return storage.download(found.file, scope=request.scope)  # type: ignore[arg-type]  # it has one: see above


def in_words(row: EthicsDecision) -> tuple[EthicsDecision, Words, list[Words]]:
    """A verdict with its level and its measures."""
    return row, level_words(row.level), [measure_words(code) for code in row.measures]


def _decisions(case: EthicsCase) -> list[EthicsDecision]:
    rows = EthicsDecision.objects.filter(case=case).select_related("decided_by", "executor")
    return list(rows.order_by("pk"))


def _in_confidence(request: Request, case: EthicsCase, filled: dict[str, forms.Form]) -> dict[str, Any]:
    """Reports, messages, evidence and deeds. Four queries; the database gives them to the handler and the nation."""
    reports = list(EthicsReport.objects.filter(case=case).select_related("keeper").order_by("pk"))
    possible = keeping.keepers(request.today)
    people = User.objects.filter(pk__in=possible).exclude(pk=case.accused_id or 0).order_by("name", "pk")
    keeps = allows(request.post, "ethics.keep")
    return {
        "reports": [
            Told(row, mine := row.keeper_id == request.user.pk, KeeperForm(people=people)
                 if keeps and not row.anonymous and (mine or row.keeper_id not in possible) else None)
            for row in reports
        ],
        "messages_told": EthicsMessage.objects.filter(case=case).select_related("report").order_by("pk"),
        "evidence": EthicsEvidence.objects.filter(case=case).select_related("file").order_by("pk"),
        "deeds": EthicsDeed.objects.filter(case=case).select_related("done_by").order_by("pk"),
        "reply_form": filled.get(REPLY) or TextForm(label=""),
    }  # fmt: skip
