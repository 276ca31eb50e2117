"""Offences, sanctions and questions to families as dated rows (`data/ethics`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from harapan.core.phrases import Phrase
from harapan.policy.catalogues import Held, rows_of, words
from harapan.policy.errors import BadPolicy
from harapan.workforce.ethics.texts import FOLDER, REPAIR, codes

_QUESTION = {"code", "report_if", "offence", "text", "english", "label", "english_label"}
ANSWERS = {"yes": 1, "no": 2}  # as `EthicsVisit.Answer` numbers them


@dataclass(frozen=True, slots=True)
class Offence:
    code: str
    article: str
    ban: str
    title: Phrase
    held: Held


@dataclass(frozen=True, slots=True)
class Measure:
    """What a level may entail. One that `ends_posts` names who carries it out."""

    code: str
    text: Phrase
    ends_posts: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A level of sanction. `counts_months`: how long it counts (None: for good)."""

    code: str
    title: Phrase
    counts_months: int | None
    measures: tuple[Measure, ...]
    held: Held

    def measure(self, code: str) -> Measure | None:
        return next((each for each in self.measures if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a family, and the few words that head its column. `report_if` deserves a report, as `offence`."""

    code: str
    text: Phrase
    label: Phrase
    report_if: int
    offence: str
    held: Held


class _Row(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def held(self) -> Held: ...


Row = TypeVar("Row", bound=_Row)


def _once(rows: Iterable[Row], file: Path) -> tuple[Row, ...]:
    """The rows, where no code holds twice on one day. Raises BadPolicy."""
    found = tuple(rows)
    for place, row in enumerate(found):
        if any(row.code == other.code and other.held.holds_on(row.held.since) for other in found[place + 1 :]):
            raise BadPolicy(file.name, f"kode {row.code} ditulis dua kali untuk hari yang sama", REPAIR)
    return found


def load_offences(file: Path = FOLDER / "offences.yaml") -> tuple[Offence, ...]:
    """Raises BadPolicy, also for a ban that no version of the code knows."""
    known = {clause.code for code in codes() for clause in (*code.duties, *code.bans)}
    rows = rows_of(file, "offences", fields={"code", "article", "ban", "title", "english"}, repair=REPAIR)
    for row in rows:
        if row["ban"] not in known:
            raise BadPolicy(file.name, f"{row['ban']} tidak ada dalam kode etik", REPAIR)
    return _once((Offence(row["code"], str(row["article"]), row["ban"], words(row), row["held"]) for row in rows), file)


def load_levels(file: Path = FOLDER / "sanctions.yaml") -> tuple[Level, ...]:
    """From light to heavy. Raises BadPolicy."""
    fields = {"code", "title", "english", "counts_months", "measures"}
    rows = rows_of(file, "levels", fields=fields, repair=REPAIR)
    return _once((_level(row, file) for row in rows), file)


def _level(row: Mapping[str, Any], file: Path) -> Level:
    months = row["counts_months"]
    if months is not None and (not isinstance(months, int) or months < 1):
        raise BadPolicy(file.name, f"counts_months pada {row['code']} bukan bulan atau null", REPAIR)
    measures = tuple(Measure(each["code"], words(each, "text"), bool(each["ends_posts"])) for each in row["measures"])
    if not measures:
        raise BadPolicy(file.name, f"{row['code']} tanpa tindakan", REPAIR)
    return Level(row["code"], words(row), months, measures, row["held"])


def load_questions(file: Path = FOLDER / "questions.yaml") -> tuple[Question, ...]:
    """Raises BadPolicy, also for an offence that nobody knows."""
    known = {each.code for each in load_offences()}
    rows = rows_of(file, "questions", fields=_QUESTION, repair=REPAIR)
    for row in rows:
        if row["report_if"] not in ANSWERS or row["offence"] not in known:
            raise BadPolicy(file.name, f"report_if atau offence pada {row['code']} salah", REPAIR)
    return _once(
        (
            Question(
                row["code"],
                words(row, "text"),
                words(row, "label", "english_label"),
                ANSWERS[row["report_if"]],
                row["offence"],
                row["held"],
            )
            for row in rows
        ),
        file,
    )


@cache
def _offences() -> tuple[Offence, ...]:
    return load_offences()


@cache
def _levels() -> tuple[Level, ...]:
    return load_levels()


@cache
def _questions() -> tuple[Question, ...]:
    return load_questions()


def offences_on(day: date) -> dict[str, Offence]:
    """The kinds of offence that may be reported on a day, by code."""
    return {each.code: each for each in _offences() if each.held.holds_on(day)}


def offence_words(code: str) -> Phrase | str:
    """What an offence is called, also one that may no longer be reported."""
    return next((each.title for each in reversed(_offences()) if each.code == code), code)


def levels_on(day: date) -> dict[str, Level]:
    """The sanctions of a day, from light to heavy."""
    return {each.code: each for each in _levels() if each.held.holds_on(day)}


def level_words(code: str) -> Phrase | str:
    return next((each.title for each in reversed(_levels()) if each.code == code), code)


def measure_words(code: str) -> Phrase | str:
    found = (each.measure(code) for each in reversed(_levels()))
    return next((measure.text for measure in found if measure), code)


def ends_posts(measures: Iterable[str]) -> bool:
    """Whether one of the measures ends posts."""
    return any((found := level.measure(code)) and found.ends_posts for code in measures for level in _levels())


def questions_on(day: date) -> list[Question]:
    """The questions of a day, in their order."""
    return [each for each in _questions() if each.held.holds_on(day)]


def question_named(code: str) -> Question | None:
    return next((each for each in reversed(_questions()) if each.code == code), None)
