"""A member as whoever knows the child recognises them, and nobody else does: no number of a person in full."""

from __future__ import annotations

WORD_MIN = 3  # letters: shorter ones are "M." or "St."


def masked_name(name: str) -> str:
    """ "AHMAD RIZKI MAULANA" -> "AHMAD R. M.", "M. FAUZAN" -> "M. FAUZAN": one word in full, and no abbreviation."""
    words = name.split()
    whole = next((place for place, word in enumerate(words) if len(word.rstrip(".")) >= WORD_MIN), 0)
    return " ".join(word if place == whole else f"{word[0]}." for place, word in enumerate(words))


def masked_number(number: str) -> str:
    """A pupil's number by its last three digits; "" where there is none."""
    return f"•••{number[-3:]}" if len(number) > 3 else ""
