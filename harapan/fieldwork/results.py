"""The nine results (RHK), what may be recorded under each, and the rules reports rest on: dated data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.phrases import Phrase
from harapan.fieldwork.catalogue import FOLDER, REPAIR, Held, rows_of, words
from harapan.policy.errors import BadPolicy

MONTHLY = 7  # the result that is the monthly report itself
MEETINGS = 2
SUPERVISED = range(1, 6)
NUMBERS = range(1, 10)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that may be recorded as done for a result; `supervision` is for leads only.

    recorded_as: the evidence that shows the same work, so that it counts once.
    """

    code: str
    title: Phrase
    supervision: bool = False
    recorded_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One RHK. `code` names its target in policy. `percent`: that is a share of what came in, not a number a year."""

    number: int
    code: str
    title: Phrase
    short: str
    percent: bool
    overview: str
    aim: str
    scope: str
    actions: tuple[Action, ...]
    held: Held

    def action(self, code: str) -> Action | None:
        return next((each for each in self.actions if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Basis:
    """A rule that reports name. `rhk` empty: of every result."""

    text: str
    rhk: tuple[int, ...]
    held: Held


def load_results(file: Path = FOLDER / "results.yaml") -> tuple[Result, ...]:
    """The results of a file, checked. Raises BadPolicy."""
    fields = {"number", "code", "title", "english", "short", "overview", "aim", "scope", "actions"}
    found = []
    for row in rows_of(file, "results", fields=fields, optional={"percent"}):
        if row["number"] not in NUMBERS:
            raise BadPolicy(file.name, f"nomor RHK {row['number']} bukan 1 sampai 9", REPAIR)
        actions = tuple(_action(each, file.name) for each in row["actions"])
        found.append(
            Result(
                row["number"], row["code"], words(row), row["short"], bool(row.get("percent")), row["overview"],
                row["aim"], row["scope"], actions, row["held"],
            )
        )  # fmt: skip
    codes = [action.code for result in found for action in result.actions]
    if len(set(codes)) != len(codes) and len({result.held.since for result in found}) == 1:
        raise BadPolicy(file.name, "satu kode kegiatan ditulis dua kali", REPAIR)
    return tuple(found)


def _action(row: Any, place: str) -> Action:
    if not isinstance(row, dict) or not {"code", "title", "english"} <= set(row):
        raise BadPolicy(place, "satu kegiatan tidak memuat code, title, dan english", REPAIR)
    return Action(row["code"], words(row), bool(row.get("supervision")), tuple(row.get("recorded_as", ())))


def load_basis(file: Path = FOLDER / "basis.yaml") -> tuple[Basis, ...]:
    rows = rows_of(file, "rules", fields={"text"}, optional={"rhk"})
    return tuple(Basis(row["text"], tuple(row.get("rhk", ())), row["held"]) for row in rows)


@cache
def default_results() -> tuple[Result, ...]:
    return load_results()


@cache
def default_basis() -> tuple[Basis, ...]:
    return load_basis()


def results_on(day: date) -> dict[int, Result]:
    """RHK number -> what it is on a day; empty before there were any."""
    return {each.number: each for each in default_results() if each.held.holds_on(day)}


def action_named(code: str) -> Action | None:
    return next((found for each in default_results() if (found := each.action(code))), None)


def actions_recorded_as(evidence: str) -> list[str]:
    """Codes of the actions whose work such evidence shows as well."""
    return [action.code for result in default_results() for action in result.actions if evidence in action.recorded_as]


def basis_on(day: date, rhk: int) -> list[str]:
    """The rules in force on a day that the reports of a result name."""
    return [each.text for each in default_basis() if each.held.holds_on(day) and (not each.rhk or rhk in each.rhk)]
