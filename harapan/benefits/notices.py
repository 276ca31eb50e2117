"""What pages ask of notices: which wait for what, whose they are, and what they would cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from harapan.benefits.models import Mode, SanctionNotice, Stage, Verdict
from harapan.benefits.notice_words import missed_words
from harapan.benefits.sanction_effect import Cost, costs_of
from harapan.database.counting import Waiting, waiting
from harapan.registry.models import Family, Member

OPEN = Q(verdict=Verdict.OPEN)
UNTOLD = OPEN & Q(told_on__isnull=True)
TOLD = OPEN & Q(told_on__isnull=False, answer="")
ANSWERED = OPEN & ~Q(answer="")


def over(on: date) -> Q:
    """Told, silent, and the days to answer are over."""
    return TOLD & Q(answer_until__lt=on)


def in_state(state: str, *, on: date) -> Q:
    """The notices that wait for one thing: untold, running, answered, over; `open` and `decided` as wholes."""
    return {
        "open": OPEN,
        "untold": UNTOLD,
        "running": TOLD & Q(answer_until__gte=on),
        "answered": ANSWERED,
        "over": over(on),
        "decided": ~OPEN,
    }[state]


def untold() -> Waiting:
    """Families who do not know yet, in the scope that is on."""
    return waiting(SanctionNotice.objects.filter(UNTOLD))


def to_decide(*, on: date) -> Waiting:
    """Notices with an answer, or with their days over."""
    return waiting(SanctionNotice.objects.filter(ANSWERED | over(on)))


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as a list shows it. `days_left` below nought: over; None: the days do not run."""

    notice: SanctionNotice
    missed: str
    days_left: int | None


def rows(notices: Iterable[SanctionNotice], *, on: date) -> list[NoticeRow]:
    """With the members by name. One query."""
    listed = list(notices)
    names = names_of(listed)
    return [NoticeRow(notice, missed_words(notice, names), days_left(notice, on=on)) for notice in listed]


def names_of(notices: Iterable[SanctionNotice]) -> dict[int, str]:
    """The members of these notices by name. One query."""
    numbers = {number for notice in notices for number in notice.members}
    return dict(Member.objects.filter(pk__in=numbers).values_list("pk", "name"))


def days_left(notice: SanctionNotice, *, on: date) -> int | None:
    if not notice.open or notice.answer or notice.answer_until is None:
        return None
    return (notice.answer_until - on).days


def of_family(family: Family, stage: Stage | None, *, on: date) -> list[NoticeRow]:
    """The notices of a family for a stage, and what is still open for any other, in order of month. Two queries."""
    return of_families([family.pk], stage, on=on).get(family.pk, [])


def of_families(families: Collection[int], stage: Stage | None, *, on: date) -> dict[int, list[NoticeRow]]:
    """The same by family, those without any left out. Two queries."""
    found: dict[int, list[NoticeRow]] = {}
    asked = SanctionNotice.objects.filter(Q(stage=stage) | OPEN, family__in=families)
    for row in rows(asked.select_related("stage", "told_by", "decided_by").order_by("month"), on=on):
        found.setdefault(row.notice.family_id, []).append(row)
    return found


def cost(notice: SanctionNotice) -> Cost | None:
    """What the open notices of its family would cost its stage; None where the family is not in it."""
    return costs_of(notice.stage, [notice.family_id]).get(notice.family_id)


def open_costs(rows: Iterable[NoticeRow]) -> dict[tuple[int, int], Cost]:
    """(stage, family) -> what the open ones among these notices would cost. A constant number of statements a stage."""
    of_stage: dict[Stage, set[int]] = {}
    for row in rows:
        if row.notice.open:
            of_stage.setdefault(row.notice.stage, set()).add(row.notice.family_id)
    return {
        (stage.pk, number): found
        for stage, families in of_stage.items()
        for number, found in costs_of(stage, sorted(families)).items()
    }


def listening_stages() -> QuerySet[Stage]:
    """Stages that may have notices, newest first."""
    return Stage.objects.filter(mode=Mode.COMPUTED).order_by("-year", "-number")
