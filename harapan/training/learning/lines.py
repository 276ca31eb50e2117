"""How authors type the answers of a question: one line each, in signs that a phone has.

Single, multiple: `* right`, `wrong`, `50% partly`; match: `left = right`; order: the steps as they belong; number:
`2,5` or `2,5 +- 0,5`; text: what is accepted, `50% partly`. After ` | ` a comment for whoever answers so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from harapan.core.errors import Refused
from harapan.exchange.questions.item import NOTHING, WHOLE, Choice, Item, Kind, Pair, Picture, Value, percent, share_of
from harapan.training.learning.rules import number_of

_SHARE = re.compile(r"(-?\d{1,3}(?:[.,]\d{1,5})?)%\s+")
TOLERANCE = re.compile(r"\s*(?:\+-|\+/-|±)\s*")


def parse(bare: Item, text: str) -> Item:
    """The item with the answers that the lines say. Raises Refused, naming the line."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if bare.kind in (Kind.SINGLE, Kind.MULTIPLE):
        return replace(bare, choices=_choices(bare.kind, lines))
    if bare.kind == Kind.MATCH:
        return replace(bare, pairs=tuple(_pair(number, line) for number, line in lines))
    if bare.kind == Kind.ORDER:
        return replace(bare, steps=tuple(line for _number, line in lines))
    if bare.kind == Kind.NUMBER:
        return replace(bare, values=tuple(_value(number, line) for number, line in lines))
    return replace(bare, choices=tuple(_accepted(line) for _number, line in lines))


def render(item: Item) -> str:
    """The lines that `parse` reads back; not every question that came from a file fits into lines."""
    if item.kind == Kind.MATCH:
        return "\n".join(f"{pair.left} = {pair.right}".strip() for pair in item.pairs)
    if item.kind == Kind.ORDER:
        return "\n".join(item.steps)
    if item.kind == Kind.NUMBER:
        return "\n".join(_told(each.share, _number_words(each), each.feedback) for each in item.values)
    if item.kind == Kind.TEXT:
        return "\n".join(_told(each.share, each.text, each.feedback) for each in item.choices)
    return _rendered_choices(item)


def with_pictures_of(
    item: Item, before: Item | None, fresh: Mapping[int, Picture] | None = None, *, but: Collection[str] = ()
) -> Item:
    """Options that are still called as before show the picture they showed: no line can say it.

    fresh: by the place of an option, from 1 on, the picture it shows now; but: what options are called that shall show
    theirs no longer. Raises Refused for a picture of no option.
    """
    held, fresh = dict(before.pictured) if before else {}, fresh or {}
    if (beyond := max(fresh, default=0)) > len(item.choices):
        raise Refused(
            "Gambar pilihan {place} tidak punya pilihan; pilihannya {count}. Tulis pilihannya, atau kosongkan "
            "gambarnya.",
            place=beyond, count=len(item.choices),
        )  # fmt: skip
    choices, pictures = [], list(item.pictures)
    for place, each in enumerate(item.choices, start=1):
        shown = fresh.get(place) or (held.get(each.text) if each.text not in but else None)
        if shown is not None:
            each = replace(each, picture=len(pictures))
            pictures.append(shown)
        choices.append(each)
    return replace(item, choices=tuple(choices), pictures=tuple(pictures))


def fits(item: Item) -> bool:
    """Whether the lines say all of it."""
    try:
        said = parse(replace(item, choices=(), pictures=item.own_pictures), render(item))
        return with_pictures_of(said, item) == item
    except Refused:
        return False


def _choices(kind: Kind, lines: Sequence[tuple[int, str]]) -> tuple[Choice, ...]:
    """Of several right ones each is worth its part, and a wrong one takes as much away: ticking all earns nothing."""
    marked = sum(line.startswith("*") for _number, line in lines)
    if kind == Kind.SINGLE and marked > 1:
        raise Refused(
            "{count} pilihan ditandai benar, padahal soal ini satu jawaban. Pilih jenis “Beberapa jawaban”, atau "
            "tandai satu.",
            count=marked,
        )
    part = Fraction(1, marked or 1)
    wrong = NOTHING if kind == Kind.SINGLE else -part
    return tuple(_choice(line, part, wrong) for _number, line in lines)


def _choice(line: str, right: Fraction, wrong: Fraction) -> Choice:
    if line.startswith("*"):
        text, feedback = _split(line[1:].strip())
        return Choice(text, right, feedback)
    share, rest = _share(line, wrong)
    text, feedback = _split(rest)
    return Choice(text, share, feedback)


def _accepted(line: str) -> Choice:
    share, rest = _share(line, WHOLE)
    text, feedback = _split(rest)
    return Choice(text, share, feedback)


def _share(line: str, otherwise: Fraction) -> tuple[Fraction, str]:
    if (told := _SHARE.match(line)) is None:
        return otherwise, line
    try:
        return share_of(told[1].replace(",", ".")), line[told.end() :]
    except ValueError:
        return otherwise, line


def _split(text: str) -> tuple[str, str]:
    said, _bar, feedback = text.partition(" | ")
    return said.strip(), feedback.strip()


def _pair(number: int, line: str) -> Pair:
    left, equals, right = line.partition("=")
    if not equals or not right.strip():
        raise Refused("Baris {line}: tulis pasangan sebagai “kiri = kanan”.", line=number)
    return Pair(left.strip(), right.strip())


def _value(number: int, line: str) -> Value:
    share, rest = _share(line, WHOLE)
    said, feedback = _split(rest)
    middle, *margins = TOLERANCE.split(said)
    value, tolerance = number_of(middle), number_of(margins[0]) if margins else Decimal(0)
    if value is None or tolerance is None:
        raise Refused("Baris {line}: “{said}” bukan angka. Tulis misalnya 2,5 atau 2,5 +- 0,5.", line=number, said=said)
    return Value(value, tolerance, share, feedback)


def _rendered_choices(item: Item) -> str:
    """Right ones are marked where they are worth the same; else every share is written."""
    right = {choice.share for choice in item.choices if choice.share > 0}
    part = Fraction(1)
    if item.kind == Kind.MULTIPLE and len(right) == 1:
        part = next(iter(right))
    wrong = NOTHING if item.kind == Kind.SINGLE else -part
    lines = []
    for choice in item.choices:
        same = choice.share == wrong
        begin = "* " if choice.share == part else "" if same else f"{percent(choice.share).replace('.', ',')}% "
        lines.append(f"{begin}{choice.text}{_comment(choice.feedback)}")
    return "\n".join(lines)


def _told(share: Fraction, text: str, feedback: str) -> str:
    part = "" if share == WHOLE else f"{percent(share).replace('.', ',')}% "
    return f"{part}{text}{_comment(feedback)}"


def _comment(feedback: str) -> str:
    return f" | {feedback}" if feedback else ""


def _number_words(value: Value) -> str:
    """With a comma, as `number_of` reads it: a point might stand for thousands."""
    margin = f" +- {_comma(value.tolerance)}" if value.tolerance else ""
    return f"{_comma(value.value)}{margin}"


def _comma(number: Decimal) -> str:
    text = f"{number:f}"
    return text.replace(".", ",")
