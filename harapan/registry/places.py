"""The regions a reader may choose from: always inside the post's reach, one level at a time."""

from __future__ import annotations

from django.db.models import Q

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.phrases import Phrase
from harapan.regions import codes
from harapan.regions.models import Region, name_of
from harapan.registry.models import Family


def roots(post: Post) -> list[int]:
    """The regions where the post's reach begins; for a facilitator the villages of their families."""
    if post.role.reach == Reach.GROUPS:
        families = Family.objects.visible_to(post).order_by("region_id")
        return list(families.values_list("region_id", flat=True).distinct())
    return list(post.region_nos)


def choices_below(post: Post, chosen: int | None) -> list[tuple[str, str]]:
    """Choices for a select: the chosen region with the way up, then what lies below. One or two queries."""
    if post.role.reach == Reach.GROUPS:
        shown = Region.objects.filter(no__in=roots(post)).order_by("name_key")
        return [("", Phrase("Semua desa")), *_options(shown)]
    if chosen is None or not codes.NATION[0] <= chosen < codes.NATION[1]:  # it stands in the address
        return [("", Phrase("Seluruh wilayah kerja")), *_options(_first_level(post))]
    around = Region.objects.filter(Q(no__in=codes.lineage(chosen)) | Q(parent=chosen)).order_by("level", "name_key")
    inside = [region for region in around if not roots(post) or region.no not in _above(post)]
    return [("", Phrase("Seluruh wilayah kerja")), *_options(inside)]


def reach_of(post: Post) -> str:
    """The post's place in words, for the context line of a list."""
    if post.role.reach == Reach.NATION:
        return "Indonesia"
    return ", ".join(name_of(no) for no in sorted(post.region_nos))


def _first_level(post: Post) -> list[Region]:
    if post.role.reach == Reach.NATION:
        return list(Region.objects.filter(parent=None).order_by("name_key"))
    return list(Region.objects.filter(parent__in=post.region_nos).order_by("name_key"))


def _above(post: Post) -> set[int]:
    """Regions over the post's own, which it must not be led to."""
    return {each for no in post.region_nos for each in codes.lineage(no)} - set(post.region_nos)


def _options(regions: object) -> list[tuple[str, str]]:
    return [(str(region.no), region.display_name) for region in regions]  # type: ignore[attr-defined]
