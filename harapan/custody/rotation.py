"""Changing keys: a new master key in milliseconds, a new data key for what comes, and sealing what was there anew."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connections

from harapan.audit import log
from harapan.custody.holders import NOT_OURS, holders
from harapan.database import keys, masters, places
from harapan.database.scope import Scope, active_alias, put_on


@dataclass
class Resealed:
    """What a walk did: the key it sealed under, how many contents, what does not open, what others held to the end."""

    key: int
    moved: int = 0
    broken: list[str] = field(default_factory=list)
    left: int = 0


def new_data_key(*, actor: int, why: str = "") -> int:
    """A fresh data key for whatever is sealed from now on; its number. What is sealed already stays and still opens."""
    with places.lock("keys", wait=False), put_on(Scope.batch(actor=actor, why=why, via="cli")):
        with connections[active_alias()].cursor() as cursor:
            number = keys.succeed(cursor)
        log.record("key.made", kind="key", subject=number)
    keys.hold(None)
    return number


def new_master_key(*, actor: int, why: str = "") -> int:
    """Wrap every data key under a new master key; how many. Nothing sealed is touched.

    The new one is drawn into its key file, or taken from the environment (`masters`). The old one then opens nothing
    of this database, only its older backups.
    """
    with places.lock("keys", wait=False):
        with put_on(Scope.batch(actor=actor, why=why, via="cli")):
            with connections[active_alias()].cursor() as cursor:
                count = keys.rewrap(cursor)
            log.record("key.rewrapped", kind="key", body={"keys": count})
        masters.take_over()
    keys.hold(None)
    return count


def reencrypt(
    *,
    actor: int,
    why: str = "",
    started: Callable[[int], None] = lambda total: None,
    moved: Callable[[int], None] = lambda count: None,
) -> Resealed:
    """Seal everything under the current data key; where nothing stands under a retired one, under a new one.

    Goes on where an earlier walk was killed. `started` is told how much there is to do, `moved` how much was done.
    Works in short transactions beside whatever else goes on; memory stays flat.
    """
    number = _current()
    if not _unfinished(number):
        number = new_data_key(actor=actor, why=why)
    started(left_behind(number))
    done = Resealed(number)
    with places.lock("reencrypt", wait=False):
        scope = Scope.batch(actor=actor, why=why, via="cli")
        while _round(done, scope, moved):
            pass
        if _wait_for_others(number):
            _round(done, scope, moved)
    done.left = left_behind(number)
    return done


def counted() -> dict[str, Counter[int]]:
    """Place -> data key -> how many contents stand under it. Reads everything."""
    return {holder.name: holder.count() for holder in holders()}


def left_behind(number: int) -> int:
    """How many contents stand under another data key than this one."""
    return sum(total for counts in counted().values() for key, total in counts.items() if key != number)


def _unfinished(number: int) -> bool:
    """Whether contents stand under a retired key: somebody has rotated, and not everything has followed."""
    retired = {key for counts in counted().values() for key, total in counts.items() if total and key != number}
    return bool(retired - {keys.BEFORE_WRAPPING, NOT_OURS})


def _round(done: Resealed, scope: Scope, moved: Callable[[int], None]) -> int:
    """Everything once. What does not open is told once, and is no work of the next round."""
    before, broken = done.moved, []
    for holder in holders():
        for batch in holder.batches(done.key, scope):
            done.moved += batch.moved
            broken += batch.broken
            moved(batch.moved)
    done.broken = broken
    return done.moved - before


def _current() -> int:
    keys.hold(None)
    with put_on(Scope.batch(via="cli")):
        return keys.current()


def _wait_for_others(number: int) -> bool:
    """Until every running process has learned of a key just made; True when there was a need to wait."""
    with put_on(Scope.batch(via="cli")), connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - made_at) FROM harapan.data_key WHERE id = %s", [number]
        )
        age = float(cursor.fetchone()[0])
    if age >= keys.REFRESHED_SECONDS:
        return False
    time.sleep(keys.REFRESHED_SECONDS - age)
    return True
