"""Texts of questions that come with HTML: made plain, and every sign that is more than layout named."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LAYOUT = {"p", "br", "div", "span", "li", "ul", "ol", "b", "strong", "i", "em", "u", "small"}
NEW_LINE = {"p", "br", "div", "li"}


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.strange: list[str] = []
        self.pictures: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            told = dict(attrs)
            self.pictures.append((told.get("src") or "", " ".join((told.get("alt") or "").split())))
        elif tag not in LAYOUT:
            self.strange.append(tag)
        elif tag in NEW_LINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in NEW_LINE and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))


def plain(html: str) -> tuple[str, list[str]]:
    """The text without its markup, and the tags in it that say more than how it looks ("img", "table")."""
    text, strange, pictures = plain_with_pictures(html)
    return text, [*(["img"] if pictures else []), *strange]


def plain_with_pictures(html: str) -> tuple[str, list[str], list[tuple[str, str]]]:
    """The same where pictures may stand: they come apart, as (where from, what it shows)."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return tidy("".join(reader.parts)), list(dict.fromkeys(reader.strange)), reader.pictures


def tidy(text: str) -> str:
    """No space at the ends of lines, at most one empty line in a row."""
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def looks_like_html(text: str) -> bool:
    return re.search(r"<[A-Za-z/!][^>]*>", text) is not None
