"""Generated papers: a typst template and plain data become a PDF/A, with who printed it, when, and page n of m.

Templates read their data with `json(bytes(sys.inputs.data))` and share `base.typ` (page, colours, foot). A paper never
reads the database: whoever makes one hands over finished words and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
STANDARD: Literal["a-2b"] = "a-2b"


def render(template: Path, data: Mapping[str, Any], *, printed_by: str, printed_at: datetime) -> bytes:
    """The PDF of a template filled with `data` (JSON values). `printed_at` must know its zone: it is the PDF's date.

    The foot says who printed it and when; the template does the rest. Raises typst.TypstError for a faulty template.
    """
    package = FOLDER.parent
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "foot": json.dumps({"by": printed_by, "at": f"{printed_at:%d.%m.%Y %H.%M}"}, ensure_ascii=False),
    }
    return typst.compile(
        str(template),
        root=str(package),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[STANDARD],
        timestamp=int(printed_at.timestamp()),
    )
