"""Of whom nothing can be said in a month: who had died, or left the family, before it began."""

from __future__ import annotations

from collections.abc import Collection

from harapan.core.periods import format_date, month_days
from harapan.core.phrases import Phrase
from harapan.registry.models import Member
from harapan.verification.errors import month_text

DIED = Phrase("{name} meninggal {day}, jadi {month} tidak dapat diverifikasi. Bila keliru, betulkan data anggotanya.")
LEFT = Phrase(
    "{name} keluar dari keluarga ini {day}, jadi {month} tidak dapat diverifikasi. Bila keliru, betulkan data "
    "anggotanya."
)


def gone(members: Collection[int], months: Collection[int]) -> dict[tuple[int, int], Phrase]:
    """(member, month) -> why nothing can be said, in words. One query."""
    known = Member.objects.filter(pk__in=members).exclude(died_on__isnull=True, left_on__isnull=True)
    found = {}
    for pk, name, died, left in known.values_list("pk", "name", "died_on", "left_on"):
        for month in months:
            first = month_days(f"{month // 100:04d}-{month % 100:02d}")[0]
            day, words = (died, DIED) if died is not None and died < first else (left, LEFT)
            if day is not None and day < first:
                found[pk, month] = words.filled(name=name, day=format_date(day), month=month_text(month))
    return found
