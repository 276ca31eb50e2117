"""Questions written as Moodle XML, which `moodle.parse` reads back the same.

All texts go as plain text; a question or option with pictures is HTML that shows them, as Moodle has it, with the files
inside.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from fractions import Fraction
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from harapan.exchange.questions.item import Choice, Item, Kind, Picture, percent

TYPES = {
    Kind.SINGLE: "multichoice", Kind.MULTIPLE: "multichoice", Kind.MATCH: "matching", Kind.ORDER: "ordering",
    Kind.NUMBER: "numerical", Kind.TEXT: "shortanswer",
}  # fmt: skip


def render(items: Iterable[Item]) -> bytes:
    lines, topic = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"], ""
    for item in items:
        if item.topic != topic:
            topic = item.topic
            path = _text(f"$course$/top/{topic}" if topic else "$course$/top")
            lines.append(f'  <question type="category"><category>{path}</category></question>')
        lines += _question(item)
    return "\n".join([*lines, "</quiz>", ""]).encode()


def _question(item: Item) -> list[str]:
    return [
        f'  <question type="{TYPES[item.kind]}">',
        f"    <name>{_text(item.name)}</name>",
        f"    {_asked(item)}",
        f'    <generalfeedback format="plain_text">{_text(item.feedback)}</generalfeedback>',
        *(f"    {line}" for line in _BODIES[item.kind](item)),
        "  </question>",
    ]


def _asked(item: Item) -> str:
    if not item.own_pictures:
        return f'<questiontext format="plain_text">{_text(item.text)}</questiontext>'
    return f'<questiontext format="html">{_pictured(item.text, item.own_pictures)}</questiontext>'


def _pictured(text: str, pictures: Sequence[Picture]) -> str:
    shown = "".join(
        f'<p><img src="@@PLUGINFILE@@/{quote(each.name)}" alt={quoteattr(each.alt)}></p>' for each in pictures
    )
    return _text(escape(text).replace("\n", "<br>") + shown) + "".join(map(_file, pictures))


def _file(picture: Picture) -> str:
    inside = base64.b64encode(picture.contents).decode()
    return f'<file name={quoteattr(picture.name)} path="/" encoding="base64">{inside}</file>'


def _text(words: str) -> str:
    return f"<text>{escape(words)}</text>"


def _choices(item: Item) -> list[str]:
    single = "true" if item.kind == Kind.SINGLE else "false"
    return [f"<single>{single}</single>", *(_choice(each, item.pictures) for each in item.choices)]


def _texts(item: Item) -> list[str]:
    return [f"<usecase>{int(item.exact_case)}</usecase>", *map(_choice, item.choices)]


def _choice(choice: Choice, pictures: Sequence[Picture] = ()) -> str:
    if choice.picture is None:
        return _answer(choice.share, _text(choice.text), choice.feedback)
    inside = _pictured(choice.text, [pictures[choice.picture]])
    return _answer(choice.share, inside, choice.feedback, form="html")


def _pairs(item: Item) -> list[str]:
    return [
        f'<subquestion format="plain_text">{_text(pair.left)}<answer>{_text(pair.right)}</answer></subquestion>'
        for pair in item.pairs
    ]


def _steps(item: Item) -> list[str]:
    steps = [_answer(Fraction(1), _text(step), "") for step in item.steps]
    return ["<selecttype>ALL</selecttype>", "<gradingtype>ABSOLUTE_POSITION</gradingtype>", *steps]


def _values(item: Item) -> list[str]:
    return [
        _answer(
            each.share, f"{_text(f'{each.value:f}')}<tolerance>{each.tolerance:f}</tolerance>", each.feedback
        )
        for each in item.values
    ]  # fmt: skip


def _answer(share: Fraction, inside: str, feedback: str, *, form: str = "plain_text") -> str:
    told = f'<feedback format="plain_text">{_text(feedback)}</feedback>' if feedback else ""
    return f'<answer fraction="{percent(share)}" format="{form}">{inside}{told}</answer>'


_BODIES = {
    Kind.SINGLE: _choices, Kind.MULTIPLE: _choices, Kind.TEXT: _texts, Kind.MATCH: _pairs, Kind.ORDER: _steps,
    Kind.NUMBER: _values,
}  # fmt: skip
