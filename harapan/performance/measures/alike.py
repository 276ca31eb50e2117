"""Records that resemble each other, or chance, more than lives do: schools, groups, turns, months, lines of a list."""

# The forms of different schools in one month, compared by how often each "absent, excused, sick" stands in them; what
# is seldom seen weighs more (its surprise). Real schools share the usual single days away and little else.
FORMS_ALIKE = """
WITH pupil AS (
    SELECT person, month, subject, event, absent, leave, sick, count(*) AS times FROM away JOIN event USING (event)
    WHERE kind = 'school' GROUP BY ALL),
rare AS (
    SELECT absent, leave, sick, -ln(sum(times) / (SELECT sum(times) FROM pupil)) AS surprise FROM pupil GROUP BY ALL),
form AS (
    SELECT person, month, subject, event, sum(times * surprise) AS weight
    FROM pupil JOIN rare USING (absent, leave, sick) GROUP BY ALL HAVING sum(times) >= 3),
common AS (
    SELECT p.event, q.event AS other, sum(surprise * least(p.times, q.times)) AS shared FROM pupil p
    JOIN pupil q USING (person, month, absent, leave, sick) JOIN rare USING (absent, leave, sick)
    WHERE p.subject <> q.subject GROUP BY ALL),
likeness AS (
    SELECT a.person, a.event, avg(coalesce(shared, 0) / (a.weight + b.weight - coalesce(shared, 0))) AS x
    FROM form a JOIN form b ON a.person = b.person AND a.month = b.month AND a.subject <> b.subject
    LEFT JOIN common ON common.event = a.event AND common.other = b.event GROUP BY ALL)
SELECT person, count(*) AS n, avg(x) AS value, 0.25 / sqrt(count(*)) AS se,
       list({'event': event, 'figure': 100 * x} ORDER BY x DESC, event)[:5] AS records
FROM likeness GROUP BY person"""

# Who invents for some groups only looks ordinary on the whole. Of each group the dispersion of the number away, brought
# to a normal figure (Wilson and Hilferty), and of these the mean of the evener half.
HALF_EVEN = """
WITH met AS (SELECT person, subject, event, units, away FROM event WHERE kind = 'session' AND units >= 5),
share AS (
    SELECT person, subject, sum(away) / sum(units) AS p, count(*) - 1 AS df, max(event) AS event
    FROM met GROUP BY ALL HAVING df >= 3 AND p BETWEEN 0.01 AND 0.9),
spread AS (
    SELECT person, subject, any_value(share.event) AS event, any_value(df) AS df,
           sum((away - units * p) ^ 2 / (units * p * (1 - p))) / any_value(df) AS ratio
    FROM met JOIN share USING (person, subject) GROUP BY person, subject),
scored AS (
    SELECT person, event, ratio, (cbrt(ratio) - 1 + 2 / (9 * df)) / sqrt(2 / (9 * df)) AS z FROM spread),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY person ORDER BY z, event) AS place,
           count(*) OVER (PARTITION BY person) AS groups
    FROM scored)
SELECT person, any_value(groups)::INT AS n, -avg(z) AS value, 0.6 / sqrt(count(*)) AS se,
       list({'event': event, 'figure': 100 * ratio} ORDER BY z, event)[:5] AS records
FROM ranked WHERE place <= greatest(groups / 2, 2) AND groups >= 4 GROUP BY person"""

# How often a family is away twice running, against its own absences thrown at random over the group's meetings: illness
# and work elsewhere last, and who draws names avoids the one just named.
STREAKS = """
WITH met AS (
    SELECT person, subject, event, row_number() OVER (PARTITION BY person, subject ORDER BY day, event) AS turn,
           count(*) OVER (PARTITION BY person, subject) AS meetings
    FROM event WHERE kind = 'session' AND units >= 5),
gone AS (SELECT person, subject, unit, turn, meetings, event FROM away JOIN met USING (event) WHERE meetings >= 4),
family AS (
    SELECT person, subject, unit, any_value(meetings) AS m, count(*) AS k, max(event) AS event
    FROM gone GROUP BY ALL HAVING k BETWEEN 2 AND m - 1),
twice AS (
    SELECT a.person, a.subject, a.unit, count(*) AS running FROM gone a JOIN gone b
    ON a.person = b.person AND a.subject = b.subject AND a.unit = b.unit AND b.turn = a.turn + 1 GROUP BY ALL),
against AS (
    SELECT person, subject, event, coalesce(running, 0) AS running, k * (k - 1) / m AS expected,
           k * (k - 1) * (m - k + 1) * (m - k) / (m * m * (m - 1)) AS variance
    FROM family LEFT JOIN twice USING (person, subject, unit)),
of_group AS (
    SELECT person, max(event) AS event, count(*) AS families, sum(running) AS running, sum(expected) AS expected,
           sum(variance) AS variance FROM against GROUP BY person, subject)
SELECT person, sum(families)::INT AS n, (sum(expected) - sum(running)) / sqrt(sum(variance)) AS value, 1.0 AS se,
       list({'event': event, 'figure': running} ORDER BY running - expected, event)[:5] AS records
FROM of_group GROUP BY person HAVING sum(variance) > 0"""

# Harvest, floods and feasts keep families of a whole kecamatan away in the same month: how far a person's meetings
# follow the months of colleagues there (a slope; 1 follows wholly).
OUT_OF_STEP = """
WITH met AS (
    SELECT person, district, month, subject, event, away / units AS share FROM event
    WHERE kind = 'session' AND units >= 5),
usual AS (SELECT person, subject, avg(share) AS share FROM met GROUP BY ALL HAVING count(*) >= 4),
off AS (
    SELECT person, district, month, event, met.share - usual.share AS off FROM met JOIN usual USING (person, subject)),
own AS (SELECT person, district, month, sum(off) AS off, count(*) AS met FROM off GROUP BY ALL),
place AS (SELECT district, month, sum(off) AS off, sum(met) AS met, count(*) AS people FROM own GROUP BY ALL),
peers AS (
    SELECT person, district, month, (place.off - own.off) / (place.met - own.met) AS theirs
    FROM own JOIN place USING (district, month) WHERE people >= 4),
joined AS (SELECT person, event, off, theirs FROM off JOIN peers USING (person, district, month))
SELECT person, count(*) AS n, -sum(off * theirs) / sum(theirs * theirs) AS value,
       stddev_samp(off) / sqrt(sum(theirs * theirs)) AS se,
       list({'event': event, 'figure': 100 * theirs} ORDER BY abs(theirs) DESC, event)[:5] AS records
FROM joined GROUP BY person HAVING sum(theirs * theirs) > 0 AND count(*) >= 2"""

# Where those away stand on the sheet, as a share of its lines: in the middle on average, for names say nothing of who
# comes. Who ticks the first so many has them at the end, who stops calling the names has them at the top.
LIST_PLACE = """
WITH sheet AS (
    SELECT person, event, sum((line - 0.5) / units - 0.5) AS off, count(*) AS gone
    FROM away JOIN event USING (event) WHERE kind = 'session' AND units >= 8 AND line IS NOT NULL GROUP BY ALL)
SELECT person, count(*) AS n, abs(sum(off)) / sum(gone) AS value, 1 / sqrt(12 * sum(gone)) AS se,
       list({'event': event, 'figure': 100 * off / gone + 50} ORDER BY abs(off) DESC, event)[:5] AS records
FROM sheet GROUP BY person"""
