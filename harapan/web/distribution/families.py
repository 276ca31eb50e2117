"""One family: four amounts side by side, and a card in other hands."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import User
from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits.waiting import stage_at_hand
from harapan.core.errors import Refused
from harapan.payments.field_law import card_holders
from harapan.payments.field_queries import due_of_families
from harapan.payments.held_cards import report_held_card, resolve_held_card
from harapan.payments.models import HeldCard, SaidReceipt
from harapan.payments.receipts import amounts_of, say_receipt
from harapan.payments.referring import refer_held_card
from harapan.regions.models import Region
from harapan.registry.models import Family
from harapan.ui.pages import keyset, see_other
from harapan.web.distribution.forms import HeldForm, ResolveForm, SaidForm
from harapan.web.distribution.groups import tabs
from harapan.web.distribution.reach import stage_or_404


@may("handover.view", look="family")
def family(request: Request, family_id: int, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    found = get_object_or_404(Family.objects.visible_to(request.post), pk=family_id)
    form = SaidForm(request.POST or None, initial={"told_on": request.today})
    if request.method == "POST":
        demand(request.post, "held_card.report")  # whoever may tell of cards may tell of money
        if form.is_valid():
            try:
                say_receipt(stage, found, by=request.user, on=request.today, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.phrase.heard())
            else:
                messages.success(request, _("Pengakuan keluarga disimpan."))
                return see_other(request, "distribution_family", stage.name, found.pk)
    told = SaidReceipt.objects.filter(stage=stage, family=found).select_related("told_to").order_by("-id")
    context = {
        "stage": stage, "family": found, "form": form, "amounts": amounts_of(stage, [found.pk])[found.pk],
        "rows": due_of_families(stage, [found]), "told": list(told), "today": request.today,
        "may_record": bool(found.group_id) and allows(request.post, "handover.record"),
        "place": Region.objects.path_names([found.region_id]).get(found.region_id, ""),
        "recorded": True, **tabs(request, "search"),
    }  # fmt: skip
    return render(request, "distribution/family.html", context, status=422 if request.method == "POST" else 200)


@may("handover.view")
def now(request: Request, family_id: int) -> HttpResponse:
    """The sheet of the family's group in the stage at hand, where what was said of it stands."""
    found = get_object_or_404(Family.objects.visible_to(request.post), pk=family_id)
    stage = stage_at_hand()
    if stage is None or not found.group_id:
        raise Http404
    return redirect("distribution_group", stage.name, found.group_id)


@may("held_card.report", look="family")
def report(request: Request, family_id: int, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    found = get_object_or_404(Family.objects.visible_to(request.post), pk=family_id)
    form = HeldForm(request.POST or None, post=request.post, on=request.today)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        accused = told.pop("accused")
        try:
            report_held_card(
                stage, found, by=request.user, on=request.today,
                accused=get_object_or_404(User, pk=accused) if accused else None, **told,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Laporan disimpan. Yang dilaporkan tidak dapat melihatnya."))
            return see_other(request, "held_cards")
    context = {"stage": stage, "family": found, "form": form, **tabs(request, "search")}
    return render(request, "distribution/report.html", context, status=422 if request.method == "POST" else 200)


@may("held_card.report", look="held_card_list")
def held_cards(request: Request) -> HttpResponse:
    """What the database lets the reader see: of the place, or the own reports; never one about the reader."""
    rows = HeldCard.objects.select_related("family", "reported_by", "resolved_by", "stage")
    waiting = rows.filter(resolution="").count()
    page = keyset(request, rows, order=("-id",))
    places = Region.objects.path_names(row.region_no for row in page)
    words = card_holders(request.today)
    context = {
        "page": page, "waiting": waiting, "recorded": True,
        "rows": [(row, places.get(row.region_no, ""), words.get(row.holder, row.holder)) for row in page],
    }  # fmt: skip
    return render(request, "distribution/held_cards.html", context)


@may("held_card.report", look="held_card")
def held_card(request: Request, report_id: int) -> HttpResponse:
    row = get_object_or_404(
        HeldCard.objects.select_related("family", "accused", "reported_by", "resolved_by", "stage"), pk=report_id
    )
    form = ResolveForm(request.POST or None)
    if request.method == "POST":
        demand(request.post, "held_card.resolve")
        if form.is_valid():
            try:
                resolve_held_card(
                    row.pk, resolution=HeldCard.Resolution(form.cleaned_data["resolution"]),
                    how=form.cleaned_data["how"], by=request.user, on=request.today,
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, refusal.phrase.heard())
            else:
                messages.success(request, _("Laporan diselesaikan."))
                return see_other(request, "held_cards")
    context = {
        "row": row, "form": form, "recorded": True, "holder": card_holders(request.today).get(row.holder, row.holder),
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""),
        "may_resolve": not row.resolution and allows(request.post, "held_card.resolve"),
        "concerned": request.user.pk in (row.reported_by_id, row.accused_id),
        "may_refer": row.accused_id is not None and allows(request.post, "ethics.forward"),
    }  # fmt: skip
    return render(request, "distribution/held_card.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("ethics.forward", look="held_card")
def refer(request: Request, report_id: int) -> HttpResponse:
    refer_held_card(report_id, by=request.user, on=request.today)
    messages.success(request, _("Diteruskan ke penegak etik, tanpa nama pelapor dan keluarga."))
    return see_other(request, "held_card", report_id)
