"""Taking back an answer file that was booked in error: for the wrong stage, or taken back by the bank itself.

All its lines go at once, its sides of the ledger are posted back, and what it left unmatched is closed. The file stays
on record with who withdrew it and why; the same contents may then be booked where they belong.
"""

from __future__ import annotations

from datetime import date

from django.db import connections
from django.db.models import Sum
from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Mode, Stage, State
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias, atomic
from harapan.payments import ledger
from harapan.payments.enums import Resolution
from harapan.payments.models import LedgerEntry, PaymentException, Posting, SettlementFile, SettlementLine
from harapan.policy.reasons import demand_reason

_COLUMNS = """id, stage_id, file_id, line, family_id, region_no, group_id, wave, attempt, outcome, amount_idr, "on",
              bank, reason_code, note, ntpn"""
_KEEP = f"""
    INSERT INTO payments_withdrawnline ({_COLUMNS})
    SELECT {_COLUMNS} FROM payments_settlementline WHERE file_id = %s"""  # noqa: S608  (our own words)
# Answered by another file since, or paid again because of this one: then it is no longer the last word.
_BUILT_UPON = """
    SELECT count(DISTINCT l.family_id) FROM payments_settlementline l
    WHERE l.file_id = %(file)s
      AND (EXISTS (SELECT 1 FROM payments_settlementline a
                   WHERE a.stage_id = l.stage_id AND a.family_id = l.family_id AND a.wave = l.wave
                     AND a.id > l.id AND a.file_id <> l.file_id)
           OR EXISTS (SELECT 1 FROM payments_retryrequest q
                      WHERE q.stage_id = l.stage_id AND q.family_id = l.family_id AND q.attempt = l.attempt))"""
_RECONCILED = """
    SELECT EXISTS (SELECT 1 FROM payments_settlementline l JOIN benefits_stageregency r
                   ON r.stage_id = l.stage_id AND r.regency_no = l.region_no / 1000000 * 1000000
                   WHERE l.file_id = %(file)s AND r.state <> 'open')"""


def withdraw(file: SettlementFile, *, why: str, by: User, on: date) -> int:
    """Take back all that the file booked; give how many answers. One transaction, a constant number of statements.

    Raises Refused without a reason, for a file withdrawn already, where sums stand that it is part of, where a part of
    it is out of sight, and where later answers or second attempts rest on it.
    """
    demand_reason(why, Phrase("Tulis alasan menarik berkas kembali; auditor akan membacanya."), on=on)
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=file.stage_id)
        file = SettlementFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if file.withdrawn_on is not None:
            raise Refused("Berkas “{name}” sudah ditarik kembali. Muat ulang halamannya.", name=file.name)
        _refuse_settled(stage, file)
        lines = _all_in_sight(file)
        _refuse_built_upon(file)
        with connections[active_alias()].cursor() as cursor:
            cursor.execute(_KEEP, [file.pk])
            cursor.execute("DELETE FROM payments_settlementline WHERE file_id = %s", [file.pk])
        _post_back(stage, file, by=by, on=on)
        _close_with_it(file, why=why.strip()[:300], by=by)
        file.withdrawn_on, file.withdrawn_by, file.withdrawn_because = on, by, why.strip()[:300]
        file.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_because"])
        log.record(
            "settlement.withdrawn", kind="stage", subject=stage.pk, why=why.strip()[:300],
            body={"file": file.pk, "lines": lines},
        )  # fmt: skip
    return lines


def _refuse_settled(stage: Stage, file: SettlementFile) -> None:
    if stage.mode == Mode.COMPUTED:
        settled = stage.state != State.INSTRUCTED
    else:
        with connections[active_alias()].cursor() as cursor:
            cursor.execute(_RECONCILED, {"file": file.pk})
            settled = bool(cursor.fetchone()[0])
    if settled:
        raise Refused(
            "Tahap {stage} sudah direkonsiliasi dengan jawaban berkas ini. Buka kembali rekonsiliasinya dengan alasan, "
            "baru tarik berkasnya.",
            stage=stage.name,
        )


def _all_in_sight(file: SettlementFile) -> int:
    """How many answers the file booked. Half a file is never withdrawn."""
    seen = SettlementLine.objects.filter(file=file).count()
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.settlement_lines(%s)", [file.pk])
        there: int = cursor.fetchone()[0]
    if seen != there:
        raise Refused(
            "{n} jawaban berkas “{name}” ada di luar wilayah kerja Anda. Minta yang melihat seluruhnya menarik berkas "
            "ini.",
            n=thousands(there - seen),
            name=file.name,
        )
    return there


def _refuse_built_upon(file: SettlementFile) -> None:
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_BUILT_UPON, {"file": file.pk})
        families = cursor.fetchone()[0]
    if families:
        raise Refused(
            "Untuk {families} keluarga sudah ada jawaban atau permintaan bayar ulang sesudah berkas “{name}”. Tarik "
            "dahulu berkas yang lebih baru; yang sudah diminta dibayar ulang tidak dapat ditarik.",
            families=thousands(families),
            name=file.name,
        )


def _post_back(stage: Stage, file: SettlementFile, *, by: User, on: date) -> None:
    """The opposite of every side that the file and what was matched of it have moved."""
    sides = LedgerEntry.objects.filter(posting__file=file).values_list("region_no", "account", "payer").order_by()
    moved = {(region, account, payer): -int(idr) for region, account, payer, idr in sides.annotate(Sum("idr"))}
    ledger.write(stage, Posting.Kind.WITHDRAWN, moved, by=by, on=on, file=file)


def _close_with_it(file: SettlementFile, *, why: str, by: User) -> None:
    left = PaymentException.objects.open().filter(file=file)
    numbers = list(left.values_list("pk", flat=True))
    left.update(closed_at=timezone.now(), closed_by=by, resolution=Resolution.WITHDRAWN, why=why)
    log.record_each("exception.withdrawn", kind="payment_exception", bodies={number: {} for number in numbers}, why=why)
