"""Everything the page of one request shows, and what its reader may do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from harapan.accounts.models import Post, User
from harapan.accounts.permission import allows
from harapan.benefits.reflecting import seen_by_absence
from harapan.core.phrases import Phrase, joined
from harapan.database import sealing
from harapan.registry.changes import deciding
from harapan.registry.changes.asked import values_of
from harapan.registry.changes.fields import NUMBERS, title
from harapan.registry.changes.kinds import Kind, default_kinds
from harapan.registry.changes.outside import Outside, followed, standing
from harapan.registry.models import Change, ChangeProof, Facility, Member
from harapan.web.changes.forms import shown


def proofs_said(asked: Iterable[tuple[str, ...]]) -> list[Phrase]:
    """Of each group one is enough: "KTP atau kartu keluarga"."""
    names = default_kinds().proofs
    return [joined((names[code] for code in any_of), Phrase(" atau ")) for any_of in asked]


@dataclass
class OneChange:
    change: Change
    post: Post
    by: User
    on: date

    @cached_property
    def kind(self) -> Kind:
        return default_kinds().on(self.change.kind, self.change.asked_on)

    @cached_property
    def place(self) -> str:
        return self.change.family.region.path_name()

    @cached_property
    def rows(self) -> list[tuple[Phrase, str | Phrase]]:
        """(title, value) as asked; numbers masked."""
        values = values_of(self.change)
        names = dict(Member.objects.filter(family=self.change.family_id).values_list("pk", "name"))
        number = values.get("facility")
        places = dict(Facility.objects.filter(pk=number or 0).values_list("pk", "name"))
        return [
            (title(self.kind.code, name), self._masked(name, values[name]) if name in NUMBERS
             else shown(name, values[name], members=names, facilities=places))
            for name in self.kind.fields if values.get(name)
        ]  # fmt: skip

    @staticmethod
    def _masked(name: str, value: str) -> str:
        return sealing.masked(name, value)

    @cached_property
    def proofs(self) -> list[tuple[Phrase, ChangeProof]]:
        names = default_kinds().proofs
        rows = ChangeProof.objects.filter(change=self.change).select_related("file", "added_by").order_by("pk")
        return [(names[row.kind], row) for row in rows]

    @cached_property
    def missing(self) -> list[Phrase]:
        """What is still asked for, in words: "KTP atau kartu keluarga"."""
        return proofs_said(deciding.missing_proofs(self.change))

    @property
    def proof_codes(self) -> list[str]:
        return list(dict.fromkeys(code for any_of in self.kind.proofs for code in any_of))

    @property
    def proof_next(self) -> str:
        """The first still asked for, so that a second paper is not filed under the kind of the first."""
        return next((any_of[0] for any_of in deciding.missing_proofs(self.change)), "")

    @property
    def decider(self) -> Phrase:
        return deciding.DECIDERS[self.kind.level]

    @property
    def effect(self) -> dict[str, Any] | None:
        return self.change.effect

    @property
    def difference_idr(self) -> int:
        return self.effect["after_idr"] - self.effect["before_idr"] if self.effect else 0

    @property
    def open(self) -> bool:
        return self.change.state == Change.State.ASKED

    @property
    def may_prove(self) -> bool:
        return self.open and allows(self.post, "change.request")

    @property
    def may_decide(self) -> bool:
        return deciding.may_decide(self.change, self.by, self.post)

    @property
    def own(self) -> bool:
        return self.change.asked_by_id == self.by.pk

    @property
    def may_withdraw(self) -> bool:
        return self.open and self.own

    @property
    def may_reverse(self) -> bool:
        applied = self.change.state == Change.State.APPLIED and self.change.reverses_id is None
        return applied and allows(self.post, self.kind.permission) and allows(self.post, "change.reverse")

    @property
    def counter(self) -> Change | None:
        """What took this one back: by whom, when and why."""
        return getattr(self.change, "reversed_by", None)

    @property
    def outside(self) -> Change | None:
        """Of which SIKS-NG is told."""
        return followed(self.change)

    @property
    def standing(self) -> Outside | None:
        return standing(self.change, on=self.on)

    @property
    def absent(self) -> bool:
        """Seen in a list by standing on it no more."""
        return bool(self.change.reflected_on) and seen_by_absence(self.change)

    @property
    def counter_absent(self) -> bool:
        counter = self.counter
        return counter is not None and bool(counter.reflected_on) and seen_by_absence(counter)

    @property
    def may_enter(self) -> bool:
        """Nobody has to tell the outside what a list shows already."""
        told = self.outside
        return told is not None and told.reflected_on is None and allows(self.post, "change.request")
