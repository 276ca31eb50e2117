"""The curriculum as data: our own files are sound, and a file that cannot be trusted is refused with its reason."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from harapan.p2k2.curriculum import FOLDER, BadCurriculum, Curriculum, default_curriculum
from harapan.policy.reader import default_policy

GOOD = {
    "set": "core", "version": "satu", "title": "Inti", "english": "Core", "from": date(2015, 1, 1),
    "source": "Buku", "confidence": "H",
    "modules": [
        {"number": 1, "title": "Anak", "english": "Child", "lessons": [{"number": 1, "title": "A", "english": "A"}]}
    ],
}  # fmt: skip


def written(folder: Path, *files: dict[str, object]) -> Curriculum:
    for number, file in enumerate(files):
        (folder / f"{number}.yaml").write_text(yaml.safe_dump(file, sort_keys=False))
    return Curriculum.load(folder)


def test_the_core_set_is_five_modules_of_four_three_three_two_and_two() -> None:
    core = next(each for each in default_curriculum().in_force(date(2025, 6, 1)) if each.name == "core")
    assert list(Counter(lesson.module_number for lesson in core.lessons).values()) == [4, 3, 3, 2, 2]
    assert core.confidence == "H"


def test_every_set_has_a_source_and_what_is_doubtful_says_what_contradicts_it() -> None:
    sets = default_curriculum().sets
    assert {each.name for each in sets} == {"core", "stunting", "module-3", "permensos-8-2026"}
    assert [each.name for each in sets if not each.source or not each.place] == []
    assert [each.name for each in sets if each.confidence != "H" and not (each.conflict and each.note)] == []
    assert next(each for each in sets if each.name == "permensos-8-2026").confidence == "L"


def test_every_word_has_its_english() -> None:
    assert [code for code, each in default_curriculum().lessons.items() if not each.title.english] == []


def test_a_newer_name_counts_as_the_lesson_it_stands_for() -> None:
    assert default_curriculum().subjects(["hpk-3.1", "klasik-3.1", "klasik-1.1"]) == {"klasik-3.1", "klasik-1.1"}


@pytest.mark.parametrize(("day", "count"), [(date(2016, 1, 1), 14), (date(2025, 1, 1), 29), (date(2026, 6, 1), 29)])
def test_what_is_planned_follows_the_policy_of_the_day(day: date, count: int) -> None:
    names = default_policy().value("sessions.sets_planned", on=day).value
    lessons = default_curriculum().planned(names, on=day)
    assert len(lessons) == count
    assert lessons[0].code == "klasik-1.1"


def test_provenance_names_every_file() -> None:
    told = (FOLDER / "PROVENANCE.md").read_text()
    assert [path.name for path in FOLDER.glob("*.yaml") if path.name not in told] == []


def test_a_set_may_be_replaced_from_a_day(tmp_path: Path) -> None:
    old = {**GOOD, "until": date(2025, 12, 31)}
    new = {**GOOD, "version": "dua", "from": date(2026, 1, 1)}
    read = written(tmp_path, old, new)
    assert [each.version for each in read.in_force(date(2026, 2, 1))] == ["dua"]


LESSON = {"number": 1, "title": "A", "english": "A"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source": " "}, "source kosong"),
        ({"source": None}, "source kosong"),
        ({"confidence": "X"}, "confidence"),
        ({"from": "kemarin"}, "harus tanggal"),
        ({"until": date(2014, 1, 1)}, "sebelum mulai"),
        ({"version": "Versi 1"}, "hanya boleh"),
        ({"modules": []}, "bukan daftar"),
        ({"modules": [{**GOOD["modules"][0], "lessons": [LESSON, LESSON]}]}, "dua kali"),  # type: ignore[index, dict-item]
        ({"modules": [{**GOOD["modules"][0], "lessons": [{**LESSON, "same_as": "x-1.1"}]}]}, "bukan sesi asal"),  # type: ignore[index, dict-item]
        ({"extra": 1}, "kurang atau lain"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(BadCurriculum, match=said):
        written(tmp_path, {**GOOD, **changed})


def test_a_set_without_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCurriculum, match="kurang: source"):
        written(tmp_path, {name: value for name, value in GOOD.items() if name != "source"})


def test_two_versions_of_a_set_on_one_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCurriculum, match="berlaku bersamaan"):
        written(tmp_path, GOOD, {**GOOD, "version": "dua", "from": date(2020, 1, 1)})


def test_a_code_twice_is_refused_across_files(tmp_path: Path) -> None:
    with pytest.raises(BadCurriculum, match="dua kali"):
        written(tmp_path, {**GOOD, "until": date(2019, 12, 31)}, {**GOOD, "from": date(2020, 1, 1)})
