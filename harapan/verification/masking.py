"""A member as whoever knows the child recognises them, and nobody else does: no number of a person in full."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """ "AHMAD RIZKI MAULANA" -> "AHMAD R. M."."""
    first, *rest = name.split() or [""]
    return " ".join([first, *(f"{word[0]}." for word in rest)])


def masked_number(number: str) -> str:
    """A pupil's number by its last three digits; "" where there is none."""
    return f"•••{number[-3:]}" if len(number) > 3 else ""
