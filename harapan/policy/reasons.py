"""A reason that says something: what is asked of whoever decides about money or about a person's standing."""

from __future__ import annotations

from datetime import date

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.policy.reader import default_policy


class SaysTooLittle(Refused):
    """A reason of a letter or two, which nobody who reads it later would understand."""

    def __init__(self, why: str, least: int, way_out: str) -> None:
        told = {"why": why, "letters": _letters(why), "least": least, "way_out": way_out}
        super().__init__(Phrase("Alasan “{why}” hanya {letters} huruf; paling sedikit {least}. {way_out}", **told))


def demand_reason(why: str, way_out: Phrase, *, on: date) -> None:
    """Raises Refused for a reason that is empty, with the way out alone, or says too little by `reasons.letters_min`.

    way_out: what to write and who reads it, best with an example.
    """
    if not why.strip():
        raise Refused(way_out)
    if _letters(why) < letters_min(on):
        raise SaysTooLittle(why.strip(), letters_min(on), way_out)


def letters_min(on: date) -> int:
    return int(default_policy().value("reasons.letters_min", on=on).value)


def _letters(why: str) -> int:
    return sum(letter.isalpha() for letter in why)
