"""The parts of the errand, as far as the reader may open them."""

from __future__ import annotations

from typing import Any

from harapan.accounts.permission import allows
from harapan.accounts.request import Request

PARTS = {
    "follow": "ethics.follow",
    "cases": "ethics.handle",
    "register": "ethics.register",
    "visits": "ethics.ask",
}


def tabs(request: Request, here: str) -> dict[str, Any]:
    """What `ethics/_tabs.html` reads."""
    return {"here": here, **{f"may_{name}": allows(request.post, word) for name, word in PARTS.items()}}
