"""All measures over one set of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from harapan.performance.law import IntegrityLaw
from harapan.performance.measures import alike, bare, copies, evenness, moments, schools

MEASURES: Mapping[str, Callable[[IntegrityLaw], str]] = {
    "session_even": lambda law: evenness.SESSION_EVEN,
    "families_alike": lambda law: evenness.FAMILIES_ALIKE,
    "session_full": lambda law: evenness.full("'session'"),
    "facility_full": lambda law: evenness.full("'school', 'health'"),
    "session_band": lambda law: evenness.SESSION_BAND,
    "school_band": lambda law: evenness.SCHOOL_BAND,
    "digits": lambda law: evenness.digits("person"),
    "just_enough": lambda law: evenness.just_enough(law.attendance_percent_min),
    "forms_alike": lambda law: alike.FORMS_ALIKE,
    "half_even": lambda law: alike.HALF_EVEN,
    "streaks": lambda law: alike.STREAKS,
    "list_place": lambda law: alike.LIST_PLACE,
    "out_of_step": lambda law: alike.OUT_OF_STEP,
    "session_copied": lambda law: copies.copied("'session'", "true"),
    "facility_copied": lambda law: copies.copied(
        "'school', 'health'", "(a.absent, a.leave, a.sick) = (b.absent, b.leave, b.sick)"
    ),
    "photo_again": lambda law: copies.photo_again(law.photo_bits_max),
    "photo_near": lambda law: copies.photo_near(law.photo_bits_max, law.crop_bits_max),
    "photo_none": lambda law: bare.PHOTO_NONE,
    "photo_day": lambda law: moments.PHOTO_DAY,
    "photo_hour": lambda law: moments.PHOTO_HOUR,
    "photo_far": lambda law: moments.photo_far(law.place_km_max),
    "one_spot": lambda law: moments.one_spot(law.same_place_metres),
    "speed": lambda law: moments.speed(law.speed_kmh_max),
    "overlap": lambda law: moments.OVERLAP,
    "night": lambda law: moments.night(law.night_from_hour, law.night_until_hour),
    "pace": lambda law: moments.pace(law.entry_seconds_min),
}
SCHOOL_MEASURES: Mapping[str, str] = {
    "school_even": schools.SCHOOL_EVEN,
    "school_copied": schools.SCHOOL_COPIED,
    "school_digits": evenness.digits("subject"),
}


class Tables(NamedTuple):
    """What is measured; the columns stand in `measures`."""

    event: pa.Table
    away: pa.Table
    photo: pa.Table


class Measured(NamedTuple):
    """One figure of a person, or of a school (`facility`, else 0; `person` is 0 then).

    `se` None: the figure is a share of `n`. `records`: (event, figure), the oddest first. `spoke`: who brought
    these records of the school.
    """

    indicator: str
    person: int
    district: int
    n: int
    value: float
    se: float | None
    records: tuple[tuple[int, float | None], ...]
    facility: int = 0
    spoke: tuple[int, ...] = ()

    @property
    def people(self) -> tuple[int, ...]:
        """Whom it concerns."""
        return self.spoke if self.facility else (self.person,)


def measure(tables: Tables, law: IntegrityLaw) -> Iterator[Measured]:
    """Every figure of everybody in the tables, indicator by indicator, ordered by person; then those of schools."""
    with duckdb.connect() as connection:
        for name, table in tables._asdict().items():
            connection.register(f"given_{name}", table)
            connection.execute(f"CREATE TEMP TABLE {name} AS FROM given_{name}")
        connection.execute(moments.KM)
        connection.execute(
            "CREATE TEMP TABLE post AS"
            " SELECT person, mode(district ORDER BY district) AS district FROM event GROUP BY ALL"
        )
        for name, sql_of in MEASURES.items():
            connection.execute(
                "SELECT person, district, n, value, se, records"
                f" FROM ({sql_of(law)}) JOIN post USING (person) ORDER BY person"
            )
            for person, district, n, value, se, records in connection.fetchall():
                yield Measured(name, person, district, n, value, se, _pairs(records))
        connection.execute(
            "CREATE TEMP TABLE school AS SELECT subject AS facility, mode(district ORDER BY district) AS district"
            " FROM event WHERE kind = 'school' GROUP BY ALL"
        )
        whose = dict(connection.execute("SELECT event, person FROM event WHERE kind = 'school'").fetchall())
        for name, sql in SCHOOL_MEASURES.items():
            connection.execute(
                "SELECT facility, district, n, value, se, records"
                f" FROM ({sql}) JOIN school USING (facility) ORDER BY facility"
            )
            for facility, district, n, value, se, records in connection.fetchall():
                spoke = sorted({whose[each["event"]] for each in records[:2]})  # the oddest
                yield Measured(name, 0, district, n, value, se, _pairs(records), facility, tuple(spoke))


def _pairs(records: list[dict[str, Any]]) -> tuple[tuple[int, float | None], ...]:
    return tuple((each["event"], each["figure"]) for each in records)
