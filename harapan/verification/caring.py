""" "Semua datang kecuali …" for health posts and social care: obligations, and what they make of the month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from harapan.accounts.models import User
from harapan.database.scope import atomic
from harapan.database.staging import staged
from harapan.registry.models import Facility
from harapan.verification.actions import declare_all_present_except
from harapan.verification.models import CareMark, FacilityMonth, Observation
from harapan.verification.obligations import Owed
from harapan.verification.observing import Mark

Outcome = CareMark.Outcome


class Entry(NamedTuple):
    """What somebody says of one obligation of a member in a month. outcome None: nothing (due and not said)."""

    member_id: int
    month: int
    item: str
    outcome: int | None
    times: int = 1
    done_on: date | None = None


def entry_of(owed: Owed, outcome: int | None, *, times: int = 1, done_on: date | None = None) -> Entry:
    return Entry(owed.member_id, owed.month, owed.item.key, outcome, times, done_on)


def month_outcome(dues: Iterable[tuple[Owed, Entry]]) -> Observation.Outcome:
    """What a member's obligations make of the month.

    Missed where one was; unknown where one ends this month and nobody says whether it was met; an obligation that may
    still be met later says nothing yet. BY_DAYS is the word for "nothing to hold against anybody".
    """
    said = [_weight(owed, entry) for owed, entry in dues if owed.state != "exempt"]
    order = (Observation.Outcome.MISSED, Observation.Outcome.UNKNOWN, Observation.Outcome.EXCUSED)
    return next((outcome for outcome in order if outcome in said), Observation.Outcome.BY_DAYS)


def _weight(owed: Owed, entry: Entry) -> Observation.Outcome:
    if not owed.item.monthly and not owed.closes:
        return Observation.Outcome.BY_DAYS
    if entry.outcome is None or entry.outcome == Outcome.DONE:
        done = owed.item.monthly or owed.done_elsewhere + _brought(entry) >= owed.item.times
        return Observation.Outcome.BY_DAYS if done else Observation.Outcome.UNKNOWN
    return {
        Outcome.MISSED: Observation.Outcome.MISSED, Outcome.EXCUSED: Observation.Outcome.EXCUSED,
    }.get(Outcome(entry.outcome), Observation.Outcome.UNKNOWN)  # fmt: skip


def _brought(entry: Entry) -> int:
    return entry.times if entry.outcome == Outcome.DONE else 0


def declare_care(
    facility: Facility, month: int, dues: Sequence[tuple[Owed, Entry]], *, members: Collection[int], by: User,
    completes: bool = False, late_because: str = "", manner: str = FacilityMonth.Manner.ALL_BUT,
) -> FacilityMonth:  # fmt: skip
    """Say of these members' obligations in a month what was met: monthly ones unless said otherwise, others as said.

    Replaces what was marked for them before. Raises MonthProven where nobody of them is left to be declared.
    """
    of_member: dict[int, list[tuple[Owed, Entry]]] = {}
    for owed, entry in dues:
        of_member.setdefault(owed.member_id, []).append((owed, entry))
    outcomes = {member: month_outcome(said) for member, said in of_member.items()}
    marks = [
        Mark(member, month, outcome=outcome)
        for member, outcome in outcomes.items()
        if outcome != Observation.Outcome.BY_DAYS
    ]
    with atomic():
        stated, spoken = declare_all_present_except(
            facility, month, marks, members=members, by=by, completes=completes, late_because=late_because,
            manner=manner,
        )  # fmt: skip
        said = [_spelled_out(owed, entry, outcomes[owed.member_id]) for owed, entry in dues]
        write(facility, month, [entry for entry in said if entry.member_id in spoken], members=spoken)
    return stated


def _spelled_out(owed: Owed, entry: Entry, outcome: Observation.Outcome) -> Entry:
    """Where a member's month is not simply met, each monthly obligation says for itself whether it was."""
    if outcome == Observation.Outcome.BY_DAYS or entry.outcome is not None or not owed.item.monthly:
        return entry
    return entry._replace(outcome=Outcome.DONE)


_WRITE = """
    INSERT INTO verification_caremark AS c (family_id, region_no, group_id, member_id, facility_id, month, item,
                                            outcome, times, done_on)
    SELECT m.family_id, m.region_no, m.group_id, m.id, %s, k.month, k.item, k.outcome, k.times, k.done_on
    FROM care k JOIN registry_member m ON m.id = k.member_id
    ON CONFLICT (member_id, item, month) DO UPDATE SET
        facility_id = excluded.facility_id, outcome = excluded.outcome, times = excluded.times,
        done_on = excluded.done_on
    WHERE (c.facility_id, c.outcome, c.times, c.done_on)
          IS DISTINCT FROM (excluded.facility_id, excluded.outcome, excluded.times, excluded.done_on)"""
_COLUMNS = {
    "member_id": "bigint", "month": "int", "item": "text", "outcome": "smallint", "times": "smallint",
    "done_on": "date",
}  # fmt: skip


def write(facility: Facility, month: int, entries: Sequence[Entry], *, members: Collection[int]) -> None:
    """Store the marks of these members in a month over what stood before; a blank one takes its mark back."""
    kept = [entry for entry in entries if entry.outcome is not None]
    named = {(entry.member_id, entry.item) for entry in kept}
    blank = [entry for entry in entries if (entry.member_id, entry.item) not in named]
    for item in sorted({entry.item for entry in blank}):
        ids = [entry.member_id for entry in blank if entry.item == item and entry.member_id in members]
        CareMark.objects.filter(month=month, item=item, member_id__in=ids).delete()
    if kept:
        with staged("care", _COLUMNS, kept) as cursor:
            cursor.execute(_WRITE, [facility.pk])
