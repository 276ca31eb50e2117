"""Questions written as GIFT, which `gift.parse` reads back the same; what GIFT cannot say stands there as a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harapan.exchange.questions.item import WHOLE, Choice, Item, Kind, Value, percent

UNSAID = "// Huruf besar dan kecil dibedakan; GIFT tidak dapat mengatakannya."
WITHOUT = "// Soal ini bergambar; GIFT tidak dapat membawa gambar. Unduh Moodle XML."


def render(items: Iterable[Item]) -> bytes:
    parts, topic = [], ""
    for item in items:
        if item.topic != topic:
            topic = item.topic
            parts.append(f"$CATEGORY: $course$/top/{topic}".rstrip("/") + "\n")
        parts.append(_question(item))
    return "\n".join(parts).encode()


def _question(item: Item) -> str:
    said = [UNSAID] * item.exact_case + [WITHOUT] * bool(item.pictures)
    general = [f"\t####{_escaped(item.feedback)}"] if item.feedback else []
    begin = {Kind.NUMBER: "{#", Kind.ORDER: "{>"}.get(item.kind, "{")
    head = f"::{_escaped(item.name)}::[plain]{_escaped(item.text)} {begin}"
    return "\n".join([*said, head, *(f"\t{line}" for line in _lines(item)), *general, "}", ""])


def _lines(item: Item) -> list[str]:
    if item.kind == Kind.MATCH:
        return [f"={_escaped(pair.left)} -> {_escaped(pair.right)}" for pair in item.pairs]
    if item.kind == Kind.ORDER:
        return [_escaped(step) for step in item.steps]
    if item.kind == Kind.NUMBER:
        return [_value(value) for value in item.values]
    if item.kind == Kind.TEXT:
        return [_option("=", choice) for choice in item.choices]
    one = item.kind == Kind.SINGLE
    return [_option("=" if one and choice.share == WHOLE else "~", choice) for choice in item.choices]


def _option(sign: str, choice: Choice) -> str:
    plain = (sign == "=" and choice.share == WHOLE) or (sign == "~" and not choice.share)
    share = "" if plain else f"%{percent(choice.share)}%"
    return f"{sign}{share}{_escaped(choice.text)}{_told(choice.feedback)}"


def _value(value: Value) -> str:
    share = "" if value.share == WHOLE else f"%{percent(value.share)}%"
    return f"={share}{value.value:f}:{value.tolerance:f}{_told(value.feedback)}"


def _told(feedback: str) -> str:
    return f"#{_escaped(feedback)}" if feedback else ""


def _escaped(text: str) -> str:
    return re.sub(r"([~=#{}:%>\[/\\])", r"\\\1", text).replace("\n", "\\n")
