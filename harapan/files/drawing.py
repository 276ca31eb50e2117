"""Draws a stranger's PDF, alone: a process of its own with little memory and time, and nothing of ours at hand.

Standard input: the PDF. Arguments: most pages, longest side of a drawn page in pixels. Standard output: a PDF of their
pictures and of nothing else. Its status says why there is none.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any

MEMORY_BYTES, CPU_SECONDS, FILES = 1 << 30, 20, 64
SCALE_MAX = 4.0  # of a page smaller than its picture
UNREADABLE, LOCKED, TOO_LONG = 3, 4, 5


def draw(raw: bytes, *, most: int, side: int) -> bytes | int:
    """The pictures as a PDF that names neither author nor moment; else the status."""
    import pypdfium2 as pdfium  # here, under the limits
    from pypdfium2.raw import FPDF_ERR_PASSWORD

    try:
        read = pdfium.PdfDocument(raw)
        if not 0 < len(read) <= most:
            return TOO_LONG if len(read) else UNREADABLE
        read.init_forms()  # what was filled in is drawn, too; no script runs: this build has no engine for any
        pages = [_picture(page, side) for page in read]
    except pdfium.PdfiumError as error:
        return LOCKED if error.err_code == FPDF_ERR_PASSWORD else UNREADABLE
    out = io.BytesIO()
    untold = dict.fromkeys(("title", "author", "subject", "keywords", "creator", "producer", "creationDate", "modDate"))
    resolution = side / 11.69  # so that a drawn A4 is an A4 again
    pages[0].save(
        out, "PDF", save_all=True, append_images=pages[1:], resolution=resolution, quality=82, **untold
    )  # fmt: skip
    return out.getvalue()


def _picture(page: Any, side: int) -> Any:
    scale = min(side / max(*page.get_size(), 1.0), SCALE_MAX)
    return page.render(scale=scale).to_pil().convert("RGB")


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    _limit()
    made = draw(sys.stdin.buffer.read(), most=int(sys.argv[1]), side=int(sys.argv[2]))
    if isinstance(made, int):
        sys.exit(made)
    sys.stdout.buffer.write(made)
