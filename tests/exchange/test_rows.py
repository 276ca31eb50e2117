"""A bad cell is named with its line, column, value and reason; the rest of the file is read."""

from datetime import date

import pytest

from harapan.core.periods import StageName
from harapan.exchange import layouts
from harapan.exchange.beneficiaries.codec import stage_agrees
from harapan.exchange.districts import unknown_districts
from harapan.exchange.settlement.words import Outcome, Reason, reason_of
from harapan.exchange.status.codec import CentreStatus

from .workbooks import text, workbook

NIK, KK = "6305026602731932", "6305021608156220"
LIST = "iddtks,nokk,nik_ktp,nama_penerima,kode_wilayah,tahap,bansos,bank,no_rt,gelombang,nominal"
GOOD = {
    "iddtks": "630500131383004", "nokk": KK, "nik_ktp": NIK, "nama_penerima": "RUSMINI", "kode_wilayah": "6305032009",
    "tahap": "2", "bansos": "PKH", "bank": "BRI", "no_rt": "004", "gelombang": "1", "nominal": "975000",
}  # fmt: skip


def beneficiaries(*changes: dict[str, str]):
    lines = [",".join(f'"{cell}"' for cell in (GOOD | change).values()) for change in changes]
    return layouts.parse("beneficiaries", text(LIST, *lines))


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"nominal": "-975000"}, "nominal", "negatif"),
        ({"nominal": "975000.5"}, "nominal", "pecahan"),
        ({"nominal": ""}, "nominal", "kosong"),
        ({"nik_ktp": "6.3E+15"}, "nik_ktp", "notasi ilmiah"),
        ({"nik_ktp": "630502660273193"}, "nik_ktp", "15 angka"),
        ({"nokk": "6,30502E+15"}, "nokk", "notasi ilmiah"),
        ({"kode_wilayah": "630503"}, "kode_wilayah", "10 angka"),
        ({"nama_penerima": ""}, "nama_penerima", "kosong"),
        ({"iddtks": "", "nokk": "0", "nik_ktp": "0"}, "iddtks", "tanpa iddtks atau nokk atau nik_ktp"),
    ],
)
def test_a_bad_cell_refuses_its_row_alone(change, column, reason):
    sheet = beneficiaries({"nik_ktp": "6305024107863549"}, change)
    assert sheet.refused == {3}
    (problem,) = sheet.problems
    assert (problem.line, problem.column, problem.value, problem.fatal) == (3, column, change[column], True)
    assert reason in problem.reason
    assert [row["line"] for row in sheet.rows()] == [2]
    assert sheet.table().num_rows == 1
    assert sheet.table(refused=True).num_rows == 2


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"nik_ktp": "'" + NIK}, "nik", NIK),
        ({"nik_ktp": "6305.0266.0273.1932"}, "nik", NIK),
        ({"nik_ktp": "6.305026602731932E15"}, "nik", NIK),
        ({"nik_ktp": "0"}, "nik", None),
        ({"kode_wilayah": "63.05.03.2009"}, "village_code", "6305032009"),
        ({"no_rt": "4"}, "rt", "004"),
        ({"no_rt": "0"}, "rt", ""),
        ({"bank": "Bank Rakyat Indonesia"}, "bank", "BRI"),
        ({"bansos": "pkh"}, "programme", "PKH"),
        ({"bansos": "bpnt"}, "programme", "BPNT"),
        ({"tahap": "Tahap 2 Tahun 2025"}, "stage", "2025-2"),
        ({"gelombang": "1.0"}, "wave", "1"),
        ({"gelombang": "Gelombang 02"}, "wave", "2"),
        ({"gelombang": "susulan"}, "wave", "susulan"),
        ({"nominal": "Rp 975.000,00"}, "amount_idr", 975_000),
        ({"nama_penerima": "  SITI \t MILA "}, "name", "SITI MILA"),
    ],
)
def test_what_is_certain_is_repaired(change, field, value):
    sheet = beneficiaries(change)
    assert sheet[field] == [value]
    assert not sheet.refused


def test_an_outside_key_may_be_anything():
    sheet = beneficiaries({"iddtks": "²630505271755529"})
    assert sheet["beneficiary_id"] == ["²630505271755529"]


def test_a_repair_is_told():
    (problem,) = beneficiaries({"nik_ktp": "'" + NIK}).problems
    assert not problem.fatal
    assert problem.reason.startswith("Diperbaiki:")


def test_one_nik_twice_in_a_wave_refuses_both():
    sheet = beneficiaries({}, {"nik_ktp": "6305024107863549"}, {"iddtks": "1"})
    assert sheet.refused == {2, 4}
    assert [problem.reason.split(" untuk ")[0] for problem in sheet.problems] == [
        "NIK ini juga ada di baris 4", "NIK ini juga ada di baris 2",
    ]  # fmt: skip
    assert not beneficiaries({}, {"gelombang": "2"}, {"bansos": "BPNT"}).refused
    assert beneficiaries({"gelombang": "1.0"}, {}).refused == {2, 3}
    assert not beneficiaries({"nik_ktp": "0"}, {"nik_ktp": "0", "nokk": "6305021401163633"}).refused


def test_the_lists_own_stage_is_compared():
    stage = StageName.parse("2025-2")
    assert all(stage_agrees(written, stage) for written in ("2", "2025-2", ""))
    assert not any(stage_agrees(written, stage) for written in ("3", "2024-2"))


def test_labels_and_counts_that_disagree_are_warned_about():
    raw = text(
        "Nama Pengurus;No KK;Desa;Komponen;Hamil;SD", f"RUSMINI;{KK};HIYUNG;HAMIL, SD;1;2", f"SITI;{KK};HIYUNG;SD;0;1"
    )
    sheet = layouts.parse("caseload", raw)
    (problem,) = sheet.problems
    assert (problem.line, problem.column, problem.fatal) == (2, "Komponen", False)
    assert "SD sederajat" in problem.reason


@pytest.mark.parametrize("second", [KK, f"'{KK}", f"KK: {KK}", f"No. KK {KK}", f"nomor kk {KK[:4]}-{KK[4:]}"])
def test_a_workbook_without_a_kk_column_gives_it_on_the_second_line(second):
    raw = workbook([["Nama Pengurus / No KK", "Desa", "Komponen"], [f"RUSMINI\n{second}", "HIYUNG", "LANSIA, PAUD"]])
    sheet = layouts.parse("caseload", raw)
    assert (sheet["pengurus"], sheet["kk"]) == (["RUSMINI"], [KK])
    assert any("PAUD” tidak dikenal" in problem.reason for problem in sheet.problems)
    assert not sheet.refused


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("BERHASIL", Outcome.CREDITED), ("Belum Transaksi", Outcome.CREDITED), ("Sudah Transaksi", Outcome.WITHDRAWN),
        ("Gagal", Outcome.FAILED), ("RETUR", Outcome.RETURNED), ("tidak tersalur", Outcome.UNDELIVERED),
        ("Diblokir", Outcome.BLOCKED), ("credited", Outcome.CREDITED),
    ],
)  # fmt: skip
def test_banks_words_become_outcomes(word, outcome):
    raw = text("No Rekening;Jumlah;Tgl;Status;Keterangan", f"5059906722;975.000;05/04/2025;{word};rekening pasif")
    sheet = layouts.parse("settlement", raw)
    assert (sheet["outcome"], sheet["amount_idr"], sheet["settled_on"]) == ([outcome], [975_000], [date(2025, 4, 5)])
    assert sheet["reason"] == [Reason.DORMANT]


def test_a_bank_answer_needs_a_known_word_and_something_to_go_by():
    raw = text(
        "iddtks;nominal;tanggal;status;alasan", "630500131383004;975000;2025-04-05;entah;", ";975000;;gagal;pindah",
        "630500131383004;975000;45752;gagal;", "630500131383004;975000;5-Apr-25;gagal;sudah meninggal tanpa ahli waris",
    )  # fmt: skip
    sheet = layouts.parse("settlement", raw)
    assert [(problem.line, problem.fatal) for problem in sheet.problems] == [(2, True), (3, True), (4, False)]
    assert "“entah” tidak dikenal" in sheet.problems[0].reason
    assert "tanpa referensi atau nik atau nomor rekening" in sheet.problems[1].reason
    assert "tanpa alasan" in sheet.problems[2].reason
    assert sheet["reason"][1:] == [Reason.MOVED, None, Reason.DIED_NO_HEIR]


def test_dates_of_a_workbook_are_dates():
    raw = workbook([["nik", "nominal", "tanggal", "status"], [NIK, 975000, date(2025, 4, 5), "berhasil"]])
    assert layouts.parse("settlement", raw)["settled_on"] == [date(2025, 4, 5)]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Kepesertaan ganda", Reason.DOUBLE), ("KPM sudah mampu", Reason.WELL_OFF),
        ("memilih BLT Desa", Reason.CHOSE_BLT),
        ("Meninggal, ada ahli waris", Reason.DIED_HEIR), ("meninggal tidak ada ahli waris", Reason.DIED_NO_HEIR),
        ("ahli waris belum punya KTP", Reason.HEIR_NO_KTP), ("blokir karena utang bank", Reason.DEBT),
        ("tidak ditemukan", Reason.NOT_FOUND), ("jadi TKW", Reason.MIGRANT), ("KKS hilang", Reason.CARD_LOST),
        ("nama tidak sesuai", Reason.MISMATCH), ("xyz", Reason.OTHER), ("", None), ("card_lost", Reason.CARD_LOST),
    ],
)  # fmt: skip
def test_sentences_of_the_field_become_reasons(sentence, reason):
    assert reason_of(sentence) == reason


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Final Closing", CentreStatus.FINAL_CLOSING), ("GAGAL CEK REKENING", CentreStatus.ACCOUNT_FAILED),
        ("SP2D", CentreStatus.SP2D), ("SI", CentreStatus.STANDING_INSTRUCTION),
        ("Berhasil Top-Up", CentreStatus.TOPPED_UP), ("EXCLUDE", CentreStatus.EXCLUDED),
    ],
)  # fmt: skip
def test_words_of_the_centre_become_statuses(word, status):
    sheet = layouts.parse("status", text("NIK,Tahap,Status,Keterangan", f"{NIK},2025-2,{word},desil 6"))
    assert (sheet["status"], sheet["stage"], sheet["reason"]) == ([status], ["2025-2"], ["desil 6"])


def test_deciles_come_with_a_period():
    raw = text("NO KK;DESIL;PERIODE", *(f"{KK};Desil 2;{p}" for p in ("2025", "Triwulan II 2025", "Pebruari 2025")))
    assert layouts.parse("desil", raw)["from_date"] == [date(2025, 1, 1), date(2025, 4, 1), date(2025, 2, 1)]
    assert "isi 1 sampai 10" in layouts.parse("desil", text("NIK;DESIL;PERIODE", f"{NIK};11;2025")).problems[0].reason


def test_unknown_districts_are_warned_about():
    sheet = beneficiaries({}, {"nik_ktp": "6399024107863549"})
    (problem,) = unknown_districts(sheet, {"630502"})
    assert (problem.line, problem.column, problem.fatal) == (3, "nik_ktp", False)
    assert "639902" in problem.reason


def answer(**cells: str):
    titles = {"No Order": "2024-4/1234567/1", "Nominal": "600000", "Tanggal": "2025-01-09", "Status": "retur"} | cells
    return layouts.parse("settlement", text(";".join(titles), ";".join(titles.values())))


@pytest.mark.parametrize("title", ["NTPN", "No. NTPN", "Nomor Transaksi Penerimaan Negara"])
def test_the_receipt_of_money_returned_to_the_treasury_is_read(title):
    (row,) = answer(**{title: "0a1b 2c3d 4e5f 6g7h", "Ket": "setor kas negara"}).rows()
    assert (row["ntpn"], row["outcome"]) == ("0A1B2C3D4E5F6G7H", Outcome.RETURNED)


def test_a_receipt_that_is_none_refuses_its_row():
    sheet = answer(NTPN="0A1B2C3D")
    assert sheet.refused == {2}
    assert "NTPN “0A1B2C3D” bukan 16 huruf dan angka" in sheet.problems[0].reason


def test_our_reference_is_no_date_in_csv_or_in_a_workbook():
    references = ["2024-4/1234567/1", "2023-3-pos/7/12"]
    assert answer()["reference"] == references[:1]
    rows = [
        ["No Order", "Nominal", "Tanggal", "Status"],
        *([each, 600000, "2025-01-09", "retur"] for each in references),
    ]
    sheet = layouts.parse("settlement", workbook(rows))
    assert (sheet["reference"], sheet["ntpn"]) == (references, [None, None])
