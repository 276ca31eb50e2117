"""Lists of families narrowed by what stands in another table: each by the shorter of two ways.

Few rows are gathered and their families put in order. Where there are many, the families are walked in the order of
the page and each is asked. PostgreSQL cannot choose by itself: under row-level security it uses no figures about
conditions that are not leakproof, such as whether a spell holds a day, and would sort half a nation.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull, Lookup

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.registry.models import NO_GROUP, ComponentSpell, Enrolment, Question
from harapan.registry.models.family import FamilyQuerySet

FEW = 10_000  # rows; among a million families, fetching and sorting so many takes as long as walking past them


def with_component(families: FamilyQuerySet, component: int, *, on: date, post: Post) -> FamilyQuerySet:
    """Those with a member who counts for the component on that day."""
    spells = ComponentSpell.objects.filter(_holds(on), component=component)
    if _few(spells, post):
        return families.filter(Exists(_theirs(spells)))
    return families.filter(_has(spells))


def enrolled(families: FamilyQuerySet, *, on: date) -> FamilyQuerySet:
    """Those who are members on that day: nearly all, so always walked."""
    return families.filter(_has(Enrolment.objects.filter(_holds(on))))


def ended(families: FamilyQuerySet, *, on: date, post: Post) -> FamilyQuerySet:
    """Those whose membership is over on that day."""
    over = Enrolment.objects.filter(spell__upper_inf=False, spell__endswith__lte=on)
    found = families.filter(Exists(_theirs(over)) if _few(over, post) else _has(over))
    return found.filter(_has(Enrolment.objects.filter(_holds(on)), not_one=True))


def with_open_question(families: FamilyQuerySet) -> FamilyQuerySet:
    """Those of which two sources say different things, undecided."""
    return families.filter(Exists(_theirs(Question.objects.filter(decided_at__isnull=True))))


def without_group(families: FamilyQuerySet) -> FamilyQuerySet:
    return families.filter(group_id=NO_GROUP)


class Among(Lookup):
    """Whether a number is one of these, told as one value: as thousands of parameters they take longer than the query,
    and as a subquery PostgreSQL does not know how few they are.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        number, params = self.process_lhs(compiler, connection)
        return f"{number} = ANY (%s::bigint[])", (*params, list(self.rhs))


def running(first: date, after: date) -> Q:
    """Whether a spell has a day of the half-open span, said by its ends: as `spell && span` it would be looked up in
    the index that keeps spells apart, where every running spell of the nation answers.
    """
    begun = Q(spell__lower_inf=True) | Q(spell__startswith__lt=after)
    return begun & (Q(spell__upper_inf=True) | Q(spell__endswith__gt=first))


def _holds(day: date) -> Q:
    return running(day, day + timedelta(days=1))


def _few(rows: QuerySet[Any], post: Post) -> bool:
    """Whether the post's scope holds few of them. A facilitator's families are few themselves: they are walked."""
    return post.role.reach != Reach.GROUPS and rows.values("family")[: FEW + 1].count() <= FEW


def _theirs(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of the family of the outer query. The region, which is the family's, leads into the index."""
    return rows.filter(family=OuterRef("pk"), region_no=OuterRef("region_id"))


def _has(rows: QuerySet[Any], *, not_one: bool = False) -> IsNull:
    """Whether a family has such rows, asked one by one: a scalar subquery never becomes a join, as EXISTS does."""
    return IsNull(Subquery(_theirs(rows).values("family")[:1]), not_one)
