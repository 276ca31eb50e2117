"""What if the law were another one: the same snapshot under both, and the difference between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from harapan.core.components import CODES
from harapan.core.errors import Misuse
from harapan.engine.run import Summary, run
from harapan.engine.snapshot import quoted
from harapan.policy.stage_rules import StageRules

CHANGES_SQL = """
    select count(*) filter (where n > 0), count(*) filter (where n < 0), count(*) filter (where n = 0),
        coalesce(max(n), 0)::bigint, coalesce(min(n), 0)::bigint
    from (
        select now.net_idr - before.net_idr as n
        from read_parquet('{after}/entitlements-*.parquet') as now
        join read_parquet('{before}/entitlements-*.parquet') as before using (family_id)
    )"""
COUNTED_SQL = "select component, count(*) from read_parquet('{folder}/lines-*.parquet') where counted group by 1"


@dataclass(frozen=True, slots=True)
class Difference:
    """Money in rupiah for the stage; `persons` has, by component code, how many are counted before and after."""

    stage: str
    before: dict[str, int]
    after: dict[str, int]
    families_more: int
    families_less: int
    families_same: int
    largest_gain_idr: int
    largest_loss_idr: int
    persons: dict[str, tuple[int, int]]

    @property
    def net_idr(self) -> int:
        return self.after["net_idr"] - self.before["net_idr"]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"net_idr": self.net_idr}


def simulate(
    snapshot: Path, *, law: StageRules, scenario: StageRules, told: Callable[[int, int], None] | None = None
) -> Difference:
    """Compute the stage under both laws; nothing is kept. Raises Misuse where the scenario changes nothing."""
    if law == scenario:
        raise Misuse(
            "Skenario tidak mengubah apa pun pada tahap {stage}. Periksa nama nilainya dan tanggal "
            "mulainya (from): yang dipakai ialah nilai pada hari pertama bulan yang dibayar.",
            stage=law.stage,
        )
    with TemporaryDirectory(prefix="harapan-simulasi-") as place:
        folders = {name: Path(place) / name for name in ("before", "after")}
        before = run(snapshot, folders["before"], rules=law, told=told)
        after = run(snapshot, folders["after"], rules=scenario, told=told)
        return _difference(law.stage, before, after, {name: quoted(path) for name, path in folders.items()})


def _difference(stage: str, before: Summary, after: Summary, folders: dict[str, str]) -> Difference:
    con = duckdb.connect(config={"memory_limit": "1GB"})
    try:
        [(more, less, same, gain, loss)] = con.execute(CHANGES_SQL.format(**folders)).fetchall()
        counted = {
            name: dict(con.execute(COUNTED_SQL.format(folder=folder)).fetchall()) for name, folder in folders.items()
        }
    finally:
        con.close()
    persons = {
        code: (counted["before"].get(int(component), 0), counted["after"].get(int(component), 0))
        for component, code in CODES.items()
    }
    return Difference(stage, _sums(before), _sums(after), more, less, same, gain, loss, persons)


def _sums(summary: Summary) -> dict[str, int]:
    names = ("families", "paid", "gross_idr", "cut_idr", "net_idr")
    return {name: getattr(summary.totals, name) for name in names}
