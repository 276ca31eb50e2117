"""What becomes of one row brought in. The numbers are those of intake's own answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    ACCEPTED = 1
    CHANGED = 2
    UNCHANGED = 3
    REFUSED = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one row: `reason` is a whole sentence where it is refused, else empty or a remark."""

    verdict: Verdict
    reason: str = ""
