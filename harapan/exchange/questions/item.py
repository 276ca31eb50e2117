"""A question in hand, of six kinds, and what a file of questions was read as."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from harapan.core.phrases import Phrase

NOTHING, WHOLE = Fraction(0), Fraction(1)
PARTS_MAX = 100  # denominators of shares: files write them as percent with five decimals


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    MATCH = "match"
    ORDER = "order"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option, or a text that is accepted, with the share of the question it earns (may be below zero).

    `picture`: of an option, where in the item's `pictures` the one it shows stands. It has words all the same.
    """

    text: str
    share: Fraction = NOTHING
    feedback: str = ""
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """`left` belongs to `right`. Empty `left`: a right side that belongs to nothing."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Value:
    """A number that is accepted, give or take `tolerance`, with the share it earns."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    share: Fraction = WHOLE
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the question or of an option. `alt`: what it shows, in words; `digest`: of `contents`.

    `contents` are empty where whoever holds the item does not need them; pictures are the same by their digest.
    """

    name: str
    alt: str
    digest: str
    contents: bytes = field(default=b"", compare=False, repr=False)


def picture_of(name: str, alt: str, contents: bytes) -> Picture:
    return Picture(name, alt, hashlib.sha256(contents).hexdigest(), contents)


@dataclass(frozen=True, slots=True)
class Item:
    """A question. Single, multiple, text: `choices`; match: `pairs`; order: `steps` as they belong; number: `values`.

    `exact_case`: of text, whether capital letters count. `pictures`: the question's own, then those of options.
    """

    kind: Kind
    name: str
    text: str
    topic: str = ""
    choices: tuple[Choice, ...] = ()
    pairs: tuple[Pair, ...] = ()
    steps: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    exact_case: bool = False
    feedback: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def own_pictures(self) -> tuple[Picture, ...]:
        """Those of the question itself."""
        of_options = {choice.picture for choice in self.choices}
        return tuple(each for place, each in enumerate(self.pictures) if place not in of_options)

    @property
    def pictured(self) -> tuple[tuple[str, Picture], ...]:
        """Options that show a picture: their words, and it."""
        return tuple((each.text, self.pictures[each.picture]) for each in self.choices if each.picture is not None)

    @property
    def rights(self) -> tuple[str, ...]:
        """The right sides to choose from, each once."""
        return tuple(dict.fromkeys(pair.right for pair in self.pairs))

    @property
    def asked(self) -> tuple[Pair, ...]:
        """The pairs whose left side is asked."""
        return tuple(pair for pair in self.pairs if pair.left)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a file says at `line` that was not taken over. `refused`: the question there was left out for it."""

    line: int
    said: Phrase
    refused: bool = True


@dataclass(slots=True)
class Found:
    """Items read, each with the line it starts at, and remarks in the order of the file."""

    items: list[tuple[int, Item]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, line: int, said: Phrase, *, refused: bool = True) -> None:
        self.remarks.append(Remark(line, said, refused))


def fault_of(item: Item) -> Phrase | None:
    """Why a question cannot be asked, or None. For questions typed here and questions read alike."""
    if not item.text.strip():
        return Phrase("Pertanyaannya kosong. Tulis apa yang ditanyakan.")
    return _FAULTS[item.kind](item)


def _fault_of_choices(item: Item) -> Phrase | None:
    texts = [choice.text for choice in item.choices]
    if len(texts) < 2:
        return Phrase("Soal pilihan perlu paling sedikit dua pilihan; yang terbaca {count}.", count=len(texts))
    if (twice := _twice(texts)) is not None:
        return Phrase("Pilihan “{text}” tertulis dua kali. Bedakan atau hapus salah satu.", text=twice)
    shares = [choice.share for choice in item.choices]
    best = max(shares) if item.kind == Kind.SINGLE else sum((share for share in shares if share > 0), NOTHING)
    if best != WHOLE:
        return Phrase("Jawaban benar harus bernilai 100% seluruhnya; yang terbaca {sum}%.", sum=percent(best))
    return None


def _fault_of_pairs(item: Item) -> Phrase | None:
    lefts = [pair.left for pair in item.asked]
    if len(lefts) < 2 or not all(pair.right for pair in item.pairs):
        return Phrase("Soal menjodohkan perlu paling sedikit dua pasangan yang lengkap.")
    if (twice := _twice(lefts)) is not None:
        return Phrase("“{text}” tertulis dua kali di sisi kiri. Bedakan atau hapus salah satu.", text=twice)
    return None


def _fault_of_steps(item: Item) -> Phrase | None:
    if len(item.steps) < 2:
        return Phrase("Soal mengurutkan perlu paling sedikit dua langkah; yang terbaca {count}.", count=len(item.steps))
    if (twice := _twice(item.steps)) is not None:
        return Phrase("Langkah “{text}” tertulis dua kali. Bedakan atau hapus salah satu.", text=twice)
    return None


def _fault_of_values(item: Item) -> Phrase | None:
    if not any(value.share == WHOLE for value in item.values):
        return Phrase("Soal angka perlu satu jawaban yang bernilai 100%.")
    if any(value.tolerance < 0 for value in item.values):
        return Phrase("Kelonggaran jawaban angka tidak boleh kurang dari nol.")
    return None


def _fault_of_texts(item: Item) -> Phrase | None:
    if not any(choice.share == WHOLE and choice.text.strip() for choice in item.choices):
        return Phrase("Isian singkat perlu satu jawaban yang bernilai 100%.")
    return None


_FAULTS = {
    Kind.SINGLE: _fault_of_choices, Kind.MULTIPLE: _fault_of_choices, Kind.MATCH: _fault_of_pairs,
    Kind.ORDER: _fault_of_steps, Kind.NUMBER: _fault_of_values, Kind.TEXT: _fault_of_texts,
}  # fmt: skip


def _twice(texts: list[str] | tuple[str, ...]) -> str | None:
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            return text
        seen.add(text)
    return None


def share_of(percent_text: str) -> Fraction:
    """ "33.33333" is a third. Raises ValueError for what is no percentage between -100 and 100."""
    try:
        share = Fraction(percent_text.strip()) / 100
    except ZeroDivisionError as error:
        raise ValueError(percent_text) from error
    if not -1 <= share <= 1:
        raise ValueError(percent_text)
    return share.limit_denominator(PARTS_MAX)


def decimal_of(text: str) -> Decimal:
    """A number as files write it, at most fifteen digits on either side. Raises ValueError for what is none."""
    if re.fullmatch(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})", text) is None:
        raise ValueError(text)
    return Decimal(text)


def percent(share: Fraction) -> str:
    """A share as files write it: "100", "33.33333", "-50"."""
    text = f"{Decimal(round(share * 10**7)) / 10**5:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
