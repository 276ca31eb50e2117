"""Files of any make come in as the same text; what cannot be read is refused in one sentence."""

import io
import zipfile

import pytest

from harapan.core.errors import Unreadable
from harapan.exchange import layouts
from harapan.exchange.files import read_grids

from .made import SAMPLES
from .workbooks import text, workbook

NIK = "6305026602731932"
ROWS = (("NIK", "NAMA"), (NIK, "SITI"))


@pytest.mark.parametrize(
    "raw",
    [
        text("NIK,NAMA", f"{NIK},SITI"),
        text("\ufeffNIK,NAMA", f"{NIK},SITI"),
        text("\ufeffsep=;", "NIK;NAMA", f"{NIK};SITI"),
        text('"sep=|"', "NIK|NAMA", f"{NIK}|SITI"),
        text("NIK;NAMA", f"{NIK};SITI"),
        text("NIK\tNAMA", f"{NIK}\tSITI"),
        text("NIK,NAMA", f'"{NIK}"," SITI "'),
        text("nama;Nik Ktp;lain-lain", f"SITI;'{NIK};x"),
        text("", "DAFTAR BNBA DESA HIYUNG", "", "No. NIK,Nama Lengkap,,", f'="{NIK}",SITI', ",,", ""),
        text("NIK,NAMA", f"{NIK},SITI", encoding="utf-16"),
        workbook([list(row) for row in ROWS]),
        workbook([["DAFTAR BNBA"], [], ["nama", None, "n_i_k"], ["SITI", None, int(NIK)], [], []]),
        workbook([], [list(row) for row in ROWS]),
    ],
)
def test_a_list_of_any_make_is_read(raw):
    sheet = layouts.parse("bnba", raw)
    assert [(row["nik"], row["name"]) for row in sheet.rows()] == [(NIK, "SITI")]
    assert not sheet.refused


def test_letters_of_old_windows_files_survive():
    sheet = layouts.parse("bnba", text("NIK;NAMA", f"{NIK};RENÉE", encoding="cp1252"))
    assert sheet["name"] == ["RENÉE"]


def test_line_numbers_are_those_a_person_sees():
    raw = text("sep=;", "NIK;NAMA;ALAMAT", "", f'{NIK};SITI;"JALAN\nDUA BARIS"', "x;SITI;y")
    assert layouts.parse("bnba", raw).lines == [4, 6]
    sheet = layouts.parse("bnba", workbook([[], ["DAFTAR"], ["NIK", "NAMA"], [NIK, "SITI"], [], [NIK, "ANI"]]))
    assert sheet.lines == [4, 6]


def _html() -> bytes:
    return b"<html><table><tr><td>NIK</td><td>NAMA</td></tr></table></html>"


def _ods() -> bytes:
    cells = "".join(
        f"<table:table-cell office:value-type='string'><text:p>{c}</text:p></table:table-cell>" for c in ROWS[1]
    )
    head = "".join(
        f"<table:table-cell office:value-type='string'><text:p>{c}</text:p></table:table-cell>" for c in ROWS[0]
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f"<office:document-content xmlns:office='{names}:office:1.0' xmlns:table='{names}:table:1.0' "
        f"xmlns:text='{names}:text:1.0'><office:body><office:spreadsheet><table:table table:name='A'>"
        f"<table:table-row>{head}</table:table-row><table:table-row>{cells}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:"
                        "xmlns:manifest:1.0'/>")  # fmt: skip
        packed.writestr("content.xml", content)
    return out.getvalue()


def test_an_open_document_sheet_is_read():
    assert layouts.parse("bnba", _ods())["nik"] == [NIK]


def _beyond_its_beginning(raw: bytes) -> bytes:
    """A workbook whose directory claims to be longer than the file."""
    end = raw.rindex(b"PK\x05\x06")
    return raw[: end + 12] + (2**24).to_bytes(4, "little") + raw[end + 16 :]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "kosong"),
        (b"  \r\n", "kosong"),
        (b"\xef\xbb\xbf\r\n;;\r\n", "tidak berisi satu baris pun"),
        (workbook([]), "tidak berisi satu baris pun"),
        (workbook([list(ROWS[0])]), "tidak berisi baris data"),
        (b"PK\x03\x04 broken", "rusak.*simpan ulang"),
        (workbook([list(row) for row in ROWS])[:2000], "rusak"),
        (workbook([list(row) for row in ROWS]).replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xf4"), "rusak"),
        (_beyond_its_beginning(workbook([list(row) for row in ROWS])), "rusak"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "rusak"),
        (_html(), "halaman web"),
        (b"%PDF-1.7 ...", "bukan tabel"),
        (b"GIF89a\0\0\0", "bukan tabel"),
        (text("NAMA;ALAMAT", "SITI;HIYUNG"), "tidak memuat kolom NIK, yang diperlukan untuk “BNBA desa”"),
        (text("NIK;NAMA;nama", f"{NIK};SITI;ANI"), "kolom “NAMA” lebih dari sekali"),
        (text("satu;dua", "SITI;HIYUNG"), "tidak memuat baris judul kolom"),
        (workbook([list(r) for r in ROWS], [list(r) for r in ROWS], names=("A", "B")), "2 lembar.*“A”, “B”"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(raw, reason):
    with pytest.raises(Unreadable, match=reason) as refused:
        layouts.parse("bnba", raw, file="bnba-hiyung.xlsx")
    assert "bnba-hiyung.xlsx" in str(refused.value)


def test_one_of_several_sheets_can_be_named():
    raw = workbook([list(r) for r in ROWS], [["NIK", "NAMA"], [NIK, "ANI"]], names=("A", "B"))
    assert layouts.parse("bnba", raw, sheet="B")["name"] == ["ANI"]


def test_a_cut_workbook_never_shows_a_traceback():
    raw = (SAMPLES / "beneficiaries.xlsx").read_bytes()
    for length in range(4, len(raw), 400):
        with pytest.raises(Unreadable):
            read_grids(raw[:length], name="potong.xlsx")


def test_a_stray_cell_in_the_last_corner_is_refused_before_it_eats_the_memory():
    far = [["NIK", "NAMA"], [NIK, "SITI"]]
    with pytest.raises(Unreadable, match="kolom ke-16384 dan baris ke-1048576; hapus isi"):
        layouts.parse("bnba", workbook(far, at={(1_048_575, 16_383): "x"}))
    assert len(layouts.parse("bnba", workbook(far, at={(120_000, 1): "x"}))) == 2


def test_a_file_of_another_layout_is_told_which():
    with pytest.raises(Unreadable, match=r"tampaknya “Daftar dampingan pendamping” \(caseload\)"):
        layouts.parse("components", SAMPLES / "caseload.xlsx")
    with pytest.raises(Unreadable, match="tidak ditemukan"):
        layouts.parse("components", SAMPLES / "tidak-ada.xlsx")


def test_a_number_cell_keeps_its_digits_or_is_refused():
    rows = [["NIK", "NAMA"], [int(NIK), "A"], [6305022001167298, "B"]]
    assert layouts.parse("bnba", workbook(rows))["nik"] == [NIK, "6305022001167298"]
    papua = [["NIK", "NAMA"], [9171026602731932, "A"], [NIK and 9171022001167298, "B"]]
    sheet = layouts.parse("bnba", workbook(papua))
    assert sheet["nik"] == [None, None]
    assert sheet.refused == {2, 3}
    assert "di atas 9.007.199.254.740.992" in sheet.problems[0].reason
    as_text = [[str(cell) for cell in row] for row in papua]
    assert not layouts.parse("bnba", workbook(as_text)).refused


def test_a_column_that_excel_cut_to_fifteen_digits_is_refused():
    rows = [["NIK", "NAMA"], *([f"630502660273{n:03d}0", f"WARGA {n}"] for n in range(1, 7))]
    sheet = layouts.parse("bnba", workbook(rows))
    assert len(sheet.refused) == 6
    assert "hanya menyimpan 15 angka" in sheet.problems[0].reason
    rows[1][0] = NIK
    assert not layouts.parse("bnba", workbook(rows)).refused
