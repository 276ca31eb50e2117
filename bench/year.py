"""A year of facilitators' work over the families of `bench.pages`: meetings, months of schools and posts, findings.

In sets by the owner, like the families themselves; nobody in it exists.
"""

from __future__ import annotations

from datetime import date
from typing import Any

# A facilitator for every ten groups, a plan for the year, and meetings of its months, one in seven not held.
MEETINGS = """
INSERT INTO accounts_user (id, username, name, password, email, phone, staff_number, language, is_active)
SELECT 1000000 + n, 'bench-p' || n, 'PENDAMPING ' || lpad(n::text, 6, '0'), '', '', '', '', 'id', true
FROM generate_series(0, (SELECT max(id) / 10 FROM registry_group)) n;
UPDATE registry_group SET facilitator_id = 1000000 + id / 10 WHERE id >= 1000;
INSERT INTO p2k2_plannedsession (group_id, region_no, month, lesson, planned_by_id, planned_at)
SELECT id, region_no, {year} * 100 + m, 'klasik-' || 1 + m % 5 || '.' || 1 + m % 2, facilitator_id, now()
FROM registry_group, generate_series(1, 12) m WHERE id >= 1000;
INSERT INTO p2k2_session (group_id, region_no, held_on, begins, ends, lesson, place, speaker, speaker_post, materials,
                          minutes, year, number, late_because, recorded_by_id, recorded_at)
SELECT id, region_no, make_date({year}, m, 1 + (id % 27)::int), '09:00', '11:00',
       'klasik-' || 1 + m % 5 || '.' || 1 + m % 2, 'Balai desa', 'Pendamping', '', '', '', {year}, m, '',
       facilitator_id, now()
FROM registry_group, generate_series(1, {month}) m WHERE id >= 1000 AND (id + m) % 7 <> 0;
INSERT INTO p2k2_attendance (session_id, family_id, region_no, group_id, held_on, begins, ends, lesson, mark,
                             represented_by, manner, said_by_id, said_at)
SELECT s.id, f.id, f.region_no, f.group_id, s.held_on, s.begins, s.ends, s.lesson, 1 + f.id % 4, '', 1,
       s.recorded_by_id, now()
FROM p2k2_session s JOIN registry_family f USING (group_id) WHERE s.number = 1;
"""
# Each month somebody speaks for the families of each group at each school and health post that serves them, one in
# seven times nobody does; one child in twenty-five misses days.
PLACES = """
CREATE TEMP TABLE unit AS
SELECT facility_id, group_id, region_no / 10000 * 10000 AS district_no
FROM registry_componentspell WHERE facility_id IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO verification_facilitymonth (facility_id, month, effective_days, manner, declared_by_id, declared_at,
                                        evidence, evidence_note)
SELECT facility_id, {year} * 100 + m, 24, 'all_but', 1000000, now(), 'none', ''
FROM (SELECT DISTINCT facility_id FROM unit) u, generate_series(1, {month}) m;
INSERT INTO verification_declaration (facility_id, month, group_no, district_no, manner, declared_by_id, declared_at,
                                      late_because)
SELECT facility_id, {year} * 100 + m, group_id, district_no, 'all_but', 1000000, now(), ''
FROM unit, generate_series(1, {month}) m WHERE (group_id + m) % 7 <> 0;
INSERT INTO verification_observation (family_id, region_no, group_id, member_id, facility_id, month, absent_days,
                                      leave_days, sick_days, outcome, note)
SELECT family_id, region_no, group_id, member_id, facility_id, {year} * 100 + m, 5, 0, 1, 0, ''
FROM registry_componentspell, generate_series(1, {month}) m
WHERE facility_id IS NOT NULL AND component > 2 AND (member_id + m) % 25 = 0;
"""
# Twelve months of what facilitators recorded, and one in twelve with something to check.
FINDINGS = """
INSERT INTO performance_integrityrun (month, ran_on, ran_by, people, records, findings, law, recorded_at)
SELECT {year} * 100 + m, make_date({year}, m, 28), 0, 0, 0, 0, '{{}}', now() FROM generate_series(1, 12) m;
INSERT INTO performance_personmonth (person_id, region_no, month, sessions, facility_months)
SELECT DISTINCT ON (g.facilitator_id, m) g.facilitator_id, g.region_no / 10000 * 10000, {year} * 100 + m, 10, 20
FROM registry_group g, generate_series(1, 12) m WHERE g.facilitator_id IS NOT NULL;
INSERT INTO performance_finding (person_id, region_no, month, indicator, n, value, usual, strength, rarity, score,
                                 found_on, private_until, released)
SELECT w.person_id, w.region_no, w.month, i, 60, 0.9, 0.2, 3 + w.person_id % 9, 0.001, 2 + w.person_id % 9,
       make_date({year}, 1, 4), make_date({year}, 1, 18), true
FROM performance_personmonth w, unnest(ARRAY['session_copied', 'pace']) i WHERE (w.person_id + w.month) % 12 = 0;
"""
TABLES = (
    "accounts_user", "p2k2_plannedsession", "p2k2_session", "p2k2_attendance", "verification_facilitymonth",
    "verification_declaration", "verification_observation", "performance_finding",
)  # fmt: skip


def write(cursor: Any, *, today: date) -> None:
    """The rows of the year of `today`, up to its month."""
    for statements in (MEETINGS, PLACES, FINDINGS):
        cursor.execute(statements.format(year=today.year, month=today.month))
