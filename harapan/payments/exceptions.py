"""Lines that fit nothing: kept whole until a person matches them by hand or sets them aside with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from harapan.core.money import rupiah
from harapan.core.phrases import Phrase, joined
from harapan.database.fields import draw_ids
from harapan.database.sealing import seal_column
from harapan.database.staging import staged
from harapan.payments import reasons
from harapan.payments.enums import ExceptionKind
from harapan.payments.models import PaymentException, SettlementFile
from harapan.payments.rows import Household, SettlementRow
from harapan.payments.rules import Misfit

_SENTENCES = {
    ExceptionKind.NO_FAMILY: Phrase(
        "Tidak ada keluarga di wilayah Anda dengan IDDTKS, NIK, atau rekening pada baris ini."
    ),
    ExceptionKind.NOT_LISTED: Phrase("Keluarga ini tidak ada di daftar tahap {stage}."),
    ExceptionKind.WRONG_STAGE: Phrase("Keluarga dan jumlah ini ada di daftar tahap lain, bukan {stage}."),
    ExceptionKind.AMOUNT: Phrase("Jumlah pada baris ini tidak sama dengan daftar tahap {stage} ({expected})."),
    ExceptionKind.DOUBLE: Phrase("Pembayaran ini sudah dijawab sebelumnya; jawaban kedua tidak dibukukan."),
    ExceptionKind.CONTRADICTS: Phrase("Jawaban ini bertentangan dengan jawaban sebelumnya."),
    ExceptionKind.LATE: Phrase("Tahap {stage} sudah direkonsiliasi, jadi jumlahnya tidak berubah lagi."),
    ExceptionKind.NOT_SENT: Phrase("Order ini belum diserahkan kepada penyalur, jadi belum mungkin dijawab."),
    ExceptionKind.NO_NTPN: Phrase("Setoran kembali ke kas negara perlu NTPN, dan baris ini tidak memuatnya."),
}
WAY_OUT = Phrase("Saat dibukukan, baris ini menunggu di daftar “belum cocok” sampai dicocokkan atau disisihkan.")


def sentence(misfit: Misfit, stage: str) -> Phrase:
    """Why the line fits nothing, and what becomes of it."""
    expected = rupiah(misfit.expected_idr) if misfit.expected_idr is not None else ""
    return joined([_SENTENCES[misfit.kind].filled(stage=stage, expected=expected), WAY_OUT])


COLUMNS = {
    "id": "bigint", "line": "int", "kind": "text", "family_id": "bigint", "region_no": "bigint", "group_id": "bigint",
    "reference": "text", "nik": "bytea", "nik_ix": "bytea", "account": "bytea", "account_ix": "bytea", "name": "text",
    "outcome": "smallint", "amount_idr": "bigint", "expected_idr": "bigint", "on": "date", "bank": "text",
    "reason_code": "text", "note": "text", "ntpn": "text", "attempt": "smallint",
}  # fmt: skip
_WRITE = """
    INSERT INTO payments_paymentexception (id, stage_id, file_id, line, kind, family_id, region_no, group_id, reference,
        nik, nik_ix, account, account_ix, name, outcome, amount_idr, expected_idr, "on", bank, reason_code, note, ntpn,
        attempt, opened_on, resolution, why)
    SELECT id, %(stage)s, %(file)s, line, kind, family_id, region_no, group_id, reference, nik, nik_ix, account,
           account_ix, name, outcome, amount_idr, expected_idr, "on", bank, reason_code, note, ntpn,
           attempt, %(on)s, '', ''
    FROM misfit ORDER BY line"""


def open_many(
    booking: SettlementFile, lines: Iterable[tuple[SettlementRow, Misfit]], homes: dict[int, Household], *,
    fallback: int, on: date,
) -> None:  # fmt: skip
    """Write exceptions in one statement, identity numbers sealed. Without a family they wait under `fallback`."""
    given = list(lines)
    if not given:
        return
    table = PaymentException._meta.db_table
    ids = draw_ids(PaymentException, len(given))
    nik, nik_ix = seal_column([row.nik or None for row, _ in given], kind="nik", table=table, row_ids=ids)
    account, account_ix = seal_column(
        [row.account or None for row, _ in given], kind="account", table=table, row_ids=ids
    )
    written = []
    for place, (row, misfit) in enumerate(given):
        home = homes.get(row.family_id) if row.family_id else None
        written.append(
            (ids[place], row.line, str(misfit.kind), row.family_id if home else None,
             home.region_no if home else fallback, home.group_no if home else 0, row.reference[:60], nik[place],
             nik_ix[place], account[place], account_ix[place], row.name[:120], int(row.outcome_now), row.amount_idr,
             misfit.expected_idr, row.on or on, row.bank[:40], reasons.code_of(row.reason), row.note[:200], row.ntpn,
             row.attempt)
        )  # fmt: skip
    with staged("misfit", COLUMNS, written) as cursor:
        cursor.execute(_WRITE, {"stage": booking.stage_id, "file": booking.pk, "on": on})


def refusal(misfit: Misfit, stage: str) -> Phrase:
    """Why a line matched by hand does not fit the chosen family."""
    expected = rupiah(misfit.expected_idr) if misfit.expected_idr is not None else ""
    why = _SENTENCES[misfit.kind].filled(stage=stage, expected=expected)
    return joined([why, Phrase("Pilih keluarga lain, atau sisihkan baris ini dengan alasan.")])
