"""The berita acara as a paper to sign (PDF/A) and as a workbook beside it, both from the same figures."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from harapan.core.money import rupiah, thousands
from harapan.core.periods import format_date
from harapan.files.documents import render
from harapan.payments.minutes import MinutesData, Row, Signatory

TEMPLATE = Path(__file__).resolve().parent / "papers" / "minutes.typ"
_TABLE = ("Keluarga", "Harus dibayar (Rp)", "Masuk (Rp)", "Gagal (Rp)", "Kembali (Rp)", "Ditahan (Rp)")
WIDTHS = (44, 18)  # first column, the others


def pdf(data: MinutesData, *, printed_by: str, printed_at: datetime) -> bytes:
    """A4 for two signatures, totals also in words. `printed_at` knows its zone."""
    told = {
        "stage": data.stage,
        "months": data.months,
        "place": data.place,
        "number": data.number or "(belum bernomor)",
        "on_words": data.on_words or "................................",
        "on_short": format_date(data.on) if data.on else "................................",
        "city": data.city or "................",
        "families": thousands(data.families),
        "orders": thousands(data.orders),
        "balanced": data.balanced,
        "figures": [
            {"label": row.label, "amount": rupiah(row.idr), "words": row.words, "main": not row.label.startswith("–")}
            for row in data.figures
        ],
        "by_district": [_texts(row) for row in data.by_district],
        "by_bank": [_texts(row) for row in data.by_bank],
        "total": _texts(_total(data.by_district)),
        "reasons": [[row.label, row.standing, thousands(row.families), thousands(row.idr)] for row in data.reasons],
        "untouched": [
            [band.label, thousands(band.families), thousands(band.idr)] for band in data.untouched if band.families
        ],
        "office": _signatory(data.office),
        "bank": _signatory(data.bank),
    }
    return render(TEMPLATE, told, printed_by=printed_by, printed_at=printed_at)


def _total(rows: Sequence[Row]) -> Row:
    """All rows in one: a family stands in one kecamatan only."""
    return Row("Jumlah", *(sum(_figures(row)[place] for row in rows) for place in range(len(_TABLE))))


def _texts(row: Row) -> list[str]:
    return [row.label, *(thousands(figure) for figure in _figures(row))]


def _figures(row: Row) -> tuple[int, ...]:
    return (row.families, row.due_idr, row.credited_idr, row.failed_idr, row.returned_idr, row.held_idr)


def _signatory(who: Signatory) -> dict[str, str]:
    return {name: value for name, value in asdict(who).items() if name != "signed_on"}


def xlsx(data: MinutesData) -> bytes:
    """One sheet for the sums in numbers and words, one for each table of the paper."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _sheet(book, "Ringkasan", ("Uraian", "Jumlah (Rp)", "Terbilang"), _summary(data))
    districts = (*data.by_district, _total(data.by_district))
    _sheet(book, "Kecamatan", ("Kecamatan", *_TABLE), ((row.label, *_figures(row)) for row in districts))
    _sheet(book, "Penyalur", ("Penyalur", *_TABLE), ((row.label, *_figures(row)) for row in data.by_bank))
    reasons = ((row.label, row.standing, row.families, row.idr) for row in data.reasons)
    _sheet(book, "Alasan", ("Alasan", "Keadaan", "Keluarga", "Jumlah (Rp)"), reasons)
    bands = ((band.label, band.families, band.idr) for band in data.untouched)
    _sheet(book, "Belum diambil", ("Lama", "Keluarga", "Jumlah (Rp)"), bands)
    book.close()
    return out.getvalue()


def _summary(data: MinutesData) -> Iterable[Sequence[Any]]:
    yield ("Nomor", data.number, "")
    yield ("Wilayah", data.place, "")
    yield ("Tahap", f"{data.stage}, {data.months}", "")
    yield ("Tanggal", data.on_words, "")
    yield ("Keluarga", data.families, "")
    for row in data.figures:
        yield (row.label, row.idr, row.words)


def _sheet(book: Any, name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    head, amount = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0"})
    sheet.set_column(0, 0, WIDTHS[0])
    sheet.set_column(1, len(titles), WIDTHS[1])
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, titles, head)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, column, value, amount)
            else:
                sheet.write_string(line, column, value)
