"""The curriculum as versioned data: sets of modules and lessons, each with its dates, source and confidence.

Plain Python over `data/curriculum/*.yaml`. A lesson (sesi modul) is what one meeting is about; its code, such as
"klasik-2.1", stands in every session held and never changes its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.policy.dated import CONFIDENCES
from harapan.policy.yaml_rows import written_in

FOLDER = Path(__file__).resolve().parents[2] / "data" / "curriculum"
NOT_SETS = ("behaviours.yaml",)
_FIELDS = {"set", "version", "title", "english", "from", "source", "confidence", "modules"}
_MAY = {"until", "note", "conflict"}
_LESSON = {"number", "title", "english"}
_VERSION = re.compile(r"[a-z0-9]+")


class BadCurriculum(Unreadable):
    """A curriculum file breaks the house rules; nothing of it is used."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            Phrase(
                "{place}: {problem}. Perbaiki berkas itu; bentuknya dijelaskan di data/curriculum/PROVENANCE.md.",
                place=place,
                problem=problem,
            )
        )


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sesi of a module. `same_as`: the lesson that this one is a newer name of, else empty."""

    code: str
    set_name: str
    module_number: int
    module: Phrase
    number: int
    title: Phrase
    same_as: str = ""

    @property
    def short(self) -> Phrase:
        """ "Modul 2 sesi 1"."""
        return Phrase("Modul {module} sesi {number}", module=self.module_number, number=self.number)

    @property
    def subject(self) -> str:
        """The code under which it counts as covered: of two names for one lesson the older."""
        return self.same_as or self.code


@dataclass(frozen=True, slots=True)
class LessonSet:
    """One version of a set of lessons between two days (`until`: the last one, None until further notice)."""

    name: str
    version: str
    title: Phrase
    since: date
    until: date | None
    source: str
    confidence: str
    note: str
    conflict: str
    lessons: tuple[Lesson, ...]
    place: str = ""

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Curriculum:
    """All sets, the earliest first, and their lessons by code."""

    sets: tuple[LessonSet, ...]
    lessons: Mapping[str, Lesson]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Curriculum:
        """Read and check a folder of curriculum files. Raises BadCurriculum."""
        files = sorted(path for path in folder.glob("*.yaml") if path.name not in NOT_SETS)
        if not files:
            raise BadCurriculum(str(folder), "tidak ada berkas perangkat (*.yaml)")
        sets = tuple(sorted((_set(written_in(file), file.name) for file in files), key=lambda each: each.since))
        lessons: dict[str, Lesson] = {}
        for each in sets:
            for lesson in each.lessons:
                if lesson.code in lessons:
                    raise BadCurriculum(each.place, f"sesi {lesson.code} ditulis dua kali")
                lessons[lesson.code] = lesson
        _refuse_overlaps(sets)
        _refuse_unknown_names(lessons.values())
        return cls(sets, MappingProxyType(lessons))

    def in_force(self, on: date) -> tuple[LessonSet, ...]:
        return tuple(each for each in self.sets if each.holds_on(on))

    def planned(self, names: Iterable[str], *, on: date) -> list[Lesson]:
        """The lessons of these sets in force on the day, set by set in the order of the names."""
        by_name = {each.name: each for each in self.in_force(on)}
        return [lesson for name in names if name in by_name for lesson in by_name[name].lessons]

    def lesson(self, code: str) -> Lesson | None:
        return self.lessons.get(code)

    def subjects(self, codes: Iterable[str]) -> set[str]:
        """What these lessons count as (`Lesson.subject`); codes no file knows any more count as themselves."""
        return {found.subject if (found := self.lessons.get(code)) else code for code in codes}


@cache
def default_curriculum() -> Curriculum:
    """The product's own files, read once per process."""
    return Curriculum.load()


def _set(written: Any, place: str) -> LessonSet:
    if not isinstance(written, Mapping) or not _FIELDS <= set(written) <= _FIELDS | _MAY:
        lacking = sorted(_FIELDS - set(written)) if isinstance(written, Mapping) else sorted(_FIELDS)
        raise BadCurriculum(place, f"isiannya kurang atau lain (kurang: {', '.join(lacking) or 'tidak ada'})")
    for field in ("set", "version", "title", "english", "source"):
        if not isinstance(written[field], str) or not written[field].strip():
            raise BadCurriculum(place, f"isian {field} kosong atau bukan teks")
    if not _VERSION.fullmatch(written["version"]):
        raise BadCurriculum(place, f"nama versi {written['version']} hanya boleh huruf kecil dan angka")
    if written["confidence"] not in CONFIDENCES:
        raise BadCurriculum(place, "confidence harus H, M, atau L")
    since, until = written["from"], written.get("until")
    if type(since) is not date or (until is not None and type(until) is not date):
        raise BadCurriculum(place, "from dan until harus tanggal, misalnya 2015-01-01")
    if until is not None and until < since:
        raise BadCurriculum(place, f"berakhir ({until}) sebelum mulai ({since})")
    return LessonSet(
        name=written["set"], version=written["version"], title=Phrase.of_data(written["title"], written["english"]),
        since=since, until=until, source=written["source"], confidence=written["confidence"],
        note=str(written.get("note", "")), conflict=str(written.get("conflict", "")),
        lessons=tuple(_lessons(written, place)), place=place,
    )  # fmt: skip


def _lessons(written: Mapping[str, Any], place: str) -> Iterator[Lesson]:
    if not isinstance(written["modules"], list) or not written["modules"]:
        raise BadCurriculum(place, "modules bukan daftar modul")
    for module in written["modules"]:
        if not isinstance(module, Mapping) or not _LESSON | {"lessons"} <= set(module) or not module["lessons"]:
            raise BadCurriculum(place, "satu modul tidak memuat number, title, english, dan lessons")
        for row in module["lessons"]:
            if not isinstance(row, Mapping) or not _LESSON <= set(row) <= _LESSON | {"same_as"}:
                raise BadCurriculum(place, f"satu sesi modul {module['number']} tidak memuat number, title, english")
            yield Lesson(
                code=f"{written['version']}-{module['number']}.{row['number']}",
                set_name=written["set"],
                module_number=int(module["number"]),
                module=Phrase.of_data(module["title"], module["english"]),
                number=int(row["number"]),
                title=Phrase.of_data(row["title"], row["english"]),
                same_as=row.get("same_as", ""),
            )


def _refuse_overlaps(sets: Iterable[LessonSet]) -> None:
    latest: dict[str, LessonSet] = {}
    for each in sets:  # the earliest first
        before = latest.get(each.name)
        if before is not None and (before.until is None or before.until >= each.since):
            raise BadCurriculum(
                each.place, f"versi {each.version} berlaku bersamaan dengan versi {before.version} dari {each.name}"
            )
        latest[each.name] = each


def _refuse_unknown_names(lessons: Iterable[Lesson]) -> None:
    known = {lesson.code: lesson for lesson in lessons}
    for lesson in known.values():
        if lesson.same_as and (lesson.same_as not in known or known[lesson.same_as].same_as):
            raise BadCurriculum(lesson.set_name, f"{lesson.code} menyebut {lesson.same_as}, yang bukan sesi asal")
