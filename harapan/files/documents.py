"""Generated papers: a typst template and plain data become a PDF/A, with who printed it, when, and page n of m.

Templates read their data with `json(bytes(sys.inputs.data))` and share `base.typ` (page, colours, foot). A paper never
reads the database: whoever makes one hands over finished words and numbers.
"""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from PIL import Image

from harapan.database.scope import current
from harapan.ui import words

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
STANDARD: Literal["a-2b"] = "a-2b"
_of_thread = threading.local()


def render(template: Path, data: Mapping[str, Any], *, printed_by: str, printed_at: datetime) -> bytes:
    """The PDF of a template filled with `data` (JSON values). `printed_at` must know its zone: it is the PDF's date.

    The foot says who printed it, when and by which clock, and for whom they act; the template does the rest.
    Raises typst.TypstError for a faulty template.
    """
    scope = current()
    by = f"{printed_by}, untuk {scope.holder}" if printed_by and scope and scope.holder else printed_by
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "foot": json.dumps({"by": by, "at": f"{printed_at:%d.%m.%Y} {words.hour(printed_at)}"}, ensure_ascii=False),
    }
    paper = _compiler().compile(
        input=str(template), format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD],
        timestamp=int(printed_at.timestamp()),
    )  # fmt: skip
    if not isinstance(paper, bytes):
        raise TypeError(f"{template.name}: typst made no PDF")
    return paper


def _compiler() -> typst.Compiler:
    """One for each thread: it keeps fonts and templates read, which costs more than a short paper itself."""
    made: typst.Compiler | None = getattr(_of_thread, "compiler", None)
    if made is None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
        made = _of_thread.compiler = typst.Compiler(root=str(FOLDER.parent), font_paths=fonts)
    return made


def whole(jpeg: bytes) -> str:
    """A photograph as it is, as SVG for `image(bytes(...))`: a list of its bytes would be read number by number."""
    with Image.open(io.BytesIO(jpeg)) as image:
        width, height = image.size
    return framed(jpeg, width=width, height=height)


def framed(jpeg: bytes, *, width: int, height: int) -> str:
    """A photograph as SVG of these proportions, cut to fill them, for `image(bytes(...))` in a template."""
    data = base64.b64encode(jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><image width="{width}" '
        f'height="{height}" preserveAspectRatio="xMidYMid slice" href="data:image/jpeg;base64,{data}"/></svg>'
    )


def qr(text: str) -> str:
    """A QR code as SVG, for `image(bytes(...))` in a template."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=1, xmldecl=False, omitsize=True)
    return out.getvalue().decode()
