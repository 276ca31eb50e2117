"""What stands between a regency and its next state, in the very words with which the move would be refused."""

from __future__ import annotations

from collections.abc import Callable

from harapan.benefits.models import Stage, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.payments import refusing

Check = Callable[[Stage, int], None]
_BEFORE: dict[State, tuple[Check, ...]] = {
    State.OPEN: (refusing.refuse_open_exceptions, refusing.refuse_unbalanced),
    State.RECONCILED: (refusing.refuse_open_exceptions, refusing.refuse_unbalanced),
    State.CLOSED: (refusing.refuse_open_exceptions, refusing.refuse_without_end),
}


def hindrances(stage: Stage, *, regency: int, state: State) -> list[Phrase]:
    """A sentence for each reason why the regency cannot leave `state` now; empty when it can. At most four queries."""
    found = []
    for check in _BEFORE.get(state, ()):
        try:
            check(stage, regency)
        except Refused as refusal:
            found.append(refusal.phrase)
    return found
