"""What stands above and below the orders of a payment file: whose file it is, and what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harapan.core.errors import Refused, Unreadable
from harapan.core.money import rupiah, thousands
from harapan.core.periods import StageName
from harapan.core.phrases import Phrase
from harapan.exchange.payment_file.fields import WORDS, Write
from harapan.exchange.payment_file.layouts import Layout


@dataclass(frozen=True, slots=True)
class Head:
    """`number` is the file's own; `regency` its Kemendagri code; part `part` of `parts` of this bank and regency."""

    number: str
    sender: str
    stage: str
    bank: str
    regency: str
    part: int
    parts: int
    made_on: date


@dataclass(frozen=True, slots=True)
class Totals:
    """`hash_total`: the last digits of every account (or reference, as the layout says) added up, as banks do."""

    rows: int = 0
    amount_idr: int = 0
    hash_total: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.rows + other.rows, self.amount_idr + other.amount_idr, self.hash_total + other.hash_total
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{thousands(self.rows)} baris, {rupiah(self.amount_idr)}, angka kontrol {self.hash_total}"


def head_cells(head: Head, layout: Layout) -> dict[str, str]:
    """The head as texts by field. Refuses what the layout has no room for."""
    values = {"layout": layout.name, "version": layout.since} | {n: getattr(head, n) for n in Head.__slots__}
    StageName.parse(head.stage)
    if not 1 <= head.part <= head.parts:
        raise Refused(
            "Bagian {part} dari {parts} tidak ada; hitung bagian mulai dari 1.",
            part=head.part,
            parts=head.parts,
        )
    cells = {field.name: str(values[field.name]) for field in layout.head.fields}
    for field in layout.head.fields:
        text = cells[field.name]
        fits = 1 <= len(text) <= field.width and text.isprintable() and text == text.strip()
        if not fits or (layout.charset == "ascii" and not text.isascii()):
            raise Refused(
                "Isian {field} “{value}” tidak dapat ditulis dalam berkas {layout}; isi satu baris paling panjang "
                "{width} {signs}.",
                field=WORDS[field.name],
                value=text,
                layout=layout.name,
                width=field.width,
                signs=Phrase("huruf ASCII") if layout.charset == "ascii" else Phrase("huruf"),
            )
    return cells


def totals_cells(totals: Totals, layout: Layout) -> dict[str, str]:
    """The totals as texts by field. Refuses sums the layout has no room for."""
    cells = {field.name: str(getattr(totals, field.name)) for field in layout.trailer.fields}
    for field in layout.trailer.fields:
        if len(cells[field.name]) > field.width:
            raise Refused(
                "Isian {field} {cells} lebih dari {width} angka, terlalu besar untuk berkas {layout}; pecah "
                "menjadi beberapa berkas.",
                field=WORDS[field.name],
                cells=cells[field.name],
                width=field.width,
                layout=layout.name,
            )
    return cells


def read_head(cells: dict[str, str], layout: Layout, place: str) -> Head:
    """The head a file states. Refuses one written in another layout or version."""
    stated = f"{cells['layout']} {cells['version']}"
    if stated != f"{layout.name} {layout.since}":
        raise Unreadable(
            "{place} menyatakan susunan {stated}, bukan {layout} {since}; baca dengan susunan itu.",
            place=place,
            stated=stated,
            layout=layout.name,
            since=layout.since,
        )
    values = {field.name: _read(field.name, field.write, cells[field.name], place) for field in layout.head.fields}
    head = Head(**{name: values[name] for name in Head.__slots__})  # type: ignore[arg-type]
    try:
        head_cells(head, layout)
    except (Refused, Unreadable) as refusal:
        raise Unreadable(
            "{place}: {refusal}",
            place=place,
            refusal=refusal.phrase,
        ) from refusal
    return head


def read_totals(cells: dict[str, str], layout: Layout, place: str) -> Totals:
    """The totals a file states."""
    values = {field.name: _read(field.name, field.write, cells[field.name], place) for field in layout.trailer.fields}
    return Totals(**values)  # type: ignore[arg-type]


def _read(name: str, write: Write, text: str, place: str) -> str | int | date:
    try:
        if write is Write.WHOLE and text.isascii() and text.isdigit():
            return int(text)
        if write is Write.DATE:
            return date.fromisoformat(text)
    except ValueError:
        pass
    if write is Write.TEXT:
        return text
    raise Unreadable(
        "{place}: {words} “{value}” tidak dapat dibaca; minta berkas dikirim ulang.",
        place=place,
        words=WORDS[name],
        value=text,
    )
