"""A bank's or the post's answer. Headers differ from bank to bank; the aliases below are one table of what occurs.

Fields: reference (our order's, see `harapan.core.references`, or what the bank was given: iddtks in received mode),
nik, account, name, amount_idr, settled_on, outcome (`words.Outcome`), reason (`words.Reason` or None), reason_text,
bank, ntpn (the treasury's receipt for money that went back to it). A row needs one of reference, NIK and account;
which of them names the order is for the caller to find out.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from harapan.core.phrases import Phrase
from harapan.exchange import cells, labels
from harapan.exchange.cells import Kind, one_of, plain
from harapan.exchange.layout import Layout
from harapan.exchange.settlement.words import OUTCOME_WORDS, REASON_LABELS, Outcome, Reason, reason_of
from harapan.exchange.sheet import Column, Problem, Sheet

OUTCOME = one_of(
    {plain(word): outcome for outcome, words in OUTCOME_WORDS.items() for word in words},
    what="Status", show=lambda outcome: OUTCOME_WORDS[outcome][0],
)  # fmt: skip
REASON = Kind(reason_of, pa.string(), show=lambda reason: REASON_LABELS[reason])
_WITHOUT_REASON = frozenset({Outcome.FAILED, Outcome.RETURNED, Outcome.UNDELIVERED, Outcome.BLOCKED})


def _reasons_from_texts(sheet: Sheet) -> Iterator[Problem]:
    """Where no code was given the sentence tells the reason; a failure without any reason is worth asking the bank."""
    reasons: list[Reason | None] = sheet["reason"]
    for row, (outcome, text) in enumerate(zip(sheet["outcome"], sheet["reason_text"], strict=True)):
        if reasons[row] in (None, Reason.OTHER):
            reasons[row] = reason_of(text) or reasons[row]
        if outcome in _WITHOUT_REASON and reasons[row] is None:
            words = Phrase("Status ini tanpa alasan; tanyakan alasannya kepada penyalur.")
            yield sheet.problem(row, "outcome", words, fatal=False)


LAYOUT = Layout(
    name="settlement",
    title=Phrase("Hasil penyaluran bank atau pos"),
    about=Phrase("Jawaban bank penyalur atau PT Pos per penerima: berhasil, gagal, retur, sudah atau belum transaksi."),
    columns=(
        Column(
            "reference", "referensi", cells.IDENTIFIER,
            ("reference", "no referensi", "nomor referensi", "ref", "no ref", "nomor order", "no order", "order",
             "id order", "order id", "iddtks", "id dtks", "nomor perintah", "id transaksi"),
        ),
        Column("nik", "nik", cells.NIK, ("nik ktp", "no nik", "nik penerima", "nik pengurus", "no ktp")),
        Column(
            "account", "nomor rekening", cells.ACCOUNT,
            ("no rekening", "rekening", "norek", "account", "account number", "no rek", "nomor rek"),
        ),
        Column("name", "nama", cells.TEXT, ("nama penerima", "nama rekening", "name", "nama kpm")),
        Column(
            "amount_idr", "nominal", cells.RUPIAH, ("jumlah", "amount", "nilai", "jumlah uang", "jumlah bantuan"),
            required=True, filled=True,
        ),
        Column(
            "settled_on", "tanggal", cells.DATE,
            ("date", "tgl", "tanggal transaksi", "tgl transaksi", "tanggal kredit", "tanggal salur", "tanggal bayar"),
            required=True,
        ),
        Column(
            "outcome", "status", OUTCOME, ("status transaksi", "hasil", "status penyaluran", "status bayar", "result"),
            required=True, filled=True,
        ),
        Column("reason", "kode alasan", REASON, ("reason code", "kode gagal", "kode", "kode retur")),
        Column(
            "reason_text", "alasan", cells.TEXT,
            ("reason", "keterangan", "alasan gagal", "alasan retur", "ket", "uraian", "remark", "remarks"),
        ),
        Column("bank", "bank", labels.BANK, ("penyalur", "bank penyalur", "channel")),
        Column(
            "ntpn", "ntpn", cells.NTPN,
            ("no ntpn", "nomor ntpn", "kode ntpn", "ntpn setoran", "nomor transaksi penerimaan negara"),
        ),
    ),
    any_of=(("reference", "nik", "account"),),
    check=_reasons_from_texts,
)  # fmt: skip
parse = LAYOUT.parse
render = LAYOUT.render
