"""Which word a field stands on: the one place that says whether a source may replace what is recorded.

Policy names the winner of each field by date (`precedence.*` in data/policy/intake.yaml): `ministry` the list of the
centre, `field` what the facilitator noted, `ask` nobody: a difference becomes a question for a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from harapan.core.phrases import Phrase
from harapan.policy.reader import Policy, default_policy

FROM_FIELD = ("field", "caseload")  # first the stronger: what was noted in Harapan itself beats a workbook
FROM_CENTRE = ("list",)

# The fields of a family's row, each under the heading that policy knows.
HEADING = {
    "name": "name",
    "kk": "kk",
    "nik": "nik",
    "region": "membership",
    "dtks_id": "membership",
    "address": "address_detail",
    "rt": "address_detail",
    "rw": "address_detail",
    "hamlet": "address_detail",
    "phone": "phone",
    "group": "group",
    "note": "notes",
    "bank": Phrase("bank"),
}


class Sources(dict[str, list[str]]):
    """Field -> [source, ISO date]: on whose word each field of a row stands, and since when."""

    @classmethod
    @lru_cache(maxsize=4096)  # families of one list carry the same record
    def load(cls, text: str) -> Sources:
        return cls(json.loads(text))

    def of(self, name: str) -> str:
        """The source a field stands on; "" when nobody noted it."""
        return self[name][0] if name in self else ""


class Winner(StrEnum):
    MINISTRY = "ministry"
    FIELD = "field"
    ASK = "ask"


class Word(StrEnum):
    """What becomes of an incoming value."""

    SAME = "same"
    TAKE = "take"
    KEEP = "keep"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Precedence:
    """The winners in force on a day."""

    winners: Mapping[str, Winner]

    @classmethod
    def on(cls, day: date, *, policy: Policy | None = None) -> Precedence:
        found = (policy or default_policy()).values("precedence", on=day)
        return cls({heading: Winner(row.value) for heading, row in found.items()})

    def word(self, name: str, ours: Any, theirs: Any, *, recorded: str, incoming: str) -> Word:
        """What to do with `theirs` where `ours` stands on the word of `recorded` ("" when unknown).

        A blank says nothing and replaces nothing; a blank of ours is filled by whoever speaks.
        """
        if theirs in (None, "") or theirs == ours:
            return Word.SAME
        if ours in (None, ""):
            return Word.TAKE
        winner = self.winners[HEADING[name]]
        if winner is Winner.ASK:
            return Word.ASK
        strong = FROM_CENTRE if winner is Winner.MINISTRY else FROM_FIELD
        return Word.TAKE if _rank(incoming, strong) <= _rank(recorded, strong) else Word.KEEP


def _rank(source: str, strong: tuple[str, ...]) -> int:
    """0 the strongest. Sources outside `strong` are equal: the later one replaces the earlier."""
    return strong.index(source) if source in strong else len(strong)


@dataclass(slots=True)
class Judgement:
    """What one row does to one family: values to set, to ask about, and kept against the row."""

    take: dict[str, Any] = field(default_factory=dict)
    ask: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # name -> (ours, theirs)
    kept: list[str] = field(default_factory=list)


def judge(
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    *,
    sources: Sources,
    incoming: str,
    precedence: Precedence,
) -> Judgement:
    """Compare the fields of a row that names a family with what is recorded."""
    answer = Judgement()
    for name, value in theirs.items():
        word = precedence.word(name, ours.get(name), value, recorded=sources.of(name), incoming=incoming)
        if word is Word.TAKE:
            answer.take[name] = value
        elif word is Word.ASK:
            answer.ask[name] = (ours.get(name), value)
        elif word is Word.KEEP:
            answer.kept.append(name)
    return answer


FIELD_TITLES = {
    "name": Phrase("nama"),
    "kk": Phrase("nomor KK"),
    "nik": Phrase("NIK"),
    "region": Phrase("desa atau kelurahan"),
    "dtks_id": "IDDTKS",
    "address": Phrase("alamat"),
    "rt": Phrase("RT"),
    "rw": "RW",
    "hamlet": Phrase("dusun"),
    "phone": Phrase("nomor HP"),
    "group": Phrase("kelompok"),
    "note": Phrase("catatan"),
    "bank": Phrase("bank"),
    "account": Phrase("nomor rekening"),
    "card": Phrase("nomor kartu"),
}
