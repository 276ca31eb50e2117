"""What one answer of a bank or the post does to the money of one family: pure, one line after the other.

A claim is the money of one listing. An answer moves a claim to another standing, repeats what is known, or fits
nothing; then it becomes an exception and no rupiah moves. docs/money.md draws the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from harapan.payments.enums import CAME_BACK, SUM_OF, ExceptionKind, Outcome, Standing

_OPEN = (Standing.UNANSWERED, Standing.HELD)
_IN_ACCOUNT = (Standing.CREDITED, Standing.BLOCKED)

# outcome -> standings it may come after -> the standing it makes
NEXT: dict[Outcome, dict[Standing, Standing]] = {
    Outcome.CREDITED: dict.fromkeys((*_OPEN, *CAME_BACK, Standing.BLOCKED), Standing.CREDITED),
    Outcome.WITHDRAWN: dict.fromkeys((*_OPEN, *CAME_BACK, *_IN_ACCOUNT), Standing.WITHDRAWN),
    Outcome.BLOCKED: dict.fromkeys((*_OPEN, *CAME_BACK, Standing.CREDITED), Standing.BLOCKED),
    Outcome.FAILED: dict.fromkeys((*_OPEN, *CAME_BACK), Standing.FAILED),
    Outcome.UNDELIVERED: dict.fromkeys((*_OPEN, *CAME_BACK), Standing.UNDELIVERED),
    # what comes back after it had been credited goes to the treasury and stays among the credited (design.md 3)
    Outcome.RETURNED: dict.fromkeys((*_OPEN, *CAME_BACK), Standing.RETURNED)
    | dict.fromkeys(_IN_ACCOUNT, Standing.TREASURY),
    Outcome.TREASURY: dict.fromkeys(_IN_ACCOUNT, Standing.TREASURY),
}
# an answer about an earlier moment, told after what came of it
_EARLIER = {Outcome.CREDITED: (Outcome.WITHDRAWN, Outcome.BLOCKED, Outcome.TREASURY)}
OUTCOME_OF = {standing: Outcome(int(standing)) for standing in Standing if 0 < int(standing) < 8}


@dataclass(slots=True)
class ClaimNow:
    """The money of one wave: what is due, where it stands, and every answer given so far."""

    wave: str
    due_idr: int
    standing: Standing = Standing.UNANSWERED
    on: date | None = None
    attempt: int = 0
    told: set[tuple[Outcome, date]] = field(default_factory=set)
    # answers refused as double, with the amount told: a person closes those, telling them again books nothing
    refused: set[tuple[Outcome, date, int]] = field(default_factory=set)
    ordered: bool = False  # by an order of its own attempt: what failed is only paid by another order


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of a settlement about a family."""

    line: int
    outcome: Outcome
    amount_idr: int
    on: date
    receipt: bool = False  # it names the receipt (NTPN) of money paid back into the treasury


@dataclass(frozen=True, slots=True)
class Booked:
    """A claim moved: `outcome` is what is written, which may be sharper than what was told (RETURNED, TREASURY)."""

    line: int
    wave: str
    outcome: Outcome
    amount_idr: int
    attempt: int
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Repeated:
    """Nothing new in it."""

    line: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """It fits nothing. `expected_idr`: what the list has for the family."""

    line: int
    kind: ExceptionKind
    expected_idr: int | None = None


Result = Booked | Repeated | Misfit


def book(
    claims: list[ClaimNow], answers: Iterable[Answer], *, settled: bool = False, overrule: bool = False
) -> list[Result]:
    """Judge a family's answers in order and move its claims (in place). One answer may book several waves.

    settled: the regency is reconciled already, so that nothing may move from one of the four sums to another.
    overrule: a person says that what went before was wrong; contradictions and second answers are booked.
    """
    judging = _Judging(settled, overrule)
    results: list[Result] = []
    for answer in answers:
        results.extend(_one(claims, answer, judging))
    return results


@dataclass(slots=True)
class _Judging:
    settled: bool
    overrule: bool
    # which waves the identical lines of this file have matched
    taken: set[tuple[Outcome, date, int, str]] = field(default_factory=set)


def _one(claims: list[ClaimNow], answer: Answer, judging: _Judging) -> list[Result]:
    identity = (answer.outcome, answer.on, answer.amount_idr)
    fitting = [claim for claim in claims if claim.due_idr == answer.amount_idr]
    fresh = [claim for claim in fitting if (*identity, claim.wave) not in judging.taken]
    if not fitting and len(claims) > 1 and sum(claim.due_idr for claim in claims) == answer.amount_idr:
        return _all_waves(claims, answer, judging)
    if not fitting:
        return [Misfit(answer.line, ExceptionKind.AMOUNT, sum(claim.due_idr for claim in claims))]
    for claim in fresh:
        if _known(claim, answer):
            judging.taken.add((*identity, claim.wave))
            return [Repeated(answer.line)]
    for claim in fresh:
        if _refusal(claim, answer, judging) is None:
            judging.taken.add((*identity, claim.wave))
            return [_moved(claim, answer)]
    if not fresh:  # the very line stands twice in this file
        return [Misfit(answer.line, ExceptionKind.DOUBLE, fitting[0].due_idr)]
    kind = _refusal(fresh[0], answer, judging) or ExceptionKind.DOUBLE
    return [_refused(fresh, answer, kind, fresh[0].due_idr)]


def _all_waves(claims: list[ClaimNow], answer: Answer, judging: _Judging) -> list[Result]:
    """One line for the money of all waves together: it holds for each, or for none."""
    new = [claim for claim in claims if not _known(claim, answer)]
    if not new:
        return [Repeated(answer.line)]
    for claim in new:
        kind = _refusal(claim, answer, judging)
        if kind is not None:
            return [_refused(new, answer, kind, answer.amount_idr)]
    return [_moved(claim, answer) for claim in new]


def _refused(claims: list[ClaimNow], answer: Answer, kind: ExceptionKind, expected_idr: int) -> Misfit:
    """An exception; a double is remembered, so that it does not fit later only because something else came between."""
    if kind is ExceptionKind.DOUBLE:
        for claim in claims:
            claim.refused.add((answer.outcome, answer.on, answer.amount_idr))
    return Misfit(answer.line, kind, expected_idr)


def _known(claim: ClaimNow, answer: Answer) -> bool:
    after = NEXT[answer.outcome].get(claim.standing)
    if (answer.outcome, answer.on) in claim.told or (after and (OUTCOME_OF[after], answer.on) in claim.told):
        return True
    if answer.outcome is Outcome.RETURNED and (Outcome.TREASURY, answer.on) in claim.told:
        return True
    later = _EARLIER.get(answer.outcome, ())
    return any(outcome in later and answer.on <= day for outcome, day in claim.told)


def _refusal(claim: ClaimNow, answer: Answer, judging: _Judging) -> ExceptionKind | None:
    """Why the answer may not move the claim; None when it may."""
    after = _after(claim, answer)
    if claim.ordered and claim.standing in CAME_BACK and after not in CAME_BACK:
        return ExceptionKind.CONTRADICTS
    if claim.ordered and after is Standing.TREASURY and not answer.receipt:
        return ExceptionKind.NO_NTPN
    if not judging.overrule:
        if (answer.outcome, answer.on, answer.amount_idr) in claim.refused:
            return ExceptionKind.DOUBLE
        if answer.outcome is OUTCOME_OF.get(claim.standing) and not _tried_again(claim, answer):
            return ExceptionKind.DOUBLE
        if claim.standing not in NEXT[answer.outcome]:
            paid_again = answer.outcome in (Outcome.CREDITED, Outcome.WITHDRAWN)
            return ExceptionKind.DOUBLE if paid_again else ExceptionKind.CONTRADICTS
    if judging.settled and SUM_OF[after] != SUM_OF[claim.standing]:
        return ExceptionKind.LATE
    return None


def _after(claim: ClaimNow, answer: Answer) -> Standing:
    return NEXT[answer.outcome].get(claim.standing, Standing(int(answer.outcome)))


def _tried_again(claim: ClaimNow, answer: Answer) -> bool:
    """A second failure is an answer to a second attempt only when it is younger than the first."""
    return claim.standing in CAME_BACK and claim.on is not None and answer.on > claim.on


def _moved(claim: ClaimNow, answer: Answer) -> Booked:
    before, after = claim.standing, _after(claim, answer)
    again = not claim.ordered and before in CAME_BACK and answer.outcome is not Outcome.RETURNED
    claim.attempt = max(1, claim.attempt + 1 if again else claim.attempt)
    claim.standing, claim.on = after, answer.on
    written = OUTCOME_OF[after]
    claim.told.add((written, answer.on))
    return Booked(answer.line, claim.wave, written, claim.due_idr, claim.attempt, before, after)
