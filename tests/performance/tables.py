"""Records drawn as small tables, for the tests of measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from harapan.performance.inputs import AWAY, EVENT, PHOTO
from harapan.performance.law import IntegrityLaw, law_on
from harapan.performance.measures import Measured, Tables, measure

LAW: IntegrityLaw = law_on(date(2025, 7, 1))


class Records:
    """Meetings and forms told one by one; families are 1, 2, 3 …, and stand so on the sheet"""

    def __init__(self) -> None:
        self.event: list[dict[str, Any]] = []
        self.away: list[dict[str, Any]] = []
        self.photo: list[dict[str, Any]] = []

    def meeting(
        self, *, person: int = 1, group: int = 10, day: date = date(2025, 3, 3), begins: int = 540, ends: int = 660,
        families: int = 10, away: Iterable[int] = (), reasons: int = 0, entered: datetime | None = None,
        photos: Iterable[Mapping[str, Any]] = (), district: int = 1,
    ) -> int:  # fmt: skip
        number = len(self.event) + 1
        gone = list(away)
        self.event.append({
            "event": number, "kind": "session", "person": person, "district": district, "subject": group,
            "month": day.year * 100 + day.month, "day": day, "begins": begins, "ends": ends,
            "entered_at": entered or datetime(2025, 1, 1) + timedelta(hours=number), "units": families,  # noqa: DTZ001
            "away": len(gone), "reasons": reasons,
        })  # fmt: skip
        self.away += [
            {"event": number, "unit": each, "absent": 1, "leave": 0, "sick": 0, "line": each} for each in gone
        ]
        self.photo += [{"event": number, "digest": f"{number}", **each} for each in photos]
        return number

    def form(
        self, *, person: int = 1, school: int = 50, month: int = 202503, days: int = 20, pupils: int = 10,
        away: Mapping[int, tuple[int, int, int]] | None = None, district: int = 1,
    ) -> int:  # fmt: skip
        number, gone = len(self.event) + 1, dict(away or {})
        self.event.append({
            "event": number, "kind": "school", "person": person, "district": district, "subject": school,
            "month": month, "day": date(month // 100, month % 100, 1),
            "entered_at": datetime(2025, 1, 1) + timedelta(hours=number), "units": pupils, "away": len(gone),  # noqa: DTZ001
            "reasons": sum(bool(leave or sick) for _absent, leave, sick in gone.values()), "days": days,
        })  # fmt: skip
        self.away += [
            {"event": number, "unit": pupil, "absent": absent, "leave": leave, "sick": sick}
            for pupil, (absent, leave, sick) in gone.items()
        ]
        return number

    @property
    def tables(self) -> Tables:
        return Tables(
            pa.Table.from_pylist(self.event, EVENT),
            pa.Table.from_pylist(self.away, AWAY),
            pa.Table.from_pylist(self.photo, PHOTO),
        )

    def figures(self, indicator: str) -> dict[int, Measured]:
        """Person -> figure."""
        return {each.person: each for each in self.measured(indicator)}

    def measured(self, indicator: str) -> list[Measured]:
        return [each for each in measure(self.tables, LAW) if each.indicator == indicator]
