"""What the misses on a typed page would cost each family: said before they are recorded."""

from __future__ import annotations

from dataclasses import dataclass

from harapan.benefits.foreseeing import Foreseen, Miss, foresee
from harapan.benefits.models import Stage
from harapan.core.components import Component
from harapan.core.phrases import Phrase
from harapan.registry.models import Family
from harapan.verification.errors import month_text
from harapan.verification.models import Observation
from harapan.verification.obligations import EXEMPT
from harapan.verification.queries import present_percent
from harapan.web.verification.care import CareRow
from harapan.web.verification.entry import Cell, Row
from harapan.web.verification.page import FacilityPage

ROWS_MAX = 60


@dataclass(frozen=True, slots=True)
class Cost:
    """A family with a miss on the page, and who missed what."""

    family: Family
    misses: list[tuple[str, Phrase]]  # name of the member, month in words
    foreseen: Foreseen | None  # None: the stage has not begun, or the family is not in it


def misses_of(page: FacilityPage, months: set[int]) -> set[Miss]:
    """(member, month) of what the page says was missed without a valid excuse, in these months, where that may cost."""
    costly = {int(component) for component in page.quarter.law.obligated}
    exempt = {(owed.member_id, owed.month) for owed in page.owed if owed.state == EXEMPT}
    found: set[Miss] = set()
    for row in page.grid.rows:
        if row.spell.component in costly:
            found |= {(row.spell.member_id, month) for month in months if _missed(page, row, month)}
    return found - exempt


def _missed(page: FacilityPage, row: Row | CareRow, month: int) -> bool:
    cell = next(cell for cell in row.cells if cell.column.number == month)
    if not cell.open:
        return False
    if not isinstance(cell, Cell):
        return cell.outcome == Observation.Outcome.MISSED
    if cell.outcome or cell.error:
        return cell.outcome == "missed"
    away = {name: int(cell.values.get(letter) or 0) for letter, name, _value in cell.days}
    share = present_percent(Observation(**away), cell.column.days, excusing=True)
    return share is not None and share < page.quarter.line


def costs_of(page: FacilityPage, months: set[int]) -> list[Cost]:
    """The families with a miss, the dearest first. A constant number of queries."""
    misses = misses_of(page, months)
    spells = {spell.member_id: spell for spell in page.spells}
    of_family: dict[int, list[Miss]] = {}
    for member, month in sorted(misses):
        of_family.setdefault(spells[member].family_id, []).append((member, month))
    stage = Stage.objects.filter(name=page.quarter.law.stage).first()
    told = foresee(stage, of_family, misses) if stage else {}
    families = {spell.family_id: spell.family for spell in page.spells}
    costs = [
        Cost(
            families[number],
            [(spells[member].member.name, month_text(month)) for member, month in own],
            told.get(number),
        )
        for number, own in of_family.items()
    ]
    return sorted(costs, key=lambda cost: -(cost.foreseen.cost_idr if cost.foreseen else 0))[:ROWS_MAX]


def is_costly(page: FacilityPage) -> bool:
    """Whether a miss here can cost anything in this stage."""
    sanction = page.quarter.law.sanction
    return sanction.cuts and any(Component(spell.component) in page.quarter.law.obligated for spell in page.spells)
