"""Terrain and extra duty, told by whoever knows: a validation visit, a coordinator, a letter."""

from __future__ import annotations

from datetime import date, timedelta

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.registry.models import Group
from harapan.workforce.models import Difficulty, ExtraDuty, Terrain
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


def record_duty(
    *, region: int, duty: str, days_per_month: int, since: date, until: date | None, letter: str, by: User, on: date,
    user: User | None = None,
) -> ExtraDuty:  # fmt: skip
    """Days a month that go to other work, for all who serve in a region or one of them; `until` is the last day.

    The same duty told twice is one row. Raises Refused where it ends before it begins. The caller has narrowed
    `region` to the reach of the post.
    """
    if until is not None and until < since:
        raise Refused(
            "Tugas berakhir {until}, sebelum mulai {since}. Periksa tanggalnya.",
            until=until.isoformat(), since=since.isoformat(),
        )  # fmt: skip
    with atomic():
        row, made = ExtraDuty.objects.get_or_create(
            region_id=region, user=user, duty=" ".join(duty.split()), since=since,
            until=until + timedelta(days=1) if until else None, days_per_month=days_per_month, letter=letter,
            defaults={"recorded_by": by},
        )  # fmt: skip
        if made:
            log.record("duty.recorded", kind="duty", subject=row.pk, body={"days_per_month": days_per_month})
    return row
