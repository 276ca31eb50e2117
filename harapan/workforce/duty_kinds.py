"""Kinds of extra duties, as dated data (`data/workforce/duties.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from harapan.core.phrases import Phrase
from harapan.database.places import CHECKOUT
from harapan.policy.catalogues import Held, rows_of, words

FILE = CHECKOUT / "data" / "workforce" / "duties.yaml"
REPAIR = "Ikuti bentuk di data/workforce/PROVENANCE.md"


@dataclass(frozen=True, slots=True)
class DutyKind:
    """`rhk`: the result (1 to 9) under which one's own duty of this kind is reported."""

    code: str
    title: Phrase
    rhk: int
    held: Held


def load_duty_kinds(file: Path = FILE) -> tuple[DutyKind, ...]:
    """Raises BadPolicy."""
    rows = rows_of(file, "duties", fields={"code", "title", "english", "rhk"}, repair=REPAIR)
    return tuple(DutyKind(row["code"], words(row), row["rhk"], row["held"]) for row in rows)


@cache
def default_duty_kinds() -> tuple[DutyKind, ...]:
    return load_duty_kinds()


def duty_kind(code: str) -> DutyKind | None:
    return next((each for each in default_duty_kinds() if each.code == code), None)


def duty_kinds_on(day: date) -> list[DutyKind]:
    return [each for each in default_duty_kinds() if each.held.holds_on(day)]
