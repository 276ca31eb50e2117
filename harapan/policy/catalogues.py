"""Lists of dated rows beside the policy keys: tasks, offences, questions; each with days, source and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from harapan.core.phrases import Phrase
from harapan.policy.dated import CONFIDENCES
from harapan.policy.errors import BadPolicy
from harapan.policy.yaml_rows import written_in


@dataclass(frozen=True, slots=True)
class Held:
    """A row of a file, valid from its first to its last day (None: until further notice)."""

    since: date
    until: date | None
    source: str
    confidence: str

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def rows_of(
    file: Path, name: str, *, fields: set[str], repair: str, optional: set[str] | frozenset[str] = frozenset()
) -> list[Mapping[str, Any]]:
    """The rows under `name`, each with `held`. Raises BadPolicy for a row that lacks one of `fields` or has others.

    Source and confidence stand at the head of the file, or in the row where rows differ. `repair`: the way out that a
    refusal names.
    """
    written = written_in(file)
    if not isinstance(written, Mapping) or not isinstance(written.get(name), list):
        raise BadPolicy(file.name, f"tidak memuat daftar {name}", repair)
    needed, allowed = fields | {"from"}, fields | optional | {"from", "until", "source", "confidence"}
    found: list[Mapping[str, Any]] = []
    for row in written[name]:
        if not isinstance(row, Mapping) or not needed <= set(row) <= allowed:
            raise BadPolicy(file.name, f"satu baris {name} bukan {', '.join(sorted(needed))}", repair)
        found.append({**row, "held": held(row, written, place=file.name, repair=repair)})
    return found


def held(row: Mapping[str, Any], head: Mapping[str, Any], *, place: str, repair: str) -> Held:
    """The days, source and confidence of a row, the last two of `head` where the row has none. Raises BadPolicy."""
    source, confidence = row.get("source", head.get("source")), row.get("confidence", head.get("confidence"))
    if not str(source or "").strip() or confidence not in CONFIDENCES:
        raise BadPolicy(place, "satu baris tanpa sumber, atau keyakinannya bukan H, M, atau L", repair)
    since, until = row["from"], row.get("until")
    if not isinstance(since, date) or (until is not None and (not isinstance(until, date) or until < since)):
        raise BadPolicy(place, "from atau until satu baris bukan tanggal yang berurutan", repair)
    return Held(since, until, str(source), str(confidence))


def words(row: Mapping[str, Any], name: str = "title", english: str = "english") -> Phrase:
    """Words for people with the English that stands beside them."""
    return Phrase.of_data(str(row[name]), str(row[english]))
