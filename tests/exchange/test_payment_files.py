"""A payment file is read back as it was written; one that was cut, changed or mixed up is refused by its place."""

import io
import re
import zipfile
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.core.errors import Misuse, Refused, Unreadable
from harapan.exchange.files import read_grids
from harapan.exchange.payment_file.codec import parse, render, write
from harapan.exchange.payment_file.head import Head, Totals
from harapan.exchange.payment_file.orders import fitted, totals_of

from .paying import BANKS, HEAD, LAYOUTS, files, of, order, some, table
from .workbooks import workbook

FEW = settings(max_examples=60, deadline=None)
forms = pytest.mark.parametrize("name", LAYOUTS)
banks = pytest.mark.parametrize("name", BANKS)


@forms
@given(made=files())
@FEW
def test_what_is_rendered_is_parsed_the_same(name, made):
    head, orders = made
    layout = of(name)
    carried = fitted(orders, layout)
    assert parse(render(orders, head, layout), layout) == (head, carried, totals_of(carried, layout))
    assert fitted(carried, layout).equals(carried)
    for column in ("reference", "account", "amount_idr"):
        assert column not in carried.column_names or carried[column].equals(orders[column])


@forms
def test_totals_are_those_of_the_orders(name):
    orders = table(order(7, amount_idr=150_000), order(12, amount_idr=975_000))
    hashed = 7 + 12 if name in BANKS else 2024471 + 20244121
    _, _, totals = parse(render(orders, HEAD, of(name)), of(name))
    assert totals == Totals(2, 1_125_000, hashed)


@forms
def test_a_file_is_streamed_in_pieces_as_it_is_made_whole(name):
    orders, into = some(45_000 if name in BANKS else 300), io.BytesIO()
    pieces = orders.to_batches(max_chunksize=orders.num_rows // 7)
    stated = write(iter(pieces), HEAD, of(name), into)
    head, back, totals = parse(io.BytesIO(into.getvalue()), of(name))
    assert (head, totals) == (HEAD, stated)
    assert back.equals(fitted(orders, of(name)))


class Sink(io.RawIOBase):
    """Takes bytes and forgets them; remembers how much Arrow held meanwhile."""

    def __init__(self) -> None:
        self.held, self.taken = 0, 0

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        size = memoryview(piece).nbytes  # type: ignore[arg-type]
        self.held, self.taken = max(self.held, pa.total_allocated_bytes()), self.taken + size
        return size


@banks
def test_writing_holds_no_more_of_a_long_file_than_of_a_short_one(name):
    (batch,) = some(5_000).combine_chunks().to_batches()
    short, long = Sink(), Sink()
    every = pa.array(range(batch.num_rows))
    write((batch.take(every) for _ in range(4)), HEAD, of(name), short)  # take: each batch has memory of its own
    write((batch.take(every) for _ in range(40)), HEAD, of(name), long)
    assert long.taken > 9 * short.taken
    assert long.held < 1.5 * short.held


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("himbara-csv", "  SITI\tNUR'AINI \n", "SITI NUR'AINI"),
        ("himbara-csv", 'SITI "É" | ANI', 'SITI "É" | ANI'),
        ("himbara-csv", "=cmd()", "=cmd()"),
        ("himbara-csv", "RENE\u0301E", "RENÉE"),
        ("himbara-csv", "A" * 61, "A" * 60),
        ("himbara-fixed", "RENÉE ½ 中", "RENEE 1?2 ?"),
        ("himbara-fixed", "A" * 39 + " BC", "A" * 39),
        ("pos-list", "=cmd()", "=cmd()"),
    ],
)
def test_a_name_is_kept_or_cut_by_the_rule_of_its_layout(name, written, read):
    _, back, _ = parse(render(table(order(1, name=written)), HEAD, of(name)), of(name))
    assert back["name"].to_pylist() == [read]


def test_no_spreadsheet_runs_a_name():
    raw = render(table(order(1, name="=cmd()|x")), HEAD, of("himbara-csv"))
    assert b'|"\'=cmd()|x"|' in raw


@banks
def test_zeros_in_front_of_an_account_are_kept_and_amounts_are_whole(name):
    raw = render(table(order(1, account="000120", amount_idr=600_000)), HEAD, of(name))
    _, back, _ = parse(raw, of(name))
    assert (back["account"].to_pylist(), back["amount_idr"].to_pylist()) == (["000120"], [600_000])


@forms
def test_no_nik_leaves_with_a_layout_that_does_not_ask_for_it(name):
    assert "nik" not in of(name).carried
    raw = render(some(3), HEAD, of(name))
    cells = raw if name != "pos-list" else str(read_grids(raw)[0].columns).encode()
    assert b"6305026602731932" not in cells


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"account": None}, "nomor rekening harus terisi angka"),
        ({"account": "12A4"}, "nomor rekening harus terisi angka"),
        ({"account": "1" * 21}, "nomor rekening paling panjang 20 angka"),
        ({"amount_idr": 0}, "jumlah uang harus rupiah bulat di atas 0"),
        ({"amount_idr": -5}, "jumlah uang harus rupiah bulat di atas 0"),
        ({"amount_idr": None}, "jumlah uang harus rupiah bulat di atas 0"),
        ({"amount_idr": 10**13}, "paling banyak 13 angka"),
        ({"name": " \n"}, "nama harus terisi"),
        ({"name": None}, "nama harus terisi"),
    ],
)
@banks
def test_an_order_that_cannot_be_written_is_refused_by_its_reference(name, change, reason):
    with pytest.raises(Refused, match=f"Pesanan 2024-4/8/1 tidak dapat ditulis ke berkas: .*{reason}") as refusal:
        render(table(order(7), order(8, **change)), HEAD, of(name))
    assert "1" * 21 not in str(refusal.value)


@pytest.mark.parametrize("reference", [None, "2024-4/8", "630500131383004", "2024-4/08/1", "2024-4/8/1\n"])
@banks
def test_an_order_without_a_sound_reference_is_refused(name, reference):
    with pytest.raises(Refused, match="rujukan harus seperti 2024-4/1234567/1"):
        render(table(order(7), order(8, reference=reference)), HEAD, of(name))


def test_orders_of_two_stages_never_share_a_file():
    with pytest.raises(Refused, match=r"Pesanan 2024-3/8/1 bukan dari tahap 2024-4; satu berkas hanya"):
        render(table(order(7), order(8, reference="2024-3/8/1")), HEAD, of("himbara-csv"))


@forms
def test_a_file_without_orders_is_not_made(name):
    with pytest.raises(Refused, match="tanpa satu pesanan pun"):
        render(table(), HEAD, of(name))
    with pytest.raises(Misuse, match="tanpa kolom amount_idr"):
        render(some(2).drop_columns("amount_idr"), HEAD, of(name))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"part": 3}, "Bagian 3 dari 2 tidak ada"),
        ({"number": ""}, "Isian nomor berkas “” tidak dapat ditulis"),
        ({"number": "N" * 41}, "paling panjang 40"),
        ({"sender": "A\nB"}, "Isian pengirim"),
        ({"stage": "empat"}, "Tahap “empat” tidak dikenal"),
    ],
)
@forms
def test_a_head_that_does_not_fit_is_refused(name, change, reason):
    with pytest.raises((Refused, Unreadable), match=reason):
        render(some(1), replace(HEAD, **change), of(name))


def test_a_head_in_ascii_has_no_other_letters():
    with pytest.raises(Refused, match="huruf ASCII"):
        render(some(1), replace(HEAD, sender="Kementérian"), of("himbara-fixed"))


# --- what may have happened to a file on its way


@banks
@given(st.data())
@FEW
def test_a_truncated_file_is_refused(name, data):
    raw = render(some(4), HEAD, of(name))
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))]
    with pytest.raises(Unreadable):
        parse(cut, of(name))


@banks
@pytest.mark.parametrize("lines", [1, 2, 20])
def test_a_file_that_lost_its_end_is_said_to_be_cut_off(name, lines):
    raw = b"".join(render(some(30), HEAD, of(name)).splitlines(keepends=True)[:lines])
    with pytest.raises(Unreadable, match=rf"Berkas “bri.txt” terpotong: .*\(baris {lines}\) bukan baris penutup"):
        parse(raw, of(name), name="bri.txt")


def test_a_list_that_lost_its_end_is_said_to_be_cut_off():
    (grid,) = read_grids(render(some(3), HEAD, of("pos-list")))
    assert grid.row(grid.height - 3)[1:3] == ["Banyak penerima", "3"]
    for name in ("pos-list", "pos-list-csv"):
        raw = render(some(3), HEAD, of(name))
        with pytest.raises(Unreadable):
            parse(raw[: len(raw) * 2 // 3], of(name))


@banks
@given(st.data())
@FEW
def test_a_changed_amount_is_refused_by_its_line(name, data):
    lines = render(some(5), HEAD, of(name)).splitlines(keepends=True)
    at = data.draw(st.integers(1, 5))
    amount = re.search(rb"(?<=[| ])0*([1-9][0-9]*000)(?=[| B])", lines[at])
    place = data.draw(st.integers(*amount.span(1)).filter(lambda n: n < amount.end()))
    digit = data.draw(st.sampled_from(b"0123456789").filter(lambda n: n != lines[at][place]))
    lines[at] = lines[at][:place] + bytes([digit]) + lines[at][place + 1 :]
    with pytest.raises(Unreadable, match=rf"baris {at + 1}: (angka cek tidak cocok|jumlah uang harus)"):
        parse(b"".join(lines), of(name))


@banks
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda lines: [*lines[:3], *lines[4:]], r"baris 4: bernomor urut 4, seharusnya 3"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], r"baris 4: bernomor urut 2, seharusnya 3"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], r"baris 2: bernomor urut 2, seharusnya 1"),
        (lambda lines: [*lines[:5], lines[-1]], r"penutup menyatakan banyak baris 5, sedangkan rinciannya 4"),
        (lambda lines: [*lines[:3], lines[3].replace(b"001014", b"001015"), *lines[4:]], r"baris 4: angka cek"),
        (lambda lines: [*lines[:3], lines[3].replace(b"/1014/", b"/1015/"), *lines[4:]], r"baris 4: angka cek"),
        (lambda lines: [*lines[:3], lines[3].replace(b"TAHAP 4", b"TAHAP 3"), *lines[4:]], r"baris 4: berita bukan"),
        (lambda lines: [*lines[:3], lines[3].replace(b"WARGA", b"WAR"), *lines[4:]], r""),
        (lambda lines: [*lines[:3], b"\r\n", *lines[3:]], r"baris 4: "),
        (lambda lines: [*lines[:3], lines[3].replace(b"02", b"03", 1), *lines[4:]], r"baris 4: bertanda “03”"),
        (lambda lines: [*lines[:3], lines[3].replace(b"WARGA", b"WARG\xff"), *lines[4:]], r"baris 4: "),
        (lambda lines: [lines[0].replace(b"2024-4", b"2024-3"), *lines[1:]], r"baris 2: rujukannya bukan dari tahap"),
        (lambda lines: [lines[0], lines[-1]], r"tidak memuat satu pesanan pun"),
        (lambda lines: lines[:1] * 2 + lines[1:], r"baris 2: "),
        (lambda lines: [], r"kosong"),
    ],
)  # fmt: skip
def test_a_file_that_was_tampered_with_is_refused_by_its_place(name, change, reason):
    lines = render(some(5), HEAD, of(name)).splitlines(keepends=True)
    changed = b"".join(change(lines))
    if reason or name == "himbara-fixed":
        with pytest.raises(Unreadable, match=reason or "baris 4: selebar"):
            parse(changed, of(name), name="berkas.txt")
    else:  # a name is nobody's sum: a shorter one is read as it stands, and the comparison of tables finds it
        assert not parse(changed, of(name))[1].equals(fitted(some(5), of(name)))


@banks
@pytest.mark.parametrize(
    ("field", "reason"),
    [("amount_idr", "penutup menyatakan jumlah uang Rp"), ("hash_total", "penutup menyatakan angka kontrol")],
)
def test_a_wrong_control_sum_is_refused(name, field, reason):
    layout, orders = of(name), some(5)
    raw = render(orders, HEAD, layout)
    totals = totals_of(fitted(orders, layout), layout)
    head, _, last = raw.rstrip(b"\r\n").rpartition(b"\r\n")
    wrong = last.replace(str(getattr(totals, field)).encode(), str(getattr(totals, field) + 1).encode())
    assert wrong != last
    with pytest.raises(Unreadable, match=rf"\(rincian baris 2 sampai 6\): {reason}.*minta berkas dikirim ulang"):
        parse(head + b"\r\n" + wrong + b"\r\n", layout)


@banks
def test_two_orders_of_one_reference_are_refused(name):
    raw = render(table(order(7), order(7)), HEAD, of(name))
    with pytest.raises(Unreadable, match=r"baris 3: rujukan 2024-4/7/1 tertulis dua kali"):
        parse(raw, of(name))


def test_a_cell_too_many_or_an_open_quote_is_named():
    lines = render(some(5), HEAD, of("himbara-csv")).splitlines(keepends=True)
    with pytest.raises(Unreadable, match="baris 4: memuat 9 kolom, seharusnya 8"):
        parse(b"".join([*lines[:3], lines[3].replace(b"WARGA", b"WA|GA"), *lines[4:]]), of("himbara-csv"))
    with pytest.raises(Unreadable, match="baris 4: tanda kutip atau hurufnya rusak"):
        parse(b"".join([*lines[:3], lines[3].replace(b"WARGA", b'|"WARGA'), *lines[4:]]), of("himbara-csv"))


@pytest.mark.parametrize(("name", "other"), [("himbara-csv", "himbara-fixed"), ("pos-list", "pos-list-csv")])
def test_a_file_of_another_layout_is_refused(name, other):
    for one, two in ((name, other), (other, name)):
        with pytest.raises(Unreadable):
            parse(render(some(3), HEAD, of(one)), of(two))


def test_a_broken_workbook_is_named_once():
    raw = render(some(3), HEAD, of("pos-list"))
    with pytest.raises(Unreadable, match=r"^Berkas “pos\.xlsx” rusak"):
        parse(raw[:2000], of("pos-list"), name="pos.xlsx")


def test_a_file_of_another_version_is_told_which():
    raw = render(some(3), HEAD, of("himbara-csv")).replace(b"2017-01-01", b"2026-01-01")
    with pytest.raises(
        Unreadable, match=r"bagian kepala menyatakan susunan himbara-csv 2026-01-01, bukan himbara-csv 2017"
    ):
        parse(raw, of("himbara-csv"))


@banks
def test_bare_line_feeds_are_read_too(name):
    raw = render(some(3), HEAD, of(name))
    assert parse(raw.replace(b"\r\n", b"\n"), of(name)) == parse(raw, of(name))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: rows.pop(13), r"baris 14: bernomor urut 3, seharusnya 2"),
        (
            lambda rows: rows[13].__setitem__(5, "175001"),
            r"\(rincian baris 13 sampai 15\): penutup menyatakan jumlah uang",
        ),
        (lambda rows: rows[13].__setitem__(5, "1,75E+05"), r"baris 14: jumlah uang bukan angka"),
        (lambda rows: rows[13].__setitem__(1, "2024-4/1007"), r"baris 14: rujukan harus seperti"),
        (lambda rows: rows[13].__setitem__(2, ""), r"baris 14: nama harus terisi"),
        (lambda rows: rows[13].__setitem__(0, ""), r"terpotong|penutup"),
        (lambda rows: rows.__delitem__(slice(15, None)), r"terpotong"),
        (lambda rows: rows.pop(4), r"tidak memuat kepala daftar"),
        (lambda rows: rows.pop(11), r"tidak memuat baris judul"),
        (lambda rows: rows.__delitem__(slice(12, 15)), r"tidak memuat satu pesanan pun"),
    ],
)
def test_a_list_that_was_changed_by_hand_is_refused_by_its_row(change, reason):
    raw = render(some(3), HEAD, of("pos-list"))
    (grid,) = read_grids(raw)
    rows = [grid.row(at) for at in range(grid.height)]
    assert parse(workbook(rows), of("pos-list")) == parse(raw, of("pos-list"))
    change(rows)
    with pytest.raises(Unreadable, match=reason):
        parse(workbook(rows), of("pos-list"))


def test_a_changed_sum_of_a_list_is_refused():
    raw = render(some(3), HEAD, of("pos-list-csv"))
    assert b";150000;" in raw
    with pytest.raises(
        Unreadable, match=r"penutup menyatakan jumlah uang Rp525\.000, sedangkan rinciannya Rp1\.275\.000"
    ):
        parse(raw.replace(b";150000;", b";900000;"), of("pos-list-csv"))


def test_the_list_is_a_table_to_sign_and_what_the_payer_wrote_is_left_alone():
    raw = render(table(order(7, address="JL. A; RT 1"), order(8, address=None)), HEAD, of("pos-list-csv"))
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines[1] == "00;No;Rujukan;Nama penerima;Desa/kelurahan;Alamat;Jumlah (Rp);Nomor bukti;Tanda tangan"
    assert lines[2] == '02;1;2024-4/7/1;WARGA 7;Hiyung;"JL. A; RT 1";600000;;'
    signed = raw.replace(b";600000;;", b";600000;POS-1;v")
    assert parse(signed, of("pos-list-csv")) == parse(raw, of("pos-list-csv"))
    (grid,) = read_grids(render(some(2), HEAD, of("pos-list")))
    assert grid.row(11)[:3] == ["No", "Rujukan", "Nama penerima"]


def test_a_head_says_whose_file_it_is():
    assert isinstance(HEAD, Head)
    first, *_ = render(some(1), HEAD, of("himbara-csv")).decode().splitlines()
    assert first == ("01|himbara-csv|2017-01-01|2024-4/BRI/63.05/1|Kementerian Sosial|2024-4|BRI|63.05|1|2|2024-11-28")
    lines = render(some(2), HEAD, of("himbara-fixed")).decode().splitlines()
    assert {len(line) for line in lines} == {154}
    assert lines[1][2:9] == "0000001"
    assert lines[1][69:109] == "WARGA 1000".ljust(40)
    assert lines[1][109:122] == "0000000150000"


def test_a_workbook_holds_its_day_and_not_the_time_it_was_made():
    raw = render(some(3), HEAD, of("pos-list"))
    told = zipfile.ZipFile(io.BytesIO(raw)).read("docProps/core.xml").decode()
    assert set(re.findall(r"[0-9-]{10}T[0-9:]{8}Z", told)) == {"2024-11-28T00:00:00Z"}


def test_arrow_of_other_kinds_is_taken():
    orders = some(3)
    wide = pa.table(
        {name: orders[name].cast(pa.large_string()) for name in orders.column_names if name != "amount_idr"}
    )
    wide = wide.append_column("amount_idr", orders["amount_idr"].cast(pa.int32()))
    assert render(wide, HEAD, of("himbara-fixed")) == render(orders, HEAD, of("himbara-fixed"))


def test_a_list_to_print_shows_what_xml_would_take_for_its_own():
    """Its rows are made as text: signs of XML, what looks like an escape, and empty cells stand as they are."""
    odd = table(order(7, name='A & B <C> "D"', village="_x0041_ _x004", address=None), order(8, village=""))
    _, back, _ = parse(render(odd, HEAD, of("pos-list")), of("pos-list"))
    assert back.equals(fitted(odd, of("pos-list")))
    assert back["name"][0].as_py() == 'A & B <C> "D"'
    assert back["village"].to_pylist() == ["_x0041_ _x004", ""]


def test_the_same_list_to_print_is_the_same_bytes():
    assert render(some(5), HEAD, of("pos-list")) == render(some(5), HEAD, of("pos-list"))


def test_without_its_totals_no_list_is_written_at_all():
    into = io.BytesIO()
    with pytest.raises(Refused):
        write(table(order(7), order(8, amount_idr=0)), HEAD, of("pos-list"), into)
    assert into.getvalue() == b""
