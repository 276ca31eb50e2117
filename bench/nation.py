"""A synthetic nation for measuring whole stages: families in every village, schools, attendance, sealed accounts.

Made in sets by the owner, with the audit's triggers off: making it is not what is measured. Nobody in it exists.
"""

from __future__ import annotations

import argparse
import time

from django.db import connections, transaction

from harapan.database.sealing import seal
from harapan.registry.models import PaymentAccount

ACCOUNTS_AT_ONCE = 50_000
TABLES = (
    "registry_group", "registry_family", "registry_member", "registry_enrolment", "registry_componentspell",
    "registry_paymentaccount", "registry_facility", "verification_facilitymonth", "verification_declaration",
    "verification_observation",
)  # fmt: skip

# Of ten members two are adults without a component, one is old, one a small child, the others go to school.
FILL = (
    """
    INSERT INTO registry_group (id, name, region_no, leader_name)
    SELECT 1000 + row_number() OVER (ORDER BY no), 'Melati', no, '' FROM regions_region WHERE level = 4""",
    """
    INSERT INTO registry_facility (id, kind, code, name, name_key, level, region_no)
    SELECT 1000 + row_number() OVER (ORDER BY no), 'school', no::text, 'SD ' || name, 'SD', 'SD', no
    FROM regions_region WHERE level = 3""",
    """
    INSERT INTO verification_facilitymonth (facility_id, month, effective_days, manner, declared_by_id, declared_at,
                                            evidence, evidence_note, proven_by_id, proven_at)
    SELECT f.id, m, 24, 'all', {user}, now(), CASE WHEN f.id % 20 < 17 THEN 'form' ELSE 'none' END, '',
           CASE WHEN f.id % 20 < 17 THEN {user} END, CASE WHEN f.id % 20 < 17 THEN now() END
    FROM registry_facility f, unnest(ARRAY[202501, 202502, 202503]) m""",
    """
    INSERT INTO verification_declaration (facility_id, month, group_no, district_no, manner, declared_by_id,
                                          declared_at, late_because)
    SELECT m.facility_id, m.month, g.id, f.region_no, 'all', {user}, now(), '' FROM verification_facilitymonth m
    JOIN registry_facility f ON f.id = m.facility_id
    JOIN registry_group g ON g.region_no / 10000 * 10000 = f.region_no""",
    """
    CREATE TEMP TABLE village AS
    SELECT row_number() OVER (ORDER BY v.no) - 1 AS n, v.no, 1000 + row_number() OVER (ORDER BY v.no) AS grp,
           f.id AS school
    FROM regions_region v LEFT JOIN registry_facility f ON f.region_no = v.no / 10000 * 10000 WHERE v.level = 4""",
    "CREATE UNIQUE INDEX ON village (n)",
    """
    INSERT INTO registry_family (id, region_no, group_id, dtks_id, name, name_key, address, rt, rw, hamlet, category,
                                 note, sources, registered_on, kk_ix)
    SELECT i, v.no, v.grp, i::text, 'KELUARGA ' || i, 'KELUARGA ' || i, 'JL. UTAMA', '001', '002', '', 0, '', '{{}}',
           '2020-01-01', substr(sha256(i::text::bytea), 1, 16)
    FROM generate_series(1, {families}) i
    JOIN village v ON v.n = i * (SELECT count(*) FROM village) / ({families} + 1)""",
    """
    INSERT INTO registry_member (id, family_id, region_no, group_id, name, name_key, sex, born_on, born_source,
                                 relation, manager, sources, nik_ix)
    SELECT f.id * 10 + k, f.id, f.region_no, f.group_id, 'ANGGOTA ' || f.id, 'ANGGOTA ' || f.id, 1 + k % 2,
           CASE WHEN k = 1 THEN date '1970-01-01' + (f.id % 5000)::int
                WHEN kind = 0 THEN date '2020-06-01' + (f.id % 900)::int
                WHEN kind < 5 THEN date '2013-06-01' + (f.id % 1400)::int
                WHEN kind < 7 THEN date '2010-06-01' + (f.id % 900)::int
                WHEN kind = 7 THEN date '2007-06-01' + (f.id % 900)::int
                WHEN kind = 8 THEN date '1945-01-01' + (f.id % 3000)::int ELSE date '1985-01-01' END,
           'list', CASE WHEN k = 1 THEN 'manager' ELSE 'child' END, k = 1, '{{}}',
           substr(sha256((f.id * 10 + k)::text::bytea), 1, 16)
    FROM registry_family f CROSS JOIN generate_series(1, 4) k
    CROSS JOIN LATERAL (SELECT (f.id * 7 + k * 3) % 10 AS kind) x""",
    """
    INSERT INTO registry_enrolment (family_id, region_no, group_id, spell, source, began_because, ended_because)
    SELECT id, region_no, group_id, '[2020-01-01,)', 'list', '', '' FROM registry_family""",
    """
    INSERT INTO registry_componentspell (family_id, region_no, group_id, member_id, component, spell, grade, student_no,
                                         ordinal, source, facility_id)
    SELECT m.family_id, m.region_no, m.group_id, m.id,
           CASE WHEN kind = 0 THEN 2 WHEN kind < 5 THEN 3 WHEN kind < 7 THEN 4 ELSE 5 END, '[2024-01-01,)', '', '', 0,
           'list', v.school
    FROM registry_member m CROSS JOIN LATERAL (SELECT (m.family_id * 7 + (m.id % 10) * 3) % 10 AS kind) x
    JOIN village v ON v.no = m.region_no WHERE NOT m.manager AND kind < 8""",
    """
    INSERT INTO verification_observation (family_id, region_no, group_id, member_id, facility_id, month, absent_days,
                                          leave_days, sick_days, outcome, note)
    SELECT s.family_id, s.region_no, s.group_id, s.member_id, s.facility_id, 202501 + (s.member_id % 3)::int,
           8, 0, 0, 0, ''
    FROM registry_componentspell s WHERE s.component > 2 AND s.member_id % 50 = 2""",
)
ACCOUNTS = """
    COPY registry_paymentaccount (id, family_id, region_no, group_id, channel, bank, number, number_ix, holder, spell,
                                  source) FROM STDIN"""
BANKS = ("BRI", "BNI", "MANDIRI", "BTN")
CASH_EACH = 20  # one family in so many is paid by the post
NO_NUMBER_EACH = 50  # one in so many has a bank's account whose number nobody knows yet: its money is held


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--families", type=int, default=1_000_000)
    fill(parser.parse_args(arguments).families)


def fill(families: int) -> float:
    """The rows, once; seconds."""
    start = time.perf_counter()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_family")
        if cursor.fetchone()[0] == families:
            return 0.0
    write(families)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return time.perf_counter() - start


def write(families: int) -> None:
    """The rows, in one transaction of the owner."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SELECT min(id) FROM accounts_user")
        user = cursor.fetchone()[0]
        for statement in FILL:
            cursor.execute(statement.format(families=families, user=user))
        _accounts(families)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _accounts(families: int) -> None:
    """One account a family, its number sealed in its row, of the bank of its regency."""
    table = PaymentAccount._meta.db_table
    with connections["owner"].cursor() as cursor:
        for low in range(1, families + 1, ACCOUNTS_AT_ONCE):
            cursor.execute(
                "SELECT id, region_no, group_id FROM registry_family WHERE id BETWEEN %s AND %s ORDER BY id",
                [low, low + ACCOUNTS_AT_ONCE - 1],
            )
            rows = cursor.fetchall()
            with cursor.copy(ACCOUNTS) as copy:
                for family, region, group in rows:
                    cash = family % CASH_EACH == 0
                    bank = "" if cash else BANKS[region // 10**6 % len(BANKS)]
                    number = f"{3302_0000_0000_000 + family}"
                    known = not cash and family % NO_NUMBER_EACH != 1
                    sealed = seal(number, kind="account", table=table, row_id=family) if known else None
                    index = number.rjust(16).encode() if known else None
                    copy.write_row(
                        (family, family, region, group, 2 if cash else 1, bank, sealed, index, "", "[2020-01-01,)",
                         "list")
                    )  # fmt: skip
