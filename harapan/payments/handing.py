"""Handing a written payment file to its payer, once: from here on the money is on its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connections

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database import day
from harapan.database.day import today
from harapan.database.scope import active_alias, atomic
from harapan.files.models import StoredFile
from harapan.payments import ledger, treasury
from harapan.payments.enums import Standing
from harapan.payments.models import Account, Instruction, PaymentFile, Posting
from harapan.policy.reasons import demand_reason

OPENED = "payment_file.opened"
# A second attempt takes the money from where the one before left it.
_CAME_FROM = """
    SELECT p.standing, b.payer, sum(o.amount_idr)::bigint
    FROM payments_order o
    JOIN payments_order b ON b.stage_id = o.stage_id AND b.family_id = o.family_id AND b.attempt = o.attempt - 1
    JOIN LATERAL (
        SELECT a.outcome AS standing FROM payments_settlementline a
        WHERE a.stage_id = o.stage_id AND a.family_id = o.family_id AND a.wave = '' AND a.attempt = o.attempt - 1
        ORDER BY a.id DESC LIMIT 1
    ) p ON true
    WHERE o.stage_id = %s AND o.file_id = %s GROUP BY 1, 2"""


def hand_over(file: PaymentFile, *, to: str, by: User, on: date) -> PaymentFile:
    """Note to whom the file went, and move its money from the treasury to the payer. Exactly one caller succeeds.

    Raises Refused where nobody is named, the file is not written, its SP2D is not there, or it was handed over before.
    """
    if not to.strip():
        raise Refused("Penerima berkas masih kosong. Tulis nama orang di penyalur yang menerimanya.")
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=file.stage_id)
        file = PaymentFile.objects.select_related("instruction").get(pk=file.pk)
        _refuse_early(stage, file)
        if not PaymentFile.objects.claim(
            file, handed_over_at=day.moment(on), handed_over_by=by, handed_to=to.strip()[:120]
        ):
            raise Refused(
                "Berkas {file} sudah diserahkan. Berkas yang sama tidak diserahkan dua kali.",
                file=name_of(file),
            )
        ledger.move(stage, Posting.Kind.HANDED_OVER, list(_moved(file)), by=by, on=on, payment_file=file)
        log.record(
            "payment_file.handed_over", kind="payment_file", subject=file.pk,
            body={"stage": stage.name, "payer": file.payer, "regency": file.region_no, "part": file.part,
                  "orders": file.rows, "amount_idr": file.amount_idr, "sha256": file.sha256, "to": to.strip()},
        )  # fmt: skip
        file.refresh_from_db()
    return file


def open_file(file: PaymentFile, *, why: str = "") -> StoredFile:
    """The contents of a handed-over file for its download, with the look accounted for.

    The first opening follows the hand-over and needs no word; each later one needs a reason. Raises Refused.
    """
    with atomic():
        file = PaymentFile.objects.select_for_update(of=("self",)).select_related("file").get(pk=file.pk)
        if file.handed_over_at is None or file.file is None:
            raise Refused(
                "Berkas {file} belum diserahkan, jadi belum boleh dibuka.",
                file=name_of(file),
            )
        if was_opened(file):
            way_out = Phrase(
                "Berkas {file} sudah pernah diunduh. Tulis alasan membukanya lagi; auditor akan membacanya.",
                file=name_of(file),
            )
            demand_reason(why, way_out, on=today())
        log.record(OPENED, kind="payment_file", subject=file.pk, why=why.strip()[:300], body={"sha256": file.sha256})
    return file.file


def was_opened(file: PaymentFile) -> bool:
    """Whether somebody has taken the contents of the file out already."""
    return any(trace.verb == OPENED for trace in log.traces_of("payment_file", file.pk))


def _refuse_early(stage: Stage, file: PaymentFile) -> None:
    if stage.state != State.INSTRUCTED:
        raise Refused(
            "Tahap {stage} sekarang {state}; berkas diserahkan selagi diperintahkan.",
            stage=stage.name,
            state=State(stage.state).label.lower(),
        )
    if file.written_at is None:
        raise Refused(
            "Berkas {file} belum selesai ditulis dan dibaca ulang. Tunggu, atau jalankan lagi.",
            file=name_of(file),
        )
    if file.payer not in treasury.paid_out(file.instruction):
        raise Refused(
            "SP2D untuk {payer} belum dicatat, jadi berkasnya belum boleh diserahkan.",
            payer=file.payer,
        )


def _moved(file: PaymentFile) -> Iterator[ledger.Movement]:
    """The money of a file on its way to its payer; what failed with another one goes back to the treasury first."""
    if file.instruction.kind == Instruction.Kind.WAVE:
        yield ledger.Movement(file.region_no, Account.TREASURY, Account.TRANSIT, file.amount_idr, file.payer)
        return
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_CAME_FROM, [file.stage_id, file.pk])
        came_from = cursor.fetchall()
    for standing, payer, idr in came_from:
        lies = ledger.ACCOUNT_OF[Standing(standing)]
        if payer != file.payer:
            yield ledger.Movement(file.region_no, lies, Account.TREASURY, idr, payer)
            lies = Account.TREASURY
        yield ledger.Movement(file.region_no, lies, Account.TRANSIT, idr, file.payer)


def name_of(file: PaymentFile) -> str:
    """ "BRI 6305 bagian 1 dari 2"."""
    return f"{file.payer} {file.region_no // 10**6} bagian {file.part} dari {file.parts}"
