"""Whole numbers as addresses and forms carry them: keys, region numbers, counts. Anybody may write anything there."""

from __future__ import annotations

from collections.abc import Iterable

DIGITS_MAX = 18  # nothing that could be longer is a key: a bigint holds 19 digits, not all of them


def whole(text: str) -> int | None:
    """The number that `text` writes in plain digits; None for anything else, and for what no key can be."""
    return int(text) if len(text) <= DIGITS_MAX and text.isascii() and text.isdecimal() else None


def wholes(texts: Iterable[str]) -> list[int]:
    """The numbers among `texts`, in their order; what is none is left out."""
    return [number for text in texts if (number := whole(text)) is not None]
