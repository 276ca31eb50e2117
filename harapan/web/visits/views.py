"""Home visits: recorded for a candidate or member, looked at, photographed; what they propose is decided."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.errors import HarapanError, Refused
from harapan.fieldwork.correcting import correct_visit, correction_days
from harapan.fieldwork.decreeing import decide_end, may_decide
from harapan.fieldwork.models import EndProposal, FoundComponent, HomeVisit, VisitPhotograph
from harapan.fieldwork.visit_codes import HOUSING, reason_words, words
from harapan.fieldwork.visiting import add_photographs, open_candidacy, record_visit
from harapan.files import storage
from harapan.policy.reader import default_policy
from harapan.policy.reasons import letters_min
from harapan.regions.models import Region
from harapan.registry.models import Family, Member
from harapan.ui.pages import keyset, see_other
from harapan.web.visits.forms import TITLES, CorrectForm, DecideForm, VisitForm, on_record, photo_kinds, photos_of

OPEN_MAX = 50  # proposals shown above the list


def seen_by(rows: QuerySet[Any], post: Post) -> QuerySet[Any]:
    """Rows about families in the post's reach, said in the query as the database's policy says it again."""
    if post.role.reach == Reach.NATION:
        return rows
    if post.role.reach == Reach.GROUPS:
        return rows.filter(group_no__in=post.groups)
    wanted = Q(pk__in=())
    for low, high in post.ranges:
        wanted |= Q(region_no__gte=low, region_no__lt=high)
    return rows.filter(wanted)


@may("candidate.view", look="family_list")
def visits(request: Request) -> HttpResponse:
    found = seen_by(HomeVisit.objects.select_related("family", "visited_by"), request.post)
    page = keyset(request, found, order=("-visited_on", "-id"))
    open_ = seen_by(EndProposal.objects.filter(answer=0), request.post).select_related("family", "visit__visited_by")
    proposals = list(open_.order_by("visit__visited_on", "pk")[:OPEN_MAX])
    places = Region.objects.path_names({row.region_no for row in (*page, *proposals)})
    context = {
        "page": page,
        "rows": [(row, places.get(row.region_no, ""), _result(row)) for row in page],
        "proposals": [(row, places.get(row.region_no, ""), reason_words(row.visit.reason)) for row in proposals],
        "decide_form": DecideForm(on=request.today) if _decides(request) else None,
    }
    return render(request, "visits/list.html", context)


def _decides(request: Request) -> bool:
    return allows(request.post, "membership.decide") and may_decide(request.post, on=request.today)


def _result(visit: HomeVisit) -> tuple[str, str]:
    """State of the tag, and its word."""
    if not visit.found:
        return "wait", _("tidak ditemukan")
    return ("ok", _("layak")) if visit.eligible else ("bad", _("tidak layak"))


@may("visit.record", look="family")
def new(request: Request, family_id: int) -> HttpResponse:
    family = get_object_or_404(Family.objects.visible_to(request.post), pk=family_id)
    living = Member.objects.filter(family=family, died_on__isnull=True, left_on__isnull=True)
    members = list(living.order_by("-manager", "born_on", "pk"))
    usual = {"visited_on": request.today, "begins": time(9), "ends": time(9, 30), "result": "eligible"}
    initial = usual | on_record(members, on=request.today)
    form = VisitForm(request.POST or None, family=family, members=members, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            done = record_visit(family.pk, form.facts(), photos_of(request.FILES), by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kunjungan dicatat."))
            _tell(request, done.refused)
            return see_other(request, "visit", done.visit.pk)
    context = {
        "family": family,
        "form": form,
        "kinds": photo_kinds(),
        "candidacy": open_candidacy(family, on=request.today),
        "recorded": True,
    }
    return render(request, "visits/new.html", context, status=422 if request.method == "POST" else 200)


@may("visit.record", look="visit")
def correct(request: Request, visit_id: int) -> HttpResponse:
    """The visit as it stands, to be put right with a reason; what stood before is kept in the log."""
    visit = visit_of(request, visit_id)
    members = Member.objects.filter(family=visit.family, died_on__isnull=True, left_on__isnull=True)
    form = CorrectForm(
        request.POST or None, family=visit.family, members=members.order_by("-manager", "born_on", "pk"),
        initial=CorrectForm.initial_of(visit),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            correct_visit(visit.pk, form.facts(), because=because, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kunjungan diperbaiki; yang semula tersimpan di jejak."))
            return see_other(request, "visit", visit.pk)
    context = {
        "family": visit.family, "form": form, "visit": visit, "candidacy": visit.candidacy, "recorded": True,
    }  # fmt: skip
    return render(request, "visits/new.html", context, status=422 if request.method == "POST" else 200)


def _tell(request: Request, refused: list[HarapanError]) -> None:
    for error in refused:
        messages.warning(request, error.phrase.heard())


def visit_of(request: Request, visit_id: int) -> HomeVisit:
    found = seen_by(HomeVisit.objects.select_related("family", "visited_by", "candidacy"), request.post)
    return get_object_or_404(found, pk=visit_id)


@may("candidate.view", look="visit")
def one(request: Request, visit_id: int) -> HttpResponse:
    visit = visit_of(request, visit_id)
    accuracy_max = default_policy().value("visits.accuracy_max_m", on=visit.visited_on).value
    proposal = EndProposal.objects.filter(visit=visit).select_related("decided_by").first()
    context = {
        "visit": visit,
        "family": visit.family,
        "place": Region.objects.path_names([visit.region_no]).get(visit.region_no, ""),
        "result": _result(visit),
        "reason": reason_words(visit.reason) if visit.reason else "",
        "house": [(TITLES[name], words(name, getattr(visit, name))) for name in HOUSING if getattr(visit, name)],
        "terrain": words("terrain", visit.terrain) if visit.terrain else "",
        "coarse": visit.accuracy_m is not None and visit.accuracy_m > accuracy_max,
        "components": FoundComponent.objects.filter(visit=visit).select_related("member", "facility").order_by("pk"),
        "photographs": _photographs(visit),
        "kinds": photo_kinds(),
        "proposal": proposal,
        "decide_form": DecideForm(on=request.today) if proposal and not proposal.answer and _decides(request) else None,
        "writable": allows(request.post, "visit.record"),
        "correctable": _correctable(request, visit),
        "recorded": True,
    }  # fmt: skip
    return render(request, "visits/one.html", context)


def _correctable(request: Request, visit: HomeVisit) -> bool:
    """Whether to offer it; the deed asks again whether anything has come to rest on the visit."""
    days = (request.today - timezone.localdate(visit.recorded_at)).days
    theirs = visit.visited_by_id in (request.user.pk, request.scope.on_behalf)
    return theirs and allows(request.post, "visit.record") and days <= correction_days("visits", on=request.today)


def _photographs(visit: HomeVisit) -> list[tuple[VisitPhotograph, str]]:
    rows = VisitPhotograph.objects.filter(visit=visit).order_by("pk")
    return [(each, words("photographs", each.kind)) for each in rows]


@require_POST
@may("visit.record", look="visit")
def add_photos(request: Request, visit_id: int) -> HttpResponse:
    visit = visit_of(request, visit_id)
    _tell(request, add_photographs(visit, photos_of(request.FILES), by=request.user))
    return see_other(request, "visit", visit.pk)


@may("candidate.view")
def photograph(request: Request, visit_id: int, photograph_id: int) -> HttpResponseBase:
    """The copy to look at. Handing it over is written before the first byte."""
    visit = visit_of(request, visit_id)
    found = get_object_or_404(VisitPhotograph.objects.select_related("shown"), pk=photograph_id, visit=visit)
    return storage.download(found.shown, scope=request.scope)


@require_POST
@may("membership.decide")
def decide(request: Request, proposal_id: int) -> HttpResponse:
    proposal = get_object_or_404(seen_by(EndProposal.objects.all(), request.post), pk=proposal_id)
    form = DecideForm(request.POST, on=request.today)
    if not form.is_valid():
        raise Refused(
            "Pilih keputusannya dan tulis alasannya, paling sedikit {least} huruf.", least=letters_min(request.today)
        )
    given = form.cleaned_data
    decide_end(proposal.pk, **given, post=request.post, by=request.user, on=request.today)
    messages.success(request, _("Keputusan dicatat."))
    return see_other(request, "visit", proposal.visit_id)
