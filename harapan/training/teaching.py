"""Trainers: whoever is named for a session says who was there and what tests and practice gave, in its class alone.

The people of a class come from everywhere, beyond what a trainer's post reaches. So once it is proven that the session
is theirs, the scope of the batch's place is put on while that class is looked at or written, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db.models import QuerySet

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import Scope, put_on
from harapan.regions.codes import range_of
from harapan.training.errors import NotYourSession
from harapan.training.models import Batch, ClassSession
from harapan.workforce.models.person import NATION


def taught_by(user: User) -> QuerySet[ClassSession]:
    """The sessions somebody is named for, of batches that take place."""
    held = ClassSession.objects.filter(trainer__user=user).exclude(batch__state=Batch.State.CANCELLED)
    return held.select_related("topic", "trainer", "training_class", "batch__course").order_by("day", "begins", "pk")


def teaches(user: User, session: ClassSession) -> bool:
    return session.trainer.user_id == user.pk


@contextmanager
def in_class(session: ClassSession, *, by: User, read_only: bool = False) -> Iterator[None]:
    """While this is on, the session's class is seen and may be written. Raises NotYourSession."""
    if not teaches(by, session):
        raise NotYourSession
    place = session.batch.region_no
    scope = Scope.nation(actor=by.pk) if place == NATION else Scope.of_ranges((range_of(place),), actor=by.pk)
    with put_on(scope, read_only=read_only):
        yield


def refuse_early(session: ClassSession, *, on: date) -> None:
    """Nothing is written of a session before its day."""
    if on < session.day:
        raise Refused(
            "Sesi {day} belum berlangsung; hari ini {today}. Catat kehadiran dan nilainya pada harinya.",
            day=format_date(session.day), today=format_date(on),
        )  # fmt: skip


def current(sessions: QuerySet[ClassSession], *, now: datetime) -> ClassSession | None:
    """Of these the one that runs now, else the next one of the day, else the day's last."""
    rows = list(sessions.filter(day=now.date()).order_by("begins"))
    return next((each for each in rows if each.ends > now.time()), rows[-1] if rows else None)
