"""Months that are declared long after they ended: still taken, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from harapan.core.periods import month_days
from harapan.core.phrases import Phrase
from harapan.policy import reasons
from harapan.policy.reader import default_policy
from harapan.verification.errors import month_text


def late(month: int, *, on: date) -> bool:
    """Whether an entry on that day needs a reason (`verification.late_after_days`)."""
    after = month_days(f"{month // 100:04d}-{month % 100:02d}")[1]
    return on > after + timedelta(days=_days(on))


def demand_reason(months: Iterable[int], why: str, *, on: date) -> None:
    """Raises Refused for the first late month where nothing says why it is declared only now."""
    for month in sorted(months):
        if late(month, on=on):
            way_out = Phrase(
                "{month} sudah lewat lebih dari {days} hari. Tulis mengapa baru sekarang dinyatakan, lalu simpan lagi.",
                month=month_text(month),
                days=_days(on),
            )
            reasons.demand_reason(why, way_out, on=on)


def _days(on: date) -> int:
    return int(default_policy().value("verification.late_after_days", on=on).value)
