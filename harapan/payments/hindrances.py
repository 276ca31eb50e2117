"""What stands between a stage, or a regency of it, and its next state, in the words with which it would be refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from harapan.benefits.models import Stage, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.payments import refusing, whole

Check = Callable[[Stage, int], None]
_BEFORE: dict[State, tuple[Check, ...]] = {
    State.OPEN: (refusing.refuse_open_exceptions, refusing.refuse_unbalanced),
    State.RECONCILED: (refusing.refuse_open_exceptions, refusing.refuse_unbalanced),
    State.CLOSED: (refusing.refuse_open_exceptions, refusing.refuse_without_end),
}


def _no_exceptions(stage: Stage) -> None:
    refusing.refuse_open_exceptions(stage, None, everywhere=True)


def _balanced(stage: Stage) -> None:
    refusing.refuse_unbalanced(stage, None)


def _with_end(stage: Stage) -> None:
    refusing.refuse_without_end(stage, None)


# a computed stage moves as a whole
_BEFORE_WHOLE: dict[State, tuple[Callable[[Stage], None], ...]] = {
    State.INSTRUCTED: (whole.refuse_unfinished, _no_exceptions, _balanced, whole.refuse_other_due),
    State.RECONCILED: (_no_exceptions, _balanced, whole.refuse_other_due, whole.refuse_other_ledger),
    State.CLOSED: (_no_exceptions, _with_end, whole.refuse_outside),
}


def hindrances(stage: Stage, *, regency: int, state: State) -> list[Phrase]:
    """A sentence for each reason why the regency cannot leave `state` now; empty when it can. At most four queries."""
    return _refusals(partial(check, stage, regency) for check in _BEFORE.get(state, ()))


def hindrances_of_whole(stage: Stage) -> list[Phrase]:
    """As `hindrances`, for a computed stage in the scope of whoever sees the nation. At most eight queries."""
    return _refusals(partial(check, stage) for check in _BEFORE_WHOLE.get(State(stage.state), ()))


def _refusals(checks: Iterable[Callable[[], None]]) -> list[Phrase]:
    found = []
    for check in checks:
        try:
            check()
        except Refused as refusal:
            found.append(refusal.phrase)
    return found
