"""The courses, rubrics and days of `data/training/*.yaml`: read and checked once per process, taken over on request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.phrases import Phrase
from harapan.policy.catalogues import Held, rows_of, words
from harapan.policy.errors import BadPolicy
from harapan.training.dated_data import FOLDER, REPAIR
from harapan.training.models import Course

_COURSE = {"code", "name", "kind", "days", "about", "tested", "topics"}
_COURSE_MAY = {"validity_months", "practised", "note"}


@dataclass(frozen=True, slots=True)
class TopicFacts:
    title: str
    hours: int
    practice: bool = False


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course as a file or a form tells it. Who must have it is policy (`needs.within_months`)."""

    code: str
    name: str
    kind: str
    days: int
    topics: tuple[TopicFacts, ...]
    source: str
    confidence: str = ""
    about: str = ""
    tested: bool = True
    practised: bool = False
    validity_months: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def hours(self) -> int:
        return sum(topic.hours for topic in self.topics)


@dataclass(frozen=True, slots=True)
class Criterion:
    """`points`: the most; `weight`: what one point counts."""

    code: str
    text: Phrase
    points: int
    weight: int


@dataclass(frozen=True, slots=True)
class Rubric:
    version: str
    criteria: tuple[Criterion, ...]
    held: Held

    def percent(self, points: Mapping[str, int]) -> float | None:
        """What these points make of the most; None while a criterion is open."""
        if any(each.code not in points for each in self.criteria):
            return None
        most = sum(each.points * each.weight for each in self.criteria)
        return 100 * sum(points[each.code] * each.weight for each in self.criteria) / most


@dataclass(frozen=True, slots=True)
class Block:
    """Hours taught without a break."""

    begins: time
    hours: int


@cache
def default_courses() -> tuple[CourseFacts, ...]:
    return load_courses()


def load_courses(file: Path = FOLDER / "courses.yaml") -> tuple[CourseFacts, ...]:
    """Every course of the file, in its order. Raises BadPolicy."""
    rows = rows_of(file, "courses", fields=_COURSE, optional=_COURSE_MAY, repair=REPAIR)
    found = tuple(_course(row, file.name) for row in rows)
    codes = [each.code for each in found]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise BadPolicy(file.name, f"diklat {twice} ditulis dua kali", REPAIR)
    return found


def rubric_on(day: date) -> Rubric:
    """The rubric in force. Raises BadPolicy where the file reaches not so far back."""
    found = [each for each in _rubrics() if each.held.holds_on(day)]
    if not found:
        raise BadPolicy("rubrics.yaml", f"tidak ada rubrik yang berlaku pada {day}", REPAIR)
    return found[-1]


def rubric_named(version: str) -> Rubric | None:
    return next((each for each in _rubrics() if each.version == version), None)


def blocks_on(day: date) -> tuple[Block, ...]:
    """When a day is taught."""
    found = [blocks for held, blocks in _days() if held.holds_on(day)]
    if not found:
        raise BadPolicy("day.yaml", f"tidak ada jam yang berlaku pada {day}", REPAIR)
    return found[-1]


@cache
def _rubrics(file: Path = FOLDER / "rubrics.yaml") -> tuple[Rubric, ...]:
    made = []
    for row in rows_of(file, "rubrics", fields={"version", "criteria"}, repair=REPAIR):
        criteria = tuple(
            Criterion(each["code"], words(each, "text"), each["points"], each["weight"]) for each in row["criteria"]
        )
        if not criteria or any(each.points < 1 or each.weight < 1 for each in criteria):
            raise BadPolicy(file.name, f"rubrik {row['version']} tidak memuat unsur dengan angka dan bobot", REPAIR)
        made.append(Rubric(row["version"], criteria, row["held"]))
    return tuple(sorted(made, key=lambda each: each.held.since))


@cache
def _days(file: Path = FOLDER / "day.yaml") -> tuple[tuple[Held, tuple[Block, ...]], ...]:
    made = []
    for row in rows_of(file, "days", fields={"blocks"}, repair=REPAIR):
        blocks = tuple(Block(time.fromisoformat(each["begins"]), each["hours"]) for each in row["blocks"])
        if not blocks or list(blocks) != sorted(blocks, key=lambda each: each.begins):
            raise BadPolicy(file.name, f"jam sejak {row['from']} kosong atau tidak berurutan", REPAIR)
        made.append((row["held"], blocks))
    return tuple(sorted(made, key=lambda each: each[0].since))


def _course(row: Mapping[str, Any], place: str) -> CourseFacts:
    topics = tuple(TopicFacts(each["title"], each["hours"], each.get("practice", False)) for each in row["topics"])
    if row["kind"] not in Course.Kind.values:
        raise BadPolicy(place, f"bentuk {row['kind']} pada {row['code']} tidak dikenal", REPAIR)
    if not topics or any(not isinstance(each.hours, int) or each.hours < 1 for each in topics):
        raise BadPolicy(place, f"{row['code']} tanpa mata diklat, atau JP-nya bukan bilangan mulai dari 1", REPAIR)
    held = row["held"]
    return CourseFacts(
        row["code"], row["name"], row["kind"], row["days"], topics, held.source, held.confidence, row["about"],
        row["tested"], row.get("practised", False), row.get("validity_months"), held.since, held.until,
    )  # fmt: skip
