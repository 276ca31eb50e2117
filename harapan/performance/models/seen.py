"""Rows about a member of staff: of the place, and one's own."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach


class PersonalQuerySet(models.QuerySet[Any]):
    """Rows with `person` and `region_no`."""

    def visible_to(self, post: Post) -> Self:
        """What the database's policies show as well: one's own in the field, those of the place to whoever leads it.

        What is not yet for others' eyes the database leaves out by itself.
        """
        if post.role.reach == Reach.NATION:
            return self
        if post.role.reach == Reach.GROUPS:
            return self.filter(person=post.user_id)
        wanted = Q(pk__in=())
        for low, high in post.ranges:
            wanted |= Q(region_no__gte=low, region_no__lt=high)
        return self.filter(wanted)
