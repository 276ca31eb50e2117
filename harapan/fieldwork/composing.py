"""A report's contents in the A-E form, put together from records. Nothing is claimed that no record shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time
from typing import Any

from harapan.core.periods import format_date, format_month, month_days
from harapan.fieldwork import telling
from harapan.fieldwork.evidence import ALL, Deed, Picture
from harapan.fieldwork.records import Records, official_meetings
from harapan.fieldwork.results import MONTHLY, SUPERVISED, Result, basis_on, results_on
from harapan.fieldwork.workers import Worker

PICTURES_MAX = 6  # of one report, beside those on the official pages of its meetings


@dataclass(frozen=True, slots=True)
class Content:
    """What one report says; plain values, so that the same records give the same digest."""

    rhk: int
    title: str
    short: str
    heading: str
    month: str
    general: list[tuple[str, str]]
    overview: list[str]
    aim: str
    scope: str
    basis: list[str]
    activities: list[tuple[str, str, str, str]]  # day, hours, place, what
    figures: list[tuple[str, str]]
    table_head: list[str] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    conclusions: list[str] = field(default_factory=list)
    closing: str = ""
    pictures: list[Picture] = field(default_factory=list)
    official: list[tuple[dict[str, Any], tuple[Picture, ...]]] = field(default_factory=list)
    moment: tuple[date, time | None] | None = None  # of the last thing done: it names the file

    @property
    def digest(self) -> str:
        """Of all that is said and shown. When and by whom it was printed is no part of it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()


def compose(worker: Worker, rhk: int, found: Records) -> Content:
    """The contents of one report of a person's month."""
    first = found.days[0]
    result = results_on(first)[rhk]
    deeds = _deeds(worker, rhk, found)
    supervising = worker.lead and rhk in SUPERVISED
    values = telling.values(worker, found)
    head, table = telling.supervised(worker, rhk, found) if supervising else telling.table(worker, rhk, found)
    meetings = official_meetings(found, worker, rhk)
    return Content(
        rhk=rhk,
        title=str(result.title),
        short=result.short,
        heading=telling.heading(result, supervising=supervising),
        month=str(format_month(found.month)),
        general=telling.general(worker, result, found),
        overview=[result.overview.format(**values), *telling.lead_words(worker, rhk, found)],
        aim=result.aim,
        scope=result.scope.format(**values),
        basis=basis_on(first, rhk),
        activities=[_line(deed) for deed in deeds],
        figures=_figures(worker, result, found),
        table_head=head,
        table=table,
        results=telling.results(worker, rhk, deeds, found),
        conclusions=telling.conclusions(worker, rhk, deeds, found),
        closing=telling.closing(found),
        pictures=[] if meetings else _pictures(deeds),
        official=[(each.official(found.place_of(each.session)), each.pictures) for each in meetings],
        moment=(deeds[-1].on, deeds[-1].begins) if deeds else None,
    )


def _deeds(worker: Worker, rhk: int, found: Records) -> list[Deed]:
    """What was done, in order; the monthly report has the deeds of all results, without their photographs."""
    if rhk != MONTHLY:
        deeds = found.deeds.get((worker.pk, rhk), [])
    else:
        deeds = [
            replace(deed, text=f"RHK {number}: {deed.text}", pictures=())
            for (user, number), rows in found.deeds.items() if user == worker.pk for deed in rows
        ]  # fmt: skip
    return sorted(deeds, key=lambda deed: (deed.on, deed.begins or time.min, deed.text))


def _line(deed: Deed) -> tuple[str, str, str, str]:
    hours = f"{deed.begins:%H.%M}–{deed.ends:%H.%M}" if deed.begins and deed.ends else "-"
    return str(format_date(deed.on)), hours, deed.place or "-", deed.text


def _figures(worker: Worker, result: Result, found: Records) -> list[tuple[str, str]]:
    """Every kind of evidence with what it counts to; what counts to nothing is left out."""
    rows = [
        (each.label, found.units(worker.pk, each.code))
        for each in ALL
        if each.rhk == result.number and not (worker.lead and each.rhk in SUPERVISED)
    ]
    return [*telling.figures(worker, result.number, found), *((name, str(n)) for name, n in rows if n)]


def _pictures(deeds: Sequence[Deed]) -> list[Picture]:
    return [picture for deed in deeds for picture in deed.pictures][:PICTURES_MAX]


def reported_results(month: str) -> list[int]:
    """The numbers of the results that a month is reported under, the monthly report last; empty before any were."""
    numbers = list(results_on(month_days(month)[0]))
    return [number for number in numbers if number != MONTHLY] + [number for number in numbers if number == MONTHLY]
