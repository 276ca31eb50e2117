"""Figures per person over some months, in sets: three small tables in, one row a person and indicator out.

    event(event, kind, person, district, subject, month, day, begins, ends, entered_at, units, away, reasons, days)
    away(event, unit, absent, leave, sick, line)
    photo(event, digest, looks, taken_at, latitude, longitude)

`kind` is session, school, health or visit; `subject` the group, facility or family, `begins` and `ends`
minutes of the day. `units` were spoken of and `away` of them were not there, `reasons` of these sick or excused; `line`
is where a family stands on the sheet of the meeting, from 1. For schools `days` are the effective days and `away` rows
hold days. Whatever can fill these tables can be measured: the database (`performance.inputs`) and
`harapan bench integrity` do.

A measure is one SELECT (DuckDB) that gives `person, n, value, se, records`: on how many records it rests, a figure that
is larger the odder it looks, its sampling error, and the records that show it best (event, figure). Of schools it
gives `facility, ...`. `judging` compares it with colleagues, or with other schools.
"""

from harapan.performance.measures.run import MEASURES, SCHOOL_MEASURES, Measured, Tables, measure

__all__ = ["MEASURES", "SCHOOL_MEASURES", "Measured", "Tables", "measure"]
