"""An answer file of a bank or the post that was booked for a stage: what became of it, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.payments.models import SettlementFile, SettlementLine, WithdrawnLine
from harapan.payments.stage_queries import files_of
from harapan.payments.withdrawing import withdraw
from harapan.ui.pages import see_other
from harapan.web.reasons import WhyForm
from harapan.web.stages.frame import Frame

EXAMPLE = gettext_lazy("berkas ini untuk tahap 2025-1")


@may("stage.view", look="settlement_file")
def answer_file(request: Request, name: str, file_id: int) -> HttpResponse:
    frame = Frame.of(request, name)
    file = get_object_or_404(files_of(frame.stage).select_related("withdrawn_by"), pk=file_id)
    form = WhyForm(request.POST or None, example=EXAMPLE)
    if request.method == "POST":
        demand(request.post, "exception.close")
        if form.is_valid():
            try:
                return _withdrawn(request, frame, file, why=form.cleaned_data["why"])
            except Refused as refusal:  # said beside what was typed
                form.add_error(None, refusal.phrase.heard())
    lines = SettlementLine if file.withdrawn_on is None else WithdrawnLine
    found = lines.objects.filter(file=file).order_by("outcome").values("outcome")
    labels = dict(SettlementLine._meta.get_field("outcome").flatchoices)
    context = {
        "file": file, "form": form,
        "may_withdraw": file.withdrawn_on is None and allows(request.post, "exception.close"),
        "outcomes": [
            (labels[row["outcome"]], row["lines"], int(row["idr"]))
            for row in found.annotate(lines=Count("pk"), idr=Sum("amount_idr"))
        ],
        "recorded": True,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    page = frame.context("stage_money", **context)
    return render(request, "stages/answer_file.html", page, status=status)


def _withdrawn(request: Request, frame: Frame, file: SettlementFile, *, why: str) -> HttpResponse:
    lines = withdraw(file, why=why, by=request.user, on=frame.on)
    messages.success(
        request,
        _("Berkas %(name)s ditarik kembali: %(n)d jawaban dibatalkan, uangnya kembali seperti sebelumnya.")
        % {"name": file.name, "n": lines},
    )
    return see_other(request, "answer_file", frame.stage.name, file.pk)
