"""The rounds, and one of them: its places, its rules, and the steps it goes through."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Forbidden, HarapanError, Refused
from harapan.regions.models import Region
from harapan.ui import words
from harapan.ui.pages import deed_of, keyset, see_other
from harapan.ui.parts import Step
from harapan.web.recruitment.deeds import next_of, refused, running
from harapan.web.recruitment.forms import FormationForm, RoundForm, StagesForm
from harapan.workforce.models import Ranking, RecruitmentRound
from harapan.workforce.recruitment import rounds
from harapan.workforce.recruitment.queries import applicants_of, figures, rounds_seen
from harapan.workforce.recruitment.waiting import unscored

PAGE_SIZE = 40
State = RecruitmentRound.State


@may("recruitment.view")
def listed(request: Request) -> HttpResponse:
    page = keyset(request, rounds_seen(), order=("-opens_on", "-id"), size=PAGE_SIZE)
    context = {"page": page, "may_manage": allows(request.post, "recruitment.manage")}
    return render(request, "recruitment/rounds.html", context)


@may("recruitment.manage")
def new(request: Request) -> HttpResponse:
    form = RoundForm(request.POST or None, post=request.post)
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.plan_round(**form.cleaned_data, by=request.user, post=request.post)
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Putaran direncanakan. Isi formasinya, lalu periksa bobot dan batas lulus."))
            return see_other(request, "round", made.pk)
    return render(request, "recruitment/new.html", {"form": form}, status=422 if form.errors else 200)


def round_of(round_id: int) -> RecruitmentRound:
    return get_object_or_404(rounds_seen(), pk=round_id)


@may("recruitment.view", look="round")
def one(request: Request, round_id: int) -> HttpResponse:
    return _shown(request, round_of(round_id))


def _shown(request: Request, found: RecruitmentRound, *, status: int = 200, **forms: Any) -> HttpResponse:
    told = rounds.rules_of(found)
    manages = allows(request.post, "recruitment.manage") and found.run_by(request.post)
    formations = found.formations.select_related("region")
    page = keyset(request, formations, order=("region_id", "position", "id"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_id for each in page)
    sent = applicants_of(page.rows)
    latest = found.rankings.select_related("made_by").order_by("-version").first()
    run = running(request, found) if manages else None
    context: dict[str, Any] = {
        "round": found, "rules": told, "figures": figures(found, request.post), "steps": _steps(found, latest),
        "page": page, "rows": [(each, names.get(each.region_id, ""), sent.get(each.pk, 0)) for each in page],
        "ranking": latest, "may_manage": manages, "deeds": next_of(found) if manages and not run else [],
        "run": run, "refusal": refused(request) if manages else "",
        "stages": StagesForm(rules=told), "formation": FormationForm(post=request.post),
        "unscored": unscored(found).count() if manages and _interviewing(found, latest) else 0,
    }  # fmt: skip
    return render(request, "recruitment/round.html", context | forms, status=status)


def _interviewing(found: RecruitmentRound, latest: Ranking | None) -> bool:
    called = latest is not None and latest.kind == Ranking.Kind.SHORTLIST and latest.published_on is not None
    return called and found.state == State.CLOSED


def _steps(found: RecruitmentRound, latest: Ranking | None) -> list[Step]:
    states = list(State)
    now = states.index(State(found.state))
    published = latest.published_on if latest and latest.kind == Ranking.Kind.RESULT else None
    notes = {State.OPEN: found.opens_on, State.CLOSED: found.closes_on, State.PUBLISHED: published}
    return [
        Step(
            each.label,
            "done" if at < now else "now" if at == now else "",
            words.day(notes[each]) if notes.get(each) else "",
        )
        for at, each in enumerate(states)
    ]


@deed_of("round")
@may("recruitment.manage")
def rules(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    form = StagesForm(request.POST, rules=rounds.rules_of(found))
    if form.is_valid():
        try:
            rounds.set_stages(
                found.pk, form.stages(), interview_per_place=form.cleaned_data.get("interview_per_place"),
                by=request.user, post=request.post,
            )  # fmt: skip
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Bobot dan batas lulus disimpan."))
            return see_other(request, "round", found.pk)
    return _shown(request, found, status=422, stages=form)


@deed_of("round")
@may("recruitment.manage")
def formation(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    form = FormationForm(request.POST, post=request.post)
    if form.is_valid():
        told = form.cleaned_data
        try:
            rounds.set_formations(found.pk, {(told["region"].no, told["position"]): told["quota"]}, post=request.post)
        except HarapanError as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Formasi disimpan."))
            return see_other(request, "round", found.pk)
    return _shown(request, found, status=422, formation=form)
