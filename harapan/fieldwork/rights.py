"""The rights and duties read out to new families: dated texts of `data/fieldwork/rights.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.phrases import Phrase
from harapan.fieldwork.visit_codes import FOLDER, BadFieldworkData
from harapan.policy.dated import CONFIDENCES
from harapan.policy.yaml_rows import written_in

_FIELDS = {"version", "from", "source", "confidence", "rights", "duties"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One text to read out from a day on, until the next one."""

    version: str
    since: date
    source: str
    confidence: str
    rights: tuple[Phrase, ...]
    duties: tuple[Phrase, ...]


def load(file: Path = FOLDER / "rights.yaml") -> tuple[Reading, ...]:
    """The texts, the earliest first. Raises BadFieldworkData."""
    written = written_in(file)
    if not isinstance(written, list) or not written:
        raise BadFieldworkData(file.name, "bukan daftar naskah")
    found = tuple(sorted((_reading(row, file.name) for row in written), key=lambda each: each.since))
    if len({each.version for each in found}) != len(found) or len({each.since for each in found}) != len(found):
        raise BadFieldworkData(file.name, "dua naskah bernama sama atau berlaku sejak hari yang sama")
    return found


def _reading(row: Any, place: str) -> Reading:
    if not isinstance(row, Mapping) or set(row) != _FIELDS:
        raise BadFieldworkData(place, f"satu naskah tidak memuat {', '.join(sorted(_FIELDS))}")
    if type(row["from"]) is not date or row["confidence"] not in CONFIDENCES or not str(row["source"]).strip():
        raise BadFieldworkData(place, f"naskah {row['version']}: tanggal, sumber, atau confidence keliru")
    return Reading(
        str(row["version"]), row["from"], row["source"], row["confidence"],
        _lines(row["rights"], place), _lines(row["duties"], place),
    )  # fmt: skip


def _lines(rows: Any, place: str) -> tuple[Phrase, ...]:
    if not isinstance(rows, list) or not rows or not all(set(row) == {"text", "english"} for row in rows):
        raise BadFieldworkData(place, "hak dan kewajiban harus daftar text dan english")
    return tuple(Phrase.of_data(row["text"], row["english"]) for row in rows)


@cache
def default_readings() -> tuple[Reading, ...]:
    return load()


def in_force(day: date) -> Reading | None:
    """The text that is read out on a day; None before the first."""
    return next((each for each in reversed(default_readings()) if each.since <= day), None)


def of_version(version: str) -> Reading | None:
    return next((each for each in default_readings() if each.version == version), None)
