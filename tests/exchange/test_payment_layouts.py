"""The layouts of payment files are sound, say whose making they are, and a bad one is refused with its fault."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from harapan.core.errors import Misuse
from harapan.exchange.payment_file.layouts import FOLDER, BadLayout, layout, read_file, read_folder
from harapan.policy.reader import Policy

from .paying import LAYOUTS

BANK, LIST = (yaml.safe_load((FOLDER / f"{name}.yaml").read_text())[0] for name in ("himbara-csv", "pos-list"))


def planted(folder: Path, written: Any) -> Path:
    file = folder / "contoh.yaml"
    file.write_text(yaml.safe_dump(written))
    return file


def without(record: dict[str, Any], name: str) -> dict[str, Any]:
    return record | {"fields": [each for each in record["fields"] if each["field"] != name]}


def test_every_layout_says_that_it_is_ours():
    every = [version for versions in read_folder().values() for version in versions]
    assert sorted({version.name for version in every}) == sorted(LAYOUTS)
    assert {version.made_by for version in every} == {"Harapan"}
    assert {version.confidence for version in every} == {"L"}
    assert all("buatan sendiri" in version.source for version in every)
    assert not any(version.carries_nik for version in every)
    told = (FOLDER / "PROVENANCE.md").read_text(encoding="utf-8")
    assert [name for name in read_folder() if f"`{name}.yaml`" not in told] == []


def test_every_layout_that_policy_names_is_there_in_its_time():
    policy = Policy.load()
    named = [row for key in policy.timelines if key.startswith("bank_files.") for row in policy.history(key)]
    assert {row.key.removeprefix("bank_files.") for row in named} == {
        key.split(".")[1] for key in policy.timelines if key.startswith(("banks.", "payers."))
    }
    assert all(layout(row.value, on=row.since).name == row.value for row in named)
    assert policy.value("payments.rows_per_file_max", on=date(2024, 11, 1)).value < 10**7  # the widest row number


def test_a_version_holds_from_its_day(tmp_path):
    later = BANK | {"from": date(2026, 3, 1), "delimiter": ";"}
    planted(tmp_path, [later, BANK])
    assert layout("contoh", on=date(2026, 2, 28), folder=tmp_path).delimiter == "|"
    assert layout("contoh", on=date(2026, 3, 1), folder=tmp_path).delimiter == ";"
    with pytest.raises(Misuse, match="baru berlaku sejak 2017-01-01"):
        layout("contoh", on=BANK["from"] - timedelta(days=1), folder=tmp_path)
    with pytest.raises(Misuse, match="“lain” tidak dikenal; pilih salah satu: contoh"):
        layout("lain", on=date(2026, 3, 1), folder=tmp_path)


def test_a_nik_is_carried_only_where_the_layout_says_so(tmp_path):
    detail = BANK["detail"] | {"fields": [*BANK["detail"]["fields"], {"field": "nik", "width": 16}]}
    with pytest.raises(BadLayout, match="NIK dibawa tanpa carries_nik: true"):
        read_file(planted(tmp_path, [BANK | {"detail": detail}]))
    (made,) = read_file(planted(tmp_path, [BANK | {"detail": detail, "carries_nik": True}]))
    assert (made.carries_nik, "nik" in made.carried) == (True, True)
    with pytest.raises(BadLayout, match="NIK dibawa"):
        read_file(planted(tmp_path, [BANK | {"carries_nik": True}]))


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ([], "bukan daftar versi"),
        ("teks", "bukan daftar versi"),
        (["teks"], "kurang isian"),
        ([{key: value for key, value in BANK.items() if key != "source"}], r"kurang isian \(source\)"),
        ([BANK | {"warna": "biru"}], "memuat isian lain"),
        ([BANK | {"from": "2017-01-01"}], "tanggal from '2017-01-01' tidak dikenal"),
        ([BANK, BANK], "dua versi mulai pada hari yang sama"),
        ([BANK | {"form": "xml"}], "form tertulis 'xml'"),
        ([BANK | {"charset": "latin-1"}], "charset tertulis 'latin-1'"),
        ([BANK | {"delimiter": "0"}], "delimiter tertulis '0'"),
        ([BANK | {"confidence": "X"}], "confidence tertulis 'X'"),
        ([BANK | {"hash_total": "account"}], "hash_total tidak berbentuk"),
        ([BANK | {"hash_total": {"over": "account", "digits": 18}}], "hash_total tidak dapat dijumlahkan"),
        ([BANK | {"hash_total": {"over": "row", "digits": 10}}], "hash_total tidak dapat dijumlahkan"),
        ([BANK | {"detail": []}], "detail tidak berbentuk tag dan fields"),
        ([BANK | {"detail": without(BANK["detail"], "reference")}], "susunan tidak memuat reference"),
        ([BANK | {"detail": without(BANK["detail"], "account")}], "susunan tidak memuat account"),
        ([BANK | {"head": without(BANK["head"], "stage")}], "susunan tidak memuat stage"),
        ([BANK | {"trailer": without(BANK["trailer"], "hash_total")}], "susunan tidak memuat hash_total"),
        ([BANK | {"detail": without(BANK["detail"], "purpose")}], "purpose diisi tanpa kolomnya"),
        ([BANK | {"trailer": BANK["trailer"] | {"tag": "02"}}], "dua jenis baris bertanda sama"),
        ([BANK | {"purpose": "TAHAP {nomor}"}], "tidak dapat diisi"),
        ([BANK | {"purpose": "TAHAP {number} " + "A" * 40}], "tidak muat"),
        ([BANK | {"purpose": "TAHAP É {number}", "charset": "ascii"}], "tidak muat"),
        ([BANK | {"titles_tag": "00"}], "isian tanpa title"),
        ([BANK | {"head": {"tag": "01", "fields": [{"field": "warna", "width": 3}]}}], "tidak dikenal"),
        ([BANK | {"head": {"tag": "01", "fields": ["stage"]}}], "tidak dikenal"),
        ([BANK | {"head": {"tag": "01", "fields": [{"field": "stage", "width": 0}]}}], "lebar stage di head"),
        ([BANK | {"head": {"tag": "01", "fields": [{"field": "stage", "width": 9}] * 2}}], "satu isian dua kali"),
        (
            [LIST | {"detail": LIST["detail"] | {"fields": [
                each | ({"cut": True} if each["field"] == "reference" else {}) for each in LIST["detail"]["fields"]
            ]}}],
            "reference tidak boleh dipotong",
        ),
    ],
)  # fmt: skip
def test_a_bad_layout_is_refused_with_its_fault(tmp_path, written, fault):
    with pytest.raises(BadLayout, match=rf"^contoh\.yaml: .*{fault}.*\.$"):
        read_file(planted(tmp_path, written))


def test_broken_yaml_is_refused(tmp_path):
    (tmp_path / "contoh.yaml").write_text("- from: [")
    with pytest.raises(BadLayout, match="berkas tidak dapat dibaca"):
        read_file(tmp_path / "contoh.yaml")
