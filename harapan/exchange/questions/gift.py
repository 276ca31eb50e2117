"""GIFT read into questions. What is escaped is set aside first, so that the signs that remain are signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange.questions.item import (
    WHOLE,
    Choice,
    Found,
    Item,
    Kind,
    Pair,
    Value,
    decimal_of,
    fault_of,
    share_of,
)
from harapan.exchange.questions.markup import looks_like_html, plain, tidy

BYTES_MAX = 5 * 1024 * 1024
ESCAPED = "~=#{}:%>[/\\"
ASIDE = 0xF0000  # a plane of Unicode that stands for nothing
BLANK = "_____"  # where the answer stood inside the sentence
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
_FORMAT = re.compile(r"\s*\[(html|plain|markdown|moodle)\]")
_SHARE = re.compile(r"\s*%([^%\n]{0,12})%")
_ORDER_WORDS = re.compile(r"[0-9]*|ALL|RANDOM|CONTIGUOUS|EXACT|REL\w*|VERTICAL|HORIZONTAL|[HV]|ABSOLUTE\w*|SHOW|HIDE")


class _Lost(Exception):
    """A question cannot be taken over: how far into its text, and why."""

    def __init__(self, at: int, said: Phrase) -> None:
        super().__init__(said)
        self.at, self.said = at, said


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines between two empty ones, with their numbers."""

    lines: tuple[int, ...]
    text: str

    def line(self, at: int = 0) -> int:
        return self.lines[min(self.text.count("\n", 0, at), len(self.lines) - 1)]


@dataclass(frozen=True, slots=True)
class _Option:
    """`sign` is = or ~; `share` is None where none is written. `raw`: what is escaped still aside."""

    sign: str
    share: Fraction | None
    raw: str
    feedback: str
    at: int

    @property
    def text(self) -> str:
        return _words(self.raw, self.at)


def parse(raw: bytes) -> Found:
    """Raises Unreadable for what is no text in UTF-8."""
    if len(raw) > BYTES_MAX:
        raise Unreadable("Berkas soal lebih besar dari 5 MB. Pecah menjadi beberapa berkas.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("Berkas GIFT ini bukan teks UTF-8. Simpan kembali sebagai UTF-8.") from error
    if "\0" in text:
        raise Unreadable("Berkas GIFT ini memuat tanda kosong (NUL). Simpan kembali sebagai teks biasa.")
    found, topic = Found(), ""
    for block in _blocks(text):
        if block.text.startswith("$CATEGORY:"):
            topic = _topic(block.text)
            continue
        try:
            item = _item(block, topic, found)
        except _Lost as lost:
            found.remark(block.line(lost.at), lost.said)
            continue
        if (fault := fault_of(item)) is not None:
            found.remark(block.line(), fault)
        else:
            found.items.append((block.line(), item))
    return found


def _blocks(text: str) -> Iterator[_Block]:
    """Comments left out; a line that names a category stands alone."""
    numbers: list[int] = []
    lines: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        bare = line.strip()
        category = bare.startswith("$CATEGORY:")
        if bare.startswith("//"):
            continue
        if (not bare or category) and lines:
            yield _Block(tuple(numbers), "\n".join(lines))
            numbers, lines = [], []
        if category:
            yield _Block((number,), bare)
        elif bare:
            numbers.append(number)
            lines.append(_set_aside(bare))


def _set_aside(line: str) -> str:
    return re.sub(
        r"\\([" + re.escape(ESCAPED) + r"n])",
        lambda found: chr(ASIDE + ord("\n" if found[1] == "n" else found[1])),
        line,
    )


def _brought_back(text: str) -> str:
    return "".join(chr(ord(each) - ASIDE) if ASIDE <= ord(each) < ASIDE + 128 else each for each in text)


def _topic(line: str) -> str:
    path = line.removeprefix("$CATEGORY:").strip()
    return "/".join(part for part in path.split("/") if part and not part.startswith("$") and part != "top")[:120]


def _words(text: str, at: int, form: str = "") -> str:
    """What a text says, plain. Raises _Lost where it holds more than words."""
    if (told := _FORMAT.match(text)) is not None:
        form, text = told[1], text[told.end() :]
    said = _brought_back(text)
    if form == "html" or (form in ("", "moodle") and looks_like_html(said)):
        said, strange = plain(said)
        if strange:
            raise _Lost(at, Phrase("Tanda <{tag}> dalam tulisannya belum dapat dibawa masuk.", tag=strange[0]))
        return said
    return tidy(said)


def _item(block: _Block, topic: str, found: Found) -> Item:
    text, begins, ends = block.text, block.text.find("{"), block.text.find("}")
    if begins < 0 or ends < begins:
        raise _Lost(0, Phrase("Tulisan ini tanpa jawaban dalam kurung kurawal, jadi bukan soal."))
    if "{" in text[begins + 1 : ends] or "{" in text[ends:] or "}" in text[ends + 1 :]:
        raise _Lost(begins, Phrase("Soal dengan beberapa tempat jawaban belum dapat dibawa masuk."))
    titled = re.match(r"::(.*?)::", text, re.DOTALL)
    head, tail = text[titled.end() if titled else 0 : begins], text[ends + 1 :].strip()
    sentence = f"{head.rstrip()} {BLANK} {tail}" if tail else head
    words = _words(sentence, 0)
    name = " ".join(_brought_back(titled[1]).split()) if titled else " ".join(words.split())
    body, hashes, general = text[begins + 1 : ends].partition("####")
    feedback = _words(general, begins) if hashes else ""
    bare = Item(Kind.SINGLE, name[:120], words, topic, feedback=feedback)
    return _answered(bare, body, begins + 1, block, found)


def _answered(bare: Item, body: str, at: int, block: _Block, found: Found) -> Item:
    start = body.lstrip()
    if not start:
        raise _Lost(at, Phrase("Soal uraian belum dapat dibawa masuk."))
    if start[0] == "#":
        return replace(bare, kind=Kind.NUMBER, values=_values(body.replace("#", " ", 1), at, block, found))
    if start[0] == ">":
        return replace(bare, kind=Kind.ORDER, steps=_steps(start[1:], at))
    word, *told = start.split("#")
    if word.strip().upper() in TRUE + FALSE:
        return _true_or_false(bare, word.strip().upper() in TRUE, [_words(each, at) for each in told])
    return _chosen(bare, list(_options(body, at)))


def _options(body: str, at: int) -> Iterator[_Option]:
    """Raises _Lost for text before the first sign."""
    parts = re.split(r"([=~])", body)
    if parts[0].strip():
        raise _Lost(at, Phrase("“{text}” tidak didahului = atau ~.", text=_brought_back(parts[0].strip()[:40])))
    place = at + len(parts[0])
    for sign, text in zip(parts[1::2], parts[2::2], strict=True):
        said, _hash, feedback = text.partition("#")
        share = None
        if (told := _SHARE.match(said)) is not None:
            share, said = _share(told[1], place), said[told.end() :]
        yield _Option(sign, share, said, _words(feedback, place), place)
        place += 1 + len(text)


def _share(text: str, at: int) -> Fraction:
    try:
        return share_of(text)
    except ValueError:
        raise _Lost(at, Phrase("Nilai “{value}” bukan persentase.", value=text)) from None


def _chosen(bare: Item, options: list[_Option]) -> Item:
    right_only = all(option.sign == "=" for option in options)
    if right_only and all("->" in option.raw for option in options):
        return replace(bare, kind=Kind.MATCH, pairs=tuple(map(_pair, options)))
    choices = tuple(
        Choice(
            option.text,
            option.share if option.share is not None else WHOLE if option.sign == "=" else Fraction(0),
            option.feedback,
        )
        for option in options
    )
    if right_only:
        return replace(bare, kind=Kind.TEXT, choices=choices)
    several = not any(option.sign == "=" for option in options)
    return replace(bare, kind=Kind.MULTIPLE if several else Kind.SINGLE, choices=choices)


def _pair(option: _Option) -> Pair:
    if option.feedback:
        raise _Lost(option.at, Phrase("Tanggapan pada pasangan belum dapat dibawa masuk."))
    left, _arrow, right = option.raw.partition("->")
    return Pair(_words(left, option.at), _words(right, option.at))


def _true_or_false(bare: Item, true: bool, told: list[str]) -> Item:
    """Of the two comments the first is for whoever answers wrongly."""
    wrong, right = [*told, "", ""][:2]
    choices = (
        Choice("Benar", Fraction(int(true)), right if true else wrong),
        Choice("Salah", Fraction(int(not true)), wrong if true else right),
    )
    return replace(bare, choices=choices)


def _steps(body: str, at: int) -> tuple[str, ...]:
    head, _newline, rest = body.partition("\n")
    strange = [word for word in head.split() if not _ORDER_WORDS.fullmatch(word)]
    if strange:
        raise _Lost(at, Phrase("“{word}” tidak dikenal pada soal mengurutkan.", word=_brought_back(strange[0])))
    return tuple(_words(line, at) for line in rest.split("\n") if line.strip())


def _values(body: str, at: int, block: _Block, found: Found) -> tuple[Value, ...]:
    if not re.search("[=~]", body):
        body = f"={body}"
    values = []
    for option in _options(body, at):
        if option.sign == "~":
            if option.raw.strip():
                raise _Lost(option.at, Phrase("Jawaban angka yang salah tidak dapat didaftar."))
            found.remark(block.line(option.at), Phrase("Tanggapan untuk jawaban salah tidak dibawa."), refused=False)
            continue
        value, tolerance = _number(option)
        values.append(Value(value, tolerance, WHOLE if option.share is None else option.share, option.feedback))
    return tuple(values)


def _number(option: _Option) -> tuple[Decimal, Decimal]:
    """ "3", "3:0.5" or "1..5", which is 3 give or take 2."""
    said = option.raw.strip()
    try:
        if ".." in said:
            low, high = (decimal_of(side.strip()) for side in said.split("..", 1))
            value, tolerance = (low + high) / 2, (high - low) / 2
        else:
            told, _colon, margin = said.partition(":")
            value, tolerance = decimal_of(told.strip()), decimal_of(margin.strip() or "0")
    except ValueError:
        raise _Lost(option.at, Phrase("“{value}” bukan angka.", value=option.text)) from None
    return value, tolerance
