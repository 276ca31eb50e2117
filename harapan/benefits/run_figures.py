"""What a run came to, for the person who decides on it: totals, what it rests on, and how it differs from before."""

from __future__ import annotations

from typing import Any

from harapan.benefits.models import Run


def figures(run: Run) -> dict[str, Any]:
    """Plain values, fit to be kept as JSON."""
    return {
        "families": run.families,
        "paid": run.paid,
        "gross_idr": run.gross_idr,
        "cut_idr": run.cut_idr,
        "net_idr": run.net_idr,
    }
