"""What a plan of places finds standing: seats that nobody has in the centres' batches, and days given away already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Q

from harapan.core.periods import format_date, month_days
from harapan.core.phrases import Phrase
from harapan.training.dated_data import Centre
from harapan.training.inviting import roles_on
from harapan.training.models import TAKING, Batch, Course, Enrolment
from harapan.training.needs.law import class_size
from harapan.training.needs.planning import NO_QUOTA, Busy, OpenBatch
from harapan.training.needs.queue import Waiting
from harapan.training.quotas import Places, kinds_of
from harapan.workforce.models import Departure, Person
from harapan.workforce.models.person import NATION

NOT_COMING = (Enrolment.State.DECLINED, Enrolment.State.SUBSTITUTED)
CANNOT_COME = Phrase("tidak dapat mengikuti {course} pada {begins} sampai {ends}")
HAS_A_PLACE = Phrase("sudah mendapat tempat di {course} pada {begins} sampai {ends}")
ON_LEAVE = Phrase("cuti {begins} sampai {ends}")


def open_batches(
    course: Course, centres: Collection[Centre], queue: Sequence[Waiting], *, first_month: str, on: date
) -> list[OpenBatch]:
    """The centres' batches of a course that begin in a month or later and take people still, the soonest first.

    One without quotas takes a class of people. A constant number of queries.
    """
    at = {each.name: each for each in centres}
    rows = Batch.objects.filter(
        course=course, region_no=NATION, organiser__in=at, begins__gte=month_days(first_month)[0],
        state__in=(Batch.State.PLANNED, Batch.State.INVITED),
    )  # fmt: skip
    batches = list(rows.order_by("begins", "pk"))
    places = Places.of_each(batches)
    taking = Counter(Enrolment.objects.taking().filter(batch__in=batches).values_list("batch", flat=True))
    persons = _persons(queue) if any(each.quotas for each in places.values()) else []
    kinds = kinds_of(persons, roles_on(persons, on))
    found = []
    for batch in batches:
        mine, counted = places[batch.pk], None
        seats = {NO_QUOTA: class_size(on) - taking[batch.pk]}
        if mine.quotas:
            seats = {each.pk: each.places - mine.taken[each.pk] for each in mine.quotas}
            fitting = {person.pk: mine.quota_for(person, kinds[person.pk]) for person in persons}
            counted = {person: quota.pk for person, quota in fitting.items() if quota is not None}
        centre = at[batch.organiser]
        found.append(
            OpenBatch(batch.pk, centre, batch.wave, batch.number, batch.begins, batch.ends, seats, counted)
        )  # fmt: skip
    return found


def _persons(queue: Sequence[Waiting]) -> list[Person]:
    return list(Person.objects.filter(pk__in=[one.person for one in queue]))


def days_given(course: Course, *, first_month: str) -> dict[int, list[Busy]]:
    """Person number -> days from a month on that they have given away, by their beginning: to a place in a batch, to
    leave, or because they said that they cannot come. Two queries.

    Online courses run for weeks beside others: one keeps nobody from another.
    """
    first, _after = month_days(first_month)
    found: dict[int, list[Busy]] = {}
    for person, busy in (*_in_batches(course, first), *_on_leave(first)):
        found.setdefault(person, []).append(busy)
    return {person: sorted(days, key=lambda each: (each.begins, each.ends)) for person, days in found.items()}


def _in_batches(course: Course, first: date) -> Iterator[tuple[int, Busy]]:
    in_the_way = Q(batch__course=course)
    if course.kind != Course.Kind.ELEARNING:
        in_the_way |= ~Q(batch__course__kind=Course.Kind.ELEARNING)
    rows = Enrolment.objects.filter(in_the_way, state__in=(*TAKING, *NOT_COMING), batch__ends__gte=first)
    rows = rows.exclude(batch__state=Batch.State.CANCELLED).select_related("batch__course")
    for row in rows.order_by("batch__begins", "pk"):
        said = CANNOT_COME if row.state in NOT_COMING else HAS_A_PLACE
        days = {"begins": format_date(row.batch.begins), "ends": format_date(row.batch.ends)}
        yield row.person_id, Busy(
            row.batch.begins, row.batch.ends, said.filled(course=row.batch.course.name, **days)
        )  # fmt: skip


def _on_leave(first: date) -> Iterator[tuple[int, Busy]]:
    """Leave that is granted, whether it was carried out already or is to come."""
    rows = Departure.objects.filter(kind=Departure.Kind.LEAVE, withdrawn_on__isnull=True, back_on__gt=first)
    for leave in rows.exclude(letter=""):
        begins, last = leave.leaves_on, (leave.back_on or date.max) - timedelta(days=1)
        yield leave.person_id, Busy(begins, last, ON_LEAVE.filled(begins=format_date(begins), ends=format_date(last)))
