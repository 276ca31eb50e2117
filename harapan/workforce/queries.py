"""What pages ask of decrees, duties and terrain: a constant number of queries, whatever the number of rows."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.regions import codes
from harapan.registry.models import Enrolment, Family
from harapan.workforce.models import CaseloadMove, Decree, Difficulty, ExtraDuty, Terrain


def reaches(post: Post, region_no: int) -> bool:
    return post.role.reach is Reach.NATION or any(low <= region_no < high for low, high in post.ranges)


def within(post: Post, column: str) -> Q:
    """Rows whose region lies in the reach of the post, as the policies of the database say it again."""
    if post.role.reach is Reach.NATION:
        return Q()
    wanted = Q(pk__in=())
    for low, high in post.ranges:
        wanted |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
    return wanted


def decrees_in(post: Post) -> QuerySet[Decree]:
    """Decrees for regions inside the post's reach."""
    return Decree.objects.filter(within(post, "region_id")).select_related("made_by")


def moves_of(decree: Decree) -> QuerySet[CaseloadMove]:
    """What a decree moved, by who takes and who gives."""
    rows = CaseloadMove.objects.filter(decree=decree).select_related("group", "origin", "giver", "taker")
    return rows.order_by("taker__name", "giver__name", "pk")


def families_of(decree: Decree, *, on: date) -> list[tuple[CaseloadMove, list[Family]]]:
    """Each move with the families it handed over: those named, or of a whole group those in it now. Two queries.

    `enrolled` of each: whether it belongs to the programme on the day. The others weigh nothing and go with the group.
    """
    moves = list(moves_of(decree))
    named = {number: move.pk for move in moves for number in move.family_nos}
    whole = {move.group_id: move.pk for move in moves if not move.family_nos}
    found: dict[int, list[Family]] = {move.pk: [] for move in moves}
    rows = Family.objects.filter(Q(pk__in=named) | Q(group__in=whole)).order_by("region_id", "name_key", "pk")
    for family in rows.annotate(enrolled=Exists(Enrolment.objects.filter(family=OuterRef("pk"), spell__contains=on))):
        move = named.get(family.pk) or whole.get(family.group_id or 0)
        if move is not None:
            found[move].append(family)
    return [(move, found[move.pk]) for move in moves]


def duties_here(post: Post) -> QuerySet[ExtraDuty]:
    """Duties in the post's reach, one's own, and those of all who serve in a wider region that holds it."""
    wider = {no for region in post.region_nos for no in codes.lineage(region)}
    here = within(post, "region_id") | Q(user=post.user_id) | Q(user=None, region__in=wider)
    rows = ExtraDuty.objects.all() if post.role.reach is Reach.NATION else ExtraDuty.objects.filter(here)
    return rows.select_related("region", "user")


def terrain_counts(post: Post, *, on: date) -> list[tuple[Difficulty, int]]:
    """Villages by their latest terrain."""
    rows = Terrain.objects.filter(within(post, "region_id"), group=None, since__lte=on).order_by("since", "pk")
    latest = dict(rows.values_list("region_id", "difficulty"))
    counted = Counter(latest.values())
    return [(each, counted[each]) for each in Difficulty]
