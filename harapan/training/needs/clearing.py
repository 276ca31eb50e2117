"""Clearances: what a role may do only after its courses (`Role.needs_clearance`) opens here and closes here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connections

from harapan.accounts.roles import catalogue
from harapan.audit import log
from harapan.database.scope import active_alias, atomic
from harapan.training.needs.law import clearing_courses
from harapan.training.needs.learned import LEARNED

FOR_GOOD = date(9999, 12, 31)

# who holds the role and has every course of it, until the first of them ends
_CLEARED = f"""
    SELECT p.user_id, least(min(l.until), %(ever)s::date) FROM workforce_person p
    JOIN (SELECT DISTINCT user_id FROM accounts_post WHERE role_code = %(role)s AND since <= %(on)s
          AND (until IS NULL OR until > %(on)s)) o ON o.user_id = p.user_id
    JOIN ({LEARNED}) l ON l.person = p.id AND l.until >= %(on)s
    JOIN training_course c ON c.id = l.course AND c.code = ANY (%(courses)s)
    GROUP BY 1 HAVING count(*) = %(count)s"""  # noqa: S608
_WRITE = f"""
    INSERT INTO accounts_clearance (user_id, role_code, until)
    SELECT c.user_id, %(role)s, c.until FROM ({_CLEARED}) c(user_id, until)
    ON CONFLICT (user_id, role_code) DO UPDATE SET until = excluded.until
    WHERE accounts_clearance.until <> excluded.until"""  # noqa: S608
_END = f"""
    DELETE FROM accounts_clearance
    WHERE role_code = %(role)s AND user_id NOT IN (SELECT c.user_id FROM ({_CLEARED}) c(user_id, until))"""  # noqa: S608


def refresh_clearances(*, on: date) -> int:
    """Write who is cleared for which role today; how many rows changed. Needs the batch scope, which sees everybody.

    A role whose courses policy does not name clears nobody: what waits for it stays closed.
    """
    changed = 0
    with atomic():
        for code, role in catalogue().items():
            if role.needs_clearance:
                changed += _refresh(code, clearing_courses(code, on=on), on)
        if changed:
            log.record("clearances.refreshed", body={"changed": changed})
    return changed


def _refresh(role: str, courses: tuple[str, ...], on: date) -> int:
    values: dict[str, Any] = {"role": role, "on": on, "courses": list(courses), "count": len(courses), "ever": FOR_GOOD}
    changed = 0
    with connections[active_alias()].cursor() as cursor:
        for statement in (_END, _WRITE):
            cursor.execute(statement, values)
            changed += cursor.rowcount
    return changed
