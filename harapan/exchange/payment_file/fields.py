"""What a payment file may say: every field a layout can name, and how it is written."""

from __future__ import annotations

from enum import StrEnum


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
    "reference": "rujukan", "account": "nomor rekening", "nik": "NIK", "name": "nama", "village": "desa/kelurahan",
    "address": "alamat", "amount_idr": "jumlah uang", "purpose": "berita", "row": "nomor urut", "check": "angka cek",
    "rows": "banyak baris", "hash_total": "angka kontrol", "layout": "susunan", "version": "versi susunan",
    "number": "nomor berkas", "sender": "pengirim", "stage": "tahap", "bank": "penyalur", "regency": "kabupaten/kota",
    "part": "bagian", "parts": "banyak bagian", "made_on": "tanggal",
}  # fmt: skip
