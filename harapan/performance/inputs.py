"""What people recorded, as the small tables that are measured (`measures`): one set of statements a source.

A source is up to three SELECTs over months; another kind of record is one more entry of SOURCES. Only what
facilitators recorded of their own families counts: an officer who types paper for forty of them is no case.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pyarrow as pa
from pyarrow import csv

from harapan.core.periods import month_days
from harapan.database.planning import many_rows
from harapan.performance.measures import Tables

EVENT = pa.schema([
    ("event", pa.int64()), ("kind", pa.string()), ("person", pa.int64()), ("district", pa.int64()),
    ("subject", pa.int64()), ("month", pa.int64()), ("day", pa.date32()), ("begins", pa.int64()),
    ("ends", pa.int64()), ("entered_at", pa.timestamp("us")), ("units", pa.int64()), ("away", pa.int64()),
    ("reasons", pa.int64()), ("days", pa.int64()),
])  # fmt: skip
AWAY = pa.schema([(name, pa.int64()) for name in ("event", "unit", "absent", "leave", "sick", "line")])
PHOTO = pa.schema([
    ("event", pa.int64()), ("digest", pa.string()), ("looks", pa.int64()), ("taken_at", pa.timestamp("us")),
    ("latitude", pa.float64()), ("longitude", pa.float64()),
])  # fmt: skip
# Numbers of several tables in one column: each source takes its own class modulo 4.
SESSION, FACILITY_MONTH, VISIT = 0, 1, 2


class Months(NamedTuple):
    """Months yyyymm, both included, and the half-open days they span."""

    first: int
    last: int
    since: date
    until: date

    @classmethod
    def between(cls, first: str, last: str) -> Months:
        """Months as "2025-01"."""
        return cls(int(first.replace("-", "")), int(last.replace("-", "")), month_days(first)[0], month_days(last)[1])


@dataclass(frozen=True, slots=True)
class Source:
    """SELECTs in the order of EVENT, AWAY and PHOTO, with the places of `Months`; empty where there is nothing."""

    events: str
    away: str = ""
    photos: str = ""


_HELD = "s.held_on >= '{since}' AND s.held_on < '{until}'"
_BY_THE_FACILITATOR = "EXISTS (SELECT FROM registry_group g WHERE g.facilitator_id = {by})"
_MINUTE = "extract(hour FROM {at}) * 60 + extract(minute FROM {at})"
SESSIONS = Source(
    events=f"""
    SELECT s.id * 4 + {SESSION}, 'session', s.recorded_by_id, s.region_no / 10000 * 10000, s.group_id,
           s.year * 100 + extract(month FROM s.held_on)::int, s.held_on,
           ({_MINUTE.format(at="s.begins")})::int, ({_MINUTE.format(at="s.ends")})::int,
           s.recorded_at AT TIME ZONE 'UTC', count(a.id), count(a.id) FILTER (WHERE a.mark IN (2, 3, 4)),
           count(a.id) FILTER (WHERE a.mark IN (2, 3)), NULL
    FROM p2k2_session s LEFT JOIN p2k2_attendance a ON a.session_id = s.id
    WHERE {_HELD} AND {_BY_THE_FACILITATOR.format(by="s.recorded_by_id")} GROUP BY s.id""",
    away=f"""
    SELECT session_id * 4 + {SESSION}, family_id, (mark = 4)::int, (mark = 3)::int, (mark = 2)::int, line
    FROM (SELECT a.session_id, a.family_id, a.mark,
                 row_number() OVER (PARTITION BY a.session_id ORDER BY f.name_key, f.id) AS line
          FROM p2k2_session s JOIN p2k2_attendance a ON a.session_id = s.id JOIN registry_family f ON f.id = a.family_id
          WHERE {_HELD}) sheet
    WHERE mark IN (2, 3, 4)""",
    photos=f"""
    SELECT s.id * 4 + {SESSION}, f.digest, p.looks, p.taken_on + p.taken_time, p.latitude, p.longitude
    FROM p2k2_session s JOIN p2k2_photograph p ON p.session_id = s.id JOIN files_storedfile f ON f.id = p.original_id
    WHERE {_HELD}""",
)
# A facilitator speaks of a facility's month for the own groups; who of them uses it follows from the spells.
_UNIT = """
    SELECT d.*, min(d.id) OVER (PARTITION BY d.facility_id, d.month, d.declared_by_id) * 4 + {code} AS event
    FROM verification_declaration d
    WHERE d.month BETWEEN {{first}} AND {{last}} AND d.group_no <> 0 AND {own}""".format(
    code=FACILITY_MONTH, own=_BY_THE_FACILITATOR.format(by="d.declared_by_id")
)
_OBSERVED = """
    verification_observation o JOIN unit u ON u.facility_id = o.facility_id AND u.month = o.month
    AND u.group_no = o.group_id AND u.district_no = o.region_no / 10000 * 10000"""
FACILITY_MONTHS = Source(
    events=f"""
    WITH unit AS ({_UNIT}),
    served AS (
        SELECT u.event, count(*) AS members FROM unit u JOIN registry_componentspell c
        ON c.facility_id = u.facility_id AND c.group_id = u.group_no AND c.region_no / 10000 * 10000 = u.district_no
        AND c.spell @> make_date(u.month / 100, u.month % 100, 15) GROUP BY u.event),
    seen AS (
        SELECT u.event, count(*) FILTER (WHERE o.outcome <> 3) AS away,
               count(*) FILTER (WHERE o.outcome = 3) AS unknown,
               count(*) FILTER (WHERE o.outcome = 2 OR o.outcome = 0 AND o.leave_days + o.sick_days > 0) AS reasons
        FROM {_OBSERVED} GROUP BY u.event)
    SELECT u.event, CASE f.kind WHEN 'school' THEN 'school' ELSE 'health' END, u.declared_by_id, min(u.district_no),
           u.facility_id, u.month, make_date(u.month / 100, u.month % 100, 1), NULL::int, NULL::int,
           min(u.declared_at) AT TIME ZONE 'UTC', coalesce(min(served.members), 0) - coalesce(min(seen.unknown), 0),
           coalesce(min(seen.away), 0), coalesce(min(seen.reasons), 0), min(m.effective_days)
    FROM unit u JOIN registry_facility f ON f.id = u.facility_id
    LEFT JOIN verification_facilitymonth m ON m.facility_id = u.facility_id AND m.month = u.month
    LEFT JOIN served USING (event) LEFT JOIN seen USING (event)
    GROUP BY u.event, f.kind, u.declared_by_id, u.facility_id, u.month""",
    away=f"""
    WITH unit AS ({_UNIT})
    SELECT u.event, o.member_id, CASE o.outcome WHEN 0 THEN o.absent_days WHEN 1 THEN 1 ELSE 0 END,
           CASE o.outcome WHEN 0 THEN o.leave_days WHEN 2 THEN 1 ELSE 0 END, o.sick_days, NULL::int
    FROM {_OBSERVED} WHERE o.outcome <> 3""",
)
# Beside its photographs a visit has the position its recorder's phone gave, at the hour it says.
VISITS = Source(
    events=f"""
    SELECT v.id * 4 + {VISIT}, 'visit', v.visited_by_id, v.region_no / 10000 * 10000, v.family_id,
           extract(year FROM v.visited_on)::int * 100 + extract(month FROM v.visited_on)::int, v.visited_on,
           ({_MINUTE.format(at="v.begins")})::int, ({_MINUTE.format(at="v.ends")})::int,
           v.recorded_at AT TIME ZONE 'UTC', 1, 0, 0, NULL
    FROM fieldwork_homevisit v
    WHERE v.visited_on >= '{{since}}' AND v.visited_on < '{{until}}'
    AND {_BY_THE_FACILITATOR.format(by="v.visited_by_id")}""",
    photos=f"""
    SELECT v.id * 4 + {VISIT}, f.digest, p.looks, p.taken_on + p.taken_time, p.latitude, p.longitude
    FROM fieldwork_homevisit v JOIN fieldwork_visitphotograph p ON p.visit_id = v.id
    JOIN files_storedfile f ON f.id = p.original_id
    WHERE v.visited_on >= '{{since}}' AND v.visited_on < '{{until}}'
    UNION ALL
    SELECT v.id * 4 + {VISIT}, NULL, NULL, v.visited_on + v.begins, v.latitude, v.longitude
    FROM fieldwork_homevisit v
    WHERE v.visited_on >= '{{since}}' AND v.visited_on < '{{until}}' AND v.latitude IS NOT NULL""",
)
SOURCES = (SESSIONS, FACILITY_MONTHS, VISITS)


def read(months: Months) -> Tables:
    """Everything recorded of these months, in the scope that is on (the batch's sees all)."""
    return Tables(
        pa.concat_tables(_rows(source.events, EVENT, months) for source in SOURCES),
        pa.concat_tables(_rows(source.away, AWAY, months) for source in SOURCES if source.away),
        pa.concat_tables(_rows(source.photos, PHOTO, months) for source in SOURCES if source.photos),
    )


def _rows(sql: str, schema: pa.Schema, months: Months) -> pa.Table:
    """The rows of a SELECT as Arrow: copied out as CSV in the open transaction, which no row of Python could match."""
    out = io.BytesIO()
    copying = f"COPY ({sql.format(**months._asdict())}) TO STDOUT (FORMAT csv)"
    with many_rows() as cursor, cursor.copy(copying) as copy:
        for piece in copy:
            out.write(piece)
    if not out.tell():
        return schema.empty_table()
    out.seek(0)
    return csv.read_csv(
        out,
        read_options=csv.ReadOptions(column_names=schema.names),
        convert_options=csv.ConvertOptions(column_types=schema, strings_can_be_null=True),
    )
