"""Answers in words, for the result of an attempt."""

from __future__ import annotations

from typing import Any

from harapan.exchange.questions.item import WHOLE, Item, Kind
from harapan.training.learning import rules


def given_words(item: Item, given: Any) -> list[str]:
    """What was answered, one line each; nothing where nothing was."""
    if not rules.is_given(given):
        return []
    if item.kind == Kind.SINGLE:
        return [item.choices[given].text]
    if item.kind == Kind.MULTIPLE:
        return [item.choices[each].text for each in sorted(given)]
    if item.kind == Kind.MATCH:
        chosen = zip(item.asked, given, strict=True)
        return [f"{pair.left}: {'—' if each is None else item.rights[each]}" for pair, each in chosen]
    if item.kind == Kind.ORDER:
        placed = sorted(
            (place, step) for place, step in zip(given, item.steps, strict=True) if place is not None
        )  # fmt: skip
        return [f"{place}. {step}" for place, step in placed]
    return [str(given)]


def right_words(item: Item) -> list[str]:
    """What would have been right."""
    if item.kind == Kind.MULTIPLE:
        return [choice.text for choice in item.choices if choice.share > 0]
    if item.kind in (Kind.SINGLE, Kind.TEXT):
        return [choice.text for choice in item.choices if choice.share == WHOLE]
    if item.kind == Kind.MATCH:
        return [f"{pair.left}: {pair.right}" for pair in item.asked]
    if item.kind == Kind.ORDER:
        return [f"{place}. {step}" for place, step in enumerate(item.steps, start=1)]
    return [_number(each.value, each.tolerance) for each in item.values if each.share == WHOLE]


def comments(item: Item, given: Any) -> list[str]:
    """What the author says to this answer, and to the question as a whole."""
    said = []
    if rules.is_given(given):
        chosen = [given] if item.kind == Kind.SINGLE else given if item.kind == Kind.MULTIPLE else []
        said = [item.choices[each].feedback for each in sorted(chosen)]
    return [each for each in (*said, item.feedback) if each]


def _number(value: Any, tolerance: Any) -> str:
    shown = f"{value:f}".replace(".", ",")
    return f"{shown} ± {f'{tolerance:f}'.replace('.', ',')}" if tolerance else shown
