"""Three other ways to compute entitlements into the same database, on the same families, so that ratios are known.

They do less than a stage does: component amounts with the cap of persons, no attendance, no snapshot, no lines, no
orders and no files. What they leave out would make them slower.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connections, models
from django.db.models import Prefetch

from harapan.core.components import Component
from harapan.database.scope import Scope, put_on
from harapan.policy.reader import default_policy
from harapan.registry.models import ComponentSpell, Family

ON = date(2025, 4, 1)


class Due(models.Model):
    """What a rival writes."""

    family_id = models.BigIntegerField(primary_key=True)
    net_idr = models.BigIntegerField()

    class Meta:
        app_label = "benefits"
        db_table = "bench_due"
        managed = False


def measured(families: int, *, stage: str) -> Iterator[dict[str, Any]]:
    """Families a second of each way."""
    rules = default_policy().stage(stage)
    amounts = {Component(rule.component): rule.stage_idr for rule in rules.components}
    cap = rules.persons_max or 99
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_due (family_id bigint PRIMARY KEY, net_idr bigint NOT NULL)")
        cursor.execute("GRANT ALL ON bench_due TO PUBLIC")
    ways: tuple[tuple[str, Callable[..., int], int], ...] = (
        ("a loop over families, update_or_create", loop, families),
        ("prefetch, bulk_create", prefetch, families * 10),
        ("plain SQL", plain_sql, 10**9),
    )
    for name, way, count in ways:
        with connections["owner"].cursor() as cursor:
            cursor.execute("TRUNCATE bench_due")
        start = time.perf_counter()
        with put_on(Scope.batch(via="bench")):
            done = way(count, amounts, cap)
        yield {"name": name, "families": done, "families_per_second": round(done / (time.perf_counter() - start))}


def _due(spells: Iterable[ComponentSpell], amounts: dict[Component, int], cap: int) -> int:
    return sum(sorted((amounts[Component(spell.component)] for spell in spells), reverse=True)[:cap])


def loop(count: int, amounts: dict[Component, int], cap: int) -> int:
    done = 0
    for family in Family.objects.order_by("pk")[:count].iterator():
        spells = ComponentSpell.objects.filter(family=family, spell__contains=ON)
        Due.objects.update_or_create(family_id=family.pk, defaults={"net_idr": _due(spells, amounts, cap)})
        done += 1
    return done


def prefetch(count: int, amounts: dict[Component, int], cap: int) -> int:
    done = 0
    known = Prefetch("componentspells", ComponentSpell.objects.filter(spell__contains=ON), to_attr="current")
    families = Family.objects.order_by("pk").prefetch_related(known)[:count]
    for some in _chunks(families.iterator(chunk_size=2_000), 2_000):
        Due.objects.bulk_create(Due(family_id=each.pk, net_idr=_due(each.current, amounts, cap)) for each in some)
        done += len(some)
    return done


def _chunks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def plain_sql(count: int, amounts: dict[Component, int], cap: int) -> int:
    by_component = defaultdict(int, {int(component): idr for component, idr in amounts.items()})
    priced = " ".join(f"WHEN {component} THEN {idr}" for component, idr in by_component.items())
    sql = f"""
        INSERT INTO bench_due
        SELECT family_id, sum(idr) FROM (
            SELECT s.family_id, CASE s.component {priced} ELSE 0 END AS idr,
                   row_number() OVER (PARTITION BY s.family_id
                                      ORDER BY CASE s.component {priced} ELSE 0 END DESC, s.member_id) AS place
            FROM registry_componentspell s WHERE s.spell @> %s::date
        ) ranked WHERE place <= %s GROUP BY family_id"""
    with connections["batch"].cursor() as cursor:
        cursor.execute(sql, [ON, cap])
        return int(cursor.rowcount)
