"""Schools found or noted by their number, and the pupils they serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from harapan.core.components import GROUP_OF, Component
from harapan.core.components import Group as Side
from harapan.core.names import name_key
from harapan.database.staging import staged
from harapan.registry.models import Facility

SCHOOL_COMPONENTS = [int(component) for component in Component if GROUP_OF[component] is Side.EDUCATION]


def school(npsn: str, *, name: str, level: str, region_no: int) -> Facility:
    """The school of that NPSN; noted when it is not known yet. What is known of it is not overwritten."""
    found, _ = Facility.objects.get_or_create(
        kind=Facility.Kind.SCHOOL,
        code=npsn,
        defaults={
            "name": (name or f"Sekolah {npsn}")[:120], "name_key": name_key(name or npsn)[:120], "level": level[:10],
            "region_id": region_no,
        },
    )  # fmt: skip
    return found


class Pupil(NamedTuple):
    member_id: int
    student_no: str
    grade: str


_SERVE = """
    UPDATE registry_componentspell c SET
        facility_id = %(facility)s, student_no = coalesce(nullif(p.student_no, ''), c.student_no),
        grade = coalesce(nullif(p.grade, ''), c.grade)
    FROM pupil p
    WHERE c.member_id = p.member_id AND c.component = ANY (%(components)s)
      AND c.spell && daterange(%(first)s, %(after)s)
      AND (c.facility_id IS DISTINCT FROM %(facility)s
           OR c.student_no <> coalesce(nullif(p.student_no, ''), c.student_no)
           OR c.grade <> coalesce(nullif(p.grade, ''), c.grade))
    RETURNING c.member_id"""
_AT_SCHOOL = """
    SELECT DISTINCT c.member_id FROM registry_componentspell c JOIN pupil p ON p.member_id = c.member_id
    WHERE c.component = ANY (%(components)s) AND c.spell && daterange(%(first)s, %(after)s)"""


def serve(facility: Facility, pupils: Sequence[Pupil], *, first: date, after: date) -> tuple[set[int], set[int]]:
    """Note the school, NISN and grade of pupils who count for a school component between the days.

    (members whose note changed, members who count for no school component then). Two statements.
    """
    columns = {"member_id": "bigint", "student_no": "text", "grade": "text"}
    values: dict[str, Any] = {"facility": facility.pk, "components": SCHOOL_COMPONENTS, "first": first, "after": after}
    with staged("pupil", columns, pupils) as cursor:
        cursor.execute(_SERVE, values)
        changed = {member for (member,) in cursor.fetchall()}
        cursor.execute(_AT_SCHOOL, values)
        counted = {member for (member,) in cursor.fetchall()}
    return changed, {pupil.member_id for pupil in pupils} - counted
