"""Question files: six kinds in both forms, back and forth, and what is not understood named with its line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.core.errors import Unreadable
from harapan.exchange.questions import gift, gift_writing, moodle, moodle_writing
from harapan.exchange.questions.item import (
    Choice,
    Found,
    Item,
    Kind,
    Pair,
    Picture,
    Value,
    fault_of,
    percent,
    picture_of,
    share_of,
)

SAMPLES = Path(__file__).parent / "samples" / "questions"
HALF = Fraction(1, 2)


def read(name: str) -> Found:
    raw = (SAMPLES / name).read_bytes()
    return moodle.parse(raw) if name.endswith(".xml") else gift.parse(raw)


def by_name(found: Found) -> dict[str, Item]:
    return {item.name: item for _line, item in found.items}


def said(found: Found) -> list[tuple[int, str, bool]]:
    return [(each.line, str(each.said), each.refused) for each in found.remarks]


@pytest.mark.parametrize("name", ["soal.gift.txt", "soal.xml"])
def test_all_six_kinds_are_read_and_nothing_is_left_over(name: str) -> None:
    found = read(name)
    assert {item.kind for _line, item in found.items} == {*Kind}
    assert found.remarks == []


def test_gift_says_what_it_says() -> None:
    items = by_name(read("soal.gift.txt"))
    card = items["Kartu KKS"]
    assert (card.topic, card.kind, card.feedback) == (
        "Kode etik", Kind.SINGLE, "Memegang kartu keluarga melanggar kode etik.",
    )  # fmt: skip
    assert card.choices[0] == Choice("Keluarga sendiri", Fraction(1), "Benar; kartu dan PIN tidak berpindah tangan.")
    assert items["Larangan"].choices[1] == Choice("Mengajak memilih calon : “pilih nomor 1\\!”", HALF)
    assert items["Pasangan"].pairs[-1] == Pair("", "Bantuan hukum")
    assert items["Pasangan"].asked == items["Pasangan"].pairs[:-1]
    assert items["Urutan"].steps[0] == "Membuka dan berdoa"
    assert items["Peserta kelas"].values == (
        Value(Decimal(40), Decimal(0), Fraction(1), "Tepat."), Value(Decimal(40), Decimal(5), HALF, "Mendekati."),
    )  # fmt: skip
    assert items["Rentang"].values == (Value(Decimal(3), Decimal(2)),)
    assert items["Kepanjangan"].choices == (Choice("Keluarga", Fraction(1)), Choice("Kel*", HALF))
    assert items["Benar salah"].choices[0] == Choice("Benar", Fraction(1), "Ya.")
    assert "Pertemuan P2K2 diadakan _____ di kelompok." in items


def test_moodle_says_what_it_says() -> None:
    items = by_name(read("soal.xml"))
    assert items["Kartu KKS"].text == "Siapa yang menyimpan kartu KKS?"
    assert items["Kartu KKS"].topic == "Kode etik"
    assert [choice.share for choice in items["Larangan"].choices] == [Fraction(1, 3)] * 3 + [Fraction(-1, 3)]
    assert items["Benar salah"].choices == (Choice("Benar", Fraction(1)), Choice("Salah"))
    assert items["Kepanjangan"].exact_case
    assert items["Peserta kelas"].values[1].tolerance == Decimal("5.5")


def test_what_gift_says_beyond_is_named_with_its_line() -> None:
    found = read("rusak.gift.txt")
    assert list(by_name(found)) == ["Utuh"]
    assert said(found) == [
        (1, "Soal uraian belum dapat dibawa masuk.", True),
        (3, "Tulisan ini tanpa jawaban dalam kurung kurawal, jadi bukan soal.", True),
        (5, "Soal dengan beberapa tempat jawaban belum dapat dibawa masuk.", True),
        (7, "Jawaban benar harus bernilai 100% seluruhnya; yang terbaca 0%.", True),
        (11, "“lima:1” bukan angka.", True),
        (14, "Tanda <img> dalam tulisannya belum dapat dibawa masuk.", True),
        (18, "Nilai “abc” bukan persentase.", True),
    ]


def test_what_moodle_says_beyond_is_named_with_its_line() -> None:
    found = read("rusak.xml")
    assert list(by_name(found)) == ["Bobot dan tanggapan"]
    assert said(found) == [
        (3, "Jenis soal “essay” belum dapat dibawa masuk.", True),
        (11, "Gambar peta.png rusak di dalam berkas.", True),
        (19, "Bobot soal tidak dibawa; di sini setiap soal sama.", False),
        (20, "Tanggapan umum <correctfeedback> tidak dibawa.", False),
        (28, "Unsur <units> tidak dikenal di soal ini.", True),
        (33, "“lima” bukan angka.", True),
    ]


def _with_picture(source: str, *, more: str = "", answer: str = "Ya") -> Found:
    return moodle.parse(
        f"""<quiz><question type="multichoice"><name><text>Peta</text></name>
        <questiontext format="html"><text><![CDATA[<p>Di mana?</p><p><img src="{source}" alt="peta desa"></p>]]></text>
        <file name="peta desa.png" path="/" encoding="base64">QUJD</file>{more}</questiontext>
        <answer fraction="100" format="html"><text><![CDATA[{answer}]]></text></answer>
        <answer fraction="0"><text>Tidak</text></answer></question></quiz>""".encode()
    )


def test_a_picture_inside_the_file_comes_with_its_question() -> None:
    found = _with_picture("@@PLUGINFILE@@/peta%20desa.png", more='<file name="lain.png" encoding="base64">QUJD</file>')
    ((_line, item),) = found.items
    assert (item.text, item.pictures) == ("Di mana?", (picture_of("peta desa.png", "peta desa", b"ABC"),))
    assert item.pictures[0].contents == b"ABC"
    assert [(each[1], each[2]) for each in said(found)] == [
        ("Berkas lain.png tidak dipakai soalnya, jadi tidak dibawa.", False)
    ]


@pytest.mark.parametrize(
    ("source", "answer", "why"),
    [
        ("https://elsewhere.example/peta.png", "Ya", "tidak tersemat di berkas ini"),
        ("@@PLUGINFILE@@/hilang.png", "Ya", "tidak tersemat di berkas ini"),
        ("@@PLUGINFILE@@/peta%20desa.png", '<img src="@@PLUGINFILE@@/peta%20desa.png">', "tidak tersemat di berkas"),
    ],
)
def test_a_picture_from_elsewhere_is_refused_in_words(source: str, answer: str, why: str) -> None:
    found = _with_picture(source, answer=answer)
    assert found.items == []
    assert why in said(found)[0][1]


def _option(name: str, alt: str, *, words: str = "", share: int = 0, shown: int = 1) -> str:
    html = f"<p>{words}</p>" + f'<p><img src="@@PLUGINFILE@@/{name}" alt="{alt}"></p>' * shown
    file = f'<file name="{name}" path="/" encoding="base64">QUJD</file>'
    return f'<answer fraction="{share}" format="html"><text><![CDATA[{html}]]></text>{file}</answer>'


def _with_options(*options: str, kind: str = "multichoice") -> Found:
    asked = '<questiontext format="html"><text>Mana dacin?</text></questiontext>' + "".join(options)
    return moodle.parse(
        f'<quiz><question type="{kind}"><name><text>Alat</text></name>{asked}</question></quiz>'.encode()
    )


def test_options_show_the_pictures_that_the_file_carries_for_them() -> None:
    found = _with_options(
        _option("a.png", "timbangan gantung", share=100), _option("b.png", "", words="Meteran"), _option("c.png", ""),
        "<answer fraction='0'><text>Tidak ada</text></answer>",
    )  # fmt: skip
    ((_line, item),) = found.items
    assert found.remarks == []
    assert [(each.text, each.picture) for each in item.choices] == [
        ("timbangan gantung", 0), ("Meteran", 1), ("Gambar 3", 2), ("Tidak ada", None),
    ]  # fmt: skip
    assert item.own_pictures == ()
    assert [picture.name for _words, picture in item.pictured] == ["a.png", "b.png", "c.png"]
    ((_line, again),) = moodle.parse(moodle_writing.render([item])).items
    assert again == item
    assert all(picture.contents == b"ABC" for picture in again.pictures)


def test_what_cannot_be_shown_at_an_option_is_refused_in_words() -> None:
    assert "paling banyak satu gambar" in said(_with_options(_option("a.png", "", shown=2)))[0][1]
    assert "pada pilihan soal pilihan" in said(_with_options(_option("a.png", "", share=100), kind="shortanswer"))[0][1]


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<quiz><question type="&b;"/></quiz>"""
OUTSIDE = b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>'


@pytest.mark.parametrize("raw", [BOMB, OUTSIDE])
def test_no_document_type_and_so_no_entity(raw: bytes) -> None:
    with pytest.raises(Unreadable, match="DOCTYPE"):
        moodle.parse(raw)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "bukan XML yang utuh"),
        (b"<quiz><question>", "Baris 1: ini bukan XML yang utuh"),
        (b"<html/>", "seharusnya <quiz>"),
        (b"<quiz>" + b"<a>" * 40 + b"</a>" * 40 + b"</quiz>", "terlalu dalam"),
        (b'<?xml version="1.0" encoding="ebcdic-7"?><quiz/>', "UTF-8|utuh"),
        (b"<quiz>" + b" " * 20 * 1024 * 1024 + b"</quiz>", "lebih besar dari 20 MB"),
    ],
)  # fmt: skip
def test_what_is_no_moodle_file_is_refused_whole(raw: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        moodle.parse(raw)


@pytest.mark.parametrize("raw", [b"\xff\xfe{", b"a\0b {=c}"])
def test_what_is_no_text_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        gift.parse(raw)


def test_gift_says_in_words_that_it_cannot_tell_capitals() -> None:
    item = Item(Kind.TEXT, "a", "a?", choices=(Choice("A", Fraction(1)),), exact_case=True)
    assert b"// Huruf besar" in gift_writing.render([item])


# --- back and forth --------------------------------------------------------------------------------------------------

WORD = st.text("abcKks ~=#{}:%<>&[]/\\\"'“é.,?!*-", min_size=1, max_size=24).map(str.strip).filter(
    lambda text: bool(text) and "<" not in text
)  # fmt: skip


def _spaced(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


LINES = st.lists(WORD, min_size=1, max_size=3).map("\n".join)
SHARES = st.integers(1, 40).flatmap(lambda below: st.integers(-below, below).map(lambda over: Fraction(over, below)))
NUMBERS = st.decimals(-9999, 9999, places=3, allow_nan=False)


@st.composite
def items(draw: st.DrawFn) -> Item:
    kind = draw(st.sampled_from([*Kind]))
    texts = draw(st.lists(WORD, min_size=3, max_size=5, unique=True))
    told = [draw(st.one_of(st.just(""), WORD)) for _ in texts]
    bare = {"name": " ".join(draw(WORD).split()), "text": draw(LINES), "topic": "Etik", "feedback": draw(WORD)}
    if kind in (Kind.SINGLE, Kind.TEXT):
        shares = [Fraction(1), *(min(draw(SHARES), Fraction(99, 100)) for _ in texts[1:])]
        if kind == Kind.TEXT:
            shares = [max(share, Fraction(0)) for share in shares]
        return Item(kind, choices=tuple(map(Choice, texts, shares, told)), **bare)
    if kind == Kind.MULTIPLE:
        shares = [Fraction(1, 2), Fraction(1, 2), *(-abs(draw(SHARES)) for _ in texts[2:])]
        return Item(kind, choices=tuple(map(Choice, texts, shares, told)), **bare)
    if kind == Kind.MATCH:
        rights = [draw(WORD) for _ in texts]
        return Item(kind, pairs=(*map(Pair, texts, rights), Pair("", "lain")), **bare)
    if kind == Kind.ORDER:
        return Item(kind, steps=tuple(texts), **bare)
    values = (Value(draw(NUMBERS), abs(draw(NUMBERS)), Fraction(1), told[0]),)
    return Item(kind, values=values, **bare)


@settings(max_examples=40)
@given(st.lists(items(), max_size=2))
def test_moodle_reads_what_it_wrote(made: list[Item]) -> None:
    found = moodle.parse(moodle_writing.render(made))
    assert ([item for _line, item in found.items], found.remarks) == (made, [])


PICTURES = st.lists(
    st.builds(
        picture_of, st.from_regex(r"[a-z0-9 ]{1,8}\.jpg", fullmatch=True), WORD.map(_spaced), st.binary(max_size=9)
    ),
    max_size=3, unique_by=lambda each: each.name,
)  # fmt: skip


@settings(max_examples=40)
@given(items(), PICTURES)
def test_moodle_reads_the_pictures_it_wrote(item: Item, pictures: list[Picture]) -> None:
    shown = replace(item, text=_spaced(item.text), pictures=tuple(pictures))  # HTML knows one space only
    found = moodle.parse(moodle_writing.render([shown]))
    ((_line, read_back),) = found.items
    assert read_back == shown
    assert [each.contents for each in read_back.pictures] == [each.contents for each in pictures]
    assert (b"bergambar" in gift_writing.render([shown])) == bool(pictures)


@settings(max_examples=40)
@given(st.lists(items(), max_size=2))
def test_gift_reads_what_it_wrote(made: list[Item]) -> None:
    found = gift.parse(gift_writing.render(made))
    assert ([item for _line, item in found.items], found.remarks) == (made, [])


@given(st.integers(1, 100).flatmap(lambda below: st.integers(-below, below).map(lambda over: Fraction(over, below))))
def test_a_share_survives_its_percentage(share: Fraction) -> None:
    assert share_of(percent(share)) == share


@settings(max_examples=40)
@given(items())
def test_what_is_drawn_here_can_be_asked(item: Item) -> None:
    assert fault_of(item) is None
