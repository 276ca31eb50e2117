"""Opening accounts and handing over cards (burekol): where every family stands, and one step for those chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.asked import wholes
from harapan.core.errors import Refused
from harapan.fieldwork.models import Candidacy
from harapan.fieldwork.road_queries import without_card_step
from harapan.payments import actions, reasons
from harapan.payments.actions import latest_card_steps
from harapan.payments.card_queries import families_at_each_step, latest_steps
from harapan.payments.models import CardStep
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.models import Family, PaymentAccount
from harapan.registry.queries import find
from harapan.ui.pages import KeysetPage, deed_of, keyset, see_other
from harapan.ui.words import number
from harapan.web.stages.forms import NO_STEP, CardFilters, CardForm

CHOSEN_MAX = 200
TAGS = {
    CardStep.Step.ORDERED: ("told", "clock"),
    CardStep.Step.AT_BRANCH: ("wait", "building-bank"),
    CardStep.Step.HANDED_OVER: ("ok", ""),
    CardStep.Step.NOT_HANDED_OVER: ("bad", "user-off"),
}
Row = tuple[Family, CardStep | None]  # without a step: a candidate who waits for account or card, or one looked for


@may("stage.view", look="card_list")
def cards(request: Request) -> HttpResponse:
    return _page(request, CardForm(initial={"on": request.today}, today=request.today))


def _page(request: Request, form: CardForm, *, chosen: Collection[int] = (), status: int = 200) -> HttpResponse:
    filters = CardFilters.read(request, post=request.post)
    page, rows = _listed(request, filters)
    places = Region.objects.path_names(family.region_id for family, _step in rows)
    words = reasons.labels(request.today)
    counts, unbegun = families_at_each_step(), _unbegun(request.post).count()
    accounts = _accounts(family.pk for family, _step in rows)
    context = {
        "filters": filters,
        "page": page,
        "rows": [
            _shown(family, step, accounts.get(family.pk), places, words, family.pk in chosen) for family, step in rows
        ],
        "counts": [(step.label, number(families)) for step, families in counts.items()],
        "unbegun": unbegun,
        "waiting": unbegun + sum(each for step, each in counts.items() if step != CardStep.Step.HANDED_OVER),
        "known": unbegun + sum(counts.values()),
        "form": form,
        "may_record": allows(request.post, "card.record"),
        "recorded": True,
    }
    return render(request, "stages/cards.html", context, status=status)


def _listed(request: Request, filters: CardFilters) -> tuple[KeysetPage, list[Row]]:
    """Looked for by words or by number: families, whatever their card; else every family with a step, by place, or the
    candidates who wait for their first."""
    chosen = filters.chosen()
    if "q" in chosen or "family" in chosen:
        named = find(request.post, chosen.get("q", ""))
        page = keyset(request, named if "q" in chosen else named.filter(pk=chosen["family"]), order=("name_key", "id"))
        latest = latest_card_steps(family.pk for family in page)
        return page, [(family, latest.get(family.pk)) for family in page]
    unbegun = chosen.get("step") == NO_STEP
    found: Any = _unbegun(request.post).select_related("family") if unbegun else latest_steps()
    if "step" in chosen and not unbegun:
        found = found.filter(step=chosen["step"])
    if "region" in chosen:
        low, high = codes.range_of(chosen["region"])
        found = found.filter(region_no__gte=low, region_no__lt=high)
    page = keyset(request, found, order=("region_no", "family_id"))
    return page, [(row.family, None if unbegun else row) for row in page]


def _unbegun(post: Post) -> Any:
    """A query set of the candidates who wait for account or card; none for whoever sees no candidates."""
    theirs = Candidacy.objects.visible_to(post)
    return without_card_step(theirs if allows(post, "candidate.view") else theirs.none())


def _accounts(families: Iterable[int]) -> dict[int, PaymentAccount]:
    """The account each of them is paid through now: its last four tell namesakes apart. One query."""
    rows = PaymentAccount.objects.filter(family__in=list(families), spell__upper_inf=True)
    return {account.family_id: account for account in rows.order_by("pk")}


def _shown(
    family: Family, step: CardStep | None, account: PaymentAccount | None, places: dict[int, str],
    words: Mapping[str, str], chosen: bool,
) -> dict[str, Any]:  # fmt: skip
    state, picture = TAGS[CardStep.Step(step.step)] if step else ("", "")
    return {
        "family": family,
        "step": step,
        "bank": (step and step.bank) or (account and account.bank),
        "number": account.number if account else None,
        "place": places.get(family.region_id, ""),
        "reason": words.get(step.reason_code, step.reason_code) if step else "",
        "state": state,
        "icon": picture,
        "chosen": chosen,
    }


@deed_of("cards")
@may("card.record")
def record(request: Request) -> HttpResponse:
    """One step for the families chosen; all of them or none, so that minutes and rows agree."""
    numbers = wholes(request.POST.getlist("family")[:CHOSEN_MAX])
    form = CardForm(request.POST, today=request.today)
    families = list(Family.objects.visible_to(request.post).filter(pk__in=numbers))
    valid = form.is_valid()
    if not families:
        form.add_error(None, _("Pilih dahulu keluarganya di daftar."))
    elif valid:
        try:
            actions.record_card_step(families, by=request.user, **_told(form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _done(len(families)))
            return see_other(request, "cards")
    return _page(request, form, chosen=set(numbers), status=422)


def _told(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {**cleaned, "step": CardStep.Step(cleaned["step"])}


def _done(families: int) -> str:
    told = ngettext("Langkah kartu %(n)s keluarga dicatat.", "Langkah kartu %(n)s keluarga dicatat.", families)
    return told % {"n": number(families)}
