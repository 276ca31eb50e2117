"""Orders as a layout carries them, column by column in Arrow: nothing is lost but what the layout says is cut.

Texts stand on one line, without signs that cannot be printed. In an ASCII layout letters lose their marks ("é" is
"e") and what has no plain letter becomes "?". Names and addresses that are longer than their width are cut behind;
anything else that does not fit is refused, by the reference of its order.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from harapan.core.errors import HarapanError, Misuse, Refused
from harapan.core.phrases import Phrase, joined
from harapan.core.references import REFERENCE_PATTERN
from harapan.exchange.payment_file.fields import NUMBERED, WORDS, Write
from harapan.exchange.payment_file.head import Totals
from harapan.exchange.payment_file.layouts import Field, Layout

CHECK_MODULUS = 97
REFERENCE = f"^(?:{REFERENCE_PATTERN})$"
_NOT_ONE_LINE = r"[\p{C}\p{Z}\s\x{FFFE}\x{FFFF}]"
_FULL = frozenset({"reference", "account", "nik", "name"})  # an order without them cannot be paid


Refusal = Callable[[int, str], HarapanError]  # of the order in this place of the table, for this reason


def fitted(orders: pa.Table | pa.RecordBatch, layout: Layout, *, refusal: Refusal | None = None) -> pa.Table:
    """The columns the layout carries, each as a file will show it: reading the file back gives this very table.

    `orders` has the columns of `fields.ORDER_COLUMNS` that the layout carries, texts as strings, amounts as integers
    above 0; more columns are left out. Raises for what cannot be written: `Refused`, naming the order, or `refusal`.
    """
    if missing := [name for name in layout.carried if name not in orders.column_names]:
        raise Misuse(
            "Tabel pesanan tanpa kolom {missing}, yang diperlukan susunan {layout}.",
            missing=", ".join(missing),
            layout=layout.name,
        )
    say = refusal or partial(_by_reference, orders["reference"])
    columns = []
    for name in layout.carried:
        field = next(field for field in layout.detail.fields if field.name == name)
        if field.write is Write.WHOLE:
            columns.append(_amounts(orders[name], field, say))
        elif name == "reference" or name in NUMBERED:
            columns.append(_codes(orders[name], field, say))
        else:
            columns.append(_texts(orders[name], field, say, layout))
    return pa.table(columns, names=list(layout.carried))


def totals_of(orders: pa.Table, layout: Layout) -> Totals:
    """What fitted orders add up to."""
    return Totals(
        orders.num_rows,
        pc.sum(orders["amount_idr"], min_count=0).as_py(),
        pc.sum(_key(orders[layout.hash_over], layout.hash_digits), min_count=0).as_py(),
    )


def checks_of(orders: pa.Table, layout: Layout) -> pa.Array:
    """The check number of each order, 0 to 96: a changed amount, account or reference no longer fits it."""
    keys = [_key(orders[name], layout.hash_digits) for name in {"reference", layout.hash_over}]
    total = _whole(orders["amount_idr"])
    for key in keys:
        total = pc.add(total, key)
    return pc.subtract(total, pc.multiply(pc.divide(total, CHECK_MODULUS), CHECK_MODULUS))


def first(mask: pa.Array | pa.ChunkedArray) -> int | None:
    """The place of the first true value."""
    place = pc.index(mask, True).as_py()
    return None if place < 0 else place


def _key(column: pa.ChunkedArray, digits: int) -> pa.Array:
    """The last `digits` digits of a number, whatever stands between them, as an integer."""
    bare = _whole(column)
    if not _all_digits(bare):  # the marks of a reference; a channel's name in its stage is rare, and slow to find
        bare = pc.replace_substring(pc.replace_substring(bare, "/", ""), "-", "")
    if not _all_digits(bare):
        bare = pc.replace_substring_regex(bare, r"[^0-9]", "")
    tails = pc.binary_slice(pc.cast(bare, pa.binary()), start=-digits, stop=None)
    return pc.cast(pc.cast(tails, pa.string()), pa.int64())


def _all_digits(column: pa.Array) -> bool:
    return first(pc.invert(pc.ascii_is_decimal(column))) is None


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _strings(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return pc.cast(_whole(column), pa.string())


def _amounts(column: pa.ChunkedArray | pa.Array, field: Field, say: Refusal) -> pa.Array:
    amounts = pc.cast(_whole(column), pa.int64())
    fits = pc.and_(pc.greater(amounts, 0), pc.less(amounts, 10**field.width))
    _refuse(fits, field, say, Phrase("harus rupiah bulat di atas 0, paling banyak {width} angka", width=field.width))
    return amounts


def _codes(column: pa.ChunkedArray | pa.Array, field: Field, say: Refusal) -> pa.Array:
    """Numbers kept as text, each sign of which counts: references, accounts, NIK."""
    texts = _strings(column)
    pattern, rule = (REFERENCE, Phrase("harus seperti 2024-4/1234567/1")) if field.name == "reference" else (
        "^[0-9]+$", Phrase("harus terisi angka saja")
    )  # fmt: skip
    _refuse(pc.match_substring_regex(texts, pattern), field, say, rule)
    _refuse(_narrow(texts, field.width), field, say, Phrase("paling panjang {width} angka", width=field.width))
    return texts


def _texts(column: pa.ChunkedArray | pa.Array, field: Field, say: Refusal, layout: Layout) -> pa.Array:
    texts = pc.fill_null(_strings(column), "")
    if first(pc.invert(pc.string_is_ascii(texts))) is not None:
        texts = _plain(texts) if layout.charset == "ascii" else pc.utf8_normalize(texts, form="NFC")
    texts = _on_one_line(texts)
    if field.cut:
        if first(pc.invert(_narrow(texts, field.width))) is not None:
            texts = pc.utf8_rtrim(pc.utf8_slice_codeunits(texts, 0, field.width), " ")
    else:
        _refuse(_narrow(texts, field.width), field, say, Phrase("paling panjang {width} huruf", width=field.width))
    if field.name in _FULL:
        _refuse(pc.not_equal(texts, ""), field, say, Phrase("harus terisi"))
    return texts


def _plain(texts: pa.Array) -> pa.Array:
    bare = pc.replace_substring_regex(pc.utf8_normalize(texts, form="NFKD"), r"\p{M}", "")
    spaced = pc.replace_substring_regex(bare, _NOT_ONE_LINE, " ")
    return pc.replace_substring_regex(spaced, r"[^\x20-\x7E]", "?")


def _on_one_line(texts: pa.Array) -> pa.Array:
    """Single spaces, none at the ends, no signs that cannot be printed."""
    untidy = pc.match_substring_regex(texts, rf"{_NOT_ONE_LINE}{{2}}|^\s|\s$|[^\P{{Z}} ]|[\p{{C}}\x{{FFFE}}\x{{FFFF}}]")
    if first(untidy) is None:
        return texts
    return pc.utf8_trim(pc.replace_substring_regex(texts, f"{_NOT_ONE_LINE}+", " "), " ")


def _narrow(texts: pa.Array, width: int) -> pa.Array:
    return pc.less_equal(pc.utf8_length(texts), width)


def _refuse(fits: pa.Array, field: Field, say: Refusal, rule: Phrase) -> None:
    """Refuse the first order that does not fit; null is no fit. The value may be somebody's number: it is not said."""
    bad = first(pc.invert(pc.fill_null(fits, False)))
    if bad is not None:
        raise say(bad, joined([WORDS[field.name], rule]))


def _by_reference(references: pa.Array | pa.ChunkedArray, place: int, reason: str) -> Refused:
    name = references[place].as_py() or Phrase("ke-{nth}", nth=place + 1)
    return Refused(
        "Pesanan {name} tidak dapat ditulis ke berkas: {reason}; perbaiki pesanannya dahulu.",
        name=name,
        reason=reason,
    )
