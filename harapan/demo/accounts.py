"""The accounts of a family over time: one for all, but for those whose account of 2024 had something wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from harapan.demo.channels import account_number
from harapan.demo.clock import FIRST, LIST_ON
from harapan.demo.world import World

OTHER_BANK = "BPD KALSEL"  # pays no stage of the programme
WRONG = ("account_name", "account_number", "account_bank")
PUT_RIGHT = LIST_ON[FIRST]


@dataclass(frozen=True, slots=True)
class Account:
    """Through what a family (row) is paid from a day until another (None: still). No number where the post pays."""

    family: int
    bank: str
    number: str | None
    card: str | None
    holder: str
    since: date
    until: date | None = None


def accounts(world: World, enrolled: Sequence[date]) -> Iterator[Account]:
    """Every account, family by family, oldest first. `enrolled`: day by family row."""
    wrong = {row: code for code in WRONG for row in world.planted[code]}
    for row, since in enumerate(enrolled):
        yield from _of_family(world, row, wrong.get(row, ""), since)


def _of_family(world: World, row: int, wrong: str, since: date) -> Iterator[Account]:
    channels = world.channels
    own = Account(row, channels.bank[row], channels.account[row], channels.card[row], _payee(world, row), since)
    if not wrong:
        yield own
        return
    number = account_number(own.bank, row + len(world.families))
    earlier = replace(own, number=number, card=None, until=PUT_RIGHT)
    if wrong == "account_name":
        yield replace(earlier, holder=_somebody_else(world, row))
    elif wrong == "account_number":
        yield replace(earlier, number=None)
    else:
        yield replace(earlier, bank=OTHER_BANK)
    yield replace(own, since=PUT_RIGHT)


def _payee(world: World, row: int) -> str:
    return world.members.name[world.families.pengurus[row]]


def _somebody_else(world: World, row: int) -> str:
    """The name of a payee farther on who shares no word with this family's."""
    mine, count = set(_payee(world, row).split()), len(world.families)
    others = (_payee(world, (row + step) % count) for step in range(1, count))
    return next(name for name in others if not mine & set(name.split()))
