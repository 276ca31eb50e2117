"""The published counts and the assumptions of a demonstration province, read from data/demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harapan.core import yaml_text
from harapan.core.errors import Refused
from harapan.regions import codes

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
FILES = {"63": "kalsel.yaml"}


@dataclass(frozen=True, slots=True)
class Province:
    """Counts per region number; shares as weights (any sum) or percent (0-100)."""

    number: int
    families: int
    facilitators: int
    regency_counts: Mapping[int, int]
    villages_first: tuple[int, ...]
    village_families_min: int
    district_families_min: int
    group_families_max: int
    households: Mapping[str, int]
    children: Mapping[int, int]
    pregnant_percent: float
    disability_percent: float
    ages: Mapping[str, int]
    dropout_percent: Mapping[str, float]
    moved_percent: float
    mean_stage_idr: int
    terrain: Mapping[str, Any]
    duties: Sequence[Mapping[str, Any]]

    @property
    def caseload(self) -> float:
        """Families per facilitator."""
        return self.families / self.facilitators


def read_province(code: str = "63") -> Province:
    """The demonstration province with this code. Raises Refused where none is described."""
    digits = codes.compact(codes.parse(code))
    if digits not in FILES:
        raise Refused(f"Provinsi {code} belum punya data peragaan; yang tersedia: {', '.join(sorted(FILES))}.")
    found: dict[str, Any] = yaml_text.read((FOLDER / FILES[digits]).read_text(encoding="utf-8"))
    counts = found["regencies"]["counts"] | found["regencies"]["assumed"]["counts"]
    return Province(
        number=codes.parse(found["province"]),
        families=found["families"]["value"],
        facilitators=found["facilitators"]["value"],
        regency_counts={codes.parse(each): counts[each] for each in sorted(counts)},
        villages_first=tuple(codes.parse(each) for each in found["villages_first"]),
        village_families_min=found["village_families_min"],
        district_families_min=found["district_families_min"],
        group_families_max=found["group_families_max"],
        households=found["households"],
        children=found["children"],
        pregnant_percent=found["pregnant_percent"],
        disability_percent=found["disability_percent"],
        ages=found["ages"],
        dropout_percent=found["dropout_percent"],
        moved_percent=found["moved_from_elsewhere_percent"],
        mean_stage_idr=found["mean_stage_idr"]["value"],
        terrain=found["terrain"],
        duties=found["duties"],
    )
