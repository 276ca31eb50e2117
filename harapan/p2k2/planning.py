"""A group's plan for a year: proposed from the curriculum and what the group has heard, then changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import month_of
from harapan.database.scope import atomic
from harapan.p2k2 import rules
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.errors import UnknownLesson
from harapan.p2k2.law import law_on, lessons_planned
from harapan.p2k2.models import PlannedSession, Session
from harapan.registry.actions import NotYours
from harapan.registry.models import NO_GROUP, Group

PER_MONTH_MAX = 4


def number_of(month: str) -> int:
    """ "2025-04" -> 202504, as months are stored here."""
    return int(month.replace("-", ""))


def months_left(year: int, *, on: date) -> list[int]:
    """The months of the year from this one on; all of a later year, none of an earlier."""
    now = number_of(month_of(on))
    return [month for month in range(year * 100 + 1, year * 100 + 13) if month >= now]


def propose_plans(group_ids: Iterable[int], year: int, *, by: User, on: date) -> int:
    """Fill the months of the year that are not over and have no plan yet, for each group.

    Gives how many meetings were planned; what is planned already stays. A constant number of statements. Raises
    NotYours, and Refused for a year that is over.
    """
    wanted = sorted(set(group_ids))
    months = months_left(year, on=on)
    if not months:
        raise Refused("Tahun {year} sudah lewat. Rencanakan tahun ini atau tahun depan.", year=year)
    with atomic():
        groups = _locked(wanted)
        lessons = [lesson.code for lesson in lessons_planned(max(on, date(year, 1, 1)))]
        heard, planned = _heard(wanted), _planned(wanted)
        rows = []
        for group in groups:
            taken = {month for month, _lesson in planned.get(group.pk, ())}
            known = heard.get(group.pk, set()) | {
                lesson for month, lesson in planned.get(group.pk, ()) if month >= months[0]
            }
            free = [month for month in months if month not in taken]
            plan = rules.proposed(lessons, known, free, per_month=law_on(on).per_month_min)
            rows += [_row(group, month, lesson, by) for month, lesson in plan]
        PlannedSession.objects.bulk_create(rows)
        log.record_each(
            "plan.proposed", kind="group", bodies={group.pk: {"year": year} for group in groups}
        )  # fmt: skip
    return len(rows)


def set_month(group_id: int, month: int, lessons: Sequence[str], *, by: User, on: date) -> None:
    """Say which lessons a group is to hear in a month, in place of what was planned.

    Raises NotYours, UnknownLesson, and Refused for none at all, too many, or a month that is over.
    """
    chosen = list(dict.fromkeys(lessons))
    least = law_on(on).per_month_min
    if not least <= len(chosen) <= PER_MONTH_MAX:
        raise Refused(
            "Rencanakan {least} sampai {most} sesi untuk tiap bulan; yang dipilih {count}.",
            least=least, most=PER_MONTH_MAX, count=len(chosen),
        )  # fmt: skip
    if month < number_of(month_of(on)):
        raise Refused("Bulan itu sudah lewat, jadi rencananya tidak diubah. Ubah rencana bulan ini dan sesudahnya.")
    known = default_curriculum().lessons
    for code in chosen:
        if code not in known:
            raise UnknownLesson(code, on)
    with atomic():
        (group,) = _locked([group_id])
        before = PlannedSession.objects.filter(group=group, month=month)
        was = sorted(before.values_list("lesson", flat=True))
        before.exclude(lesson__in=chosen).delete()
        PlannedSession.objects.bulk_create(_row(group, month, code, by) for code in chosen if code not in was)
        body = {"month": month, "was": was, "now": sorted(chosen)}
        log.record("plan.changed", kind="group", subject=group.pk, body=body)


def _locked(group_ids: Sequence[int]) -> list[Group]:
    found = Group.objects.select_for_update(of=("self",)).filter(pk__in=group_ids).exclude(pk=NO_GROUP)
    groups = list(found.order_by("pk"))
    if len(groups) != len(group_ids):
        raise NotYours("Kelompok")
    return groups


def _row(group: Group, month: int, lesson: str, by: User) -> PlannedSession:
    return PlannedSession(group=group, region_no=int(group.region_id or 0), month=month, lesson=lesson, planned_by=by)


def _heard(group_ids: Sequence[int]) -> dict[int, set[str]]:
    """Group -> what it has heard, under the code it counts as."""
    found: dict[int, set[str]] = {}
    curriculum = default_curriculum()
    rows = Session.objects.filter(group__in=group_ids).order_by().values_list("group", "lesson").distinct()
    for group, lesson in rows:
        found.setdefault(group, set()).update(curriculum.subjects([lesson]))
    return found


def _planned(group_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for group, month, lesson in PlannedSession.objects.filter(group__in=group_ids).values_list(
        "group", "month", "lesson"
    ):
        found.setdefault(group, []).append((month, lesson))
    return found
