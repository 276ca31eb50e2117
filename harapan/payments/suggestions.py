"""Which families a line that fits nothing could mean: its own, by name, or by the amount. Constant queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import QuerySet

from harapan.accounts.models import Post
from harapan.core.names import name_key
from harapan.payments.enums import Standing
from harapan.payments.models import Claim, PaymentException
from harapan.registry.models import Family
from harapan.registry.queries import find

SHOWN_MAX = 6
LOOKED_AT_MAX = 200
ALIKE_MIN = 0.6
WAITING = (Standing.UNANSWERED, Standing.HELD, Standing.FAILED, Standing.UNDELIVERED, Standing.RETURNED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family with its money in the stage, and what speaks for it. `alike`: of the names, 0 to 1."""

    family: Family
    claims: tuple[Claim, ...]
    same_amount: bool
    alike: float

    @property
    def due_idr(self) -> int:
        return sum(claim.nominal_idr for claim in self.claims)


def suggest(exception: PaymentException, post: Post, *, text: str = "") -> list[Candidate]:
    """At most six families, the likeliest first; `text` searches instead (name, NIK, KK, account). Three queries."""
    families = find(post, text)[:LOOKED_AT_MAX] if text else _could_be(exception)
    found = _with_claims(exception, families)
    if not text:
        found = [each for each in found if each.family.pk == exception.family_id or each.alike >= ALIKE_MIN]
    ranked = sorted(found, key=lambda each: (each.family.pk != exception.family_id, not each.same_amount, -each.alike))
    return ranked[:SHOWN_MAX]


def _could_be(exception: PaymentException) -> Iterable[Family]:
    """The line's own family, those of that name, and those whose money of that amount waits for an answer."""
    waiting = Claim.objects.filter(
        stage=exception.stage_id, nominal_idr=exception.amount_idr, standing__in=WAITING
    ).order_by("region_no", "family_id")[:LOOKED_AT_MAX]
    near: QuerySet[Family] = Family.objects.filter(pk__in=[claim.family_id for claim in waiting])
    found = {family.pk: family for family in near}
    if exception.name:
        found |= {family.pk: family for family in Family.objects.named(exception.name, rows_max=20)}
    if exception.family:
        found[exception.family.pk] = exception.family
    return found.values()


def _with_claims(exception: PaymentException, families: Iterable[Family]) -> list[Candidate]:
    shown = {family.pk: family for family in families}
    claims: dict[int, list[Claim]] = {}
    for claim in Claim.objects.filter(stage=exception.stage_id, family__in=list(shown)).order_by("wave"):
        claims.setdefault(claim.family_id, []).append(claim)
    wanted = name_key(exception.name)
    return [
        Candidate(
            family,
            tuple(claims.get(number, ())),
            _fits(exception.amount_idr, claims.get(number, [])),
            SequenceMatcher(None, wanted, family.name_key).ratio() if wanted else 0.0,
        )
        for number, family in shown.items()
    ]


def _fits(amount_idr: int, claims: list[Claim]) -> bool:
    due = [claim.nominal_idr for claim in claims]
    return amount_idr in due or (bool(due) and amount_idr == sum(due))
