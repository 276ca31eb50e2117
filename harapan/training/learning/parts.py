"""What is uploaded into a lesson: looked at, made light, kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.text import slugify

from harapan.core.errors import Refused, Unreadable
from harapan.files import pictures
from harapan.training.models import LessonPart

LESSON_BYTES_MAX = 2_000_000  # a lesson is under this, counted as the package that a phone carries
SIDE_MAX, QUALITY = 1080, 70  # of a picture: as wide as most phones show
NAME_MAX = 80
MEDIA = {"mp4": "video/mp4", "webm": "video/webm", "pdf": "application/pdf", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Part:
    """An upload fit for a lesson. `name`: as the text may refer to it."""

    name: str
    kind: LessonPart.Kind
    media_type: str
    contents: bytes


def read_part(raw: bytes, *, name: str) -> Part:
    """Look at an upload by its contents, whatever its name says; pictures come back shrunk, without place or time.

    Raises Unreadable for what is no picture, film (MP4, WebM) or PDF, Refused for a film or paper too heavy by itself.
    """
    suffix = _suffix(raw)
    if suffix == "jpg":
        shown = pictures.read(raw, name=name).shown
        raw = pictures.shrunk(shown, side=SIDE_MAX, quality=QUALITY)
    if len(raw) >= LESSON_BYTES_MAX:
        raise Refused(
            "{name} berukuran {size}; satu pelajaran dengan semua berkasnya harus di bawah {most}. Kecilkan videonya "
            "atau PDF-nya, atau bagi menjadi beberapa pelajaran.",
            name=name, size=megabytes(len(raw)), most=megabytes(LESSON_BYTES_MAX),
        )  # fmt: skip
    kinds = {"jpg": LessonPart.Kind.PICTURE, "pdf": LessonPart.Kind.PAPER}
    kind = kinds.get(suffix, LessonPart.Kind.VIDEO)
    return Part(_name(name, suffix), kind, MEDIA[suffix], raw)


def _suffix(raw: bytes) -> str:
    if raw.startswith(b"%PDF-"):
        return "pdf"
    if raw[4:8] == b"ftyp":
        return "mp4"
    if raw.startswith(b"\x1aE\xdf\xa3"):
        return "webm"
    if raw.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")):
        return "jpg"
    raise Unreadable(
        "Berkas ini bukan gambar, video, atau PDF yang dikenal. Kirim JPG, PNG, WEBP, MP4, WebM, atau PDF."
    )


def _name(name: str, suffix: str) -> str:
    stem = re.sub("-+", "-", slugify(Path(name).stem))[: NAME_MAX - 6].strip("-_")
    return f"{stem or 'berkas'}.{suffix}"


def megabytes(size: int) -> str:
    """ "1,4 MB"; below a tenth of one, "38 KB"."""
    if size < 100_000:
        return f"{-(-size // 1000)} KB"
    return f"{size / 1_000_000:.2f} MB".replace(".", ",")
