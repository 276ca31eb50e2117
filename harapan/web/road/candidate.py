"""One candidate with the whole road: what happened when, on which page it stands, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.phrases import Phrase
from harapan.fieldwork.models import Candidacy, HomeVisit, Invitation
from harapan.fieldwork.road import Step
from harapan.fieldwork.road_queries import road_of
from harapan.fieldwork.visit_codes import reason_words
from harapan.registry.models import Family
from harapan.registry.queries import members_of
from harapan.web.road.overview import lines_of


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing of the road: what, when, where it is recorded. `state`: done, now, or empty for what is to come."""

    label: str
    on: date | None
    state: str
    note: str = ""
    url: str = ""


DONE = {
    Step.INVITE: Phrase("Diundang ke pertemuan awal"),
    Step.MEET: Phrase("Hadir di pertemuan awal"),
    Step.CONSENT: Phrase("Setuju, bertanda tangan atau cap jempol"),
    Step.VALIDATE: Phrase("Dikunjungi dan dinyatakan layak"),
    Step.DECREE: Phrase("Ditetapkan menjadi peserta"),
    Step.ACCOUNT: Phrase("Rekening atau kantor pos"),
    Step.CARD: Phrase("Kartu (KKS) diserahkan"),
    Step.GROUP: Phrase("Masuk kelompok"),
    Step.PAYMENT: Phrase("Menerima pembayaran pertama"),
}


@may("candidate.view", look="family")
def one(request: Request, family_id: int) -> HttpResponse:
    family = get_object_or_404(Family.objects.visible_to(request.post).select_related("group", "region"), pk=family_id)
    latest = Candidacy.objects.visible_to(request.post).filter(family=family).order_by("-listed_on", "-pk")
    candidacy = latest.first()
    if candidacy is None:
        raise Http404
    row = road_of(candidacy)
    invitations = Invitation.objects.filter(candidacy=candidacy).select_related("meeting").order_by("held_on", "pk")
    visits = HomeVisit.objects.filter(family=family).select_related("visited_by").order_by("-visited_on", "-pk")
    context = {
        "family": family,
        "row": row,
        "line": lines_of([row], on=request.today)[0],
        "milestones": _milestones(row, list(invitations), family, cards=allows(request.post, "stage.view")),
        "invitations": invitations,
        "visits": visits,
        "members": members_of(family, on=request.today),
        "ended": reason_words(row.closed_because) if row.closed_because else "",
        "may_visit": allows(request.post, "visit.record"),
        "may_view_family": allows(request.post, "family.view"),
        "recorded": True,
    }
    return render(request, "road/candidate.html", context)


def _milestones(row: Any, invitations: list[Invitation], family: Family, *, cards: bool) -> list[Milestone]:
    """cards: the reader may see the page on which the steps of account and card are recorded."""
    now = Step(row.step)
    first = Milestone(Phrase("Masuk daftar calon"), row.listed_on, "done", _desil(row))
    seated = _state(row.placed_on, now, Step.RESERVE)
    placed = Milestone(Phrase("Mendapat tempat dalam kuota desa"), row.placed_on, seated)
    meeting = reverse("first_meeting", args=[invitations[-1].meeting_id]) if invitations else ""
    page = reverse("family", args=[family.pk])
    opening = f"{reverse('cards')}?family={family.pk}" if cards else page
    days = {
        Step.INVITE: (row.invited_on, "", meeting),
        Step.MEET: (row.met_on, "", meeting),
        Step.CONSENT: (row.consented_on, "", meeting),
        Step.VALIDATE: (row.validated_on, "", ""),
        Step.DECREE: (row.decided_on, row.decree_no or (Phrase("dari daftar pusat") if row.decided_on else ""), ""),
        Step.ACCOUNT: (row.account_on, Phrase("PT Pos, tanpa kartu") if row.by_post else "", opening),
        Step.CARD: (row.card_on, "", opening),
        Step.GROUP: (row.grouped_on if row.in_group else None, family.group.name if row.in_group else "", ""),
        Step.PAYMENT: (row.paid_on, "", page),
    }
    found = [first, placed]
    for step, (on, note, url) in days.items():
        if step == Step.CARD and row.by_post:
            continue
        happened = on is not None or (step == Step.GROUP and row.in_group)
        found.append(Milestone(DONE[step], on, "done" if happened else _state(None, now, step), note, url))
    return found


def _desil(row: Any) -> str:
    parts = []
    if row.desil is not None:
        parts.append(Phrase("desil {desil}", desil=row.desil))
    if row.rank is not None:
        parts.append(Phrase("peringkat {rank}", rank=row.rank))
    return Phrase(", ").join(parts) if parts else ""


def _state(on: date | None, now: Step, step: Step) -> str:
    if on is not None:
        return "done"
    return "now" if now == step else ""
