"""A month's run: figures of everybody, what is to be checked, stored so that a second run changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from django.db import connections

from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import add_months, format_month, month_days
from harapan.database.places import lock
from harapan.database.scope import Scope, active_alias, put_on
from harapan.database.staging import staged
from harapan.performance import inputs
from harapan.performance.calibrating import weights_on
from harapan.performance.judging import Judged, judge
from harapan.performance.law import IntegrityLaw, law_on
from harapan.performance.measures import Tables, measure
from harapan.performance.models import Finding, IntegrityRun


def run(month: str, *, actor: int, on: date) -> IntegrityRun:
    """Look at the months that end with `month` ("2025-06"), as the batch, in one transaction.

    A finding met again keeps its number, its first day, what was answered, and the days that are its person's alone;
    one that is met no more is marked so. Raises Refused for a month that is not over.
    """
    if month_days(month)[1] > on:
        raise Refused(
            "Bulan {month} belum berakhir, jadi belum dapat diperiksa. Pilih bulan sebelumnya.",
            month=format_month(month),
        )
    law = law_on(on)
    months = inputs.Months.between(add_months(month, 1 - law.window_months), month)
    with lock("integrity"), put_on(Scope.batch(actor=actor)):
        tables = inputs.read(months)
        judged = judge(measure(tables, law), law)
        found = [each for each in judged if each.found]
        _store_work(tables, months.last)
        _store(found, months.last, law, on)
        _store_records(found, tables, months.last)
        release_due(on=on)
        kept, _made = IntegrityRun.objects.update_or_create(
            month=months.last,
            defaults={
                "ran_on": on, "ran_by": actor, "people": len(set(tables.event["person"].to_pylist())),
                "records": tables.event.num_rows, "findings": len(found), "law": asdict(law),
            },
        )  # fmt: skip
        log.record("integrity.ran", kind="integrity_run", subject=kept.pk, body={"month": month, "found": len(found)})
    return kept


def release_due(*, on: date) -> int:
    """Show to whoever supervises what has been its person's alone for long enough. In the batch's scope."""
    return Finding.objects.filter(released=False, private_until__lt=on).update(released=True)


_WORK = """
    INSERT INTO performance_personmonth (person_id, region_no, month, sessions, facility_months)
    SELECT person, district, month, sessions, forms FROM work
    ON CONFLICT (person_id, month) DO UPDATE SET region_no = excluded.region_no, sessions = excluded.sessions,
        facility_months = excluded.facility_months"""
_FOUND = """
    INSERT INTO performance_finding (person_id, region_no, month, indicator, facility_id, n, value, usual, strength,
                                     rarity, score, found_on, gone_on, private_until, released)
    SELECT person, district, month, indicator, facility, n, value, usual, strength, rarity, score, found_on, NULL,
           private_until, false
    FROM found
    ON CONFLICT (person_id, month, indicator, facility_id) DO UPDATE SET region_no = excluded.region_no, n = excluded.n,
        value = excluded.value, usual = excluded.usual, strength = excluded.strength, rarity = excluded.rarity,
        score = excluded.score, gone_on = NULL
    WHERE (performance_finding.region_no, performance_finding.n, performance_finding.value, performance_finding.usual,
           performance_finding.score, performance_finding.gone_on)
        IS DISTINCT FROM (excluded.region_no, excluded.n, excluded.value, excluded.usual, excluded.score, NULL::date)"""
_GONE = """
    UPDATE performance_finding f SET gone_on = %s WHERE f.month = %s AND f.gone_on IS NULL AND NOT EXISTS (
        SELECT FROM found WHERE found.person = f.person_id AND found.indicator = f.indicator
        AND found.facility IS NOT DISTINCT FROM f.facility_id)"""
_RECORDS = """
    INSERT INTO performance_findingrecord (finding_id, person_id, region_no, kind, record, subject, day, place, figure)
    SELECT f.id, f.person_id, f.region_no, r.kind, r.record, r.subject, r.day, r.place, r.figure
    FROM shown r JOIN performance_finding f
    ON f.person_id = r.person AND f.month = r.month AND f.indicator = r.indicator
    AND f.facility_id IS NOT DISTINCT FROM r.facility"""


PLACES = {"session": 1, "school": 2, "health": 2}  # of what is counted; visits are not


def _store_work(tables: Tables, month: int) -> None:
    """Who recorded anything in the month: the population of its draw."""
    work: dict[int, list[int]] = {}
    rows = tables.event.filter(pa.compute.equal(tables.event["month"], month))
    columns = (rows[name].to_pylist() for name in ("person", "district", "kind"))
    for person, district, kind in zip(*columns, strict=True):
        mine = work.setdefault(person, [district, 0, 0])
        if kind in PLACES:
            mine[PLACES[kind]] += 1
    columns_of = dict.fromkeys(("person", "district", "month", "sessions", "forms"), "bigint")
    with staged("work", columns_of, [(p, d, month, s, f) for p, (d, s, f) in sorted(work.items())]) as cursor:
        cursor.execute(_WORK)


def _store(found: Iterable[Judged], month: int, law: IntegrityLaw, on: date) -> None:
    weights, private_until = weights_on(on), on + timedelta(days=law.private_days)
    rows = [
        (person, each.measured.district, month, each.measured.indicator, each.measured.facility or None,
         each.measured.n, each.measured.value, each.usual, each.strength, each.rarity,
         each.strength * weights[each.measured.indicator] / 100, on, private_until)
        for each in found for person in each.measured.people
    ]  # fmt: skip
    columns = {
        "person": "bigint", "district": "bigint", "month": "int", "indicator": "text", "facility": "bigint",
        "n": "int", "value": "float8", "usual": "float8", "strength": "float8", "rarity": "float8", "score": "float8",
        "found_on": "date", "private_until": "date",
    }  # fmt: skip
    with staged("found", columns, rows) as cursor:
        cursor.execute(_FOUND)
        cursor.execute(_GONE, [on, month])


def _store_records(found: Iterable[Judged], tables: Tables, month: int) -> None:
    """The records of each finding, made anew; a school's month leads to the school."""
    shown = [(each.measured, place, *pair) for each in found for place, pair in enumerate(each.measured.records, 1)]
    known = _events({event for _measured, _place, event, _figure in shown}, tables.event)
    rows = []
    for measured, place, event, figure in shown:
        kind, subject, day = known[event]
        record = event // 4 if kind in ("session", "visit") else subject
        rows += [
            (person, month, measured.indicator, measured.facility or None, kind, record, subject, day, place, figure)
            for person in measured.people
        ]
    columns = {
        "person": "bigint", "month": "int", "indicator": "text", "facility": "bigint", "kind": "text",
        "record": "bigint",
        "subject": "bigint", "day": "date", "place": "int", "figure": "float8",
    }  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "DELETE FROM performance_findingrecord r USING performance_finding f"
            " WHERE f.id = r.finding_id AND f.month = %s AND f.gone_on IS NULL",
            [month],
        )
    with staged("shown", columns, rows) as cursor:
        cursor.execute(_RECORDS)


def _events(wanted: set[int], events: pa.Table) -> dict[int, tuple[Any, ...]]:
    """Event -> kind, subject, day."""
    some = events.filter(pa.compute.is_in(events["event"], pa.array(sorted(wanted), pa.int64())))
    columns = (some[name].to_pylist() for name in ("event", "kind", "subject", "day"))
    return {event: tuple(about) for event, *about in zip(*columns, strict=True)}
