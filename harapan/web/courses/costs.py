"""What a batch costs, against its ceiling; for those who organise it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.training import costs as deeds
from harapan.training.models import Batch, Budget, CostItem
from harapan.ui.pages import see_other
from harapan.web.courses.forms import CeilingForm, CostForm, PaidForm
from harapan.web.courses.frame import framed, own_batch


@may("course.manage", look="batch")
def costs(request: Request, batch_id: int) -> HttpResponse:
    return _shown(request, own_batch(request, batch_id))


def _shown(request: Request, batch: Batch, *, status: int = 200, **forms: Any) -> HttpResponse:
    budget = Budget.objects.filter(batch=batch).first()
    items = list(CostItem.objects.filter(budget=budget).order_by("kind", "pk")) if budget else []
    total = sum(item.amount_idr for item in items)
    ceiling = budget.ceiling_idr if budget else 0
    initial = {"ceiling_idr": f"{budget.ceiling_idr}", "letter": budget.letter} if budget else {}
    context = framed(
        request, batch, "costs",
        budget=budget, items=items, total=total, left=ceiling - total,
        spent=sum(item.amount_idr for item in items if item.spent_on),
        percent=100 * total / ceiling if ceiling else 0,
        ceiling_form=CeilingForm(initial=initial, prefix="c"), cost_form=CostForm(prefix="i"),
        paid_form=PaidForm(initial={"spent_on": request.today}, auto_id=False),
        writable=batch.state != Batch.State.CANCELLED,
    )  # fmt: skip
    return render(request, "courses/costs.html", context | forms, status=status)


@require_POST
@may("course.manage", look="batch")
def ceiling(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = CeilingForm(request.POST, prefix="c")
    if form.is_valid():
        try:
            deeds.set_ceiling(
                batch.pk, form.cleaned_data["ceiling_idr"], letter=form.cleaned_data["letter"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Pagu disimpan."))
            return see_other(request, "batch_costs", batch.pk)
    return _shown(request, batch, status=422, ceiling_form=form)


@require_POST
@may("course.manage", look="batch")
def add(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = CostForm(request.POST, prefix="i")
    if form.is_valid():
        try:
            deeds.add_cost(batch.pk, deeds.CostFacts(**form.cleaned_data), by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Biaya dicatat."))
            return see_other(request, "batch_costs", batch.pk)
    return _shown(request, batch, status=422, cost_form=form)


@require_POST
@may("course.manage", look="batch")
def pay(request: Request, batch_id: int, item_id: int) -> HttpResponse:
    """A planned line has been paid."""
    batch = own_batch(request, batch_id)
    form = PaidForm(request.POST)
    if not form.is_valid():
        raise Refused("Tanggal dibayar belum diisi. Isi hari pembayarannya.")
    deeds.pay_cost(batch.pk, item_id, spent_on=form.cleaned_data["spent_on"], by=request.user, on=request.today)
    messages.success(request, _("Pembayaran dicatat."))
    return see_other(request, "batch_costs", batch.pk)


@require_POST
@may("course.manage", look="batch")
def take_away(request: Request, batch_id: int, item_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    deeds.take_cost_away(batch.pk, item_id, by=request.user)
    messages.success(request, _("Baris biaya dihapus."))
    return see_other(request, "batch_costs", batch.pk)
