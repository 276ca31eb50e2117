"""What of ethics waits for a reader: counted for the home page, a few queries whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.database.counting import Waiting, waiting
from harapan.workforce.ethics import law, queries, signing
from harapan.workforce.models import EthicsCase, Step


class Errand(StrEnum):
    """Most pressing first."""

    CALLED = "called"
    SIGN = "sign"
    HANDLE = "handle"
    EXECUTE = "execute"
    NOBODY_CARRIES_OUT = "nobody_carries_out"
    ASK = "ask"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class EthicsTask:
    what: Errand
    waits: Waiting


def ethics_tasks(post: Post, *, on: date) -> Iterator[EthicsTask]:
    """Of the post's holder. What is personal is asked for the holder alone."""
    asked: tuple[tuple[Errand, str, Callable[[], Waiting]], ...] = (
        (Errand.CALLED, "ethics.view", lambda: waiting(called(post), since="told_on")),
        (Errand.SIGN, "ethics.sign", lambda: _to_sign(post, on)),
        (Errand.HANDLE, "ethics.handle", lambda: queries.cases_waiting(post)),
        (Errand.EXECUTE, "ethics.execute", lambda: waiting(queries.to_execute(post.user))),
        (Errand.NOBODY_CARRIES_OUT, "ethics.decide", lambda: waiting(queries.carried_out_by_nobody(post, on=on))),
        (Errand.ASK, "ethics.ask", lambda: queries.unanswered_visits(post)),
        (Errand.UNSIGNED, "ethics.follow", lambda: _unsigned(post, on)),
    )
    for what, permission, count in asked:
        if allows(post, permission) and (waits := count()):
            yield EthicsTask(what, waits)


def called(post: Post) -> QuerySet[EthicsCase]:
    """Cases in which the post's holder is called and may still answer, the one that waits longest first."""
    rows = queries.own_cases(post.user).filter(step__in=(Step.SUMMONED, Step.HEARD, Step.DECIDED))
    return rows.order_by("told_on", "pk")


def _to_sign(post: Post, on: date) -> Waiting:
    person = signing.person_of(post.user)
    return Waiting(int(person is not None and signing.signed_this_year(person, on) is None))


def _unsigned(post: Post, on: date) -> Waiting:
    """Once the year's time is over, and for those who know the people: nobody reminds a nation one by one."""
    if post.role.reach is Reach.NATION or on <= date(on.year, 1, 1) + timedelta(days=law.sign_within_days(on)):
        return Waiting(0)
    return waiting(signing.bound(post, on).filter(signed=False))
