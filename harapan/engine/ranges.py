"""One range of families, from inputs to typed results, on whatever engine: `on_duckdb.py`, `on_spark.py`."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from harapan.core.errors import Refused
from harapan.engine.checks import (
    Ask,
    refuse_bad_rows,
    refuse_inexact,
    refuse_missing_amounts,
    refuse_other_totals,
    refuse_strangers,
)
from harapan.engine.plan import Plan, source
from harapan.engine.tables import ENTITLEMENTS, INPUTS, LINES
from harapan.policy.stage_rules import Scheme, StageRules

BY_FAMILY = ("families", "members", "observations", "adjustments")
COUNTS_SQL = """
    select count(*), count(*) filter (where eligible), count(*) filter (where counted), count(*) filter (where watched),
        cast(coalesce(sum(stage_idr) filter (where counted), 0) as bigint)
    from watched"""
TOTALS_SQL = """
    select count(*), count(*) filter (where net_idr > 0), cast(coalesce(sum(gross_idr), 0) as bigint),
        cast(coalesce(sum(cut_idr), 0) as bigint), cast(coalesce(sum(net_idr), 0) as bigint),
        cast(coalesce(sum(back_pay_idr), 0) as bigint), cast(coalesce(sum(recovered_idr), 0) as bigint),
        coalesce(max(gross_idr), 0)
    from entitlements"""
TOTALS = ("families", "paid", "gross_idr", "cut_idr", "net_idr", "back_pay_idr", "recovered_idr")


@dataclass(slots=True)
class Totals:
    """What a range, or a whole run, came to. `rows` has the rows that came out of each step, by its name."""

    families: int = 0
    members: int = 0
    paid: int = 0
    gross_idr: int = 0
    cut_idr: int = 0
    net_idr: int = 0
    back_pay_idr: int = 0
    recovered_idr: int = 0
    rows: dict[str, int] = field(default_factory=dict)

    def add(self, other: Totals) -> None:
        for name in ("members", *TOTALS):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name, number in other.rows.items():
            self.rows[name] = self.rows.get(name, 0) + number


@dataclass(frozen=True, slots=True)
class RangeResult:
    entitlements: pa.Table
    lines: pa.Table
    totals: Totals
    seconds_entitlements: float  # until every family's amount stood, before lines were put in order and taken out


class Worker(ABC):
    """Computes one range after the other on an engine of its own. Use it from one thread at a time, and close it.

    `reads` says for each input table what stands behind FROM. What differs between engines is below the line.
    """

    unfit: type[Exception]  # what the engine raises where a value does not fit its column

    def __init__(self, reads: dict[str, str], plan: Plan, rules: StageRules) -> None:
        self._reads = reads
        self._plan = plan
        self._rules = rules
        self._take_in("facility_months")
        self.make("confirmed", plan.confirmed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def compute(self, bounds: tuple[int, int]) -> RangeResult:
        """All families from the first to the last of `bounds`: checked, computed, in order of their keys."""
        started = time.perf_counter()
        first, last = bounds
        where = f"where family_id between {int(first)} and {int(last)}"
        totals = Totals(rows={name: self._take_in(name, where) for name in BY_FAMILY})
        refuse_missing_amounts(self.ask, self._rules)
        for name, sql in self._plan.tables.items():
            self.make(name, sql)
        seconds_entitlements = time.perf_counter() - started
        _sum_up(self.ask, totals, self._rules)
        return RangeResult(
            self._ordered("entitlements", ENTITLEMENTS, "family_id"),
            self._ordered("watched", LINES, "family_id, member_id"),
            totals,
            seconds_entitlements,
        )

    def keep(self, step: str, path: Path) -> None:
        """Write the table of one kept step, for the range computed last."""
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(self.table(self._plan.kept[step]), path)

    def _take_in(self, name: str, where: str = "") -> int:
        """Take over an input table, typed and checked; give its number of rows."""
        try:
            self.take(name, source(INPUTS[name], self._reads[name], where))
            return refuse_bad_rows(self.ask, name)
        except self.unfit as error:
            raise Refused(
                "Tabel {name} memuat nilai di luar batas kolomnya: {error}. Perbaiki datanya.", name=name, error=error
            ) from error

    def _ordered(self, table: str, schema: pa.Schema, key: str) -> pa.Table:
        select = f"select {', '.join(schema.names)} from {table} order by {key}"  # noqa: S608 - our own names only
        return self.table(select).cast(schema)

    # ---

    @abstractmethod
    def take(self, name: str, sql: str) -> None:
        """Let the name stand for the rows of a select over the inputs, in place of the one before."""

    @abstractmethod
    def make(self, name: str, sql: str) -> None:
        """Compute a table of that name, in place of the one before."""

    @abstractmethod
    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a select."""

    @abstractmethod
    def table(self, sql: str) -> pa.Table:
        """The rows of a select, as columns."""

    @abstractmethod
    def close(self) -> None:
        """Give back what the engine holds."""


def _sum_up(ask: Ask, totals: Totals, rules: StageRules) -> None:
    """Fill in the totals; refuse where families and lines do not tell the same."""
    refuse_strangers(ask)
    claims, eligible, counted, watched, lines_idr = ask(COUNTS_SQL)[0]
    row = ask(TOTALS_SQL)[0]
    for name, value in zip(TOTALS, row, strict=False):
        setattr(totals, name, value)
    refuse_inexact(row[-1])
    refuse_other_totals({"families": totals.rows["families"]}, {"families": totals.families}, "entitlements")
    refuse_other_totals({"net_idr": totals.gross_idr - totals.cut_idr}, {"net_idr": totals.net_idr}, "entitlements")
    plain_sum = rules.scheme is Scheme.COMPONENTS and not rules.fixed
    if plain_sum and rules.family_min_idr is None and rules.family_max_idr is None:
        refuse_other_totals({"gross_idr": lines_idr + totals.back_pay_idr}, {"gross_idr": totals.gross_idr}, "lines")
    totals.members = totals.rows["members"]
    totals.rows |= {"claims": claims, "eligible": eligible, "counted": counted, "watched": watched}
    totals.rows["entitlements"] = totals.families
