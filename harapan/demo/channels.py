"""Accounts, cards and telephone numbers of the invented families. None of them can be anybody's.

Telephone numbers begin with +62860, which no provider has; card numbers fail the check digit that every true one has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from harapan.demo.people import Families

POST_OFFICE = "POS"
BANKS = ("BRI", "BNI", "MANDIRI", POST_OFFICE)
SHARES = (72, 10, 8, 10)  # assumed: the people's bank is the one with branches in every kecamatan
PHONE_SHARE = 0.83
# Coprime to every power of ten: no two numbers of a kind are alike, neighbours look unlike, and so do the three kinds.
_ACCOUNT, _CARD, _PHONE = 61_803_398_874_989, 27_182_818_284_591, 31_415_926_535_897
# first digits of the bank's cards, and the length of its account numbers
CARD_STARTS = {"BRI": "601301", "BNI": "537195", "MANDIRI": "603298"}
ACCOUNT_DIGITS = {"BRI": 15, "BNI": 10, "MANDIRI": 13}


@dataclass(slots=True)
class Channels:
    """Columns beside Families. account and card are None where PT Pos pays; phone is None where nobody has one."""

    bank: list[str] = field(default_factory=list)
    account: list[str | None] = field(default_factory=list)
    card: list[str | None] = field(default_factory=list)
    phone: list[str | None] = field(default_factory=list)


def make_channels(families: Families, *, seed: int) -> Channels:
    """Through which bank each family is paid, and how to reach it. The same arguments give the same channels."""
    chance = Random(f"channels {seed}")
    channels = Channels()
    for row, bank in enumerate(chance.choices(BANKS, SHARES, k=len(families))):
        channels.bank.append(bank)
        channels.account.append(account_number(bank, row))
        channels.card.append(_card_number(bank, row))
        channels.phone.append(f"+62860{(row + 1) * _PHONE % 10**8:08d}" if chance.random() < PHONE_SHARE else None)
    return channels


def account_number(bank: str, row: int) -> str | None:
    if bank == POST_OFFICE:
        return None
    digits = ACCOUNT_DIGITS[bank]
    return f"9{(row + 1) * _ACCOUNT % 10 ** (digits - 1):0{digits - 1}d}"


def _card_number(bank: str, row: int) -> str | None:
    if bank == POST_OFFICE:
        return None
    stem = f"{CARD_STARTS[bank]}{(row + 1) * _CARD % 10**9:09d}"
    return f"{stem}{(_check_digit(stem) + 1) % 10}"


def _check_digit(stem: str) -> int:
    """Luhn's, which our cards must not have."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(stem))]
    return -sum(value // 10 + value % 10 for value in doubled) % 10
