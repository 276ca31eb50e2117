"""Who stands too near to a case, how long a sanction counts, what deserves a report: plain rules."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Recusal(StrEnum):
    """Who of those above the accused stands aside; the accused always does."""

    SELF = "self"
    DIRECT = "direct"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody who leads the accused's place. `breadth`: how wide their post reaches, the wider the higher."""

    user: int
    breadth: int


def recused(accused: int | None, leads: Iterable[Lead], *, own_breadth: int, rule: Recusal) -> set[int]:
    """Users who stand aside. Leads are those with a wider post than the accused's; direct ones are the narrowest."""
    people = {accused} if accused is not None else set()
    if rule is Recusal.SELF:
        return people
    above = [lead for lead in leads if lead.breadth > own_breadth and lead.user != accused]
    nearest = min((lead.breadth for lead in above), default=0)
    return people | {lead.user for lead in above if rule is Recusal.CHAIN or lead.breadth == nearest}


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month: 31 August and 6 months is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def deserving(asked: Sequence[str], answers: Sequence[int], report_if: Mapping[str, int]) -> list[str]:
    """The codes of questions whose answer deserves a report, in the order they were asked."""
    return [code for code, answer in zip(asked, answers, strict=True) if report_if.get(code) == answer]


def hidden(part: int, whole: int, least: int) -> bool:
    """Whether a figure would point at a few people: too few were asked, or too few stand on either side of it."""
    return whole < least or 0 < part < least or 0 < whole - part < least
