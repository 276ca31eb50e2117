"""Statuses of the centre as seen in SIKS-NG (facts 8), one row per family and stage.

Fields: beneficiary_id, nik, name, stage ("2025-2", a bare number, or "" for the stage the file is brought in for),
status (`CentreStatus`), reason, status_on. A row needs NIK or iddtks.
"""

from __future__ import annotations

from enum import StrEnum

from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.cells import one_of, plain
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column


class CentreStatus(StrEnum):
    """In the order in which a family passes through them; `excluded` may come at any point."""

    FINAL_CLOSING = "final_closing"
    ACCOUNT_OK = "account_ok"
    ACCOUNT_FAILED = "account_failed"
    SPM = "spm"
    SP2D = "sp2d"
    STANDING_INSTRUCTION = "standing_instruction"
    TOPPED_UP = "topped_up"
    TOP_UP_FAILED = "top_up_failed"
    EXCLUDED = "excluded"


STATUS_WORDS = {
    CentreStatus.FINAL_CLOSING: ("final closing", "finalclosing", "fc", "penetapan"),
    CentreStatus.ACCOUNT_OK: (
        "berhasil cek rekening", "cek rekening berhasil", "verifikasi rekening berhasil", "rekening valid",
        "sukses cek rekening",
    ),
    CentreStatus.ACCOUNT_FAILED: (
        "gagal cek rekening", "cek rekening gagal", "verifikasi rekening gagal", "rekening tidak valid",
        "gagal verifikasi rekening",
    ),
    CentreStatus.SPM: ("spm", "proses spm", "sudah spm", "terbit spm"),
    CentreStatus.SP2D: ("sp2d", "proses sp2d", "sudah sp2d", "terbit sp2d"),
    CentreStatus.STANDING_INSTRUCTION: ("si", "standing instruction", "proses si", "sudah si"),
    CentreStatus.TOPPED_UP: ("berhasil top up", "berhasil topup", "top up berhasil", "sukses top up", "top up"),
    CentreStatus.TOP_UP_FAILED: ("gagal top up", "gagal topup", "top up gagal"),
    CentreStatus.EXCLUDED: ("exclude", "excluded", "dikecualikan", "exclusion", "dikeluarkan"),
}  # fmt: skip
STATUS_LABELS = {
    CentreStatus.FINAL_CLOSING: Phrase("Final closing"),
    CentreStatus.ACCOUNT_OK: Phrase("Berhasil cek rekening"),
    CentreStatus.ACCOUNT_FAILED: Phrase("Gagal cek rekening"),
    CentreStatus.SPM: Phrase("SPM"),
    CentreStatus.SP2D: Phrase("SP2D"),
    CentreStatus.STANDING_INSTRUCTION: Phrase("SI (instruksi ke bank)"),
    CentreStatus.TOPPED_UP: Phrase("Berhasil top up"),
    CentreStatus.TOP_UP_FAILED: Phrase("Gagal top up"),
    CentreStatus.EXCLUDED: Phrase("Dikecualikan (exclude)"),
}
STATUS = one_of(
    {plain(word): status for status, words in STATUS_WORDS.items() for word in words},
    what="Status", show=lambda status: STATUS_WORDS[status][0],
)  # fmt: skip

LAYOUT = Layout(
    name="status",
    title=Phrase("Status dari pusat"),
    about=Phrase("Status tiap keluarga di SIKS-NG: final closing, cek rekening, SPM, SP2D, SI, top up, exclude."),
    columns=(
        Column("beneficiary_id", "iddtks", cells.IDENTIFIER, ("id dtks", "id dtsen", "iddtsen", "id penerima")),
        Column("nik", "nik", cells.NIK, ("nik ktp", "no nik", "nik pengurus", "no ktp")),
        Column("name", "nama", cells.TEXT, ("nama penerima", "nama pengurus", "nama kpm")),
        Column("stage", "tahap", cells.STAGE, ("stage", "periode salur", "tahap salur")),
        Column(
            "status", "status", STATUS, ("status penyaluran", "status salur", "status siks", "proses"),
            required=True, filled=True,
        ),
        Column("reason", "alasan", cells.TEXT, ("keterangan", "reason", "ket", "alasan exclude", "kode exclude")),
        Column("status_on", "tanggal", cells.DATE, ("tgl", "tanggal status", "date"), lenient=True),
    ),
    any_of=(("beneficiary_id", "nik"),),
)  # fmt: skip
parse = LAYOUT.parse
render = LAYOUT.render
