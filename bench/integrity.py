"""How many of those who invent are found, and how many who do not are troubled, kind by kind.

The months of `bench.fabricators` go through the very measures and judgement of a monthly run; no database is needed.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from bench.fabricators import kinds
from bench.fabricators.records import ABSENT, EXCUSED, PRESENT, REPRESENTED, FacilityMonth, Meeting, Worker
from bench.fabricators.world import province
from harapan.performance.judging import Judged, judge
from harapan.performance.law import IntegrityLaw
from harapan.performance.measures import Tables, measure
from harapan.performance.rules import interval

RUN_ON = date(2025, 7, 1)  # after the last month that is made
FALSE_ALARMS_AIM = 0.02
EVENT = pa.schema(
    [(name, pa.int64()) for name in ("event", "person", "district", "subject", "month", "begins", "ends", "units",
                                     "away", "reasons", "days")]
    + [("kind", pa.string()), ("day", pa.date32()), ("entered_at", pa.timestamp("us"))]
)  # fmt: skip
AWAY = pa.schema([(name, pa.int64()) for name in ("event", "unit", "absent", "leave", "sick", "line")])
PHOTO = pa.schema(
    [("event", pa.int64()), ("digest", pa.string()), ("looks", pa.int64()), ("taken_at", pa.timestamp("us")),
     ("latitude", pa.float64()), ("longitude", pa.float64())]
)  # fmt: skip


class _Rows:
    """Rows of the three tables, event by event."""

    def __init__(self) -> None:
        self.event: list[dict[str, Any]] = []
        self.away: list[dict[str, Any]] = []
        self.photo: list[dict[str, Any]] = []

    def meeting(self, who: Worker, met: Meeting) -> None:
        number = len(self.event)
        gone = {family: mark for family, mark in met.marks.items() if mark not in (PRESENT, REPRESENTED)}
        line = {family: place for place, family in enumerate(met.marks, start=1)}
        self.event.append({
            "event": number, "kind": "session", "person": who.no, "district": who.district, "subject": met.group,
            "month": met.month, "day": met.day, "begins": met.begins, "ends": met.ends, "entered_at": met.entered_at,
            "units": len(met.marks), "away": len(gone), "reasons": sum(mark != ABSENT for mark in gone.values()),
        })  # fmt: skip
        self.away += [
            {"event": number, "unit": family, "absent": int(mark == ABSENT), "leave": int(mark == EXCUSED),
             "sick": int(mark not in (ABSENT, EXCUSED)), "line": line[family]}
            for family, mark in gone.items()
        ]  # fmt: skip
        for each in met.photos:
            latitude, longitude = each.place or (None, None)
            self.photo.append({
                "event": number, "digest": str(each.digest), "looks": each.looks - (1 << 63),
                "taken_at": each.taken_at, "latitude": latitude, "longitude": longitude,
            })  # fmt: skip

    def form(self, who: Worker, form: FacilityMonth) -> None:
        number = len(self.event)
        self.event.append({
            "event": number, "kind": "school" if form.school else "health", "person": who.no, "district": who.district,
            "subject": form.facility, "month": form.month, "day": date(form.month // 100, form.month % 100, 1),
            "entered_at": form.entered_at, "units": len(form.members), "away": len(form.away),
            "reasons": sum(bool(leave or sick) for _absent, leave, sick in form.away.values()),
            "days": form.days if form.school else None,
        })  # fmt: skip
        self.away += [
            {"event": number, "unit": member, "absent": absent, "leave": leave, "sick": sick}
            for member, (absent, leave, sick) in form.away.items()
        ]

    def tables(self) -> Tables:
        return Tables(
            pa.Table.from_pylist(self.event, EVENT), pa.Table.from_pylist(self.away, AWAY),
            pa.Table.from_pylist(self.photo, PHOTO),
        )  # fmt: skip


def tables_of(workers: Iterable[Worker], *, since: int) -> Tables:
    """What they recorded of the months from `since` on."""
    rows = _Rows()
    for who in workers:
        for met in who.meetings:
            if met.month >= since:
                rows.meeting(who, met)
        for form in who.months:
            if form.month >= since:
                rows.form(who, form)
    return rows.tables()


def measured(*, seed: int, workers: int, per_kind: int, law: IntegrityLaw) -> dict[str, Any]:
    people = list(province(seed=seed, workers=workers, per_kind=per_kind))
    kind_of = {who.no: who.kind for who in people}
    since = sorted({met.month for who in people for met in who.meetings})[-law.window_months :][0]
    tables = tables_of(people, since=since)
    start = time.perf_counter()
    judged = judge(measure(tables, law), law)
    return {
        "seed": seed, "facilitators": workers, "records": tables.event.num_rows,
        "seconds": round(time.perf_counter() - start, 2), **_told(judged, kind_of),
    }  # fmt: skip


def _told(judged: list[Judged], kind_of: dict[int, str]) -> dict[str, Any]:
    found = {person for each in judged if each.found for person in each.measured.people}
    best: defaultdict[int, float] = defaultdict(float)
    for each in judged:
        for person in each.measured.people:
            best[person] = max(best[person], each.strength)
    honest = sorted((best[no] for no, kind in kind_of.items() if not kind), reverse=True)
    bar = honest[int(len(honest) * FALSE_ALARMS_AIM)]
    said = [(each.measured.indicator, kind_of[no]) for each in judged if each.found for no in each.measured.people]
    alarms = Counter(indicator for indicator, kind in said if not kind)
    return {
        "false_alarms": _share([no in found for no, kind in kind_of.items() if not kind]),
        "false_alarms_by_indicator": dict(alarms.most_common()),
        **{
            name: {kind: {
                **_share([no in found for no, of in kind_of.items() if of == kind]),
                "at_two_percent": round(_mean([best[no] > bar for no, of in kind_of.items() if of == kind]), 3),
                "by": dict(Counter(indicator for indicator, of in said if of == kind).most_common(4)),
            } for kind in those}
            for name, those in (("seen", kinds.SEEN), ("unseen", kinds.UNSEEN))
        },
        **{
            f"recall_{name}": _share([no in found for no, of in kind_of.items() if of in those])
            for name, those in (("seen", kinds.SEEN), ("unseen", kinds.UNSEEN))
        },
    }  # fmt: skip


def _share(hits: list[bool]) -> dict[str, Any]:
    low, high = interval(sum(hits), len(hits))
    return {
        "found": sum(hits),
        "of": len(hits),
        "share": round(_mean(hits), 3),
        "low": round(low, 3),
        "high": round(high, 3),
    }


def _mean(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def words(report: dict[str, Any]) -> str:
    lines = [
        f"{report['facilitators']} facilitators, {report['records']} records, {report['seconds']} s",
        _line("honest, troubled (false alarms)", report["false_alarms"]),
        "  by indicator: " + ", ".join(f"{name} {n}" for name, n in report["false_alarms_by_indicator"].items()),
    ]
    for name in ("seen", "unseen"):
        lines.append(_line(f"kinds {name}, found", report[f"recall_{name}"]))
        for kind, row in report[name].items():
            by = ", ".join(f"{indicator} {n}" for indicator, n in row["by"].items())
            lines.append(f"  {_line(kind, row)}  at 2 %: {row['at_two_percent']:.2f}  {by}")
    return "\n".join(lines)


def _line(label: str, row: dict[str, Any]) -> str:
    return f"{label:34} {row['found']:4} of {row['of']:4}  {row['share']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
