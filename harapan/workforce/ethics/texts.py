"""The code of ethics and the values as dated texts (`data/ethics`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.phrases import Phrase
from harapan.database.places import CHECKOUT
from harapan.policy.catalogues import Held, held, rows_of
from harapan.policy.errors import BadPolicy
from harapan.policy.yaml_rows import written_in

FOLDER = CHECKOUT / "data" / "ethics"
REPAIR = "Ikuti bentuk di docs/ethics.md"
_VERSION = {"version", "from", "rule", "source", "confidence", "duties", "bans"}
_CLAUSE = {"code", "article", "text", "english"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A duty or a ban. `article`: as the rule numbers it."""

    code: str
    article: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class Code:
    """One version of the code, in force from its day until the next one."""

    version: str
    rule: str
    held: Held
    duties: tuple[Clause, ...]
    bans: tuple[Clause, ...]

    @property
    def since(self) -> date:
        return self.held.since


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values: its word and what it means."""

    word: Phrase
    text: Phrase
    held: Held


def load_codes(file: Path = FOLDER / "code.yaml") -> tuple[Code, ...]:
    """Every version, the earliest first. Raises BadPolicy."""
    written = written_in(file)
    if not isinstance(written, list) or not written:
        raise BadPolicy(file.name, "bukan daftar naskah", REPAIR)
    found = tuple(sorted((_code(row, file.name) for row in written), key=lambda each: each.since))
    if len({each.version for each in found}) != len(found) or len({each.since for each in found}) != len(found):
        raise BadPolicy(file.name, "dua naskah bernama sama atau berlaku sejak hari yang sama", REPAIR)
    return found


def _code(row: Any, place: str) -> Code:
    if not isinstance(row, Mapping) or set(row) != _VERSION:
        raise BadPolicy(place, f"satu naskah tidak memuat {', '.join(sorted(_VERSION))}", REPAIR)
    return Code(
        str(row["version"]), str(row["rule"]), held(row, row, place=place, repair=REPAIR),
        _clauses(row["duties"], place), _clauses(row["bans"], place),
    )  # fmt: skip


def _clauses(rows: Any, place: str) -> tuple[Clause, ...]:
    if (
        not isinstance(rows, list)
        or not rows
        or not all(isinstance(row, Mapping) and set(row) == _CLAUSE for row in rows)
    ):
        raise BadPolicy(place, "kewajiban dan larangan harus daftar code, article, text, dan english", REPAIR)
    found = tuple(Clause(row["code"], str(row["article"]), Phrase.of_data(row["text"], row["english"])) for row in rows)
    if len({each.code for each in found}) != len(found):
        raise BadPolicy(place, "satu kode ditulis dua kali", REPAIR)
    return found


@cache
def codes() -> tuple[Code, ...]:
    return load_codes()


def in_force(day: date) -> Code | None:
    """The version that holds on a day; None before the first."""
    return next((each for each in reversed(codes()) if each.since <= day), None)


def of_version(version: str) -> Code | None:
    return next((each for each in codes() if each.version == version), None)


def load_values(file: Path = FOLDER / "values.yaml") -> tuple[Value, ...]:
    """Raises BadPolicy."""
    rows = rows_of(file, "values", fields={"code", "word", "english_word", "text", "english"}, repair=REPAIR)
    return tuple(
        Value(
            Phrase.of_data(row["word"], row["english_word"]), Phrase.of_data(row["text"], row["english"]), row["held"]
        )
        for row in rows
    )  # fmt: skip


@cache
def _values() -> tuple[Value, ...]:
    return load_values()


def values_on(day: date) -> list[Value]:
    """The values that hold on a day, in their order."""
    return [each for each in _values() if each.held.holds_on(day)]
