"""The courses, rubrics and days of `data/training/*.yaml`: read and checked once per process, taken over on request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from harapan.accounts.roles import catalogue as roles
from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.policy.dated import CONFIDENCES
from harapan.policy.yaml_rows import written_in
from harapan.training.models import Course

FOLDER = Path(__file__).resolve().parents[2] / "data" / "training"
_COURSE = {"code", "name", "kind", "days", "from", "about", "tested", "source", "confidence", "topics"}
_COURSE_MAY = {"until", "validity_months", "practised", "needs", "note"}


class BadTrainingData(Unreadable):
    """A file of data/training breaks the house rules; nothing of it is used."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            Phrase(
                "{place}: {problem}. Perbaiki berkas itu; bentuknya dijelaskan di data/training/PROVENANCE.md.",
                place=place,
                problem=problem,
            )
        )


@dataclass(frozen=True, slots=True)
class TopicFacts:
    title: str
    hours: int
    practice: bool = False


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course as a file or a form tells it. needs: role code -> within so many months, None: at some time."""

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
    needs: Mapping[str, int | None] | None = None

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
    since: date
    criteria: tuple[Criterion, ...]
    source: str
    confidence: str

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
    """Every course of the file, in its order. Raises BadTrainingData."""
    found = tuple(_course(row, file.name) for row in _rows(file, "courses"))
    codes = [each.code for each in found]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise BadTrainingData(file.name, f"diklat {twice} ditulis dua kali")
    return found


def rubric_on(day: date) -> Rubric:
    """The rubric in force. Raises BadTrainingData where the file reaches not so far back."""
    found = [each for each in _rubrics() if each.since <= day]
    if not found:
        raise BadTrainingData("rubrics.yaml", f"tidak ada rubrik yang berlaku pada {day}")
    return found[-1]


def rubric_named(version: str) -> Rubric | None:
    return next((each for each in _rubrics() if each.version == version), None)


def blocks_on(day: date) -> tuple[Block, ...]:
    """When a day is taught."""
    found = [blocks for since, blocks in _days() if since <= day]
    if not found:
        raise BadTrainingData("day.yaml", f"tidak ada jam yang berlaku pada {day}")
    return found[-1]


@cache
def _rubrics(file: Path = FOLDER / "rubrics.yaml") -> tuple[Rubric, ...]:
    made = []
    for row in _rows(file, "rubrics"):
        _sourced(row, str(row.get("version", "")), file.name)
        criteria = tuple(
            Criterion(each["code"], Phrase.of_data(each["text"], each["english"]), each["points"], each["weight"])
            for each in row["criteria"]
        )
        if not criteria or any(each.points < 1 or each.weight < 1 for each in criteria):
            raise BadTrainingData(file.name, f"rubrik {row['version']} tidak memuat unsur dengan angka dan bobot")
        made.append(Rubric(row["version"], row["from"], criteria, row["source"], row["confidence"]))
    return tuple(sorted(made, key=lambda each: each.since))


@cache
def _days(file: Path = FOLDER / "day.yaml") -> tuple[tuple[date, tuple[Block, ...]], ...]:
    made = []
    for row in _rows(file, "days"):
        _sourced(row, str(row.get("from", "")), file.name)
        blocks = tuple(Block(time.fromisoformat(each["begins"]), each["hours"]) for each in row["blocks"])
        if not blocks or list(blocks) != sorted(blocks, key=lambda each: each.begins):
            raise BadTrainingData(file.name, f"jam sejak {row['from']} kosong atau tidak berurutan")
        made.append((row["from"], blocks))
    return tuple(sorted(made))


def _rows(file: Path, name: str) -> Iterator[Mapping[str, Any]]:
    written = written_in(file)
    if not isinstance(written, Mapping) or set(written) != {name} or not isinstance(written[name], list):
        raise BadTrainingData(file.name, f"isinya bukan daftar {name}")
    yield from written[name]


def _sourced(row: Mapping[str, Any], what: str, place: str) -> None:
    if not str(row.get("source") or "").strip() or row.get("confidence") not in CONFIDENCES:
        raise BadTrainingData(place, f"{what} tanpa sumber, atau confidence bukan H, M, atau L")


def _course(row: Any, place: str) -> CourseFacts:
    if not isinstance(row, Mapping) or not _COURSE <= set(row) <= _COURSE | _COURSE_MAY:
        raise BadTrainingData(place, f"satu diklat tidak memuat {', '.join(sorted(_COURSE))}")
    _sourced(row, row["code"], place)
    topics = tuple(TopicFacts(each["title"], each["hours"], each.get("practice", False)) for each in row["topics"])
    needs = {each["role"]: each.get("within_months") for each in row.get("needs", ())}
    _check(row, topics, needs, place)
    return CourseFacts(
        row["code"], row["name"], row["kind"], row["days"], topics, row["source"], row["confidence"], row["about"],
        row["tested"], row.get("practised", False), row.get("validity_months"), row["from"], row.get("until"), needs,
    )  # fmt: skip


def _check(row: Mapping[str, Any], topics: tuple[TopicFacts, ...], needs: Mapping[str, Any], place: str) -> None:
    if row["kind"] not in Course.Kind.values:
        raise BadTrainingData(place, f"bentuk {row['kind']} pada {row['code']} tidak dikenal")
    if not topics or any(not isinstance(each.hours, int) or each.hours < 1 for each in topics):
        raise BadTrainingData(place, f"{row['code']} tanpa mata diklat, atau JP-nya bukan bilangan mulai dari 1")
    if unknown := set(needs) - set(roles()):
        raise BadTrainingData(place, f"peran {min(unknown)} pada {row['code']} tidak ada di data/roles.yaml")
