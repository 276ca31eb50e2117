"""Moodle XML read into questions."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from urllib.parse import unquote

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange.questions.item import (
    Choice,
    Found,
    Item,
    Kind,
    Pair,
    Picture,
    Value,
    decimal_of,
    fault_of,
    picture_of,
    share_of,
)
from harapan.exchange.questions.markup import plain, plain_with_pictures, tidy
from harapan.exchange.questions.tree import Node, read

# what only says how a question looks, or what Moodle does besides asking it; without effect here
QUIET = {
    "answernumbering", "correctfeedback", "defaultgrade", "hidden", "idnumber", "incorrectfeedback", "layouttype",
    "numberingstyle", "partiallycorrectfeedback", "penalty", "selectcount", "selecttype", "showgrading",
    "showstandardinstruction", "shownumcorrect", "shuffleanswers", "synchronize", "unitgradingtype", "unitpenalty",
    "unitsleft", "showunits", "tags",
}  # fmt: skip
READ = {"name", "questiontext", "generalfeedback", "answer", "single", "subquestion", "usecase", "gradingtype"}
PLAIN = ("plain_text", "markdown", "")
PLUGIN_FILE = "@@PLUGINFILE@@/"
FEEDBACKS = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


class _Lost(Exception):
    """A question cannot be taken over: where, and why."""

    def __init__(self, line: int, said: Phrase) -> None:
        super().__init__(said)
        self.line, self.said = line, said


def parse(raw: bytes) -> Found:
    """Raises Unreadable for what is no Moodle XML at all."""
    root = read(raw)
    if root.tag != "quiz":
        raise Unreadable(
            "Baris {line}: ini bukan Moodle XML; unsur pertamanya <{tag}>, seharusnya <quiz>.",
            line=root.line, tag=root.tag,
        )  # fmt: skip
    found, topic = Found(), ""
    for node in root.children:
        if node.tag != "question":
            found.remark(node.line, Phrase("Unsur <{tag}> tidak dikenal di luar soal.", tag=node.tag))
        elif node.attributes.get("type") == "category":
            topic = _topic(node)
        else:
            _take(node, topic, found)
    return found


def _take(node: Node, topic: str, found: Found) -> None:
    said_before = len(found.remarks)
    try:
        item = _item(node, topic, found)
    except _Lost as lost:
        del found.remarks[said_before:]  # what else there is to say of it no longer matters
        found.remark(lost.line, lost.said)
        return
    if (fault := fault_of(item)) is not None:
        del found.remarks[said_before:]
        found.remark(node.line, fault)
        return
    found.items.append((node.line, item))


def _item(node: Node, topic: str, found: Found) -> Item:
    kind = node.attributes.get("type", "")
    reader = _KINDS.get(kind)
    if reader is None:
        raise _Lost(node.line, Phrase("Jenis soal “{kind}” belum dapat dibawa masuk.", kind=kind))
    for child in node.children:
        if child.tag in FEEDBACKS and _text(child):
            found.remark(child.line, Phrase("Tanggapan umum <{tag}> tidak dibawa.", tag=child.tag), refused=False)
        elif child.tag == "tags" and child.children:
            found.remark(child.line, Phrase("Penanda <tags> tidak dibawa."), refused=False)
        elif child.tag == "defaultgrade" and _grade(child) != 1:
            found.remark(child.line, Phrase("Bobot soal tidak dibawa; di sini setiap soal sama."), refused=False)
        elif child.tag not in QUIET | READ:
            raise _Lost(child.line, Phrase("Unsur <{tag}> tidak dikenal di soal ini.", tag=child.tag))
    text = node.first("questiontext")
    if text is None:
        raise _Lost(node.line, Phrase("Soal ini tanpa pertanyaan."))
    words, pictures = _asked(text, found)
    name = " ".join(_text(title).split()) if (title := node.first("name")) else ""
    feedback = _text(general) if (general := node.first("generalfeedback")) else ""
    return reader(
        node, Item(Kind.SINGLE, (name or words)[:120], words, topic, feedback=feedback, pictures=pictures), found
    )


def _text(node: Node, *, otherwise: str = "html") -> str:
    """The words of an element, plain; `otherwise`: their format where none is said. Raises _Lost beyond words."""
    if (file := node.first("file")) is not None:
        raise _Lost(
            file.line,
            Phrase("Gambar di sini tidak dibawa masuk; letakkan di pertanyaan, atau pada pilihan soal pilihan."),
        )
    raw, form = _raw(node, otherwise)
    if form in PLAIN or node.tag == "name":
        return tidy(raw)
    words, strange = plain(raw)
    _refuse_strange(node, strange)
    return words


def _raw(node: Node, otherwise: str = "html") -> tuple[str, str]:
    inner = node.first("text")
    return inner.text if inner else node.text, node.attributes.get("format", otherwise)


def _refuse_strange(node: Node, strange: list[str]) -> None:
    if strange:
        raise _Lost(
            node.line, Phrase("Tanda <{tag}> dalam tulisannya belum dapat dibawa masuk.", tag=strange[0])
        )  # fmt: skip


def _asked(node: Node, found: Found) -> tuple[str, tuple[Picture, ...]]:
    """The words of a question or option and the pictures that the file carries for it. Raises _Lost for one from
    elsewhere."""
    files = {each.attributes.get("name", ""): each for each in node.every("file")}
    raw, form = _raw(node)
    if form in PLAIN:
        return tidy(raw), tuple(picture_of(name, "", _contents(each)) for name, each in files.items())
    words, strange, shown = plain_with_pictures(raw)
    _refuse_strange(node, strange)
    pictures = []
    for source, alt in shown:
        inside, _at, name = source.partition(PLUGIN_FILE)
        name = unquote(name).split("?")[0]
        if inside or name not in files:
            raise _Lost(
                node.line,
                Phrase("Gambar “{source}” tidak tersemat di berkas ini. Ekspor lagi bersama gambarnya.",
                       source=source[:60]),
            )  # fmt: skip
        pictures.append(picture_of(name, alt, _contents(files[name])))
    for name in files.keys() - {each.name for each in pictures}:
        said = Phrase("Berkas {name} tidak dipakai soalnya, jadi tidak dibawa.", name=name)
        found.remark(files[name].line, said, refused=False)
    return words, tuple(pictures)


def _contents(file: Node) -> bytes:
    try:
        return base64.b64decode("".join(file.text.split()), validate=True)
    except ValueError:
        raise _Lost(
            file.line, Phrase("Gambar {name} rusak di dalam berkas.", name=file.attributes.get("name", ""))
        ) from None


def _topic(node: Node) -> str:
    category = node.first("category")
    path = _text(category) if category else ""
    parts = [part for part in path.split("/") if part and not part.startswith("$") and part != "top"]
    return "/".join(parts)[:120]


def _grade(node: Node) -> Decimal:
    try:
        return decimal_of(node.text.strip() or "1")
    except ValueError:
        return Decimal(0)


def _share(node: Node) -> Fraction:
    given = node.attributes.get("fraction", "0")
    try:
        return share_of(given)
    except ValueError:
        raise _Lost(node.line, Phrase("Nilai “{value}” bukan persentase.", value=given)) from None


def _feedback(node: Node) -> str:
    return _text(inner) if (inner := node.first("feedback")) else ""


def _choices(node: Node) -> tuple[Choice, ...]:
    return tuple(Choice(_text(each), _share(each), _feedback(each)) for each in node.every("answer"))


def _multichoice(node: Node, bare: Item, found: Found) -> Item:
    single = node.first("single")
    one = single is None or single.text.strip().lower() in ("true", "1")
    choices, pictures = [], list(bare.pictures)
    for each in node.every("answer"):
        text, shown = _asked(each, found)
        if len(shown) > 1:
            raise _Lost(each.line, Phrase("Satu pilihan memuat paling banyak satu gambar."))
        choices.append(Choice(text, _share(each), _feedback(each)))
        if shown:
            text = text or shown[0].alt or f"Gambar {len(choices)}"
            choices[-1] = replace(choices[-1], text=text, picture=len(pictures))
            pictures += shown
    kind = Kind.SINGLE if one else Kind.MULTIPLE
    return replace(bare, kind=kind, choices=tuple(choices), pictures=tuple(pictures))


def _truefalse(node: Node, bare: Item, found: Found) -> Item:
    words = {"true": "Benar", "false": "Salah"}
    choices = [
        Choice(words.get(_text(each).lower(), _text(each)), _share(each), _feedback(each))
        for each in node.every("answer")
    ]
    return replace(bare, choices=tuple(choices))


def _shortanswer(node: Node, bare: Item, found: Found) -> Item:
    case = node.first("usecase")
    exact = case is not None and case.text.strip() == "1"
    return replace(bare, kind=Kind.TEXT, choices=_choices(node), exact_case=exact)


def _matching(node: Node, bare: Item, found: Found) -> Item:
    pairs = []
    for each in node.every("subquestion"):
        answer = each.first("answer")
        if answer is None:
            raise _Lost(each.line, Phrase("Pasangan ini tanpa jawaban."))
        pairs.append(Pair(_text(each), _text(answer, otherwise="plain_text")))
    return replace(bare, kind=Kind.MATCH, pairs=tuple(pairs))


def _ordering(node: Node, bare: Item, found: Found) -> Item:
    return replace(bare, kind=Kind.ORDER, steps=tuple(_text(each) for each in node.every("answer")))


def _numerical(node: Node, bare: Item, found: Found) -> Item:
    values = []
    for each in node.every("answer"):
        tolerance = each.first("tolerance")
        value = _decimal(each, _text(each))
        margin = _decimal(tolerance, tolerance.text.strip() or "0") if tolerance else Decimal(0)
        values.append(Value(value, margin, _share(each), _feedback(each)))
    return replace(bare, kind=Kind.NUMBER, values=tuple(values))


def _decimal(node: Node, text: str) -> Decimal:
    try:
        return decimal_of(text.strip())
    except ValueError:
        raise _Lost(node.line, Phrase("“{value}” bukan angka.", value=text)) from None


_KINDS: dict[str, Callable[[Node, Item, Found], Item]] = {
    "multichoice": _multichoice, "truefalse": _truefalse, "shortanswer": _shortanswer, "matching": _matching,
    "ordering": _ordering, "numerical": _numerical,
}  # fmt: skip
