"""A request as typed values: read from its stored form, with the rows it speaks of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from harapan.core.numbers import read_account, read_card, read_kk, read_nik, read_nisn
from harapan.database.sealing import index
from harapan.registry.changes.fields import FIELDS, NUMBERS, Takes
from harapan.registry.changes.kinds import Kind, default_kinds
from harapan.registry.models import Change, Facility, Family, Member

Values = Mapping[str, str]  # field -> value as text; blanks left out
READERS = {"nik": read_nik, "kk": read_kk, "account": read_account, "card": read_card, "student_no": read_nisn}


def read(kind: Kind, typed: Values) -> dict[str, str]:
    """What was typed for the fields of a kind: blanks left out, numbers as their digits. Raises Unreadable."""
    told = {name: value.strip() for name, value in typed.items() if name in kind.fields and value.strip()}
    return {name: (READERS[name](value).value or value) if name in READERS else value for name, value in told.items()}


@dataclass(frozen=True)
class Asked:
    """What one request wants of one family."""

    kind: Kind
    family: Family
    values: Values

    @classmethod
    def of(cls, change: Change, family: Family) -> Asked:
        return cls(default_kinds().on(change.kind, change.asked_on), family, values_of(change))

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self.values[name]) if name in self.values else None

    def number(self, name: str) -> int:
        return int(self.values[name]) if name in self.values else 0

    @property
    def on(self) -> date:
        """The day it happened, from which its facts hold."""
        found = self.day("effective_on")
        assert found is not None  # noqa: S101 - every kind requires it
        return found

    @cached_property
    def members(self) -> dict[int, Member]:
        return {member.pk: member for member in Member.objects.filter(family=self.family).order_by("pk")}

    @property
    def member(self) -> Member | None:
        return self.members.get(self.number("member"))

    @property
    def heir(self) -> Member | None:
        return self.members.get(self.number("heir"))

    @cached_property
    def facility(self) -> Facility | None:
        number = self.number("facility")
        return Facility.objects.filter(pk=number).first() if number else None


def values_of(change: Change) -> dict[str, str]:
    numbers = json.loads(change.numbers.open()) if change.numbers else {}
    return {**change.told, **numbers}


def split(values: Values) -> tuple[dict[str, str], str | None]:
    """(what may stand in clear, the numbers of people as JSON to be sealed)."""
    told = {name: value for name, value in values.items() if name not in NUMBERS}
    numbers = {name: value for name, value in values.items() if name in NUMBERS}
    return told, json.dumps(numbers) if numbers else None


def content_key(values: Values, *, pepper: int) -> str:
    """The same values of the same family give the same key; of numbers it tells nothing (they are few to guess)."""
    told = {name: value for name, value in values.items() if FIELDS[name].takes is not Takes.NUMBER}
    numbers = {name: index("nik", value).hex() for name, value in values.items() if name in NUMBERS}
    written: dict[str, Any] = {"family": pepper, "told": told, "numbers": numbers}
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
