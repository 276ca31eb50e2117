"""The link by which a participant without an account answers the feedback form: on paper, opened on a phone, used once.

It belongs to a place in a batch and needs no row of its own: it opens once they were there, and closes with their
answer or with the form's last day. Whoever opens it has no scope: the database tells the course, and takes the form.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from harapan.accounts.links import Addresses, LinkClosed
from harapan.core.phrases import Phrase
from harapan.database.scope import SYSTEM, Scope, active_alias, put_on
from harapan.training.following.feedback import ASKED, REMARK_MAX, last_day, refuse_partial
from harapan.training.models import Batch, Enrolment, FeedbackGiven

VIA = "link"
ADDRESSES = Addresses("harapan.training.feedback")
_ASKED = "SELECT * FROM harapan.feedback_asked(%s)"
_ANSWERED = "SELECT harapan.feedback_answered(%s, %s, %s, %s::jsonb, %s)"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form is about. It names nobody: whoever holds the paper knows whose it is."""

    course: str
    organiser: str
    begins: date
    ends: date
    until: date  # the last day on which it is taken


def token_of(enrolment: Enrolment) -> str:
    """What stands at the end of its address."""
    return ADDRESSES.token(enrolment.pk)


def waiting(batch: Batch, *, on: date) -> QuerySet[Enrolment]:
    """The participants without an account whose link opens now, by class and name."""
    rows = Enrolment.objects.filter(batch=batch, state__in=ASKED, person__user=None)
    if on > last_day(batch.ends, on=on):
        return rows.none()
    given = FeedbackGiven.objects.filter(batch=batch).values("person")
    found = rows.exclude(person__in=given).select_related("person", "training_class")
    return found.order_by("training_class__number", "person__name", "pk")


def asked(token: str, *, on: date) -> Asked:
    """What is asked by an open link. Raises LinkClosed."""
    number, _nonce = ADDRESSES.read(token)
    with put_on(Scope.common(actor=SYSTEM, via=VIA), read_only=True), connections[active_alias()].cursor() as cursor:
        cursor.execute(_ASKED, [number])
        row = cursor.fetchone()
    if row is None or on > (until := last_day(row[3], on=on)):
        raise LinkClosed
    course, organiser, begins, ends, state = row
    if state not in ASKED:
        raise LinkClosed(Phrase("Umpan balik dibuka sesudah kehadiran Anda di diklat ini tercatat. Coba lagi nanti."))
    return Asked(course, organiser, begins, ends, until)


def answer(token: str, answers: Mapping[str, int], *, remark: str, on: date) -> None:
    """Keep the form of an open link, which closes with it. Raises LinkClosed, Refused for answers outside the form."""
    asked(token, on=on)
    refuse_partial(answers, on=on)
    number, _nonce = ADDRESSES.read(token)
    values: list[Any] = [
        number,
        list(ASKED),
        secrets.randbits(62),
        json.dumps(dict(answers)),
        remark.strip()[:REMARK_MAX],
    ]
    with put_on(Scope.common(actor=SYSTEM, via=VIA)), connections[active_alias()].cursor() as cursor:
        cursor.execute(_ANSWERED, values)
        if not cursor.fetchone()[0]:  # another answered it meanwhile
            raise LinkClosed
