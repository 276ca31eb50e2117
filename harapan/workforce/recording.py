"""Terrain, told by whoever knows: a validation visit, a coordinator."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.registry.models import Group
from harapan.workforce.models import Difficulty, Terrain
from harapan.workforce.queries import reaches


def record_terrain(
    village: Region, difficulty: int, *, source: str, post: Post | None, by: User, on: date, group: Group | None = None
) -> Terrain:
    """Say how hard a village, or one group in it, is to reach from today on. Told twice a day, the last word stands.

    post: None where the caller has shown already that the village is in reach: somebody was there. Raises Refused for
    anything but a village, NotYours outside the post's reach.
    """
    if village.level != Level.VILLAGE:
        raise Refused("Medan dicatat per desa atau kelurahan; {place} bukan itu.", place=village.display_name)
    if post is not None and not reaches(post, village.no):
        raise NotYours(Phrase("Desa"))
    with atomic():
        terrain, _made = Terrain.objects.update_or_create(
            region=village, group=group, since=on,
            defaults={"difficulty": Difficulty(difficulty), "source": source, "recorded_by": by},
        )  # fmt: skip
        log.record("terrain.told", kind="terrain", subject=terrain.pk, body={"difficulty": int(difficulty)})
    return terrain
