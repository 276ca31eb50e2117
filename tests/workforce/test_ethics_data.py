"""The code, the offences, the sanctions and the questions as written, and files that are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from harapan.policy.errors import BadPolicy
from harapan.workforce.ethics import catalogue, texts


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2018, 8, 9), None),
        (date(2018, 8, 10), "2018"),
        (date(2020, 9, 30), "2018"),
        (date(2020, 10, 1), "2020"),
        (date(2025, 7, 18), "2022"),
    ],
)
def test_the_version_of_a_day(day: date, version: str | None) -> None:
    found = texts.in_force(day)
    assert (found.version if found else None) == version


def test_the_chain_of_rules_and_the_article_that_came_in_2020() -> None:
    assert [code.rule.split()[2] for code in texts.codes()] == [
        "01/LJS/08/2018", "02/3/KP.05.03/10/2020", "02/3/KP.05.03/10/2020",
    ]  # fmt: skip
    bans = {code.version: {clause.code for clause in code.bans} for code in texts.codes()}
    assert bans["2020"] - bans["2018"] == {"other_job"}


def test_the_five_values_spell_hadir() -> None:
    assert "".join(each.word[0] for each in texts.values_on(date(2025, 1, 1))) == "HADIR"
    assert texts.values_on(date(2020, 3, 4)) == []


def test_offences_sanctions_and_questions_of_a_day() -> None:
    assert {"holding_cards", "cutting_aid", "politics", "false_data", "hoaxes"} <= catalogue.offences_on(
        date(2019, 1, 1)
    ).keys()
    assert "other_job" not in catalogue.offences_on(date(2020, 9, 30))
    assert list(catalogue.levels_on(date(2025, 1, 1))) == ["light", "medium", "heavy"]
    assert catalogue.ends_posts(["warning"]) is False
    assert catalogue.ends_posts(["dismissal"]) is True
    assert len(catalogue.questions_on(date(2025, 1, 1))) == 5


HEAD = {"source": "uji", "confidence": "L"}
SINCE = {"from": date(2020, 1, 1)}
OFFENCE = SINCE | {"code": "a", "article": "1", "ban": "cards", "title": "A", "english": "A"}
MEASURE = {"code": "b", "text": "B", "english": "B", "ends_posts": False}
LEVEL = SINCE | {"code": "a", "title": "A", "english": "A", "counts_months": 6, "measures": [MEASURE]}
LABEL = {"label": "A", "english_label": "A"}
QUESTION = SINCE | {"code": "a", "report_if": "no", "offence": "gifts", "text": "A", "english": "A"} | LABEL
BAD: list[tuple[Any, Any, str]] = [
    (catalogue.load_offences, {"offences": [OFFENCE | {"ban": "x"}]}, "x tidak ada dalam kode etik"),
    (catalogue.load_offences, {"offences": [OFFENCE], "source": ""}, "tanpa sumber"),
    (catalogue.load_offences, {"offences": [OFFENCE, OFFENCE]}, "ditulis dua kali"),
    (catalogue.load_levels, {"levels": [LEVEL | {"measures": []}]}, "tanpa tindakan"),
    (catalogue.load_levels, {"levels": [LEVEL | {"counts_months": 0}]}, "counts_months pada a"),
    (catalogue.load_questions, {"questions": [QUESTION | {"report_if": "maybe"}]}, "report_if atau offence pada a"),
    (catalogue.load_questions, {"questions": [QUESTION | {"offence": "x"}]}, "report_if atau offence pada a"),
    (catalogue.load_questions, {"questions": [QUESTION | {"until": date(2019, 1, 1)}]}, "bukan tanggal yang berurutan"),
    (catalogue.load_questions, {"other": []}, "tidak memuat daftar questions"),
]


@pytest.mark.parametrize(("load", "written", "said"), BAD)
def test_a_file_that_breaks_a_rule_is_refused(load: Any, written: Any, said: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(yaml.safe_dump(HEAD | written), encoding="utf-8")
    with pytest.raises(BadPolicy, match=said):
        load(file)


def test_a_version_of_the_code_without_its_parts_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "code.yaml"
    file.write_text("- {version: x}\n", encoding="utf-8")
    with pytest.raises(BadPolicy, match="tidak memuat"):
        texts.load_codes(file)
