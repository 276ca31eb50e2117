"""Whether a file says what it said when it was written: every row, then its totals. Each refusal names the line."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from harapan.core.errors import Unreadable
from harapan.core.money import rupiah, thousands
from harapan.core.phrases import Phrase
from harapan.exchange.payment_file.contents import Contents, broken
from harapan.exchange.payment_file.fields import WORDS, Write
from harapan.exchange.payment_file.head import Head, Totals, read_head, read_totals
from harapan.exchange.payment_file.layouts import Layout
from harapan.exchange.payment_file.orders import checks_of, first, fitted, totals_of

WHOLE_DIGITS_MAX = 18  # what a bigint surely holds


def checked(contents: Contents, layout: Layout) -> tuple[Head, pa.Table, Totals]:
    """Head, orders and totals of a file whose every figure fits the others. Raises `Unreadable`."""
    head = read_head(contents.head, layout, Phrase("{place} bagian kepala", place=contents.place))
    wholes = _wholes(contents, layout)
    _in_turn(contents, wholes["row"])
    orders = fitted(
        pa.table({name: wholes.get(name, contents.details[name]) for name in layout.carried}),
        layout, refusal=lambda at, reason: broken(contents.place, contents.first_line + at, reason),
    )  # fmt: skip
    _of_one_stage(contents, orders, head.stage)
    if layout.purpose:
        told = pc.not_equal(contents.details["purpose"], layout.purpose_of(head.stage))
        _none(contents, told, Phrase("berita bukan “{text}”", text=layout.purpose_of(head.stage)))
    if "check" in wholes:
        changed = pc.not_equal(wholes["check"], checks_of(orders, layout))
        _none(contents, changed, Phrase("angka cek tidak cocok; rujukan, rekening, atau jumlah uangnya berubah"))
    totals = totals_of(orders, layout)
    _agree(
        contents, totals, read_totals(contents.trailer, layout, Phrase("{place} bagian penutup", place=contents.place))
    )
    return head, orders, totals


def _wholes(contents: Contents, layout: Layout) -> dict[str, pa.Array]:
    """The columns of whole numbers, as numbers."""
    found = {}
    for field in layout.detail.fields:
        if field.write is Write.WHOLE:
            texts = contents.details[field.name]
            digits = pc.match_substring_regex(texts, f"^[0-9]{{1,{WHOLE_DIGITS_MAX}}}$")
            _none(contents, pc.invert(digits), Phrase("{field} bukan angka", field=WORDS[field.name]))
            found[field.name] = pc.cast(texts, pa.int64())
    return found


def _in_turn(contents: Contents, rows: pa.Array) -> None:
    """Rows are numbered from 1: one taken out, put in or moved shows at once."""
    wanted = pa.array(range(1, len(rows) + 1), pa.int64())
    at = first(pc.not_equal(rows, wanted))
    if at is not None:
        reason = Phrase(
            "bernomor urut {found}, seharusnya {wanted}; ada baris yang hilang, tersisip, atau berpindah",
            found=rows[at].as_py(), wanted=at + 1,
        )  # fmt: skip
        raise broken(contents.place, contents.first_line + at, reason)


def _of_one_stage(contents: Contents, orders: pa.Table, stage: str) -> None:
    foreign = pc.invert(pc.starts_with(orders["reference"], f"{stage}/"))
    _none(contents, foreign, Phrase("rujukannya bukan dari tahap {stage}", stage=stage))
    if pc.count_distinct(orders["reference"]).as_py() < orders.num_rows:
        seen: set[str] = set()
        for at, reference in enumerate(orders["reference"].to_pylist()):
            if reference in seen:
                raise broken(
                    contents.place,
                    contents.first_line + at,
                    Phrase("rujukan {reference} tertulis dua kali", reference=reference),
                )
            seen.add(reference)


def _agree(contents: Contents, counted: Totals, stated: Totals) -> None:
    shown: dict[str, Callable[[int], str]] = {"rows": thousands, "amount_idr": rupiah, "hash_total": str}
    for name, words in shown.items():
        if getattr(stated, name) != getattr(counted, name):
            raise Unreadable(
                "{place} (rincian baris {first} sampai {last}): penutup menyatakan {field} {stated}, sedangkan "
                "rinciannya {counted}; minta berkas dikirim ulang.",
                place=contents.place, first=contents.first_line, last=contents.last_line, field=WORDS[name],
                stated=words(getattr(stated, name)), counted=words(getattr(counted, name)),
            )  # fmt: skip


def _none(contents: Contents, wrong: pa.Array, reason: Phrase) -> None:
    at = first(wrong)
    if at is not None:
        raise broken(contents.place, contents.first_line + at, reason)
