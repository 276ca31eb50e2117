"""Interviews as the interviewers see them: participant numbers, never names, and no other's mark before the own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.web.recruitment.forms import MarkForm
from harapan.workforce.models import InterviewMark, RecruitmentRound, SelectionStage
from harapan.workforce.recruitment import marking
from harapan.workforce.recruitment.queries import rounds_seen
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.recruitment.scoring import points, still_in

PAGE_SIZE = 40


@may("recruitment.mark")
def rounds(request: Request) -> HttpResponse:
    """The rounds that are being scored."""
    found = list(rounds_seen().filter(state=RecruitmentRound.State.CLOSED).order_by("-closes_on")[:20])
    return render(request, "recruitment/interviews.html", {"rounds": found})


def _scored(round_id: int) -> RecruitmentRound:
    return get_object_or_404(rounds_seen().filter(state=RecruitmentRound.State.CLOSED), pk=round_id)


@may("recruitment.mark")
def participants(request: Request, round_id: int) -> HttpResponse:
    found = _scored(round_id)
    asked = still_in(found.pk, SelectionStage.INTERVIEW, rules_of(found)).visible_to(request.post)
    page = keyset(request, asked.select_related("round", "formation"), order=("participant_no", "id"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_no for each in page)
    marked = marking.marked_of(page.rows, by=request.user)
    rows = [(each, said, names.get(each.region_no, "")) for each, said in zip(page.rows, marked, strict=True)]
    context = {
        "round": found,
        "page": page,
        "rows": rows,
        "waiting": sum(said.mine is None and not said.closed for said in marked),
    }
    return render(request, "recruitment/participants.html", context)


@may("recruitment.mark", look="participant")
def mark(request: Request, round_id: int, participant_no: int) -> HttpResponse:
    found = _scored(round_id)
    asked = still_in(found.pk, SelectionStage.INTERVIEW, rules_of(found)).visible_to(request.post)
    one = get_object_or_404(asked.select_related("round", "formation__region"), participant_no=participant_no)
    kept = InterviewMark.objects.filter(application=one, marker=request.user).first()
    initial = {"score": points(kept.score), "note": kept.note} if kept else {}
    form = MarkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            marking.mark(one.pk, **form.cleaned_data, by=request.user, post=request.post)
        except Refused as refusal:
            form.add_error("score", refusal.phrase.heard())
        else:
            messages.success(request, _("Nilai peserta %(no)s disimpan.") % {"no": participant_no})
            return see_other(request, "interview_list", found.pk)
    (said,) = marking.marked_of([one], by=request.user)
    context = {
        "round": found, "participant_no": participant_no, "form": form, "said": said, "formation": one.formation,
        "place": one.formation.region.path_name(), "rule": rules_of(found).stage(SelectionStage.INTERVIEW),
    }  # fmt: skip
    return render(request, "recruitment/mark.html", context, status=422 if form.errors else 200)
