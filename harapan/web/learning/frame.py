"""The parts of e-learning that a reader may go to."""

from __future__ import annotations

from typing import Any

from harapan.accounts.permission import allows
from harapan.accounts.request import Request


def frame(request: Request, here: str, **context: Any) -> dict[str, Any]:
    """The context of one of the three first pages: `mine`, `batches` or `materials`."""
    return {
        "here": here,
        "may_follow": allows(request.post, "learning.follow"),
        "may_write": allows(request.post, "learning.write"),
        **context,
    }
