"""A lesson as one file with everything it needs: what a phone without signal carries.

A ZIP, the same bytes for the same lesson: `lesson.json` says what is inside with size and SHA-256 of each part,
`index.html` shows it in any browser, the parts lie beside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.files import storage
from harapan.training.learning import markdown
from harapan.training.learning.parts import LESSON_BYTES_MAX, megabytes
from harapan.training.models import Lesson, LessonPart

FORMAT = "harapan-lesson/1"
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can say
STYLE = (
    "body{font:1.05rem/1.6 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1rem}"
    "img,video{max-width:100%;height:auto}"
    "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3rem .5rem}"
)


class LessonTooHeavy(Refused):
    """A lesson with all its parts reaches the limit; names what weighs how much."""

    def __init__(self, title: str, size: int, weights: Iterable[tuple[str, int]]) -> None:
        named = ", ".join(f"{name} {megabytes(each)}" for name, each in weights)
        super().__init__(
            Phrase(
                "Pelajaran “{title}” menjadi {size} ({parts}); harus di bawah {most} supaya ringan di HP. Kecilkan "
                "atau hapus berkas yang paling besar, atau bagi pelajarannya.",
                title=title, size=megabytes(size), parts=named, most=megabytes(LESSON_BYTES_MAX),
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Package:
    """`digest`: SHA-256 of `contents` in hex. `weights`: what inside weighs how much, in bytes."""

    name: str
    contents: bytes
    digest: str
    weights: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        return len(self.contents)


def package(lesson: Lesson) -> Package:
    """The whole lesson in one file. Reads its parts; raises FileBroken for one that no longer opens."""
    parts = {part.name: part for part in lesson.parts.order_by("name")}
    inside = {name: _contents(part) for name, part in parts.items()}
    page = _page(lesson, parts).encode()
    told = json.dumps(_manifest(lesson, parts, {**inside, "index.html": page}), ensure_ascii=False, sort_keys=True)
    files = {"lesson.json": told.encode(), "index.html": page, **inside}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name, contents in files.items():
            target.writestr(zipfile.ZipInfo(name, NO_TIME), contents)
    whole = out.getvalue()
    weights = ((Phrase("tulisan"), len(page)), *((name, len(each)) for name, each in inside.items()))
    return Package(f"pelajaran-{lesson.key}.zip", whole, hashlib.sha256(whole).hexdigest(), weights)


def weigh(lesson: Lesson) -> int:
    """Its size as a package. Raises LessonTooHeavy."""
    made = package(lesson)
    if made.size >= LESSON_BYTES_MAX:
        raise LessonTooHeavy(lesson.title, made.size, sorted(made.weights, key=lambda each: -each[1]))
    return made.size


def _contents(part: LessonPart) -> bytes:
    with storage.open_laid_down(part.digest) as clear:
        return clear.read()


def _page(lesson: Lesson, parts: dict[str, LessonPart]) -> str:
    address = {name: name for name in parts}
    body = markdown.render(lesson.text, parts, address)
    others = "".join(f"<p>{markdown.shown(part, part.name)}</p>" for part in unnamed(lesson, parts))
    title = escape(lesson.title)
    return (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{body}{others}</html>"
    )


def unnamed(lesson: Lesson, parts: dict[str, LessonPart]) -> list[LessonPart]:
    """Parts that the text does not refer to: they follow it."""
    named = {to for _line, to, _inside in markdown.references(lesson.text)}
    return [part for name, part in parts.items() if name not in named]


def _manifest(lesson: Lesson, parts: dict[str, LessonPart], inside: dict[str, bytes]) -> dict[str, object]:
    return {
        "format": FORMAT,
        "key": str(lesson.key),
        "title": lesson.title,
        "minutes": lesson.minutes,
        "course": lesson.edition.course.code,
        "edition": lesson.edition.number,
        "files": [
            {
                "name": name,
                "media_type": parts[name].media_type if name in parts else "text/html",
                "title": parts[name].title if name in parts else lesson.title,
                "size": len(contents),
                "sha256": hashlib.sha256(contents).hexdigest(),
            }
            for name, contents in inside.items()
        ],
    }
