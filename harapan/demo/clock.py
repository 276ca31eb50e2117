"""The days of the demonstration. Its present is the middle of July 2025, whatever the calendar on the wall says:
2025-1 is reconciled, 2025-2 is being paid, the list of 2025-3 is about to come. Two stages of the banks of 2024 were
computed here: 2024-3 is final, 2024-4 still waits for its approval.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

PEOPLE_AS_OF = date(2025, 1, 1)
SCHOOL_YEAR_BEFORE, SCHOOL_YEAR_BEGAN = date(2023, 7, 17), date(2024, 7, 15)
NOW = date(2025, 7, 18)  # the latest answer of the banks

FIRST, SECOND, THIRD = "2025-1", "2025-2", "2025-3"
LIST_ON = {FIRST: date(2025, 1, 20), SECOND: date(2025, 4, 2), THIRD: date(2025, 7, 16)}
STATUS_ON = {FIRST: date(2025, 2, 3), SECOND: date(2025, 4, 8)}

FINAL, WAITING = "2024-3", "2024-4"
BEFORE_COMPUTED = date(2024, 1, 8)  # whoever is planted for these stages was a member by then

# Month -> days of school that month, as schools of five days a week have them; March 2024 and March 2025 were months of
# fasting.
EFFECTIVE_DAYS = {
    202403: 15, 202404: 12, 202405: 18, 202406: 12,
    202410: 23, 202411: 21, 202412: 14, 202501: 20, 202502: 20, 202503: 12, 202504: 16, 202505: 19, 202506: 13,
}  # fmt: skip


def noon(day: date) -> datetime:
    """An instant on that day wherever in Indonesia one stands."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
