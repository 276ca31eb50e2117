"""What the pages of handing over ask: who is due what and where, and what was said. Constant queries a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from harapan.benefits.models import Listing, Stage
from harapan.payments.field_law import proof_codes
from harapan.payments.handover_facts import Known, known_of
from harapan.payments.handover_rules import RECEIVED, Facts, Word
from harapan.payments.models import Claim, Handover, Order, PayoutDay, Programme, ProgrammeDue
from harapan.registry.models import Family, Group


def stages_with_money() -> QuerySet[Stage]:
    """Stages for which the scope that is on is due something, the latest first."""
    listed, ordered = Listing.objects.filter(stage=OuterRef("pk")), Order.objects.filter(stage=OuterRef("pk"))
    return Stage.objects.filter(Exists(listed) | Exists(ordered)).order_by("-name")


@dataclass(slots=True)
class Tally:
    """A group's families of one stage's PKH. part: received, and more is due. unproven: the reason lacks its proof."""

    due: int = 0
    due_idr: int = 0
    received: int = 0
    part: int = 0
    proven: int = 0
    not_received: int = 0
    unproven: int = 0
    payers: set[str] = field(default_factory=set)

    @property
    def open(self) -> int:
        return max(0, self.due - self.received - self.not_received)


def tallies(stage: Stage, groups: Collection[Group], *, on: date) -> dict[int, Tally]:
    """PKH of each group. Two queries."""
    found = {group.pk: Tally() for group in groups}
    due: dict[int, int] = {}
    claims = Claim.objects.filter(stage=stage, group_no__in=list(found)).order_by()
    rows = claims.values_list("group_no", "family", "bank").annotate(idr=Sum("nominal_idr"))
    for pk, family, payer, idr in rows:
        found[pk].due += family not in due
        found[pk].due_idr += int(idr or 0)
        found[pk].payers.add(payer.upper())
        due[family] = due.get(family, 0) + int(idr or 0)
    said = Handover.objects.filter(stage=stage, group_no__in=list(found), programme=Programme.PKH)
    words: dict[tuple[int, int], list[Word]] = {}
    fields = ("group_no", "family", "on", "outcome", "amount_idr", "proof", "reason_code")
    for pk, family, day, outcome, idr, proof, reason in said.order_by("on", "pk").values_list(*fields):
        word = Word(day, Handover.Outcome(outcome), idr, proof is not None, reason)
        words.setdefault((pk, family), []).append(word)
    wanting = set(proof_codes(on))
    for (pk, family), each in words.items():
        _count(found[pk], each, due.get(family, 0), wanting)
    return found


def _count(tally: Tally, words: list[Word], due_idr: int, wanting: Collection[str]) -> None:
    parts = [word for word in words if word.outcome is RECEIVED]
    left = due_idr - sum(word.idr for word in parts)
    last = words[-1]
    if last.outcome is RECEIVED or left <= 0:
        tally.received += 1
        tally.part += left > 0
        tally.proven += all(word.proven for word in parts)
    else:
        tally.not_received += 1
        tally.unproven += last.reason in wanting and not last.proven


@dataclass(slots=True)
class Due:
    """One line of a list: what a family is due of one programme, by whom, and what was said of it, day by day."""

    family: Family
    programme: Programme
    facts: Facts
    known: Known
    number: int = 0
    next_step: Any = ""  # where the reason leads, in words of the page
    wanted: Any = ""  # the proof its reason lacks, in words

    @property
    def idr(self) -> int:
        return self.facts.due_idr

    @property
    def payer(self) -> str:
        return self.known.payer

    @property
    def days(self) -> list[PayoutDay]:
        return self.known.days

    @property
    def said(self) -> Handover | None:
        """What was said last."""
        return self.known.words[-1] if self.known.words else None

    @property
    def parts(self) -> list[Handover]:
        """What was handed over, by day."""
        return [row for row in self.known.words if row.outcome == RECEIVED]

    @property
    def left_idr(self) -> int:
        return max(0, self.facts.due_idr - self.facts.received_idr)

    def is_open(self, on: date) -> bool:
        return self.facts.is_open(on)

    def is_unproven(self, wanting: Collection[str]) -> bool:
        last = self.facts.last
        return last is not None and last.reason in wanting and not last.proven and self.left_idr > 0


def due_of_families(stage: Stage, families: Collection[Family]) -> list[Due]:
    """PKH and BPNT side by side, family after family in the given order. Four queries."""
    known = known_of(stage, {family.pk: family for family in families})
    found = [
        Due(family, programme, known[family.pk, programme].facts(family, stage), known[family.pk, programme])
        for family in families for programme in Programme if (family.pk, programme) in known
    ]  # fmt: skip
    for number, row in enumerate(found, start=1):
        row.number = number
    return found


def days_of(rows: Iterable[Due]) -> list[PayoutDay]:
    """The payout days that say something to anybody on the list, the first first."""
    days = {day.pk: day for row in rows for day in row.days}
    return sorted(days.values(), key=lambda day: (day.on, day.begins))


def families_due(stage: Stage, groups: Collection[Group]) -> list[Family]:
    """The families of these groups that are due anything of the stage, group after group, by name. One query."""
    numbers = [group.pk for group in groups]
    claimed = Claim.objects.filter(stage=stage, group_no__in=numbers).values("family")
    other = ProgrammeDue.objects.filter(stage=stage, group_no__in=numbers).values("family")
    due = Q(pk__in=claimed) | Q(pk__in=other)
    found = Family.objects.filter(due, group__in=numbers).order_by("name_key", "pk")
    place = {number: at for at, number in enumerate(numbers)}
    return sorted(found, key=lambda family: place[family.group_id or 0])
