"""How hard the villages of a demonstration are to reach, and what other work its facilitators have."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from harapan.demo.clock import noon
from harapan.demo.staffing import SINCE, Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.regions import codes
from harapan.regions.codes import Level, VillageKind
from harapan.workforce.models import Difficulty, ExtraDuty, Terrain


def write_terrain(world: World, staffed: Staffed) -> None:
    """A row for each village with families, save the few of which nobody has told, and every duty of the file."""
    said = terrain_of(world)
    by = {worker.region_no: staffed.of(worker) for worker in world.staff if worker.role == "data_officer"}
    columns: Columns = {
        "region_no": list(said),
        "difficulty": [int(each) for each in said.values()],
        "recorded_by_id": [by[codes.ancestor(village, Level.REGENCY)] for village in said],
    }
    write(Terrain, columns, since=SINCE, source="Kunjungan validasi")
    duties = world.province.duties
    names = ("kind", "title", "letter_no", "days_per_month", "first_on", "last_on")
    told: Columns = {name: [each[name] for each in duties] for name in names}
    told["region_no"] = [codes.parse(each["region"]) for each in duties]
    told["recorded_at"] = [noon(each["first_on"]) for each in duties]
    write(ExtraDuty, told, place="", letter_by="", letter_by_post="", cancelled_because="")


def terrain_of(world: World) -> dict[int, Difficulty]:
    """Village -> terrain, for those of which somebody has told."""
    facts, found = world.province.terrain, dict[int, Difficulty]()
    hard = {codes.parse(each) for each in facts["hard_districts"]}
    for village in world.plan.villages:
        drawn = Random(f"terrain {world.seed} {village}").random() * 100
        if codes.ancestor(village, Level.DISTRICT) in hard:
            found[village] = Difficulty.HARD
        elif drawn >= facts["untold_percent"]:
            found[village] = _elsewhere(village, drawn - facts["untold_percent"], facts)
    return found


def _elsewhere(village: int, drawn: float, facts: Mapping[str, int]) -> Difficulty:
    if codes.village_kind(village) is VillageKind.URBAN:
        return Difficulty.EASY
    if drawn < facts["hard_percent"]:
        return Difficulty.HARD
    return Difficulty.EASY if drawn < facts["hard_percent"] + facts["easy_percent"] else Difficulty.MEDIUM
