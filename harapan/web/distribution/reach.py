"""The stage and group of an address, if they are there and in reach; and the places that narrow a list of groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.benefits.models import Stage
from harapan.core.asked import whole
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.registry.places import choices_below
from harapan.registry.queries import groups_of
from harapan.ui.filters import FilterForm


def stage_or_404(name: str) -> Stage:
    return get_object_or_404(Stage, name=name)


def group_of(post: Post, group_id: int) -> Group:
    """The group, if the post reaches it; else the page that says neither yes nor no."""
    return get_object_or_404(groups_of(post), pk=group_id)


class PlaceFilters(FilterForm):
    """Groups of a place; whoever meets only the own groups chooses no place."""

    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        at = self.data.get("region", "")
        if post.role.reach == Reach.GROUPS:
            del self.fields["region"]
        else:
            self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]

    def groups(self) -> QuerySet[Group]:
        found = groups_of(self.post)
        if "region" in self.chosen():
            low, high = Region(no=self.chosen()["region"]).range
            found = found.filter(region_id__gte=low, region_id__lt=high)
        return found
