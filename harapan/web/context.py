"""What every page shows around its answer: errands of the role, the reader, the post acted in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, Any]:
    return {"post": getattr(request, "post", None), "posts": getattr(request, "posts", [])}
