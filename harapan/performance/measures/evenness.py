"""Attendance that is more even than chance allows, or that fits the maker of attendance lists."""

# Dispersion of the number away from meeting to meeting of a group, against a throw of coins with the group's own share:
# 1 by chance alone, more where days are good and bad. The figure is -ln of it, so that even is large.
SESSION_EVEN = """
WITH met AS (SELECT person, subject, event, units, away FROM event WHERE kind = 'session' AND units >= 5),
share AS (SELECT person, subject, sum(away) / sum(units) AS p, count(*) AS met FROM met GROUP BY ALL HAVING met >= 3),
off AS (
    SELECT person, event, share.met, (away - units * p) ^ 2 / (units * p * (1 - p)) AS x
    FROM met JOIN share USING (person, subject) WHERE p BETWEEN 0.005 AND 0.9)
SELECT person, count(*) AS n, -ln(greatest(sum(x) / sum(1 - 1 / off.met), 0.05)) AS value,
       sqrt(2 / sum(1 - 1 / off.met)) AS se, list({'event': event, 'figure': x} ORDER BY x, event)[:5] AS records
FROM off GROUP BY person"""

# The same over families: real families have habits, so some are away often and some never (above 1); drawn names are
# spread by chance (1), names in turn more evenly still.
FAMILIES_ALIKE = """
WITH met AS (
    SELECT person, subject, count(*) AS met, max(units) AS families, sum(away) AS gone, max(event) AS event
    FROM event WHERE kind = 'session' AND units >= 5 GROUP BY ALL HAVING met >= 4 AND gone >= 4),
own AS (
    SELECT person, subject, unit, count(*) AS gone FROM away JOIN event USING (event)
    WHERE kind = 'session' GROUP BY ALL),
square AS (SELECT person, subject, sum(gone * gone) AS squares FROM own GROUP BY ALL),
spread AS (
    SELECT person, event, families - 1 AS df, gone / (families * met.met) AS p,
           (squares - gone * gone / families) / (met.met * p * (1 - p)) AS x
    FROM met JOIN square USING (person, subject) WHERE p < 0.9)
SELECT person, sum(df)::INT AS n, -ln(greatest(sum(x) / sum(df), 0.05)) AS value, sqrt(2 / sum(df)) AS se,
       list({'event': event, 'figure': x / df} ORDER BY x / df, event)[:5] AS records
FROM spread GROUP BY person"""


def full(kinds: str) -> str:
    """Share of records in which nobody at all was away."""
    return f"""
SELECT person, count(*) AS n, avg((away = 0)::INT) AS value, NULL AS se,
       list({{'event': event, 'figure': units}} ORDER BY (away = 0) DESC, units DESC, event)[:5] AS records
FROM event WHERE kind IN ({kinds}) AND units >= 5 GROUP BY person"""


# Between 90 and 100 percent there and nobody sick or excused, as the tools that make attendance lists give: for a
# school that is many pupils who are each away a little.
SESSION_BAND = """
SELECT person, count(*) AS n, avg((away > 0 AND away <= 0.1 * units AND reasons = 0)::INT) AS value, NULL AS se,
       list({'event': event, 'figure': 100 - 100 * away / units}
            ORDER BY (away > 0 AND away <= 0.1 * units AND reasons = 0) DESC, event)[:5] AS records
FROM event WHERE kind = 'session' AND units >= 8 GROUP BY person"""
SCHOOL_BAND = """
WITH form AS (
    SELECT person, event, units, count(*) AS away, min(days - absent - leave - sick) / any_value(days) AS least,
           sum(leave + sick) AS reasons
    FROM event JOIN away USING (event) WHERE kind = 'school' AND units >= 5 AND days > 0 GROUP BY ALL)
SELECT person, count(*) AS n, avg((away >= 0.4 * units AND least >= 0.895 AND reasons = 0)::INT) AS value, NULL AS se,
       list({'event': event, 'figure': 100 * least}
            ORDER BY (away >= 0.4 * units AND least >= 0.895 AND reasons = 0) DESC, event)[:5] AS records
FROM form GROUP BY person"""


def _against_others(unit: str, seen: str, among: str) -> str:
    """How often something is seen in pupils' months (columns of `gone`), against all of that month and as many days.

    unit: person, or subject for a school.
    """
    named = unit if unit == "person" else f"{unit} AS facility"
    return f"""
WITH gone AS (
    SELECT {unit}, event, month, days, absent + leave + sick AS gone
    FROM event JOIN away USING (event) WHERE kind = 'school' AND days > 0),
pupil AS (SELECT {unit}, event, month, days, ({seen})::INT AS seen FROM gone WHERE {among}),
usual AS (SELECT month, days, greatest(avg(seen), 0.02) AS p FROM pupil GROUP BY ALL HAVING count(*) >= 20),
form AS (
    SELECT {unit}, event, sum(seen) AS seen, sum(p) AS expected, sum(p * (1 - p)) AS variance, count(*) AS pupils
    FROM pupil JOIN usual USING (month, days) GROUP BY ALL)
SELECT {named}, sum(pupils)::INT AS n, (sum(seen) - sum(expected)) / sum(pupils) AS value,
       sqrt(sum(variance)) / sum(pupils) AS se,
       list({{'event': event, 'figure': seen}} ORDER BY seen - expected DESC, event)[:5] AS records
FROM form GROUP BY {unit} HAVING sum(variance) > 0"""


def digits(unit: str) -> str:
    """Days present that end in 0 or 5, among pupils who were away at all."""
    return _against_others(unit, "(days - gone) % 5 = 0", "true")


def just_enough(percent_min: int) -> str:
    """As many days away as the month still bears, among pupils who were away so long or longer.

    percent_min: days present of the effective days from which the month is met.
    """
    most = f"(days * (100 - {percent_min}) // 100)"
    return _against_others("person", f"gone = {most}", f"gone >= {most} AND {most} > 0")
