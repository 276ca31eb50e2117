"""A question before the learner: what the page shows, and what the form sent back means.

Forms name options by where they stand on the page, never by their own numbers: those would tell the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from harapan.core.errors import Refused
from harapan.exchange.questions.item import Item, Kind, Picture
from harapan.training.learning.attempting import Asked
from harapan.training.learning.rules import number_of

TYPED_MAX = 200  # letters of an answer that is typed


@dataclass(frozen=True, slots=True)
class Option:
    value: int
    text: str
    chosen: bool
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A left side with what may belong to it, or a step with the place it was given."""

    name: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template lays out. `options`: single, multiple; `lines`: match, order; `typed`: number, text."""

    kind: str
    options: tuple[Option, ...] = ()
    lines: tuple[Line, ...] = ()
    typed: str = ""


def shown(asked: Asked) -> Shown:
    item, order, given = asked.item, asked.answer.order, asked.answer.given
    if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
        chosen = [given] if item.kind == Kind.SINGLE else given or []
        options = (_option(item, at, number, number in chosen) for at, number in enumerate(order))
        return Shown(item.kind, options=tuple(options))
    if item.kind == Kind.MATCH:
        return Shown(item.kind, lines=tuple(_pairs(item, order, given)))
    if item.kind == Kind.ORDER:
        return Shown(item.kind, lines=tuple(_steps(item, order, given)))
    return Shown(item.kind, typed=str(given or ""))


def _option(item: Item, at: int, number: int, chosen: bool) -> Option:
    choice = item.choices[number]
    return Option(at, choice.text, chosen, None if choice.picture is None else item.pictures[choice.picture])


def _pairs(item: Item, order: list[int], given: list[int | None] | None) -> list[Line]:
    chosen = given or [None] * len(item.asked)
    return [
        Line(
            f"a-{place}",
            pair.left,
            tuple(Option(at, item.rights[number], number == chosen[place]) for at, number in enumerate(order)),
        )
        for place, pair in enumerate(item.asked)
    ]


def _steps(item: Item, order: list[int], given: list[int | None] | None) -> list[Line]:
    chosen = given or [None] * len(item.steps)
    places = range(1, len(item.steps) + 1)
    return [
        Line(
            f"a-{at}", item.steps[number], tuple(Option(place, str(place), place == chosen[number]) for place in places)
        )
        for at, number in enumerate(order)
    ]


def given(asked: Asked, sent: QueryDict) -> Any:
    """The answer by the question's own numbers, as `learning.rules` has it. Raises Refused for what is none."""
    item, order = asked.item, asked.answer.order
    if item.kind == Kind.SINGLE:
        at = _number(sent.get("a", ""), len(order))
        return None if at is None else order[at]
    if item.kind == Kind.MULTIPLE:
        chosen = [_number(each, len(order)) for each in sent.getlist("a")]
        return sorted({order[at] for at in chosen if at is not None})
    if item.kind == Kind.MATCH:
        sides = [_number(sent.get(f"a-{place}", ""), len(order)) for place in range(len(item.asked))]
        return [None if at is None else order[at] for at in sides]
    if item.kind == Kind.ORDER:
        places = [_number(sent.get(f"a-{at}", ""), len(order) + 1) or None for at in range(len(order))]
        return [places[order.index(number)] for number in range(len(order))]
    typed = " ".join(sent.get("a", "").replace("\0", "").split())[:TYPED_MAX]
    if item.kind == Kind.NUMBER and typed and number_of(typed) is None:
        raise Refused("“{typed}” bukan angka. Tulis angka saja, misalnya 12 atau 2,5.", typed=typed)
    return typed


def _number(text: str, below: int) -> int | None:
    """Raises Refused for what no form of ours sends."""
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 4 or int(text) >= below:
        raise Refused(
            "Jawaban “{text}” tidak ada di antara pilihannya. Muat ulang soal ini, lalu pilih lagi.", text=text[:20]
        )
    return int(text)
