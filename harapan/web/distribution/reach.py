"""The stage and group of an address, if they are there and in reach."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from harapan.accounts.models import Post
from harapan.benefits.models import Stage
from harapan.registry.models import Group
from harapan.registry.queries import groups_of


def stage_or_404(name: str) -> Stage:
    return get_object_or_404(Stage, name=name)


def group_of(post: Post, group_id: int) -> Group:
    """The group, if the post reaches it; else the page that says neither yes nor no."""
    return get_object_or_404(groups_of(post), pk=group_id)
