"""What a run came to, for the person who decides on it: totals, what it rests on, and how it differs from before.

Made once, when the run is checked, and kept as JSON (`RunCheck.figures`). Money is whole rupiah; a `why` is a code of
`benefits.why_not`, a region a number. A constant number of statements, whatever the number of families.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from harapan.benefits.models import Run
from harapan.benefits.run_beside import compared
from harapan.benefits.run_rests import rests
from harapan.benefits.sanction_effect import effect_of


def figures(run: Run) -> dict[str, Any]:
    """Plain values, fit to be kept as JSON. Needs the batch login, in a transaction."""
    beside = compared(run)
    ladder = [asdict(row) for row in effect_of(run)]
    return {
        "families": run.families,
        "paid": run.paid,
        "gross_idr": run.gross_idr,
        "cut_idr": run.cut_idr,
        "net_idr": run.net_idr,
        **beside,
        "ladder": ladder,
        **rests(run, by_component=beside["by_component"]),
    }
