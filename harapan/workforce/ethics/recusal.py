"""Who leads the accused, and who therefore keeps away from a case: asked of the posts of the day."""

from __future__ import annotations

from datetime import date

from harapan.accounts.managing import BREADTH
from harapan.accounts.models import Acting, Post, User
from harapan.accounts.roles import role
from harapan.database.scope import current
from harapan.regions import codes
from harapan.workforce.ethics import law
from harapan.workforce.ethics.errors import StandsAside
from harapan.workforce.ethics.rules import Lead, Recusal, recused
from harapan.workforce.models import NATION, EthicsCase


def standing_aside(case: EthicsCase, rule: Recusal, *, on: date) -> set[int]:
    """Users who keep away by the rule, also those who act for a lead. Three queries.

    As long as nobody knows whom a report means, every lead of the place keeps away: it may be theirs.
    """
    if case.person_id is None and rule is Recusal.DIRECT:
        rule = Recusal.CHAIN
    own = Post.objects.held_on(on).filter(user=case.accused_id) if case.accused_id else Post.objects.none()
    breadth = max((BREADTH.index(role(code).reach) for code in own.values_list("role_code", flat=True)), default=0)
    return recused(case.accused_id, _leads(case.region_no, on), own_breadth=breadth, rule=rule)


def _leads(region_no: int, on: date) -> list[Lead]:
    if region_no == NATION:
        return []
    posts = Post.objects.held_on(on).filter(
        role_code__in=law.lead_roles(on), region_nos__overlap=list(codes.lineage(region_no))
    )
    breadths = {post.pk: BREADTH.index(post.role.reach) for post in posts}
    leads = [Lead(post.user_id, breadths[post.pk]) for post in posts]
    acting = Acting.objects.on(on).filter(post__in=breadths).values_list("substitute", "post")
    return [*leads, *(Lead(substitute, breadths[post]) for substitute, post in acting)]


def refuse_recused(case: EthicsCase, rule: Recusal, *, by: User, on: date) -> None:
    """Raises StandsAside for whoever keeps away, and for whoever acts on behalf of one who does."""
    scope = current()
    people = {by.pk, scope.on_behalf if scope else None}
    if people & standing_aside(case, rule, on=on):
        raise StandsAside
