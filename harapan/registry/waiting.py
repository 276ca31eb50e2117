"""What of families and groups waits for a person, in the scope that is on. One query each."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.database.counting import Waiting, waiting
from harapan.registry.models import NO_GROUP, Family, Group, Question
from harapan.registry.queries import without_group


def open_questions() -> Waiting:
    """Numbers and names on which two sources differ, undecided."""
    return waiting(Question.objects.filter(decided_at__isnull=True), since="asked_at")


def families_without_group(post: Post) -> Waiting:
    return waiting(without_group(Family.objects.visible_to(post)))


def groups_without_facilitator(post: Post) -> Waiting:
    return waiting(_groups_in(post).filter(facilitator__isnull=True))


def _groups_in(post: Post) -> QuerySet[Group]:
    """The groups that meet inside the post's reach. Groups name nobody, so no policy of the database narrows them."""
    groups = Group.objects.exclude(pk=NO_GROUP)
    if post.role.reach == Reach.NATION:
        return groups
    if post.role.reach == Reach.GROUPS:
        return groups.filter(pk__in=post.groups)
    wanted = Q(pk__in=())
    for low, high in post.ranges:
        wanted |= Q(region_id__gte=low, region_id__lt=high)
    return groups.filter(wanted)
