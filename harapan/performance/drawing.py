"""Drawing whom to visit: partly at random, partly by what is to be checked; the seed is kept and can be used again."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import date

from django.db import IntegrityError

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_month
from harapan.database.scope import atomic
from harapan.performance.errors import DrawnBefore, NobodyToDraw
from harapan.performance.law import law_on
from harapan.performance.models import CheckDraw, CheckVisit, Finding, PersonMonth
from harapan.performance.rules import draw, probabilities

SIZE_MAX = 200
SEEDS = 2**31


def draw_checks(
    month: int, *, size: int, random_percent: int, post: Post, by: User, on: date, seed: int | None = None
) -> CheckDraw:
    """Draw `size` people of the post's place whose month (yyyymm) is to be visited, once a place and month.

    Everybody with records in it may be drawn; the share `random_percent` looks at nothing else, the rest follows the
    findings that are released. Raises Refused, DrawnBefore, NobodyToDraw.
    """
    least = law_on(on).random_percent_min
    if not least <= random_percent <= 100:
        raise Refused(
            "Bagian acak {percent}% tidak boleh kurang dari {least}% atau lebih dari 100%, agar penanda dapat ditera "
            "tanpa memihak.",
            percent=random_percent,
            least=least,
        )
    if not 1 <= size <= SIZE_MAX:
        raise Refused("Jumlah kunjungan {size} harus 1 sampai {most}.", size=size, most=SIZE_MAX)
    named = format_month(f"{month // 100}-{month % 100:02d}")
    with atomic():
        people = dict(PersonMonth.objects.visible_to(post).filter(month=month).values_list("person", "region_no"))
        people.pop(by.pk, None)  # nobody visits oneself
        if not people:
            raise NobodyToDraw(named)
        chances = probabilities(_risk(month, people), size=size, random_percent=random_percent)
        seed = secrets.randbelow(SEEDS) if seed is None else seed
        try:
            with atomic():
                made = CheckDraw.objects.create(
                    region_no=_place(post), month=month, seed=seed, size=size, random_percent=random_percent,
                    chances={str(person): chance for person, chance in sorted(chances.items())}, drawn_by=by,
                    drawn_on=on,
                )  # fmt: skip
        except IntegrityError:
            raise DrawnBefore(named) from None
        CheckVisit.objects.bulk_create(
            CheckVisit(draw=made, person_id=person, region_no=people[person], month=month, probability=chances[person])
            for person in draw(chances, seed=seed)
        )
        log.record("check.drawn", kind="check_draw", subject=made.pk, body={"month": month, "seed": seed, "size": size})
    return made


def drawn_again(made: CheckDraw) -> list[int]:
    """Whom its own seed and chances draw: for whoever doubts that the draw was left to chance."""
    return draw({int(person): chance for person, chance in made.chances.items()}, seed=made.seed)


def _risk(month: int, people: dict[int, int]) -> dict[int, float]:
    """Person -> score of what is to be checked in the month and is no longer its person's alone."""
    scores: defaultdict[int, float] = defaultdict(float)
    found = Finding.objects.filter(month=month, released=True, gone_on__isnull=True)
    for person, score in found.values_list("person", "score"):
        scores[person] += score
    return {person: scores[person] for person in people}


def _place(post: Post) -> int:
    """The first region of the post; several kecamatan of one lead are drawn as one."""
    return 0 if post.role.reach == Reach.NATION else min(post.region_nos)
