"""What banks and the post call the fate of a payment, and the field's reasons why money did not reach a hand.

Data, not rules: a bank's new word is one more line here. Reasons: facts 8 (Kalsel, stage IV 2022) and field practice.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from harapan.core.phrases import Phrase
from harapan.exchange.cells import plain


class Outcome(StrEnum):
    CREDITED = "credited"  # in the account; whether it was drawn is another question
    WITHDRAWN = "withdrawn"  # drawn from the account, or paid into a hand by the post
    FAILED = "failed"  # never reached the account
    RETURNED = "returned"  # came back (retur)
    UNDELIVERED = "undelivered"  # the post or branch could not hand it over
    BLOCKED = "blocked"  # in the account, but shut


OUTCOME_WORDS = {
    Outcome.CREDITED: (
        "berhasil", "sukses", "success", "berhasil kredit", "berhasil top up", "berhasil topup", "terkredit", "kredit",
        "credited", "masuk rekening", "berhasil overbooking", "belum transaksi", "tidak transaksi", "belum tarik",
        "belum diambil", "saldo mengendap", "mengendap", "belum ditransaksikan", "cair", "sudah cair",
    ),
    Outcome.WITHDRAWN: (
        "transaksi", "sudah transaksi", "sudah tarik", "ditarik", "tarik tunai", "withdrawn", "sudah diambil",
        "tersalur", "tersalurkan", "dibayarkan", "terbayar", "berhasil bayar", "diterima", "sudah diterima",
        "berhasil salur",
    ),
    Outcome.FAILED: (
        "gagal", "failed", "gagal kredit", "gagal top up", "gagal topup", "gagal transfer", "gagal overbooking",
        "ditolak", "reject", "rejected", "tidak berhasil", "gagal si",
    ),
    Outcome.RETURNED: (
        "retur", "returned", "return", "dikembalikan", "kembali", "retur bank", "retur sp2d", "setor kas negara",
        "kembali kas negara",
    ),
    Outcome.UNDELIVERED: (
        "tidak tersalur", "tidak tersalurkan", "gagal salur", "gagal bayar", "tidak diambil", "undelivered",
        "belum tersalur", "tidak dibayarkan", "gagal serah", "belum dibayarkan", "belum bayar",
    ),
    Outcome.BLOCKED: (
        "blokir", "diblokir", "terblokir", "blocked", "rekening diblokir", "rekening terblokir", "hold", "dormant",
        "rekening pasif", "freeze",
    ),
}  # fmt: skip


class Reason(StrEnum):
    DOUBLE = "double_membership"
    WELL_OFF = "well_off"
    CHOSE_BLT = "chose_blt_desa"
    DIED_HEIR = "died_with_heir"
    DIED_NO_HEIR = "died_without_heir"
    DIED = "died"
    HEIR_NO_KTP = "heir_without_ktp"
    REFUSED = "refused"
    DEBT = "blocked_by_debt"
    NOT_FOUND = "not_found"
    MIGRANT = "migrant_worker"
    MOVED = "moved"
    CARD_LOST = "card_lost"
    CARD_BROKEN = "card_broken"
    CARD_SWALLOWED = "card_swallowed"
    PIN = "pin_blocked"
    DORMANT = "dormant_account"
    CLOSED = "account_closed"
    NO_ACCOUNT = "account_not_found"
    MISMATCH = "name_or_nik_mismatch"
    ZERO = "zero_balance"
    BOOK = "savings_book_missing"
    OTHER = "other"


REASON_LABELS = {
    Reason.DOUBLE: Phrase("Kepesertaan ganda"),
    Reason.WELL_OFF: Phrase("Sudah mampu"),
    Reason.CHOSE_BLT: Phrase("Memilih BLT Desa"),
    Reason.DIED_HEIR: Phrase("Meninggal, ada ahli waris"),
    Reason.DIED_NO_HEIR: Phrase("Meninggal, tanpa ahli waris"),
    Reason.DIED: Phrase("Meninggal"),
    Reason.HEIR_NO_KTP: Phrase("Pengurus meninggal, ahli waris belum ber-KTP"),
    Reason.REFUSED: Phrase("Menolak bantuan"),
    Reason.DEBT: Phrase("Diblokir bank karena utang"),
    Reason.NOT_FOUND: Phrase("Tidak ditemukan"),
    Reason.MIGRANT: Phrase("Bekerja di luar negeri (TKW/TKI)"),
    Reason.MOVED: Phrase("Pindah alamat"),
    Reason.CARD_LOST: Phrase("Kartu hilang"),
    Reason.CARD_BROKEN: Phrase("Kartu rusak"),
    Reason.CARD_SWALLOWED: Phrase("Kartu tertelan mesin"),
    Reason.PIN: Phrase("PIN terblokir"),
    Reason.DORMANT: Phrase("Rekening pasif"),
    Reason.CLOSED: Phrase("Rekening ditutup"),
    Reason.NO_ACCOUNT: Phrase("Rekening tidak ditemukan"),
    Reason.MISMATCH: Phrase("Nama atau NIK tidak sesuai"),
    Reason.ZERO: Phrase("Saldo kosong"),
    Reason.BOOK: Phrase("Buku tabungan tidak ada"),
    Reason.OTHER: Phrase("Alasan lain"),
}

# Looked for in the bank's sentence, first fit wins: the narrower stands before the wider.
_REASON_SIGNS = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"ganda|dobel|double", Reason.DOUBLE),
        (r"mampu|sejahtera|kaya", Reason.WELL_OFF),
        (r"\bblt\b", Reason.CHOSE_BLT),
        (r"waris.*(ktp|identitas)|meninggal.*\bktp\b", Reason.HEIR_NO_KTP),
        (
            r"(meninggal|wafat|almarhum).*(tanpa|tidak (ada|punya|memiliki)|belum ada) (ahli )?waris",
            Reason.DIED_NO_HEIR,
        ),
        (r"(meninggal|wafat|almarhum).*waris", Reason.DIED_HEIR),
        (r"meninggal|wafat|almarhum|\balm\b", Reason.DIED),
        (r"menolak|mengundurkan diri|mundur", Reason.REFUSED),
        (r"utang|kredit macet|pinjaman|tunggakan", Reason.DEBT),
        (r"\btk[wi]\b|\bpmi\b|luar negeri|migran", Reason.MIGRANT),
        (r"\bpindah\b", Reason.MOVED),
        (r"kartu.*(hilang|kehilangan)|hilang.*kartu|kks hilang", Reason.CARD_LOST),
        (r"kartu.*rusak|kks rusak", Reason.CARD_BROKEN),
        (r"tertelan", Reason.CARD_SWALLOWED),
        (r"\bpin\b", Reason.PIN),
        (r"dormant|pasif|tidak aktif", Reason.DORMANT),
        (r"rekening.*(tutup)|closed", Reason.CLOSED),
        (r"rekening.*(tidak|belum).*(ditemukan|ada|terdaftar)|invalid account", Reason.NO_ACCOUNT),
        (r"(nama|nik).*(beda|berbeda|tidak sesuai|tidak sama|tidak cocok|tidak padan)", Reason.MISMATCH),
        (r"saldo.*(kosong|nol|nihil|\b0\b)", Reason.ZERO),
        (r"buku tabungan", Reason.BOOK),
        (r"tidak (di)?(temukan|ketemu|dikenal|ada di tempat)|alamat tidak", Reason.NOT_FOUND),
    )
)


@lru_cache(maxsize=4096)
def reason_of(text: str) -> Reason | None:
    """The field's reason behind a bank's sentence or our own code; None for no sentence, OTHER for an unknown one."""
    words = plain(text)
    if not words:
        return None
    try:
        return Reason(words.replace(" ", "_"))
    except ValueError:
        pass
    labels = {plain(label): reason for reason, label in REASON_LABELS.items()}
    if words in labels:
        return labels[words]
    return next((reason for sign, reason in _REASON_SIGNS if sign.search(words)), Reason.OTHER)
