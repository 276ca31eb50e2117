"""Icons as inline SVG. One small file a picture under `icons/` (Tabler Icons, MIT); an unknown name fails loudly.

They are inlined whole, not as `<use>` of a symbol of the page: a piece that htmx swaps in then needs nothing from
the page around it, and repeated paths cost next to nothing once compressed.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).with_name("icons")
_BOUNDS = re.compile(r'<path stroke="none"[^>]*/>')
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)


@cache
def icon(name: str, extra: str = "") -> SafeString:
    """The picture `name` as a decorative `<svg class="i">`; `extra` adds classes.

    It says nothing to a screen reader: a word beside it carries the meaning.
    """
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise LookupError(f"No icon is named {name!r}; add it from Tabler Icons to harapan/ui/icons and its manifest.")
    body = _BODY.search(_BOUNDS.sub("", path.read_text(encoding="utf-8")))
    if body is None:
        raise LookupError(f"{path.name} holds no drawing.")
    shapes = " ".join(body.group(1).split()).replace("> <", "><")
    classes = f"i {extra}".strip()
    return mark_safe(f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true">{shapes}</svg>')  # noqa: S308 - our own files
