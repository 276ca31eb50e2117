"""What each component owes, by the policy of a day: the school's month, the check-ups, the weighing and so on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from harapan.core.components import CODES, GROUP_OF, Component, Group
from harapan.core.phrases import Phrase
from harapan.policy.dated import Dated
from harapan.policy.reader import default_policy

COMPONENT_OF = {code: component for component, code in CODES.items()}


@dataclass(frozen=True, slots=True)
class Item:
    """One obligation of a component. `days` and `ages`: its span since its beginning, and the ages in months, both
    inclusive; `confidence` and `source` as policy states them."""

    key: str  # "toddler.weighing"
    component: Component
    label: Phrase
    times: int
    per: str  # month, year, pregnancy, after_birth, age
    days: tuple[int, int] | None
    ages: tuple[int, int] | None
    in_months: tuple[int, ...]
    confidence: str
    source: str

    @property
    def monthly(self) -> bool:
        """Due each month by itself, so that "everybody came but …" can speak of it."""
        return self.per == "month"

    @property
    def school(self) -> bool:
        return GROUP_OF[self.component] is Group.EDUCATION


def items_on(day: date, components: Iterable[Component] | None = None) -> tuple[Item, ...]:
    """Every obligation in force on a day, in the order of the files; those of the pengurus (P2K2) are kept by p2k2."""
    wanted = set(Component if components is None else components)
    found = default_policy().values("obligations", on=day)
    made = (_item(key, row) for key, row in found.items() if key.partition(".")[0] in COMPONENT_OF)
    return tuple(item for item in made if item.component in wanted)


def _item(key: str, row: Dated) -> Item:
    value: dict[str, Any] = row.value
    return Item(
        key,
        COMPONENT_OF[key.partition(".")[0]],
        Phrase.of_data(value["label"], row.english),
        value["times"],
        value["per"],
        _span(value.get("within_days")),
        _span(value.get("ages_months")),
        tuple(value.get("in_months", ())),
        row.confidence,
        row.source,
    )


def _span(found: Sequence[int] | None) -> tuple[int, int] | None:
    return (found[0], found[1]) if found else None


def obliged_on(day: date) -> tuple[Component, ...]:
    """The components that owe anything."""
    return tuple(dict.fromkeys(item.component for item in items_on(day)))
