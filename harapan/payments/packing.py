"""The auditor's pack of a stage with the papers of its money: SPP, SPM, SP2D, payment files, and what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.db.models import Count, F, Sum
from django.utils import timezone

from harapan.audit import log
from harapan.benefits.models import Pack, Stage
from harapan.benefits.packing import collect, write_pack
from harapan.core.errors import HarapanError, Refused
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.files import storage
from harapan.payments.enums import Outcome
from harapan.payments.models import PaymentFile, SettlementLine, TreasuryDocument, TreasuryReturn
from harapan.regions import codes

Told = Callable[[int, int], None]  # files done, files in all


def pack(stage: Stage, out: Path, *, actor: int, why: str = "", told: Told | None = None) -> Pack:
    """Write the pack of a computed stage to the new file `out`. Puts on the batch scope itself. Raises Refused."""
    scope = Scope.batch(actor=actor, why=why)
    try:
        with put_on(scope):
            contents = collect(stage, papers(stage))
        write_pack(contents, out, told)
    except OSError as trouble:
        raise _unwritten(out.parent, trouble) from trouble
    with put_on(scope):
        return _finish(Pack(stage=stage, by_id=actor or None), out)


def pack_into_storage(row: Pack, *, told: Told | None = None) -> None:
    """Make the pack that somebody asked for and keep it encrypted. Raises Refused; the row then holds the sentence."""
    scope = Scope.batch(actor=row.by_id or 0, via="job")
    with _kept_if_refused(row, scope), places.thrown_away("packs") as folder:
        with put_on(scope):
            contents = collect(row.stage, papers(row.stage))
        out = folder / f"paket-auditor-{row.stage.name}.zip"
        write_pack(contents, out, told)
        with put_on(scope):
            row.file = storage.store(out.name, kind="pack", contents=out, owner=row.by_id or 0)
            _finish(row, out)


@contextmanager
def _kept_if_refused(row: Pack, scope: Scope) -> Iterator[None]:
    """Whatever ends the making before its end stands in the row, in a sentence."""
    try:
        yield
    except HarapanError as refusal:
        _refuse(row, scope, str(refusal))
        raise
    except OSError as trouble:
        unwritten = _unwritten(places.var(), trouble)
        _refuse(row, scope, str(unwritten))
        raise unwritten from trouble
    except BaseException:
        _refuse(row, scope, "Pembuatan paket terhenti sebelum selesai. Minta sekali lagi.")
        raise


def papers(stage: Stage) -> dict[str, Sequence[Any]]:
    """SPP, SPM and SP2D, the payment files with their sums, and every receipt (NTPN) of money back in the treasury.

    People by number; who took a file is left out. A receipt of a settlement stands with what it covers, by payer and
    regency: no family.
    """
    documents = TreasuryDocument.objects.filter(stage=stage).order_by("id")
    files = PaymentFile.objects.filter(stage=stage).order_by("instruction__number", "payer", "region_no", "part")
    paid_back = TreasuryReturn.objects.filter(stage=stage).order_by("id")
    return {
        "documents": list(
            documents.values("instruction__number", "payer", "kind", "number", "on", "amount_idr", "by_id", "at")
        ),
        "files": list(
            files.values(
                "instruction__number", "payer", "region_no", "part", "parts", "rows", "amount_idr", "layout", "sha256",
                "written_at", "handed_over_at", "handed_over_by_id",
            )
        ),
        "returns": [
            *paid_back.values("payer", "region_no", "ntpn", "on", "failed_idr", "returned_idr", "by_id", "at"),
            *_untouched_back(stage),
        ],
    }  # fmt: skip


def _untouched_back(stage: Stage) -> Iterator[dict[str, Any]]:
    """What had been credited and was paid back untouched: receipts that banks and post named with their answers."""
    lines = SettlementLine.objects.filter(stage=stage, outcome=Outcome.TREASURY).exclude(ntpn="")
    regency = F("region_no") / codes.SPAN_OF[codes.Level.REGENCY] * codes.SPAN_OF[codes.Level.REGENCY]
    sums = lines.annotate(regency=regency).values("bank", "regency", "ntpn", "on")
    for row in sums.annotate(orders=Count("pk"), idr=Sum("amount_idr")).order_by("on", "bank", "regency", "ntpn"):
        yield {
            "payer": row["bank"], "region_no": row["regency"], "ntpn": row["ntpn"], "on": row["on"],
            "untouched_idr": int(row["idr"]), "orders": row["orders"],
        }  # fmt: skip


def _finish(row: Pack, out: Path) -> Pack:
    with out.open("rb") as file:
        row.sha256 = file_digest(file, "sha256").hexdigest()
    row.ended_at, row.refusal = timezone.now(), ""
    row.save()
    log.record(
        "stage.packed", kind="stage", subject=row.stage_id,
        body={"pack": row.pk, "sha256": row.sha256, "bytes": out.stat().st_size, "kept": row.file_id is not None},
    )  # fmt: skip
    return row


def _refuse(row: Pack, scope: Scope, refusal: str) -> None:
    with put_on(scope):
        Pack.objects.filter(pk=row.pk).update(ended_at=timezone.now(), refusal=refusal)


def _unwritten(where: Path, trouble: OSError) -> Refused:
    return Refused(
        "Paket auditor tidak dapat ditulis: {strerror}. Kosongkan ruang di {where}, lalu ulangi.",
        strerror=trouble.strerror,
        where=where,
    )
