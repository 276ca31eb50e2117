"""The ministry's lists of the demonstration: whom each stage names, and with how much.

Amounts are what the law gives (`dues`), but for the families of the planted differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from harapan.core.components import Component
from harapan.core.periods import StageName
from harapan.demo import dues
from harapan.demo.attendance import missed_months
from harapan.demo.channels import BANKS
from harapan.demo.clock import FIRST
from harapan.demo.world import World
from harapan.regions import codes
from harapan.regions.codes import Level

ODD_IDR = 13_000  # no amount of the law makes up this difference
OTHER_SCHOOL = {
    Component.PRIMARY: Component.JUNIOR,
    Component.JUNIOR: Component.PRIMARY,
    Component.SENIOR: Component.JUNIOR,
}
FIRST_WAVE, LATE_WAVE = "1", "2"  # whoever is new comes in the later one (susulan)


class MinistryList:
    """The list of one stage. From the second on it holds what was planted; the first knows of nothing."""

    def __init__(self, world: World, stage: str) -> None:
        self._world, self.stage = world, stage
        self._code = {row: code for code, rows in world.planted.items() for row in rows}
        self._observed = dues.rules(stage).observes_months

    def rows(self) -> Iterator[int]:
        """The families on it, in the order of the province."""
        absent = self._world.has("new" if self.stage == FIRST else "gone")
        return (row for row in range(len(self._world.families)) if row not in absent and self._due_idr(row))

    def amount_idr(self, row: int) -> int:
        """What the list pays the family."""
        code = self._code.get(row, "")
        if code == "low_attendance":
            missed = missed_months(self._world, code, self._observed)
            return dues.amount_idr(self._known(row), self.stage, missed_months=missed)
        twist = _TWISTS.get(code)
        plain = self._due_idr(row)
        return twist(self, row, plain) if twist and self.stage != FIRST else plain

    def village(self, row: int) -> int:
        """The village on the list: another one of the kecamatan for a family that moved."""
        home = self._world.families.region_no[row]
        if self.stage == FIRST or self._code.get(row) != "moved_village":
            return home
        around = (no for no in self._world.plan.villages if codes.ancestor(no, Level.DISTRICT) == home // 10**4 * 10**4)
        return next(village for village in around if village != home)

    def bank(self, row: int) -> str:
        changed = self.stage != FIRST and self._code.get(row) == "bank_changed"
        return BANKS[0] if changed else self._world.channels.bank[row]

    def wave(self, row: int) -> str:
        return LATE_WAVE if self._code.get(row) == "new" else FIRST_WAVE

    def line(self, row: int) -> dict[str, Any]:
        """The family as a row of the layout `beneficiaries`."""
        world, code = self._world, self._code.get(row) if self.stage != FIRST else None
        payee, village = world.families.pengurus[row], self.village(row)
        name, nik, kk = world.members.name[payee], world.members.nik[payee], world.families.kk[row]
        return {
            "beneficiary_id": world.families.iddtks[row],
            "kk": other_number(kk) if code == "kk_differs" else kk,
            "nik": other_number(nik) if code == "nik_differs" else nik,
            "name": (misspelt(name) if code == "name_differs" else name).upper(),
            **_place_names(village, world.region_names),
            "village_code": village,
            "stage": str(StageName.parse(self.stage).number),
            "programme": "PKH",
            "bank": self.bank(row),
            "address": world.families.street[row],
            "rt": world.families.rt[row],
            "rw": world.families.rw[row],
            "directorate": "JSK",
            "wave": self.wave(row),
            "amount_idr": self.amount_idr(row),
        }

    def _due_idr(self, row: int) -> int:
        if self.stage in self._world.dues:
            return self._world.dues[self.stage][row]
        return dues.amount_idr(self._known(row), self.stage)

    def _known(self, row: int) -> list[dues.Known]:
        return [dues.as_known(self._world.members, member) for member in self._world.members_of(row)]

    def _uncapped(self, row: int, plain_idr: int) -> int:
        return dues.uncapped_idr(self._known(row), self.stage)

    def _other_school(self, row: int, plain_idr: int) -> int:
        members = self._world.members
        pupil = next(member for member in self._world.members_of(row) if members.grade[member])
        other = OTHER_SCHOOL[Component(members.component[pupil])]
        known = (
            dues.as_known(members, member, component=int(other) if member == pupil else None)
            for member in self._world.members_of(row)
        )
        return dues.amount_idr(known, self.stage)

    def _without_elderly(self, row: int, plain_idr: int) -> int:
        members = self._world.members
        known = (
            dues.as_known(members, member)
            for member in self._world.members_of(row)
            if members.component[member] != Component.ELDERLY
        )
        return dues.amount_idr(known, self.stage)

    def _odd(self, row: int, plain_idr: int) -> int:
        return plain_idr + ODD_IDR


_TWISTS: Mapping[str, Callable[[MinistryList, int, int], int]] = {
    "amount_cap": MinistryList._uncapped,
    "amount_component": MinistryList._other_school,
    "amount_age": MinistryList._without_elderly,
    "amount_odd": MinistryList._odd,
}


def other_number(number: str) -> str:
    """The same person or card with another serial, from those that the invented people never reach."""
    return f"{number[:12]}99{number[-2:]}"


def misspelt(name: str) -> str:
    """The name as another clerk wrote it, different also to whoever compares by sound."""
    return f"{name[:-1]}{'U' if name[-1].lower() != 'u' else 'A'}N"


@cache
def _place(village: int, level: Level) -> int:
    return codes.ancestor(village, level)


def _place_names(village: int, names: Mapping[int, str]) -> dict[str, str]:
    return {
        "province": names[_place(village, Level.PROVINCE)].upper(),
        "regency": names[_place(village, Level.REGENCY)].upper(),
        "district": names[_place(village, Level.DISTRICT)].upper(),
        "village": names[village].upper(),
    }
