"""How stored photographs look: worked out afterwards for those that came before it was asked of new ones."""

from __future__ import annotations

import io
from typing import Any

from django.db.models import QuerySet
from PIL import Image

from harapan.core.errors import HarapanError
from harapan.database.scope import atomic
from harapan.files import storage
from harapan.files.pictures import looks_of


def look_at_stored(rows: QuerySet[Any], *, most: int) -> int:
    """Fill `looks` of at most so many photographs whose look is not known; how many there were.

    rows: of a model with `shown`, `looks` and `looks_known`, in the scope that is on. A copy that cannot be opened any
    more is known to look like nothing: it is not tried every night.
    """
    with atomic():
        waiting = rows.filter(looks_known=False).select_related("shown").select_for_update(of=("self",))
        some = list(waiting.order_by("pk")[:most])
        for each in some:
            each.looks, each.looks_known = _looks(each.shown.digest), True
        rows.model._default_manager.bulk_update(some, ["looks", "looks_known"])
    return len(some)


def _looks(digest: str) -> int | None:
    try:
        with storage.open_laid_down(digest) as clear, Image.open(io.BytesIO(clear.read())) as image:
            return looks_of(image)
    except (OSError, SyntaxError, ValueError, HarapanError):
        return None
