"""A person's month: proposed from what is due, moved and completed by its owner, then stood by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.db.models import Avg

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import month_days, month_of
from harapan.core.phrases import Phrase
from harapan.database.day import moment, today
from harapan.database.scope import atomic
from harapan.fieldwork.due import area_of, tasks_in
from harapan.fieldwork.errors import DayFull, NoWorkday, OutsideMonth
from harapan.fieldwork.law import at_minute, minute_of
from harapan.fieldwork.models import PlanItem, WorkPlan
from harapan.fieldwork.rules import Day, Position, Wanted, propose
from harapan.fieldwork.supervising import Piece, supervisions
from harapan.fieldwork.task_kinds import kinds_on
from harapan.fieldwork.workers import Worker
from harapan.p2k2.models import Photograph
from harapan.p2k2.planning import number_of
from harapan.registry.actions import NotYours
from harapan.registry.models import Group
from harapan.workforce import duties
from harapan.workforce.workdays import Hours, holidays_of, hours_on, workdays

WHAT = Phrase("Rencana kerja")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a proposal did: the plan, how many pieces it placed, how many found no room in the month."""

    plan: WorkPlan
    placed: int
    left: int


def propose_plan(worker: Worker, month: str, *, by: User, on: date) -> Proposal:
    """Put what is due into the days that are left. What was moved, put in by hand, or accepted stays where it is.

    Asking again changes nothing where nothing new is due. Raises Refused for a month that is over.
    """
    first, after = month_days(month)
    start = max(on, first)
    if after <= on:
        raise Refused("Bulan {month} sudah lewat. Rencanakan bulan ini atau bulan berikutnya.", month=month)
    with atomic():
        plan = _locked(worker, month)
        items = list(plan.items.all())
        kept = [each for each in items if plan.accepted_at or each.moved or not each.task_key or each.day < start]
        PlanItem.objects.filter(pk__in=[each.pk for each in items if each not in kept]).delete()
        known = {each.task_key for each in kept}
        pieces = {piece.key: piece for piece in _due(worker, month, start, on=on) if piece.key not in known}
        wanted = [Wanted(each.key, each.village_no, each.minutes, each.due_on) for each in pieces.values()]
        days = _days(worker, month, kept, since=start)
        groups = worker.post.groups or _groups_around(pieces.values())
        slots, left = propose(wanted, days, positions=positions_of(groups))
        PlanItem.objects.bulk_create(
            _item(plan, pieces[slot.key], slot.day, at_minute(slot.begins), at_minute(slot.ends)) for slot in slots
        )
        plan.proposed_at = moment(on)
        plan.save(update_fields=["proposed_at"])
        log.record("work_plan.proposed", kind="user", subject=worker.pk, body={"month": plan.month, "n": len(slots)})
    return Proposal(plan, len(slots), len(left))


def _locked(worker: Worker, month: str) -> WorkPlan:
    number = number_of(month)
    values = {"region_no": worker.region_no, "proposed_at": moment(today())}
    WorkPlan.objects.get_or_create(user=worker.user, month=number, defaults=values)
    return WorkPlan.objects.select_for_update().filter(user=worker.user, month=number).first()  # type: ignore[return-value]


def _due(worker: Worker, month: str, start: date, *, on: date) -> list[Piece]:
    """The tasks that take time; of a lead also whom to supervise."""
    kinds = [kind for kind in kinds_on(on, post=worker.post) if kind.minutes]
    tasks = [Piece.of(task) for task in tasks_in(area_of(worker.post, on=start), kinds)]
    return [*tasks, *(supervisions(worker, month, on=on) if worker.lead else ())]


def _item(plan: WorkPlan, piece: Piece, day: date, begins: time, ends: time) -> PlanItem:
    return PlanItem(
        plan=plan, user_id=plan.user_id, region_no=plan.region_no, day=day, begins=begins, ends=ends,
        village_no=piece.village_no, kind=piece.kind, subject_no=piece.subject_no, task_key=piece.key, rhk=piece.rhk,
    )  # fmt: skip


def _days(worker: Worker, month: str, kept: Iterable[PlanItem], *, since: date) -> list[Day]:
    """The days that are left to plan: those of duties without named days are taken from the end of the month."""
    first, after = month_days(month)
    hours = hours_on(first)
    own = duties.in_force({worker.pk: worker.region_no}, first, after)[worker.pk]
    taken = duties.minutes_by_day(own)
    standing: dict[date, list[PlanItem]] = defaultdict(list)
    for item in kept:
        standing[item.day].append(item)
    worked = workdays(month, hours)
    left = [day for day in worked if day >= since]
    free = duties.open_days(own, month, hours) * len(left) // len(worked) if worked else 0
    return [_day(day, hours, taken.get(day, 0), standing[day]) for day in left[: max(len(left) - free, 0)]]


def _day(day: date, hours: Hours, duty_minutes: int, standing: Iterable[PlanItem]) -> Day:
    """A day with what already stands in it."""
    begun = Day.of(day, hours, taken=duty_minutes)
    for item in standing:
        begun.at = max(begun.at, minute_of(item.ends))
        begun.villages.append(item.village_no)
    return begun


def _groups_around(pieces: Iterable[Piece]) -> list[int]:
    """Groups of the villages a lead goes to. One query."""
    villages = {piece.village_no for piece in pieces}
    return list(Group.objects.filter(region__in=villages, candidates=False).values_list("pk", flat=True))


def positions_of(groups: Iterable[int]) -> dict[int, Position]:
    """Village -> where its meetings were photographed, on average: all we know of where villages lie. One query."""
    seen = Photograph.objects.filter(group__in=list(groups), latitude__isnull=False).order_by().values("region_no")
    rows = seen.annotate(north=Avg("latitude"), east=Avg("longitude"))
    return {row["region_no"]: (row["north"], row["east"]) for row in rows}


def accept_plan(plan_id: int, *, by: User, on: date) -> WorkPlan:
    """Its owner stands by it; from then on a proposal only adds. Raises NotYours, and Refused for an empty plan."""
    with atomic():
        plan = _plan(plan_id)
        if not plan.items.exists():
            raise Refused("Rencana ini masih kosong. Minta usulannya, atau tambahkan kegiatan dahulu.")
        if plan.accepted_at is None:
            plan.accepted_at = moment(on)
            plan.save(update_fields=["accepted_at"])
            log.record("work_plan.accepted", kind="user", subject=plan.user_id, body={"month": plan.month})
    return plan


def move_item(item_id: int, day: date, *, begins: time | None, by: User, on: date) -> PlanItem:
    """Another day, or another hour. Without an hour it follows what stands in the day. Raises NotYours and refusals."""
    with atomic():
        item = PlanItem.objects.select_for_update().select_related("plan").filter(pk=item_id).first()
        if item is None:
            raise NotYours(WHAT)
        item.begins, item.ends = _room(item.plan, day, item.minutes, item.village_no, begins=begins, but=item.pk)
        item.day, item.moved = day, True
        item.save(update_fields=["day", "begins", "ends", "moved"])
        log.record("work_plan.changed", kind="user", subject=item.user_id, body={"item": item.pk, "day": day})
    return item


def add_item(
    worker: Worker, month: str, day: date, *, title: str, minutes: int, rhk: int, begins: time | None, by: User
) -> PlanItem:  # fmt: skip
    """Something of one's own: a meeting, a directive. Raises the refusals of a day."""
    with atomic():
        plan = _locked(worker, month)
        start, end = _room(plan, day, minutes, 0, begins=begins)
        item = PlanItem.objects.create(
            plan=plan, user=worker.user, region_no=worker.region_no, day=day, begins=start, ends=end, title=title,
            rhk=rhk, moved=True,
        )  # fmt: skip
        log.record("work_plan.changed", kind="user", subject=worker.pk, body={"item": item.pk, "day": day})
    return item


def remove_item(item_id: int, *, by: User) -> None:
    """Take it out; what is due can be proposed again. Raises NotYours."""
    with atomic():
        item = PlanItem.objects.filter(pk=item_id).first()
        if item is None:
            raise NotYours(WHAT)
        log.record(
            "work_plan.changed", kind="user", subject=item.user_id, body={"removed": item.task_key or item.title}
        )
        item.delete()


def _plan(plan_id: int) -> WorkPlan:
    plan = WorkPlan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise NotYours(WHAT)
    return plan


def _room(
    plan: WorkPlan, day: date, minutes: int, village_no: int, *, begins: time | None, but: int = 0
) -> tuple[time, time]:
    """From when to when it stands in that day. Raises OutsideMonth, NoWorkday, DayFull, Refused."""
    hours = _refuse_idle(plan, day)
    standing = list(plan.items.filter(day=day).exclude(pk=but).order_by("begins"))
    own = duties.in_force({plan.user_id: plan.region_no}, *_one(day))[plan.user_id]
    taken = duties.minutes_by_day(own).get(day, 0)
    left = hours.day_minutes - taken - sum(each.minutes for each in standing)
    if minutes > left:
        raise DayFull(day, max(left, 0))
    if begins is None:
        span = _day(day, hours, taken, standing).span(village_no, minutes)
        if span is None:
            raise DayFull(day, max(left, 0))
        return at_minute(span[0]), at_minute(span[1])
    start, end = minute_of(begins), minute_of(begins) + minutes
    other = next((each for each in standing if minute_of(each.begins) < end and start < minute_of(each.ends)), None)
    if other is not None or end >= 24 * 60:
        raise Refused(
            "Pukul {begins} sampai {ends} bertabrakan dengan kegiatan lain atau lewat tengah malam. Pilih jam lain.",
            begins=f"{begins:%H.%M}", ends=f"{end // 60 % 24:02d}.{end % 60:02d}",
        )  # fmt: skip
    return begins, at_minute(end)


def _one(day: date) -> tuple[date, date]:
    return day, date.fromordinal(day.toordinal() + 1)


def _refuse_idle(plan: WorkPlan, day: date) -> Hours:
    if month_of(day) != plan.month_text:
        raise OutsideMonth(day, plan.month_text)
    hours, off = hours_on(day), holidays_of(day.year)
    if day in off or day.isoweekday() not in hours.weekdays:
        raise NoWorkday(day, off.get(day, Phrase("akhir pekan")))
    return hours
