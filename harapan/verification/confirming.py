"""What the head of a facility confirmed by link or phone: the month as they say it, and their word as its evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.verification import caring
from harapan.verification.actions import declare_all_present_except, prove
from harapan.verification.errors import MonthProven
from harapan.verification.linking import mark_used
from harapan.verification.models import ConfirmationLink, Evidence, FacilityMonth
from harapan.verification.observing import Mark

Marks = Mapping[int, Sequence[Mark]]  # month -> exceptions of a school
Dues = Mapping[int, Sequence[tuple[Any, caring.Entry]]]  # month -> obligations of health or social care


def confirm(
    link: ConfirmationLink, *, days: Mapping[int, int | None], marks: Marks | None = None, dues: Dues | None = None,
    members: Collection[int], name: str, position: str, address: str | None, on: date,
) -> list[Phrase]:  # fmt: skip
    """Take over what the head said of the link's months, prove them, and use the link up; months refused, in words.

    days: effective days of the months confirmed now. Only members and months of the link are touched. The caller holds
    the lock on the link. Raises Refused where name, position or every month is missing.
    """
    own = set(link.members) & set(members)
    months = [month for month in link.months if month in days]
    if not months or not own:
        raise Refused("Belum ada bulan yang dikonfirmasi. Centang paling sedikit satu bulan, lalu kirim lagi.")
    refused = []
    with atomic():
        mark_used(link, name=name, position=position, address=address, at=timezone.now())
        note = f"{link.confirmed_by}, {link.position}, lewat tautan, {format_date(on)}"
        for month in months:
            try:
                _take_over(link, month, days[month], marks, dues, own)
            except MonthProven as already:
                refused.append(already.phrase)
            else:
                prove(link.facility, month, evidence=Evidence.CONFIRMATION, note=note, by=link.made_by)
    return refused


def _take_over(
    link: ConfirmationLink, month: int, days: int | None, marks: Marks | None, dues: Dues | None, own: set[int]
) -> None:
    how: dict[str, Any] = {"by": link.made_by, "completes": True, "manner": FacilityMonth.Manner.LINK}
    if dues is not None:
        said = [pair for pair in dues.get(month, ()) if pair[1].member_id in own]
        caring.declare_care(link.facility, month, said, members=own, **how)
    else:
        exceptions = [mark for mark in (marks or {}).get(month, ()) if mark.member_id in own]
        declare_all_present_except(link.facility, month, exceptions, members=own, effective_days=days, **how)
