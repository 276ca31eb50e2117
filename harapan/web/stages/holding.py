"""A family's money of one stage held back by a person, or let go again; either way with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.benefits.entitled import due_of
from harapan.benefits.models import Mode
from harapan.core.errors import Refused
from harapan.payments import holding
from harapan.payments.enums import Standing
from harapan.payments.models import Claim, Hold
from harapan.regions.models import Region
from harapan.registry.models import Family
from harapan.ui.pages import see_other
from harapan.ui.words import rupiah
from harapan.web.reasons import WhyForm
from harapan.web.stages.frame import Frame

EXAMPLE = gettext_lazy("pengurus meninggal, penggantinya belum punya rekening")


@may("exception.close", look="family")
def hold(request: Request, name: str, family_id: int) -> HttpResponse:
    frame = Frame.of(request, name)
    family = get_object_or_404(Family.objects.visible_to(request.post), pk=family_id)
    claims = list(Claim.objects.filter(stage=frame.stage, family=family).order_by("wave"))
    due_idr = _due_idr(frame, family, claims)
    holds = list(Hold.objects.filter(stage=frame.stage, family=family).select_related("by").order_by("-pk"))
    open_hold = next((each for each in holds if each.lifted_on is None), None)
    form = WhyForm(request.POST or None, example=EXAMPLE)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, frame, family, claims, due_idr, why=form.cleaned_data["why"])
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, refusal.phrase.heard())
    context = {
        "family": family,
        "place": Region.objects.path_names([family.region_id]).get(family.region_id, ""),
        "claims": claims,
        "total_idr": sum(claim.nominal_idr for claim in claims) or due_idr,
        "waiting_idr": 0 if open_hold and not claims else _holdable_idr(claims, due_idr),
        "ordered": any(claim.ordered for claim in claims),
        "undrawn": not claims,
        "held_idr": due_idr if open_hold and not claims else _sum(claims, Standing.HELD),
        "open_hold": open_hold,
        "lifted": [each for each in holds if each.lifted_on is not None],
        "form": form,
        "recorded": True,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "stages/hold.html", frame.context("stage_money", **context), status=status)


def _due_idr(frame: Frame, family: Family, claims: list[Claim]) -> int:
    """What a computed stage owes the family before anything is drawn; not there for whoever is owed nothing."""
    due_idr = due_of(frame.stage, family) if not claims and frame.stage.mode == Mode.COMPUTED else 0
    if not claims and not due_idr:
        raise Http404
    return due_idr


def _holdable_idr(claims: list[Claim], due_idr: int) -> int:
    """Money without an answer and, in computed mode, without an order."""
    return due_idr + sum(
        claim.nominal_idr for claim in claims if claim.standing == Standing.UNANSWERED and not claim.ordered
    )


def _done(
    request: Request, frame: Frame, family: Family, claims: list[Claim], due_idr: int, *, why: str
) -> HttpResponse:
    """Hold or let go, and back to the family. Refused where nothing is left to hold or to let go."""
    match request.POST.get("how"):
        case "hold":
            idr = _holdable_idr(claims, due_idr)
            if not idr and any(claim.ordered for claim in claims):
                raise Refused(_("Uang keluarga ini tidak dapat ditahan, karena ordernya sudah ditarik."))
            if not idr:
                raise Refused("Uang keluarga ini sudah dijawab bank atau sudah ditahan, jadi tidak dapat ditahan.")
            if not holding.hold(frame.stage, [family.pk], why=why, by=request.user, on=frame.on):
                raise Refused(_("Uang keluarga ini tidak dapat ditahan, karena ordernya sudah ditarik."))
            said = _("%(sum)s untuk %(name)s ditahan.")
        case "release":
            idr = due_idr or _sum(claims, Standing.HELD)
            if not holding.release(frame.stage, [family.pk], why=why, by=request.user, on=frame.on):
                raise Refused("Uang keluarga ini tidak sedang ditahan, jadi tidak ada yang dilepas.")
            said = _("Penahanan %(sum)s untuk %(name)s dilepas.")
        case _:
            raise BadRequest
    messages.success(request, said % {"sum": rupiah(idr), "name": family.name})
    return see_other(request, "stage_hold", frame.stage.name, family.pk)


def _sum(claims: list[Claim], standing: Standing) -> int:
    """Rupiah of the claims that stand so."""
    return sum(claim.nominal_idr for claim in claims if claim.standing == standing)
