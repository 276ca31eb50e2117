"""Times and places that cannot be, or hardly."""

KM = """
CREATE OR REPLACE TEMP MACRO km(a, b, c, d) AS 12742 * asin(least(1, sqrt(
    sin(radians(c - a) / 2) ^ 2 + cos(radians(a)) * cos(radians(c)) * sin(radians(d - b) / 2) ^ 2)))"""

# Two groups that begin together meet together, which is no riddle.
OVERLAP = """
WITH clash AS (
    SELECT a.event, count(*) AS others FROM event a JOIN event b
    ON a.person = b.person AND a.day = b.day AND a.event <> b.event AND a.subject <> b.subject
    AND a.begins < b.ends AND b.begins < a.ends AND a.begins <> b.begins
    WHERE a.kind IN ('session', 'visit') AND b.kind IN ('session', 'visit') GROUP BY ALL)
SELECT person, count(*) AS n, avg((others IS NOT NULL)::INT) AS value, NULL AS se,
       list({'event': event, 'figure': others} ORDER BY others DESC NULLS LAST, event)[:5] AS records
FROM event LEFT JOIN clash USING (event) WHERE kind IN ('session', 'visit') GROUP BY person"""


def pace(seconds_min: int) -> str:
    """Share of records typed within so few seconds of the one before, about another day, group or facility.

    The months of one facility's form that come together count once.
    """
    return f"""
WITH typed AS (
    SELECT person, event, subject, kind, entered_at, lag(entered_at) OVER turn AS former_at,
           lag(subject) OVER turn AS former, lag(kind) OVER turn AS former_kind
    FROM event WINDOW turn AS (PARTITION BY person ORDER BY entered_at, subject, event)),
gap AS (
    SELECT person, event, epoch(entered_at - former_at) AS seconds FROM typed
    WHERE kind = 'session' OR former IS DISTINCT FROM subject OR former_kind <> kind)
SELECT person, count(*) AS n, avg(coalesce((seconds < {seconds_min})::INT, 0)) AS value, NULL AS se,
       list({{'event': event, 'figure': seconds}} ORDER BY seconds NULLS LAST, event)[:5] AS records
FROM gap GROUP BY person"""


def night(from_hour: int, until_hour: int) -> str:
    """Share of meetings that begin, or are still going on, at night."""
    at_night = f"(begins >= {from_hour * 60} OR begins < {until_hour * 60} OR ends > {from_hour * 60 + 90})"
    return f"""
SELECT person, count(*) AS n, avg({at_night}::INT) AS value, NULL AS se,
       list({{'event': event, 'figure': begins}} ORDER BY {at_night} DESC, begins DESC, event)[:5] AS records
FROM event WHERE kind = 'session' GROUP BY person"""


# Photographs whose camera names another day than the meeting's. A camera that is always wrong by as much has a wrong
# clock, which is not held against anybody.
PHOTO_DAY = """
WITH shot AS (
    SELECT person, event, datediff('day', day, taken_at::DATE) AS off FROM photo JOIN event USING (event)
    WHERE taken_at IS NOT NULL AND day IS NOT NULL AND digest IS NOT NULL),
clock AS (SELECT person, mode(off) AS usual FROM shot GROUP BY ALL)
SELECT person, count(*) AS n, avg((off <> 0 AND off <> usual)::INT) AS value, NULL AS se,
       list({'event': event, 'figure': off}
            ORDER BY (off <> 0 AND off <> usual) DESC, abs(off) DESC, event)[:5] AS records
FROM shot JOIN clock USING (person) GROUP BY person"""


# Photographs whose camera names the right day and an hour when the meeting was not held. Hours a camera is always wrong
# by are a wrong clock, three quarters of an hour before and after are setting up and going home.
PHOTO_HOUR = """
WITH shot AS (
    SELECT person, event, ends - begins AS length, epoch(taken_at - day::TIMESTAMP) / 60 - begins AS after
    FROM photo JOIN event USING (event)
    WHERE taken_at IS NOT NULL AND digest IS NOT NULL AND begins IS NOT NULL AND taken_at::DATE = day),
middle AS (SELECT person, median(after - length / 2) AS off FROM shot GROUP BY ALL),
clock AS (SELECT person, CASE WHEN abs(off) < 90 THEN 0 ELSE round(off / 60) * 60 END AS wrong FROM middle),
off AS (
    SELECT person, event, greatest(wrong - after, after - wrong - length, 0) AS minutes
    FROM shot JOIN clock USING (person))
SELECT person, count(*) AS n, avg((minutes > 45)::INT) AS value, NULL AS se,
       list({'event': event, 'figure': minutes} ORDER BY minutes DESC, event)[:5] AS records
FROM off GROUP BY person"""


def photo_far(km_max: int) -> str:
    """Share of photographs far from where the group's pictures usually are taken."""
    return f"""
WITH shot AS (
    SELECT person, event, subject, latitude, longitude FROM photo JOIN event USING (event) WHERE latitude IS NOT NULL),
usual AS (
    SELECT subject, median(latitude) AS latitude, median(longitude) AS longitude
    FROM shot GROUP BY ALL HAVING count(*) >= 3),
off AS (
    SELECT person, event, km(shot.latitude, shot.longitude, usual.latitude, usual.longitude) AS km
    FROM shot JOIN usual USING (subject))
SELECT person, count(*) AS n, avg((km > {km_max})::INT) AS value, NULL AS se,
       list({{'event': event, 'figure': km}} ORDER BY km DESC, event)[:5] AS records
FROM off GROUP BY person"""


def one_spot(metres: int) -> str:
    """Share of meetings photographed on the very spot where, on other days, at least two other groups were."""
    return f"""
WITH shot AS (
    SELECT person, event, any_value(subject) AS subject, any_value(day) AS day, avg(latitude) AS latitude,
           avg(longitude) AS longitude
    FROM photo JOIN event USING (event) WHERE kind = 'session' AND latitude IS NOT NULL GROUP BY person, event),
near AS (
    SELECT a.event, count(DISTINCT b.subject) AS others FROM shot a JOIN shot b
    ON a.person = b.person AND a.subject <> b.subject AND a.day <> b.day
    AND abs(a.latitude - b.latitude) < 0.01
    AND km(a.latitude, a.longitude, b.latitude, b.longitude) * 1000 < {metres} GROUP BY ALL)
SELECT person, count(*) AS n, avg((coalesce(others, 0) >= 2)::INT) AS value, NULL AS se,
       list({{'event': event, 'figure': others}} ORDER BY others DESC NULLS LAST, event)[:5] AS records
FROM shot LEFT JOIN near USING (event) GROUP BY person"""


def speed(kmh_max: int) -> str:
    """Share of ways between two photographs of one person that nobody rides so fast; short ways do not count."""
    return f"""
WITH shot AS (
    SELECT person, event, taken_at, latitude, longitude, lag(taken_at) OVER turn AS former_at,
           lag(latitude) OVER turn AS former_latitude, lag(longitude) OVER turn AS former_longitude,
           lag(event) OVER turn AS former
    FROM photo JOIN event USING (event) WHERE latitude IS NOT NULL AND taken_at IS NOT NULL
    WINDOW turn AS (PARTITION BY person ORDER BY taken_at, event)),
way AS (
    SELECT person, event, km(former_latitude, former_longitude, latitude, longitude) AS km,
           greatest(epoch(taken_at - former_at), 60) / 3600 AS hours
    FROM shot WHERE former <> event)
SELECT person, count(*) AS n, avg((km > 2 AND km / hours > {kmh_max})::INT) AS value, NULL AS se,
       list({{'event': event, 'figure': km / hours}} ORDER BY (km > 2) DESC, km / hours DESC, event)[:5] AS records
FROM way GROUP BY person"""
