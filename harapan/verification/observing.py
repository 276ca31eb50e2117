"""Marks of members, many at once: full presence has no row, everything else has one a member and month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harapan.database.staging import staged
from harapan.registry.models import Facility
from harapan.verification.models import Observation


class Mark(NamedTuple):
    """A member's month: days by kind, or an outcome where days do not count (health posts). month: yyyymm."""

    member_id: int
    month: int
    absent_days: int = 0
    leave_days: int = 0
    sick_days: int = 0
    present_days: int | None = None
    outcome: int = Observation.Outcome.BY_DAYS
    note: str = ""

    @property
    def full(self) -> bool:
        """Present on every day: nothing to store."""
        return not (self.absent_days or self.leave_days or self.sick_days or self.outcome)

    @property
    def blank(self) -> bool:
        """Nobody spoke of this member: the month stays not verified, whatever becomes of the facility's."""
        return self.outcome == Observation.Outcome.UNKNOWN


def compare(marks: Sequence[Mark], *, heard: set[Mark]) -> list[str]:
    """ "new", "changed" or "same" for each mark; new are those for whom the month was not declared before.

    A blank takes nothing back: where something stands of the member it is "same".
    """
    members, months = {mark.member_id for mark in marks}, {mark.month for mark in marks}
    fields = ("absent_days", "leave_days", "sick_days", "present_days", "outcome")
    stored = {
        (row[0], row[1]): row[2:]
        for row in Observation.objects.filter(member__in=members, month__in=months).values_list(
            "member_id", "month", *fields
        )
    }
    said = []
    for mark in marks:
        before = stored.get((mark.member_id, mark.month))
        now = None if mark.full else tuple(getattr(mark, name) for name in fields)
        if mark.blank and before is not None:
            said.append("same")
        else:
            said.append("new" if mark not in heard else "same" if before == now else "changed")
    return said


COLUMNS = {
    "member_id": "bigint", "month": "int", "absent_days": "smallint", "leave_days": "smallint", "sick_days": "smallint",
    "present_days": "smallint", "outcome": "smallint", "note": "text", "is_full": "boolean",
}  # fmt: skip
_CLEAR = """
    DELETE FROM verification_observation o USING mark k
    WHERE k.is_full AND o.member_id = k.member_id AND o.month = k.month"""
_WRITE = """
    INSERT INTO verification_observation AS o (family_id, region_no, group_id, member_id, facility_id, month,
                                               absent_days, leave_days, sick_days, present_days, outcome, note)
    SELECT m.family_id, m.region_no, m.group_id, m.id, %s, k.month, k.absent_days, k.leave_days, k.sick_days,
           k.present_days, k.outcome, k.note
    FROM mark k JOIN registry_member m ON m.id = k.member_id WHERE NOT k.is_full
    ON CONFLICT (member_id, month) DO UPDATE SET
        facility_id = excluded.facility_id, absent_days = excluded.absent_days, leave_days = excluded.leave_days,
        sick_days = excluded.sick_days, present_days = excluded.present_days, outcome = excluded.outcome,
        note = excluded.note
    WHERE (o.facility_id, o.absent_days, o.leave_days, o.sick_days, o.present_days, o.outcome, o.note)
          IS DISTINCT FROM (excluded.facility_id, excluded.absent_days, excluded.leave_days, excluded.sick_days,
                            excluded.present_days, excluded.outcome, excluded.note)"""


def write(facility: Facility, marks: Sequence[Mark]) -> None:
    """Store marks over what stood before. Three statements."""
    if not marks:
        return
    with staged("mark", COLUMNS, ((*mark, mark.full) for mark in marks)) as cursor:
        cursor.execute(_CLEAR)
        cursor.execute(_WRITE, [facility.pk])
