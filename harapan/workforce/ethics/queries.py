"""What pages ask of cases and sanctions: a constant number of queries, whatever the number of rows."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from harapan.accounts.models import Post, User
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach, catalogue
from harapan.database.counting import Waiting, waiting
from harapan.workforce.ethics.deciding import EXECUTES
from harapan.workforce.models import EthicsCase, EthicsDecision, EthicsVisit, Person, Step
from harapan.workforce.queries import within

ENDED = (Step.FINAL, Step.CLOSED)
PEOPLE_MAX = 50


def cases_in(post: Post) -> QuerySet[EthicsCase]:
    """Cases of the post's reach; the database keeps the accused out of their own."""
    return EthicsCase.objects.filter(within(post, "region_no")).select_related("handler")


def open_cases(post: Post) -> QuerySet[EthicsCase]:
    return cases_in(post).exclude(step__in=ENDED)


def late_cases(post: Post, *, on: date) -> QuerySet[EthicsCase]:
    """Past their deadline; the time in which the accused may appeal is nobody's delay."""
    return open_cases(post).filter(due_on__lt=on).exclude(step=Step.DECIDED)


def own_cases(user: User) -> QuerySet[EthicsCase]:
    """What somebody was called for."""
    return EthicsCase.objects.filter(accused=user, told_on__isnull=False)


def register_of(post: Post, *, on: date) -> QuerySet[EthicsDecision]:
    """Sanctions of the post's reach. What counts no longer is seen by the nation alone."""
    rows = EthicsDecision.objects.filter(within(post, "region_no"), replaced=False).exclude(level="")
    if post.role.reach is not Reach.NATION:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gt=on))
    return rows.select_related("person", "case", "decided_by", "executor")


def own_sanctions(person: Person) -> QuerySet[EthicsDecision]:
    return EthicsDecision.objects.filter(person=person, replaced=False).select_related("case")


def people_like(post: Post, text: str) -> list[Person]:
    """Whom a report may mean: people of the post's reach whose name holds the words, the first of them."""
    rows = Person.objects.filter(within(post, "region_no"))
    for word in text.split():
        rows = rows.filter(name__icontains=word)
    return list(rows.order_by("name", "pk")[:PEOPLE_MAX])


def executors(on: date) -> list[Post]:
    """Posts whose holders may be named to carry a decision out, by name."""
    return list(_carrying_out(on).select_related("user").order_by("user__name", "pk"))


def _carrying_out(on: date) -> QuerySet[Post]:
    roles = [code for code, role in catalogue().items() if EXECUTES in role.permissions]
    return Post.objects.held_on(on).filter(role_code__in=roles, user__is_active=True)


def carried_out_by_nobody(post: Post, *, on: date) -> QuerySet[EthicsDecision]:
    """Final verdicts of the reach that wait for somebody who may carry none out any more: gone, or in another role."""
    rows = EthicsDecision.objects.filter(within(post, "region_no"), replaced=False, executed_on__isnull=True)
    rows = rows.filter(case__step=Step.FINAL, executor__isnull=False)
    return rows.exclude(executor__in=_carrying_out(on).values("user"))


def to_execute(user: User) -> QuerySet[EthicsDecision]:
    rows = EthicsDecision.objects.filter(executor=user, executed_on__isnull=True, replaced=False)
    return rows.filter(case__step=Step.FINAL).select_related("case", "person")


def unanswered_visits(post: Post) -> Waiting:
    return waiting(EthicsVisit.objects.filter(within(post, "region_no"), found__isnull=True))


def cases_waiting(post: Post) -> Waiting:
    """Open cases without a handler, or with the post's holder as handler."""
    mine = Q(handler__isnull=True) | Q(handler=post.user_id)
    steps = [Step.RECEIVED, Step.VERIFIED, Step.EXAMINED, Step.SUMMONED]
    if allows(post, "ethics.decide"):
        steps += [Step.HEARD, Step.APPEALED]
        if post.role.reach is Reach.NATION:
            mine |= Q(step__in=(Step.HEARD, Step.APPEALED))
    return waiting(open_cases(post).filter(mine, step__in=steps), since="step_on")
