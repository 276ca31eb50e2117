"""The ledger of a computed stage: balances, the check beside the orders, and every posting with why and its sides."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.payments import ledger_queries as ledgers
from harapan.payments.ledger import balances
from harapan.payments.models import Account
from harapan.payments.whole import ledger_beside_claims
from harapan.ui import exports
from harapan.ui.pages import keyset
from harapan.web.stages import money_frame

SIZE = 30
COLUMNS = (
    ("posting", "number", 10), ("on", "date", 12), ("kind", "text", 28), ("because", "text", 40), ("place", "text", 28),
    ("payer", "text", 12), ("account", "text", 26), ("idr", "rupiah", 18),
)  # fmt: skip


@may("stage.view")
def ledger(request: Request, name: str) -> HttpResponse:
    frame = money_frame.computed(request, name)
    sums = balances(frame.stage)
    page = keyset(request, ledgers.postings(frame.stage), order=("-id",), size=SIZE)
    sides = ledgers.sides_of(page)
    beside = ledger_beside_claims(frame.stage) if money_frame.sees_nation(frame) else []
    context = {
        "balances": [(account, sums[account]) for account in Account], "total_idr": sum(sums.values()),
        "accounts": list(Account), "places": ledgers.by_regency(frame.stage), "payers": ledgers.by_payer(frame.stage),
        "page": page, "postings": [(row, ledgers.because(row), sides.get(row.pk, [])) for row in page],
        "may_export": allows(request.post, "report.make"),
        "beside": beside, "agrees": all(each.agrees for each in beside) and not sum(sums.values()),
    }  # fmt: skip
    return render(request, "stages/ledger.html", money_frame.context(frame, "stage_ledger", **context))


@may("stage.view")
def ledger_file(request: Request, name: str, form: str) -> FileResponse:
    """Every side in the reader's scope as a file."""
    demand(request.post, "report.make")
    frame = money_frame.computed(request, name)
    if form not in exports.CONTENT_TYPES:
        raise Http404
    titles: dict[str, Any] = {
        "posting": _("Jurnal"), "on": _("Tanggal"), "kind": _("Sebab"), "because": _("Karena"),
        "place": _("Kabupaten/kota"), "payer": _("Penyalur"), "account": _("Akun"), "idr": _("Rupiah"),
    }  # fmt: skip
    columns = [exports.Column(titles[key], kind, width) for key, kind, width in COLUMNS]  # type: ignore[arg-type]
    rows = (side for some in exports.batches(ledgers.entries(frame.stage)) for side in ledgers.sides(some))
    taken = ([getattr(row, key) for key, _kind, _width in COLUMNS] for row in rows)
    return exports.answer(f"buku-besar-{frame.stage.name}", columns, taken, form=form)  # type: ignore[arg-type]
