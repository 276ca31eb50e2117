"""The roles, read once from data/roles.yaml: their dated names, permissions and what may not meet in one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core import yaml_text
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase

FILE = Path(__file__).resolve().parents[2] / "data" / "roles.yaml"


class Reach(StrEnum):
    """How far a role sees."""

    GROUPS = "groups"
    DISTRICTS = "districts"
    REGENCY = "regency"
    PROVINCE = "province"
    NATION = "nation"


# the level of region a post of this reach must name (0: none)
REGION_LEVEL = {Reach.GROUPS: 3, Reach.DISTRICTS: 3, Reach.REGENCY: 2, Reach.PROVINCE: 1, Reach.NATION: 0}


@dataclass(frozen=True, slots=True)
class Role:
    code: str
    names: tuple[tuple[date, Phrase], ...]
    reach: Reach
    permissions: frozenset[str]
    incompatible: frozenset[str]
    second_factor: bool
    read_only: bool
    needs_clearance: frozenset[str] = frozenset()  # permissions that only a `Clearance` opens

    def name_on(self, day: date) -> Phrase:
        """What this role was called on that day."""
        named = [name for since, name in self.names if since <= day]
        return named[-1] if named else self.names[0][1]


@cache
def catalogue() -> dict[str, Role]:
    raw: dict[str, Any] = yaml_text.read(FILE.read_text(encoding="utf-8"))
    return {code: _role(code, row) for code, row in raw["roles"].items()}


def _role(code: str, row: dict[str, Any]) -> Role:
    return Role(
        code=code,
        names=tuple(sorted((name["from"], Phrase.of_data(name["name"], name["english"])) for name in row["names"])),
        reach=Reach(row["scope"]),
        permissions=frozenset(row["permissions"]),
        incompatible=frozenset(row.get("incompatible", ())),
        second_factor=bool(row.get("second_factor", False)),
        read_only=bool(row.get("read_only", False)),
        needs_clearance=frozenset(row.get("needs_clearance", ())),
    )


def role(code: str) -> Role:
    """The role of that code. Raises Refused when there is none."""
    if code not in catalogue():
        raise Refused(
            "Peran {code!r} tidak dikenal. Yang ada: {known}.", code=code, known=", ".join(sorted(catalogue()))
        )
    return catalogue()[code]


def permissions() -> frozenset[str]:
    """Every permission some role has; a page that asks for another one is a mistake of ours."""
    return frozenset().union(*(entry.permissions for entry in catalogue().values()))
