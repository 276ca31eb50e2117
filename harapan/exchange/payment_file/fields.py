"""What a payment file may say: every field a layout can name, and how it is written."""

from __future__ import annotations

from enum import StrEnum

from harapan.core.phrases import Phrase


class Write(StrEnum):
    """How a field's value stands in a file."""

    TEXT = "text"
    WHOLE = "whole"  # digits; with leading zeros in a file of fixed width
    DATE = "date"  # 2025-01-09
    BLANK = "blank"  # for the payer's hand; whatever stands there is not read


HEAD = {
    "layout": Write.TEXT, "version": Write.DATE, "number": Write.TEXT, "sender": Write.TEXT, "stage": Write.TEXT,
    "bank": Write.TEXT, "regency": Write.TEXT, "part": Write.WHOLE, "parts": Write.WHOLE, "made_on": Write.DATE,
}  # fmt: skip
DETAIL = {
    "row": Write.WHOLE, "reference": Write.TEXT, "account": Write.TEXT, "nik": Write.TEXT, "name": Write.TEXT,
    "village": Write.TEXT, "address": Write.TEXT, "amount_idr": Write.WHOLE, "purpose": Write.TEXT,
    "check": Write.WHOLE, "proof": Write.BLANK, "signature": Write.BLANK,
}  # fmt: skip
TRAILER = {"rows": Write.WHOLE, "amount_idr": Write.WHOLE, "hash_total": Write.WHOLE}

# the columns of a table of orders, in its order; a layout carries some of them
ORDER_COLUMNS = ("reference", "account", "nik", "name", "village", "address", "amount_idr")
NUMBERED = frozenset({"account", "nik"})  # digits kept as text: their zeros in front count
WORDS = {
    "reference": Phrase("rujukan"),
    "account": Phrase("nomor rekening"),
    "nik": Phrase("NIK"),
    "name": Phrase("nama"),
    "village": Phrase("desa/kelurahan"),
    "address": Phrase("alamat"),
    "amount_idr": Phrase("jumlah uang"),
    "purpose": Phrase("berita"),
    "row": Phrase("nomor urut"),
    "check": Phrase("angka cek"),
    "rows": Phrase("banyak baris"),
    "hash_total": Phrase("angka kontrol"),
    "layout": Phrase("susunan"),
    "version": Phrase("versi susunan"),
    "number": Phrase("nomor berkas"),
    "sender": Phrase("pengirim"),
    "stage": Phrase("tahap"),
    "bank": Phrase("penyalur"),
    "regency": Phrase("kabupaten/kota"),
    "part": Phrase("bagian"),
    "parts": Phrase("banyak bagian"),
    "made_on": Phrase("tanggal"),
}
