"""Questions between the bank's rows and plain items."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from harapan.exchange.questions.item import Choice, Item, Kind, Pair, Picture, Value
from harapan.training.models import Question


def body_of(item: Item) -> dict[str, Any]:
    """What of an item its row keeps as JSON. Shares are texts: "1/3"."""
    return {
        "choices": [_choice(each) for each in item.choices],
        "pairs": [[each.left, each.right] for each in item.pairs],
        "steps": list(item.steps),
        "values": [[f"{each.value:f}", f"{each.tolerance:f}", str(each.share), each.feedback] for each in item.values],
        "exact_case": item.exact_case,
        "feedback": item.feedback,
    }


def _choice(choice: Choice) -> list[Any]:
    said = [choice.text, str(choice.share), choice.feedback]
    return said if choice.picture is None else [*said, choice.picture]


def item_of(question: Question) -> Item:
    """Its pictures without their contents. One query each, unless they are at hand (`pictures` prefetched)."""
    body = question.body
    return Item(
        Kind(question.kind), question.name, question.text, question.topic,
        choices=tuple(Choice(text, Fraction(share), *told) for text, share, *told in body["choices"]),
        pairs=tuple(Pair(left, right) for left, right in body["pairs"]),
        steps=tuple(body["steps"]),
        values=tuple(
            Value(Decimal(value), Decimal(margin), Fraction(share), told)
            for value, margin, share, told in body["values"]
        ),
        exact_case=body["exact_case"], feedback=body["feedback"],
        pictures=tuple(
            Picture(each.name, each.alt, each.digest)
            for each in sorted(question.pictures.all(), key=lambda each: each.place)
        ),
    )  # fmt: skip
