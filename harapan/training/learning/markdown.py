"""Lesson texts: a safe subset of Markdown made HTML by markdown-it-py.

Headings, lists, quotes, tables, rules, bold, italics, links, pictures. HTML in the text stays text. Links go to the
web, to a mailbox or telephone, or to a part of the lesson by its name; pictures and films are parts of the lesson only,
so that a lesson needs nothing from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from harapan.core.errors import Refused
from harapan.training.models import LessonPart

RULES = (
    "heading", "list", "blockquote", "hr", "table", "emphasis", "link", "image", "newline", "escape", "entity",
)  # fmt: skip
HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}  # the page's own title is the h1
OUTSIDE = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)


def references(text: str) -> Iterator[tuple[int, str, bool]]:
    """(line, where to, whether it is shown inside) for every link and picture."""
    for block in _reader.parse(text):
        line = block.map[0] + 1 if block.map else 0
        for token in _within(block):
            if token.type == "image":
                yield line, str(token.attrGet("src")), True
            elif token.type == "link_open":
                yield line, str(token.attrGet("href")), False


def check(text: str, names: Iterable[str]) -> None:
    """Raises Refused for a link or picture that leads nowhere, naming its line."""
    known = set(names)
    for line, to, inside in references(text):
        if to not in known and (inside or not OUTSIDE.match(to)):
            raise Refused(
                "Baris {line} menunjuk “{name}”, yang tidak ada di antara berkas pelajaran ini. Unggah berkasnya "
                "dahulu, atau periksa namanya.",
                line=line, name=to,
            )  # fmt: skip


def render(text: str, parts: Mapping[str, LessonPart], address: Mapping[str, str]) -> SafeString:
    """The HTML of a lesson. `parts` and where each is to be had, by name."""
    env = {"parts": parts, "address": address}
    tokens = _reader.parse(text, env)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    return mark_safe(_reader.renderer.render(tokens, _reader.options, env))  # noqa: S308  (HTML in the text stays text)


def shown(part: LessonPart, address: str, *, title: str = "") -> SafeString:
    """A part as it stands in a lesson: the picture, the film, or the way to the paper."""
    title = title or part.title or part.name
    if part.kind == LessonPart.Kind.PICTURE:
        return format_html('<img src="{}" alt="{}" loading="lazy">', address, title)
    if part.kind == LessonPart.Kind.VIDEO:
        return format_html('<video src="{}" title="{}" controls preload="none"></video>', address, title)
    return format_html('<a href="{}">{}</a>', address, title)


def _within(token: Token) -> Iterator[Token]:
    for child in token.children or ():
        yield child
        yield from _within(child)


def _image(_renderer: Any, tokens: list[Token], at: int, _options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[at]
    name = str(token.attrGet("src"))
    part = env["parts"].get(name)
    if part is None:  # only a text that was never checked
        return format_html("<em>{}</em>", token.content or name)
    return shown(part, env["address"][name], title=token.content)


def _link(renderer: Any, tokens: list[Token], at: int, options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[at]
    to = str(token.attrGet("href"))
    if to in env["address"]:
        token.attrSet("href", env["address"][to])
    elif OUTSIDE.match(to):
        token.attrSet("rel", "noopener noreferrer")
    else:
        token.attrSet("href", "#")
    return str(renderer.renderToken(tokens, at, options, env))


def _table(*_given: Any) -> str:
    return '<div class="scroll" tabindex="0"><table class="tbl">'


def _table_end(*_given: Any) -> str:
    return "</table></div>"


def _made() -> MarkdownIt:
    reader = MarkdownIt("zero").enable(list(RULES))
    reader.add_render_rule("image", _image)
    reader.add_render_rule("link_open", _link)
    reader.add_render_rule("table_open", _table)
    reader.add_render_rule("table_close", _table_end)
    return reader


_reader = _made()
