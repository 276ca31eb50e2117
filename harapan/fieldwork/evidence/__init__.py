"""What shows that something was done for a result (RHK): counted against its target, and told in its report.

A further domain adds a module here and names its evidence in ALL.
"""

from harapan.fieldwork.evidence import families, meetings, money, months, own
from harapan.fieldwork.evidence.showing import Deed, Evidence, Picture

ALL: tuple[Evidence, ...] = (
    money.CARDS, meetings.SESSIONS, meetings.COMMITMENTS, meetings.BEHAVIOURS, months.DECLARED, months.HEARINGS,
    families.VISITS, families.CHANGES, own.DECIDED, *own.ANSWERS, *own.ACTIVITIES, *own.DUTIES,
)  # fmt: skip

__all__ = ["ALL", "Deed", "Evidence", "Picture"]
