"""A plan is drawn up as the records stand, and accepted only while they still say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db import connections
from django.db.models import Max

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date, month_days, month_of
from harapan.core.phrases import Phrase
from harapan.database.fields import draw_ids
from harapan.database.scope import Scope, active_alias, atomic, put_on
from harapan.training.dated_data import centres
from harapan.training.inviting import drawn_code, invite
from harapan.training.models import Batch, Course, Enrolment, PlacePlan
from harapan.training.needs.free import days_given, open_batches
from harapan.training.needs.law import class_size, classes_per_month
from harapan.training.needs.planning import MonthGone, NobodyWaits, Plan, Room, make_plan
from harapan.training.needs.queue import queue_of
from harapan.workforce.models.person import NATION

ROWS_AT_ONCE = 5000


class CourseEnds(Refused):
    def __init__(self, course: Course, until: date, last: date) -> None:
        super().__init__(
            Phrase(
                "{course} berlaku sampai {until}, padahal kelas terakhir rencana ini mulai {day}. Mulai lebih awal, "
                "atau tambah kelas balai sebulan di needs.classes_per_month.",
                course=course.name, until=format_date(until), day=format_date(last),
            )
        )  # fmt: skip


class QueueChanged(Refused):
    """What was shown is no longer what would be done."""

    def __init__(self, course: str) -> None:
        super().__init__(
            Phrase(
                "Antrean {course} berubah sejak rencana ini ditampilkan. Lihat rencana yang baru, lalu setujui lagi.",
                course=course,
            )
        )


def draw_up(course: Course, *, first_month: str, on: date, provinces: Collection[int] = ()) -> Plan:
    """The plan that empties the queue as it stands. Raises NobodyWaits, NoCapacity, MonthGone.

    provinces: codes; of the centres that teach these alone, with everybody who waits there.
    """
    if first_month <= month_of(on):
        raise MonthGone(first_month)
    asked = [each for each in centres(on) if not provinces or not set(provinces).isdisjoint(each.taught)]
    taught = {province for each in asked for province in each.taught}
    queue = [one for one in queue_of(course, on=on) if not provinces or one.province in taught]
    if not queue:
        raise NobodyWaits(course.name)
    room = Room(class_size(on), course.days, classes_per_month(on), _taken(first_month, on))
    standing = open_batches(course, asked, queue, first_month=first_month, on=on)
    busy = days_given(course, first_month=first_month)
    plan = make_plan(queue, asked, room, first_month=first_month, standing=standing, busy=busy)
    last = max((each.begins for each in plan.classes), default=None)
    if course.until and last and last > course.until:
        raise CourseEnds(course, course.until, last)
    return plan


def foresee(course: Course, *, first_month: str, post: Post, by: User, on: date) -> Plan:
    """What that plan gives the people of a post's own regions: a centre teaches those of many, in one order.

    Raises as `draw_up`; NobodyWaits also where none of those who wait are of these regions.
    """
    if not post.ranges:
        return draw_up(course, first_month=first_month, on=on)
    provinces = {low // 10**8 for low, _high in post.ranges}
    with put_on(Scope.nation(actor=by.pk, why="rencana tempat wilayah sendiri"), read_only=True):
        whole = draw_up(course, first_month=first_month, on=on, provinces=provinces)
    ours = whole.within(post.ranges)
    if not ours.all:
        raise NobodyWaits(course.name)
    return ours


def _taken(first_month: str, on: date) -> Counter[tuple[str, str]]:
    """Classes that the centres hold already from a month on, of whatever course. One query."""
    codes = {each.name: each.code for each in centres(on)}
    standing = Batch.objects.filter(region_no=NATION, organiser__in=codes, begins__gte=month_days(first_month)[0])
    rows = standing.exclude(state=Batch.State.CANCELLED).values_list("organiser", "begins")
    return Counter((codes[organiser], month_of(begins)) for organiser, begins in rows)


def accept(course: Course, *, first_month: str, digest: str, by: User, on: date) -> PlacePlan:
    """Make the batches and invite everybody, the free seats first; the same plan again gives the one that stands.

    Raises QueueChanged.
    """
    with atomic():
        _one_at_a_time(course)
        known = PlacePlan.objects.filter(course=course, digest=digest).first()
        if known is not None:
            return known
        plan = draw_up(course, first_month=first_month, on=on)
        if plan.digest != digest:
            raise QueueChanged(course.name)
        batches = _batches(course, plan, by)
        made = PlacePlan.objects.create(
            course=course, first_month=first_month, digest=digest, people=plan.people,
            batch_nos=[batch.pk for batch in batches], made_by=by, made_on=on,
        )  # fmt: skip
        _seat(plan, made, by=by, on=on)
        _invite(plan, made, batches)
        filled = {str(each.batch): len(each.people) for each in plan.filled}
        log.record(
            "place_plan.accepted", kind="place_plan", subject=made.pk,
            body={"course": course.code, "batches": len(batches), "people": plan.people, "filled": filled},
        )  # fmt: skip
    return made


def _seat(plan: Plan, made: PlacePlan, *, by: User, on: date) -> None:
    """As anybody is invited into these batches: under their lock, by their quotas, into their classes."""
    for each in plan.filled:
        asked = invite(each.batch, [one.person for one in each.people], by=by, on=on)
        if len(asked.done) != len(each.people):
            raise QueueChanged(made.course.name)
        Enrolment.objects.filter(pk__in=[row.pk for row in asked.done]).update(place_plan=made)


def _one_at_a_time(course: Course) -> None:
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"place plan {course.pk}"])


def _batches(course: Course, plan: Plan, by: User) -> list[Batch]:
    """One for each class, numbered on from those the centre has in that year."""
    ids = draw_ids(Batch, len(plan.classes))
    rows = Batch.objects.filter(course=course, region_no=NATION).values("year", "organiser")
    before = {(row["year"], row["organiser"]): (row["wave"], row["number"])
              for row in rows.annotate(wave=Max("wave"), number=Max("number"))}  # fmt: skip
    made = []
    for pk, each in zip(ids, plan.classes, strict=True):
        wave, number = before.get((each.begins.year, each.centre.name), (0, 0))
        made.append(
            Batch(
                pk=pk, course=course, year=each.begins.year, wave=wave + each.wave, number=number + each.number,
                region_no=NATION, organiser=each.centre.name, place=each.centre.place, begins=each.begins,
                ends=each.ends, state=Batch.State.INVITED, made_by=by,
            )
        )  # fmt: skip
    return Batch.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)


def _invite(plan: Plan, made: PlacePlan, batches: list[Batch]) -> None:
    ids = iter(draw_ids(Enrolment, plan.people - plan.seated))
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                pk=next(ids),
                person_id=one.person,
                region_no=one.region_no,
                batch=batch,
                code=drawn_code(),
                place_plan=made,
            )
            for batch, each in zip(batches, plan.classes, strict=True)
            for one in each.people
        ],
        batch_size=ROWS_AT_ONCE,
    )
