"""House rule: no value without a source, no gap, no overlap, nothing unknown; one planted file per rule is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harapan.core.errors import HarapanError
from harapan.policy.errors import BadPolicy
from harapan.policy.keys import kind_of
from harapan.policy.reader import FOLDER, Policy

PLANTED = Path(__file__).parent / "planted"
REFUSED = {
    "no_source": "nilai family.persons_max yang mulai 2020-01-01 tidak menyebut sumber",
    "empty_source": "tidak menyebut sumber",
    "no_confidence": "tidak menyebut keyakinan",
    "unknown_confidence": "tidak menyebut keyakinan",
    "gap": "nilai family.persons_max kosong antara 2020-01-01 dan 2020-12-31",
    "overlap": "yang mulai 2019-01-01 dan yang mulai 2020-01-01 berlaku pada hari yang sama",
    "same_day": "berlaku pada hari yang sama",
    "backwards": "berakhir sebelum mulai (2019-12-31)",
    "unknown_key": "kunci components.todler.annual_idr tidak dikenal",
    "unknown_field": "hapus isian lain",
    "float_amount": "tertulis 3000000.0, padahal harus berupa rupiah bulat tanpa desimal",
    "text_amount": "tertulis '3.000.000', padahal harus berupa rupiah bulat tanpa desimal",
    "negative_amount": "tertulis -1, padahal harus berupa rupiah bulat",
    "no_such_day": "berkas tidak dapat dibaca",
    "no_date": "tanggal 'tahun lalu' pada family.persons_max tidak dikenal",
    "month_twice": "membagi bulan 1 sampai 12 tepat satu kali",
    "month_missing": "membagi bulan 1 sampai 12 tepat satu kali",
    "half_year_calendar": "tidak mencakup tahun penuh",
    "ladder_not_rising": "harus berupa daftar anak tangga (from_stage menaik sejak 1",
    "key_twice": "kunci family.persons_max ditulis dua kali",
    "no_rows": "bukan daftar baris bertanggal",
    "no_mapping": "isinya bukan pasangan kunci dan daftar nilai",
    "broken_yaml": "berkas tidak dapat dibaca",
}


def test_every_planted_file_has_its_rule() -> None:
    assert {file.stem for file in PLANTED.glob("*.yaml")} == set(REFUSED)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_planted_fault_is_refused_in_one_sentence_with_its_file(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.yaml").write_bytes((PLANTED / f"{name}.yaml").read_bytes())
    with pytest.raises(BadPolicy) as refusal:
        Policy.load(tmp_path)
    told = str(refusal.value)
    assert REFUSED[name] in told
    assert told.startswith(f"{name}.yaml: ")
    assert "\n" not in told
    assert isinstance(refusal.value, HarapanError)
    assert refusal.value.exit_status == 1


def test_one_key_in_two_files_is_refused(tmp_path: Path) -> None:
    row = "family.persons_max:\n  - {from: 2019-01-01, value: 4, confidence: H, source: Contoh}\n"
    for name in ("first.yaml", "second.yaml"):
        (tmp_path / name).write_text(row)
    with pytest.raises(BadPolicy, match=r"second\.yaml: kunci family\.persons_max sudah ada di first\.yaml"):
        Policy.load(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match="tidak ada berkas kebijakan"):
        Policy.load(tmp_path)


def test_every_value_of_the_product_names_source_and_confidence() -> None:
    policy = Policy.load()
    rows = [row for key in policy.timelines for row in policy.history(key)]
    assert len(rows) > 200
    assert [row for row in rows if not row.source.strip() or row.confidence not in {"H", "M", "L"}] == []


def test_every_uncertain_value_says_why_or_where_it_comes_from() -> None:
    policy = Policy.load()
    low = [row for key in policy.timelines for row in policy.history(key) if row.confidence == "L"]
    silent = [row.key for row in low if not row.note and "perlu dikonfirmasi" not in row.source]
    assert silent == []


def test_the_files_have_their_provenance() -> None:
    told = (FOLDER / "PROVENANCE.md").read_text(encoding="utf-8")
    assert [file.name for file in FOLDER.glob("*.yaml") if f"`{file.name}`" not in told] == []


def test_the_guide_lists_every_key() -> None:
    guide = (FOLDER.parents[1] / "docs" / "policy.md").read_text(encoding="utf-8")
    listed = [re.escape(name).replace("CODE", "[a-z0-9_-]+") for name in re.findall(r"`([a-zA-Z_.]+)`", guide)]
    patterns = [re.compile(name) for name in listed]
    unlisted = [key for key in Policy.load().timelines if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert unlisted == []
    assert kind_of("components.toddler.annual_idr") is not None
