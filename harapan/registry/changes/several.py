"""Several requests decided in one go with one reason: each in its own right, one that may not be hinders no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from harapan.core.errors import HarapanError
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.registry.changes.deciding import WAY_OUT
from harapan.registry.models import Change


@dataclass(slots=True)
class Decided:
    """What became of the requests, in the order given; of those refused, why."""

    done: list[Change] = field(default_factory=list)
    refused: list[tuple[Change, HarapanError]] = field(default_factory=list)


def decide_each(changes: Iterable[Change], decide: Callable[[Change], object], *, why: str, on: date) -> Decided:
    """Run the deed for every request, each in a savepoint of its own. Raises Refused where the reason is missing.

    Families in order of their numbers: two who decide at once wait for each other and never for ever.
    """
    demand_reason(why, WAY_OUT, on=on)
    found = Decided()
    with atomic():
        for change in sorted(changes, key=lambda each: (each.family_id, each.pk)):
            try:
                with atomic():
                    decide(change)
            except HarapanError as no:
                found.refused.append((change, no))
            else:
                found.done.append(change)
    return found
