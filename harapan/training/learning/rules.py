"""Rules of quizzes: what is drawn, in which order it stands, what an answer is worth. Plain Python.

An answer is a JSON value by the question's own numbers, whatever order it was shown in: single, the number of an
option; multiple, a list of them; match, for each left side the number of a right side, or None; order, for each step
the place it was given, from 1, or None; number and text, what was typed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from harapan.exchange.questions.item import NOTHING, WHOLE, Item, Kind, decimal_of

T = TypeVar("T")
FULL = 10_000  # a score in hundredths of a percent


def shuffled(things: Sequence[T], *, seed: int, of: object = "") -> list[T]:
    """An order that the seed alone decides, the same on any machine and version of Python."""
    keyed = [(hashlib.sha256(f"{seed}/{of}/{place}".encode()).digest(), thing) for place, thing in enumerate(things)]
    return [thing for _key, thing in sorted(keyed, key=lambda pair: pair[0])]


def drawn(things: Sequence[T], count: int, *, seed: int) -> list[T]:
    """So many of the things, by the seed, each at most once."""
    return shuffled(things, seed=seed)[:count]


def order_of(item: Item, *, seed: int, place: int) -> list[int]:
    """How the options of a question stand in an attempt: their own numbers, mixed. Nothing to mix: empty."""
    sides = {
        Kind.SINGLE: len(item.choices), Kind.MULTIPLE: len(item.choices), Kind.MATCH: len(item.rights),
        Kind.ORDER: len(item.steps),
    }  # fmt: skip
    return shuffled(range(sides.get(item.kind, 0)), seed=seed, of=place)


def is_given(given: Any) -> bool:
    """Whether there is anything of an answer. 0, the first option, is one."""
    if isinstance(given, list):
        return any(each is not None for each in given)
    return given is not None and given != ""


def credit(item: Item, given: Any) -> Fraction:
    """What an answer is worth, from nothing to the whole question: a question never takes from another."""
    if not is_given(given):
        return NOTHING
    return min(max(_CREDITS[item.kind](item, given), NOTHING), WHOLE)


def _of_single(item: Item, given: int) -> Fraction:
    return item.choices[given].share


def _of_multiple(item: Item, given: list[int]) -> Fraction:
    return sum((item.choices[each].share for each in set(given)), NOTHING)


def _of_match(item: Item, given: list[int | None]) -> Fraction:
    rights = item.rights
    right = sum(
        number is not None and rights[number] == pair.right for pair, number in zip(item.asked, given, strict=True)
    )
    return Fraction(right, len(item.asked))


def _of_order(item: Item, given: list[int | None]) -> Fraction:
    """The share of steps at their own place; a place given twice is worth nothing to either."""
    right = sum(place == at and given.count(place) == 1 for at, place in enumerate(given, start=1))
    return Fraction(right, len(item.steps))


def _of_number(item: Item, given: str) -> Fraction:
    number = number_of(given)
    if number is None:
        return NOTHING
    return max((each.share for each in item.values if abs(number - each.value) <= each.tolerance), default=NOTHING)


def _of_text(item: Item, given: str) -> Fraction:
    return max((each.share for each in item.choices if _fits(each.text, given, item.exact_case)), default=NOTHING)


_CREDITS: dict[Kind, Callable[[Item, Any], Fraction]] = {
    Kind.SINGLE: _of_single, Kind.MULTIPLE: _of_multiple, Kind.MATCH: _of_match, Kind.ORDER: _of_order,
    Kind.NUMBER: _of_number, Kind.TEXT: _of_text,
}  # fmt: skip


def number_of(text: str) -> Decimal | None:
    """A number as people here write it: "2,5", "1.500", "2.5". None for what is none."""
    bare = re.sub(r"\s", "", text)
    if "," in bare or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", bare):
        bare = bare.replace(".", "").replace(",", ".")
    try:
        return decimal_of(bare)
    except ValueError:
        return None


def _fits(accepted: str, given: str, exact_case: bool) -> bool:
    """`*` in what is accepted stands for anything, as Moodle has it; spaces at the ends and in rows do not count."""
    wanted, said = (_folded(text, exact_case) for text in (accepted, given))
    pattern = ".*".join(re.escape(part) for part in wanted.split("*"))
    return re.fullmatch(pattern, said) is not None


def _folded(text: str, exact_case: bool) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return plain if exact_case else plain.casefold()


def score(credits: Sequence[Fraction], *, partial: bool) -> Fraction:
    """Of an attempt, from 0 to 1. Without `partial` only a whole answer counts. No questions, nothing."""
    counted = [each if partial else Fraction(each == WHOLE) for each in credits]
    return sum(counted, NOTHING) / len(counted) if counted else NOTHING


def hundredths(share: Fraction) -> int:
    """Hundredths of a percent, rounded down: what is shown never reaches a pass mark that was not reached."""
    return int(share * FULL)


def in_percent(score: int) -> str:
    """ "75%", "69,99%": all that is known of a score in hundredths of a percent, never rounded up to a mark."""
    whole, part = divmod(score, 100)
    return f"{whole},{part:02d}".rstrip("0").rstrip(",") + "%" if part else f"{whole}%"


def passes(share: Fraction, pass_percent: int) -> bool:
    return share * 100 >= pass_percent


def counting(scores: Sequence[int], counts: str) -> int | None:
    """Which of the scores, in the order of the attempts, counts: `best` or `last`. None before the first."""
    if not scores:
        return None
    return max(scores) if counts == "best" else scores[-1]
