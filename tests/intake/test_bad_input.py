"""Every bad file of the field: one clear sentence with the place and the way out, and nothing half written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from harapan.accounts.models import Post
from harapan.core.errors import Forbidden, Misuse, Refused, Unreadable
from harapan.database.scope import atomic
from harapan.exchange.beneficiaries import codec
from harapan.files import storage
from harapan.intake.layouts import beneficiaries
from harapan.intake.models import ImportRow, ImportRun
from harapan.intake.queries import remarked
from harapan.registry.models import Family
from tests.intake.conftest import Bring, answers, row, table_counts


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04 broken", "rusak"),
        (b"", "kosong"),
        (b"   \n", "kosong"),
        (b"nama,alamat\nSITI,JL. HIYUNG\n", "tidak memuat"),
        (b"%PDF-1.7", "bukan tabel"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(bring: Bring, raw: bytes, words: str) -> None:
    before = table_counts()
    with pytest.raises(Unreadable, match=words):
        bring(raw)
    assert table_counts() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount_idr": -1}, "negatif"),
        ({"village_code": "6305039999", "village": "ANTAH", "district": ""}, "Periksa"),
        ({"name": ""}, "kosong"),
        ({"nik": "63050266"}, "16"),
        ({"nik": "6305026602739999" + "1"}, "17 angka"),
        ({"nik": "6305027102730001"}, "tanggal lahir"),
        ({"name": "SITI " * 30}, "paling banyak 120"),
        ({"wave": "gelombang pertama tahap kedua"}, "paling banyak 20"),
    ],
)
def test_a_bad_row_is_refused_alone(bring: Bring, changes: dict[str, Any], words: str) -> None:
    run = bring(_csv([row(1), row(2)], {1: changes}))
    assert (run.accepted, run.refused) == (1, 1), answers(run)
    assert words in answers(run)[3]
    assert ImportRow.objects.get(run=run, line=3).column


def _csv(rows: list[dict[str, Any]], changes: dict[int, dict[str, Any]]) -> bytes:
    """Rows as a csv, some cells written as they stand: the codec would not render a wrong value."""
    titles = {column.name: column.title for column in codec.LAYOUT.columns}
    lines = [",".join(titles.values())]
    for number, each in enumerate(rows):
        cells = each | changes.get(number, {})
        lines.append(",".join(str(cells[name]) for name in titles))
    return "\n".join(lines).encode()


def test_scientific_notation_is_repaired_where_certain_and_refused_where_not(bring: Bring) -> None:
    run = bring(_csv([row(1), row(2)], {0: {"nik": "6.305026602730001E+15"}, 1: {"nik": "6.30503E+15"}}))
    assert (run.accepted, run.refused) == (1, 1), answers(run)
    assert "notasi ilmiah" in answers(run)[2]


def test_a_nik_twice_for_the_same_programme_and_wave_refuses_both(bring: Bring) -> None:
    run = bring([row(1), row(2, nik=row(1)["nik"]), row(3)])
    assert (run.accepted, run.refused) == (1, 2)
    assert "baris 3" in answers(run)[2]
    assert "baris 2" in answers(run)[3]


def test_an_iddtks_twice_for_the_same_programme_and_wave_refuses_both(bring: Bring) -> None:
    run = bring([row(1), row(2, beneficiary_id=row(1)["beneficiary_id"])])
    assert run.refused == 2, answers(run)
    assert Family.objects.count() == 0


def test_nothing_is_remarked_where_nothing_was_said(bring: Bring) -> None:
    run = bring([row(1), row(2, nik=f"'{row(2)['nik']}")])
    (remark,) = remarked(run)
    assert (remark.rows, answers(run)[2]) == (1, "diterima: ")
    assert "Diperbaiki" in remark.words


def test_a_list_without_a_stage_is_wrong_usage(bring: Bring) -> None:
    with pytest.raises(Misuse, match="sebutkan tahapnya"):
        bring([row(1)], stage="")


def test_a_file_of_another_layout_is_told_which(bring: Bring) -> None:
    with pytest.raises(Unreadable, match=r"tampaknya “Daftar penerima dari pusat” \(beneficiaries\)"):
        bring(codec.render([row(1)], form="csv"), layout="components")


def test_an_unknown_layout_is_wrong_usage(bring: Bring) -> None:
    with pytest.raises(Misuse, match="beneficiaries"):
        bring(b"x", layout="kartu")


def test_refused_rows_come_back_and_go_in_again_once_mended(bring: Bring) -> None:
    run = bring([row(1), row(2, village_code="6305039999", village="ANTAH", district="")])
    assert run.refused_file is not None
    back = storage.read(run.refused_file)
    sheet = codec.parse(back)
    assert (sheet["name"], sheet["nik"]) == (["RUSMINI 2"], [row(2)["nik"]])
    assert "alasan penolakan" in back.decode("utf-8-sig")
    mended = back.replace(b"6305039999", b"6305032009").replace(b"ANTAH", b"HIYUNG")
    again = bring(mended)
    assert (again.rows, again.accepted, again.refused) == (1, 1, 0), answers(again)


def test_the_same_file_twice_changes_nothing_and_says_so(bring: Bring) -> None:
    rows = [row(1), row(2)]
    bring(rows)
    bring([row(1, amount_idr=1)])  # a newer list
    before = table_counts()
    run = bring(rows)
    assert (run.unchanged, run.changed) == (2, 0)
    assert "Berkas yang sama sudah dibawa masuk" in run.notice
    assert table_counts() == before


def test_refused_rows_of_the_same_file_are_tried_again(bring: Bring, operator: Post) -> None:
    workbook = _workbook()
    first = bring(workbook, layout="caseload")
    assert first.refused == 1
    assert "Bawa masuk daftar dari pusat" in answers(first)[2]
    bring([row(1)])
    again = bring(workbook, layout="caseload")
    assert (again.accepted, again.refused) == (1, 0), answers(again)


def _workbook() -> bytes:
    return f"Nama Pengurus,No KK,Desa,Komponen,Kelompok\nRUSMINI 1,{row(1)['kk']},HIYUNG,SD,MELATI 1\n".encode()


def test_a_rehearsal_leaves_nothing_but_its_answers(bring: Bring) -> None:
    before = table_counts()
    run = bring([row(1), row(2, programme="BPNT"), row(3, name="")], commit=False)
    assert table_counts() == before
    assert (run.state, run.accepted, run.refused) == (ImportRun.State.REHEARSED, 2, 1)
    assert run.answers.count() == 3
    assert run.answers.filter(family__isnull=False).count() == 0


def test_rehearsal_and_commit_answer_alike(bring: Bring) -> None:
    rows = [row(1), row(2, village_code="6305039999", village="ANTAH", district=""), row(3, programme="BPNT")]
    assert answers(bring(rows, commit=False)) == answers(bring(rows, commit=True))


def test_who_may_not_import_is_refused(bring: Bring, operator: Post) -> None:
    operator.role_code = "facilitator"
    with pytest.raises(Forbidden):
        bring([row(1)])


def test_an_overlong_address_is_cut_with_a_remark(bring: Bring) -> None:
    run = bring([row(1, address="JL. HIYUNG " * 30, rt="004 DAN 005", hamlet="DUSUN II")])
    assert run.accepted == 1, answers(run)
    assert "lebih dari 200 huruf" in answers(run)[2]
    stored = Family.objects.get()
    assert (len(stored.address) <= 200, stored.rt, stored.hamlet) == (True, "004 D", "DUSUN II")


def test_a_clash_with_somebody_else_refuses_the_file_and_leaves_nothing(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clash(*arguments: Any, **options: Any) -> None:
        raise IntegrityError("dtks_id")

    monkeypatch.setattr(beneficiaries.listing, "put_on_list", clash)
    before = table_counts()
    with pytest.raises(Refused, match="Bawa masuk sekali lagi"), atomic():
        bring([row(1)])
    assert table_counts() == before


def test_an_iddtks_given_to_two_families_is_refused_for_both(bring: Bring) -> None:
    bring([row(1), row(2)])
    new = {"beneficiary_id": "630577777777777"}
    run = bring([row(1, **new), row(2, **new, wave="2")])
    assert run.refused == 2, answers(run)
    assert "IDDTKS atau NIK ini juga ada di baris 3" in answers(run)[2]
