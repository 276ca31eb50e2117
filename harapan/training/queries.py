"""What pages and papers read about batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from harapan.accounts.models import Post, User
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.training.models import Batch, ClassAttendance, ClassSession, Course, Enrolment, Quota
from harapan.training.models.enrolment import EnrolmentQuerySet
from harapan.workforce.models import Person
from harapan.workforce.models.person import NATION

State = Enrolment.State


def manages(post: Post, batch: Batch) -> bool:
    """Whether the post organises this batch: the nation any, a province its own. The database holds it, too."""
    if not allows(post, "course.manage"):
        return False
    return post.role.reach == Reach.NATION or batch.region_no in post.region_nos


def batches_for(post: Post) -> QuerySet[Batch]:
    """The batches a reader is shown: all for the nation, else one's own place's and the nation's."""
    found = Batch.objects.select_related("course")
    if post.role.reach == Reach.NATION:
        return found
    provinces = {codes.ancestor(no, Level.PROVINCE) for no in post.region_nos}
    return found.filter(region_no__in={NATION, *provinces})


def unconcluded(post: Post, *, on: date) -> QuerySet[Batch]:
    """Batches the post organises that have run, are over, and have no result yet."""
    found = batches_for(post).filter(state=Batch.State.RUNNING, ends__lt=on)
    return found if post.role.reach == Reach.NATION else found.filter(region_no__in=post.region_nos)


@dataclass(slots=True)
class Tally:
    """How many of a batch stand where; those outside the reader's scope are not counted."""

    states: dict[str, int] = field(default_factory=dict)

    def of(self, *states: str) -> int:
        return sum(self.states.get(state, 0) for state in states)

    @property
    def taking(self) -> int:
        return sum(number for state, number in self.states.items() if state not in (State.DECLINED, State.SUBSTITUTED))

    @property
    def waiting(self) -> int:
        return self.of(State.INVITED)

    @property
    def agreed(self) -> int:
        return self.of(State.CONFIRMED, State.PRESENT, State.PASSED, State.FAILED)

    @property
    def declined(self) -> int:
        return self.of(State.DECLINED)

    @property
    def passed(self) -> int:
        return self.of(State.PASSED)

    @property
    def failed(self) -> int:
        return self.of(State.FAILED)

    @property
    def absent(self) -> int:
        return self.of(State.ABSENT)


def tallies(batches: Iterable[Batch]) -> dict[int, Tally]:
    """Of each batch, in one query."""
    batches = list(batches)
    found = {batch.pk: Tally() for batch in batches}
    rows = Enrolment.objects.filter(batch__in=batches).order_by().values_list("batch", "state").annotate(n=Count("pk"))
    for batch, state, number in rows:
        found[batch].states[state] = number
    return found


def quota_lines(batch: Batch) -> list[tuple[Quota, int, int]]:
    """Each quota with how many take its places and how many of these have agreed."""
    agreed = ~Q(enrolments__state=State.INVITED)
    taking = Q(enrolments__state__in=[each.value for each in State if each not in (State.DECLINED, State.SUBSTITUTED)])
    rows = Quota.objects.filter(batch=batch).select_related("region").order_by("region_id", "who", "pk")
    rows = rows.annotate(
        taken=Count("enrolments", filter=taking), agreed=Count("enrolments", filter=taking & agreed)
    )  # fmt: skip
    return [(row, row.taken, row.agreed) for row in rows]


def participants_of(batch: Batch) -> EnrolmentQuerySet:
    """Everybody who was ever asked, by region and name."""
    rows = Enrolment.objects.filter(batch=batch).select_related("person", "training_class", "replaced")
    return rows.order_by("region_no", "person__name", "pk")


def mine(user: User) -> QuerySet[Enrolment]:
    """Every batch this person was asked into, the latest first."""
    rows = Enrolment.objects.filter(person__user=user).select_related("batch__course", "training_class")
    return rows.order_by("-batch__begins", "-pk")


def sessions_of(batch: Batch) -> QuerySet[ClassSession]:
    rows = ClassSession.objects.filter(batch=batch).select_related("topic", "trainer", "training_class")
    return rows.order_by("day", "begins", "training_class__number")


def marked_counts(sessions: Iterable[ClassSession]) -> dict[int, int]:
    """Session -> how many have a mark, in one query."""
    rows = ClassAttendance.objects.filter(session__in=list(sessions)).order_by()
    return dict(rows.values_list("session").annotate(Count("pk")))


def courses_on(day: date) -> QuerySet[Course]:
    """The courses of which a batch may begin that day."""
    current = Q(since__isnull=True) | Q(since__lte=day)
    return Course.objects.filter(current).exclude(until__lt=day).order_by("kind", "name", "pk")


def people_named(text: str, batch: Batch, *, most: int) -> list[Person]:
    """People the reader sees who begin with this name or bear this number, and are not in the batch yet."""
    words = " ".join(text.split())
    if len(words) < 3:
        return []
    inside = Enrolment.objects.taking().filter(batch=batch).values("person")
    named = Q(name__istartswith=words) | Q(staff_number=words)
    found = Person.objects.filter(named, Q(until__isnull=True) | Q(until__gt=batch.begins))
    return list(found.exclude(pk__in=inside).order_by("region_no", "name", "pk")[:most])
