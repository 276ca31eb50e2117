"""Whose record somebody may open and change: inside the own region, and never that of a post as wide as one's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Q, QuerySet, SmallIntegerField, When

from harapan.accounts.managing import people_of
from harapan.accounts.models import Post, User
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.counting import Waiting, waiting
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.workforce.models import NATION, Departure, Person
from harapan.workforce.queries import reaches, within


def persons_in(post: Post) -> QuerySet[Person]:
    """People who serve in the reach of the post."""
    return Person.objects.filter(within(post, "region_no"))


def departures_in(post: Post) -> QuerySet[Departure]:
    """Departures of people who serve in the reach of the post."""
    return Departure.objects.filter(within(post, "region_no"))


def departures_open(post: Post, *, on: date) -> QuerySet[Departure]:
    """What is to come or runs in the reach of the post: wishes (`answered` 0), plans, and leave that still runs."""
    running = Q(kind=Departure.Kind.LEAVE, settled_on__isnull=False, back_on__gt=on)
    rows = departures_in(post).filter(Q(settled_on__isnull=True) | running, withdrawn_on__isnull=True)
    answered = Case(When(letter="", then=0), default=1, output_field=SmallIntegerField())
    return rows.select_related("person", "cover").annotate(answered=answered)


def leave_asked(post: Post) -> Waiting:
    """Wishes for leave that nobody has answered; the holder's own are for somebody else."""
    rows = departures_in(post).filter(letter="", settled_on__isnull=True, withdrawn_on__isnull=True)
    return waiting(rows.exclude(planned_by=post.user_id), since="asked_on")


def departures_due(post: Post, *, on: date) -> Waiting:
    """Whose day has come though nobody carried it out: the post, the account and the card still stand."""
    rows = departures_in(post).exclude(letter="").filter(settled_on__isnull=True, withdrawn_on__isnull=True)
    return waiting(rows.filter(leaves_on__lte=on).exclude(person__user=post.user_id), since="leaves_on")


def own_person(user: User) -> Person | None:
    """The reader's own record."""
    return Person.objects.filter(user=user).first()


def held(person_id: int, *, post: Post, by: User, on: date) -> Person:
    """Somebody's record, locked, to change it. Raises NotYours outside the reach, Refused for whom others handle."""
    person = persons_in(post).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotYours(Phrase("SDM"))
    refuse_wider([person], post=post, by=by, on=on)
    return person


def refuse_wider(people: Iterable[Person], *, post: Post, by: User, on: date) -> None:
    """Raises Refused where one of them is the reader, or holds a post that is not below the reader's. Two queries."""
    users = {person.user_id: person.name for person in people if person.user_id is not None}
    if by.pk in users:
        raise Refused(
            "Catatan tentang {name} sendiri dibuat orang lain. Minta atasan atau pengelola yang lain.", name=by.name
        )
    holding = set(Post.objects.filter(user__in=users).held_on(on).values_list("user", flat=True))
    below = set(people_of(post, on=on).filter(pk__in=holding).values_list("pk", flat=True))
    if beyond := holding - below:
        raise Refused(
            "{name} memegang jabatan yang tidak di bawah jabatan Anda. Minta tingkat di atasnya mencatatnya.",
            name=users[min(beyond)],
        )


def colleagues(person: Person, *, on: date) -> list[Post]:
    """Posts held around somebody: of the kabupaten/kota they serve in, or of the same wider place. One query."""
    held_now = Post.objects.held_on(on).filter(user__is_active=True).exclude(user=person.user_id)
    if person.region_no == NATION:
        rows = held_now.filter(region_nos=[])
    elif codes.level_of(person.region_no) is Level.PROVINCE:
        rows = held_now.filter(region_nos__contains=[person.region_no])
    else:
        rows = held_now.within(codes.range_of(codes.ancestor(person.region_no, Level.REGENCY)))
    return list(rows.select_related("user").order_by("user__name", "pk"))


def refuse_outside(region: Region, *, post: Post) -> None:
    if not reaches(post, region.no):
        raise Refused(
            "{region} berada di luar wilayah kerja Anda. Minta tingkat di atasnya mencatatnya.",
            region=region.display_name,
        )
