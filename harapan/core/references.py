"""The reference of an order (rujukan), as it stands on payment files and on the answers to them: `2024-4/1234567/1`.

Stage, family, attempt. The slashes keep spreadsheets from reading it as a date or a number.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# also read by RE2 (Arrow), hence without named groups; 18 digits always fit a bigint
REFERENCE_PATTERN = r"(20[0-9]{2}-[1-9][0-9]?(?:-[a-z]+)?)/([1-9][0-9]{0,17})/([1-9][0-9]{0,3})"
_REFERENCE = re.compile(REFERENCE_PATTERN)


class Reference(NamedTuple):
    """An order is the money of one family in one stage; `attempt` counts from 1."""

    stage: str
    family_id: int
    attempt: int

    def __str__(self) -> str:
        return f"{self.stage}/{self.family_id}/{self.attempt}"


def reference_of(stage: str, family_id: int, attempt: int) -> str:
    """The text of a reference: `2024-4/1234567/1`."""
    return str(Reference(stage, family_id, attempt))


def parse_reference(text: str | None) -> Reference | None:
    """The reference a text is, spaces around it aside; None for any other text, such as a ministry's number."""
    found = _REFERENCE.fullmatch((text or "").strip())
    return Reference(found[1], int(found[2]), int(found[3])) if found else None
