"""What `ranking` means, one applicant after the other: for proof, and for whoever asks why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from harapan.workforce.recruitment.ranking import BEYOND, FAILED, RESERVE, SELECTED
from harapan.workforce.recruitment.rules import HUNDREDTHS, PARTS, RoundRules

Row = Mapping[str, Any]  # a row of ranking.INPUT


def parts(row: Row, rules: RoundRules) -> dict[str, int]:
    """Stage -> what it adds to the total, in ten-thousandths of a point."""
    return {
        each.stage: (row[each.stage] or 0) * each.weight * PARTS // (each.most * HUNDREDTHS) for each in rules.stages
    }


def failed_at(row: Row, rules: RoundRules) -> str:
    """The first stage not passed; "" where all were."""
    for each in rules.stages:
        score = row[each.stage]
        if score is None or score < each.pass_mark * HUNDREDTHS:
            return each.stage
    return ""


def tie_key(tie: str, row: Row, seed: str) -> Any:
    """What goes first is smaller."""
    if tie == "lot":
        return hashlib.sha256(f"{seed}:{row['participant_no']}".encode()).hexdigest()
    if tie == "older":
        return row["born_on"] or date.max
    if tie == "lives_here":
        return not row["lives_here"]
    return -(-1 if row[tie] is None else row[tie])


def rank(rows: Iterable[Row], rules: RoundRules, *, seed: str) -> list[tuple[Any, ...]]:
    """The tuples of ranking.RESULT in order of formation and place."""
    found = []
    for formation, group in groupby(sorted(rows, key=lambda row: row["formation"]), key=lambda row: row["formation"]):
        found += _ranked(formation, list(group), rules, seed)
    return found


def _ranked(formation: int, rows: list[Row], rules: RoundRules, seed: str) -> list[tuple[Any, ...]]:
    keyed = []
    for row in rows:
        failed, total = failed_at(row, rules), sum(parts(row, rules).values())
        ties = tuple(tie_key(tie, row, seed) for tie in rules.ties)
        keyed.append(((failed != "", -total, *ties, row["participant_no"]), row, failed, total, ties))
    keyed.sort(key=lambda each: each[0])
    found: list[tuple[Any, ...]] = []
    before: tuple[str, int, tuple[Any, ...]] | None = None
    for place, (_key, row, failed, total, ties) in enumerate(keyed, start=1):
        outcome = _outcome(place, row["quota"], rules) if not failed else FAILED
        tied = _tied(before, failed, total, ties, rules)
        found.append((formation, place, row["participant_no"], total, outcome, failed, tied))
        before = (failed, total, ties)
    return found


def _outcome(place: int, quota: int, rules: RoundRules) -> int:
    if place <= quota:
        return SELECTED
    return RESERVE if place <= quota + rules.reserve(quota) else BEYOND


def _tied(
    before: tuple[str, int, tuple[Any, ...]] | None, failed: str, total: int, ties: tuple[Any, ...], rules: RoundRules
) -> str:
    if before is None or failed or before[0] or before[1] != total:
        return ""
    for tie, mine, theirs in zip(rules.ties, ties, before[2], strict=True):
        if mine != theirs:
            return tie
    return "number"
