"""Figures of a school, whoever spoke of its months: `facility, n, value, se, records`, `n` counting pupils.

Several facilitators may each bring forms of one school for their own groups; what all of them say is looked at as one.
"""

# Dispersion of the number of pupils away from month to month, as a normal figure (cube root of Wilson and Hilferty);
# near 0 is more even than chance gives.
SCHOOL_EVEN = """
WITH month AS (
    SELECT subject, month, sum(units) AS units, sum(away) AS away, max(event) AS event FROM event
    WHERE kind = 'school' GROUP BY ALL HAVING sum(units) >= 5),
share AS (
    SELECT subject, sum(away) / sum(units) AS p, count(*) - 1 AS df FROM month
    GROUP BY ALL HAVING df >= 3 AND p BETWEEN 0.005 AND 0.95),
off AS (
    SELECT subject, event, units, df, (away - units * p) ^ 2 / (units * p * (1 - p)) AS x
    FROM month JOIN share USING (subject))
SELECT subject AS facility, sum(units)::INT AS n, -cbrt(sum(x) / any_value(df)) AS value,
       sqrt(2 / (9 * any_value(df))) AS se, list({'event': event, 'figure': x} ORDER BY x, event)[:5] AS records
FROM off GROUP BY subject"""

# Pupils named in one of two months that follow each other, and in both with the very same days. Who is away all days
# has most likely left and is still listed, which repeats by itself. Ten more who differ are supposed: a school of few
# pupils does not stand out.
SCHOOL_COPIED = """
WITH chain AS (
    SELECT subject, event, lag(event) OVER turn AS former FROM event WHERE kind = 'school' AND units >= 5
    WINDOW turn AS (PARTITION BY person, subject ORDER BY month, event)),
named AS (
    SELECT event, unit, (absent, leave, sick) AS days FROM away JOIN event USING (event)
    WHERE kind = 'school' AND absent + leave + sick < coalesce(event.days, 99)),
counted AS (SELECT event, count(*) AS pupils FROM named GROUP BY event),
kept AS (
    SELECT c.event, count(*) AS twice, sum((a.days = b.days)::INT) AS same FROM chain c
    JOIN named a ON a.event = c.event JOIN named b ON b.event = c.former AND b.unit = a.unit GROUP BY ALL),
pair AS (
    SELECT subject, chain.event, coalesce(now.pupils, 0) + coalesce(before.pupils, 0) - coalesce(twice, 0) AS named,
           coalesce(same, 0) AS same
    FROM chain LEFT JOIN kept USING (event) LEFT JOIN counted now ON now.event = chain.event
    LEFT JOIN counted before ON before.event = former WHERE former IS NOT NULL)
SELECT subject AS facility, sum(named)::INT AS n, sum(same) / (sum(named) + 10) AS value, NULL AS se,
       list({'event': event, 'figure': 100 * same / named} ORDER BY same / named DESC, event)[:5] AS records
FROM pair WHERE named > 0 GROUP BY subject"""
