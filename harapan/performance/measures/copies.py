"""What was written before and is written again: the same people away month after month, the same picture twice."""


def copied(kinds: str, same: str) -> str:
    """How much the people away in a month are those of the month before (shared of all named), on average.

    same: the condition under which two rows of `away` say the same.
    """
    return f"""
WITH chain AS (
    SELECT person, event, away, lag(event) OVER turn AS former, lag(away) OVER turn AS former_away
    FROM event WHERE kind IN ({kinds}) AND units >= 5
    WINDOW turn AS (PARTITION BY person, subject ORDER BY day, event)),
kept AS (
    SELECT c.event, count(*) AS shared FROM chain c
    JOIN away a ON a.event = c.event JOIN away b ON b.event = c.former AND b.unit = a.unit AND {same} GROUP BY ALL),
pair AS (
    SELECT person, event, coalesce(shared, 0) AS shared, away + former_away - coalesce(shared, 0) AS named
    FROM chain LEFT JOIN kept USING (event) WHERE former IS NOT NULL AND away > 0 AND former_away > 0)
SELECT person, count(*) AS n, avg(shared / named) AS value, 0.25 / sqrt(count(*)) AS se,
       list({{'event': event, 'figure': 100 * shared / named}}
            ORDER BY shared / named DESC, shared DESC, event)[:5] AS records
FROM pair WHERE named >= 2 GROUP BY person"""


def photo_again(bits_max: int) -> str:
    """Share of meetings with a photograph that also stands at another meeting of another day or group.

    The same file is looked for everywhere, one that looks alike among the colleagues of the kecamatan.
    """
    return f"""
WITH shown AS (
    SELECT DISTINCT p.event, person, district, subject, day, digest, looks
    FROM photo p JOIN event USING (event) WHERE digest IS NOT NULL),
same AS (
    SELECT a.event, 0 AS bits FROM shown a JOIN shown b ON a.digest = b.digest AND a.event <> b.event
    AND (a.day <> b.day OR a.subject <> b.subject)),
alike AS (
    SELECT a.event, min(bit_count(xor(a.looks, b.looks))) AS bits FROM shown a JOIN shown b
    ON a.district = b.district AND a.event <> b.event AND bit_count(xor(a.looks, b.looks)) <= {bits_max}
    AND (a.day <> b.day OR a.subject <> b.subject) GROUP BY ALL),
again AS (SELECT event, min(bits) AS bits FROM (FROM same UNION ALL FROM alike) GROUP BY ALL),
meeting AS (SELECT DISTINCT person, event FROM shown)
SELECT person, count(*) AS n, avg((bits IS NOT NULL)::INT) AS value, NULL AS se,
       list({{'event': event, 'figure': bits}} ORDER BY bits NULLS LAST, event)[:5] AS records
FROM meeting LEFT JOIN again USING (event) GROUP BY person"""


def photo_near(bits_max: int, crop_bits_max: int) -> str:
    """Share of records whose picture lies near another of the same person: cut anew, turned darker, taken off a screen.

    Too far to be called alike (`bits_max`), nearer than two pictures of different scenes are.
    """
    return f"""
WITH shown AS (
    SELECT DISTINCT p.event, person, subject, day, looks FROM photo p JOIN event USING (event) WHERE looks IS NOT NULL),
near AS (
    SELECT a.event, min(bit_count(xor(a.looks, b.looks))) AS bits FROM shown a JOIN shown b
    ON a.person = b.person AND a.event <> b.event AND (a.day <> b.day OR a.subject <> b.subject)
    AND bit_count(xor(a.looks, b.looks)) BETWEEN {bits_max + 1} AND {crop_bits_max} GROUP BY ALL),
meeting AS (SELECT DISTINCT person, event FROM shown)
SELECT person, count(*) AS n, avg((bits IS NOT NULL)::INT) AS value, NULL AS se,
       list({{'event': event, 'figure': bits}} ORDER BY bits NULLS LAST, event)[:5] AS records
FROM meeting LEFT JOIN near USING (event) GROUP BY person"""
