"""What is recorded of each family's money and of who handed it over, gathered once for pages and deeds alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from harapan.benefits.models import Stage
from harapan.payments.enums import Standing
from harapan.payments.handover_rules import Facts, Word
from harapan.payments.models import Claim, Handover, PayoutDay, Programme, ProgrammeDue
from harapan.registry.models import Family, Member

Key = tuple[int, str]  # family, programme
COUNTER = "POS"  # who pays other programmes in cash


@dataclass(slots=True)
class Known:
    """What is recorded of one family and programme of a stage. shares: standing, rupiah, since when it can be had."""

    payer: str = ""
    shares: list[tuple[Standing, int, date | None]] = field(default_factory=list)
    booked: date | None = None  # the first answer of the payer
    words: list[Handover] = field(default_factory=list)  # by day
    days: list[PayoutDay] = field(default_factory=list)  # of this payer in the village

    def facts(self, family: Family, stage: Stage, *, died_on: date | None = None) -> Facts:
        return Facts(family.name, stage.name, tuple(self.shares), died_on, tuple(map(word_of, self.words)))


def word_of(row: Handover) -> Word:
    return Word(row.on, Handover.Outcome(row.outcome), row.amount_idr, row.proof_id is not None, row.reason_code)


def known_of(stage: Stage, families: Mapping[int, Family]) -> dict[Key, Known]:
    """Every family and programme that is due something, in any order. Four queries."""
    villages = payout_days(stage, {family.region_id for family in families.values()})
    known: dict[Key, Known] = {}
    for claim in Claim.objects.filter(stage=stage, family__in=families).order_by("wave"):
        each = known.setdefault((claim.family_id, Programme.PKH), Known(claim.bank))
        each.days = _of_payer(villages.get(claim.region_no, []), each.payer)
        booked = claim.on if claim.standing != Standing.UNANSWERED else None
        cash = min((day.on for day in _of_payer(villages.get(claim.region_no, []), claim.bank)), default=None)
        since = min((when for when in (booked, cash) if when), default=None)
        each.shares.append((Standing(claim.standing), claim.nominal_idr, since))
        each.booked = each.booked or claim.on
    for due in ProgrammeDue.objects.filter(stage=stage, family__in=families):
        each = known.setdefault((due.family_id, due.programme), Known(COUNTER))
        each.days = villages.get(due.region_no, [])  # over whichever counter pays there
        each.shares.append((Standing.UNANSWERED, due.amount_idr, min((day.on for day in each.days), default=None)))
    for row in Handover.objects.filter(stage=stage, family__in=families).select_related("said_by").order_by("on", "pk"):
        if (row.family_id, row.programme) in known:
            known[row.family_id, row.programme].words.append(row)
    return known


def payout_days(stage: Stage, villages: Collection[int]) -> dict[int, list[PayoutDay]]:
    """Village -> its days that stand, the first first. One query."""
    found: dict[int, list[PayoutDay]] = {}
    for day in PayoutDay.objects.standing().filter(stage=stage, region_no__in=villages):
        found.setdefault(day.region_no, []).append(day)
    return found


def _of_payer(days: list[PayoutDay], payer: str) -> list[PayoutDay]:
    """A day says something only to those whom its payer pays: whoever has an account goes to the bank any day."""
    return [day for day in days if day.payer.upper() == payer.upper()]


def facts_of(stage: Stage, families: Iterable[Family], *, on: date) -> dict[Key, Facts]:
    """What is known of each family and programme it is due; of PKH also where it is due nothing. Five queries."""
    chosen = {family.pk: family for family in families}
    known = known_of(stage, chosen)
    dead = _without_payee(chosen, on)
    keys = {(pk, str(Programme.PKH)) for pk in chosen} | set(known)
    return {
        (pk, programme): known.get((pk, programme), Known()).facts(chosen[pk], stage, died_on=dead.get(pk))
        for pk, programme in sorted(keys)
    }


def _without_payee(families: Iterable[int], on: date) -> dict[int, date]:
    """Family -> when its pengurus died, where nobody has taken over. One query."""
    managers = Member.objects.filter(family__in=list(families), manager=True).values_list("family", "died_on")
    died: dict[int, date] = {}
    living: set[int] = set()
    for family, died_on in managers:
        if died_on is None or died_on > on:
            living.add(family)
        else:
            died[family] = max(died_on, died.get(family, died_on))
    return {family: day for family, day in died.items() if family not in living}
