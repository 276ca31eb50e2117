"""Looks into an xlsx before it is opened.

The reader lays out every cell up to the furthest one, so a single stray value in the last corner of a sheet would take
more memory than the machine has.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from harapan.core.errors import Unreadable

UNPACKED_MAX = 2 * 2**30  # an xlsx that unpacks to more is no list of families
CELLS_MAX = 40_000_000  # a million rows of 26 columns and room to spare
PIECE = 4 * 2**20
OVERLAP = 64  # longer than any reference, so that none is missed between two pieces
_WIDE = re.compile(rb"\sr=[\"']([A-Z]{2,3})([0-9]{1,7})[\"']")
_LOW = re.compile(rb"<row\s+r=[\"']([0-9]{6,7})[\"']")


def refuse_oversized(raw: bytes, *, name: str) -> None:
    """Raises `Unreadable` where the archive or the extent of one of its sheets is beyond any list."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        members = packed.infolist()
        if sum(member.file_size for member in members) > UNPACKED_MAX:
            raise Unreadable("Berkas “{name}” terlalu besar setelah dibuka; pecah menjadi beberapa berkas.", name=name)
        for member in members:
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename):
                with packed.open(member) as part:
                    width, height = _extent(part)
                if width * height > CELLS_MAX:
                    raise Unreadable(
                        "Berkas “{name}” memuat isi sampai kolom ke-{width} dan baris ke-{height}; hapus isi yang "
                        "jauh dari daftar lalu simpan ulang.",
                        name=name,
                        width=width,
                        height=height,
                    )


def _extent(part: IO[bytes]) -> tuple[int, int]:
    """Columns and rows up to the furthest cell; at least 26 and 99.999, as only what lies beyond is looked for."""
    width, height = 26, 99_999
    for piece in _pieces(part):
        for letters, row in _WIDE.findall(piece):
            width, height = max(width, _column(letters)), max(height, int(row))
        height = max(height, *map(int, _LOW.findall(piece)), 0)
    return width, height


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    before = b""
    while piece := part.read(PIECE):
        yield before + piece
        before = piece[-OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
