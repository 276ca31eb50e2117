"""Policy for whoever needs it: stages with their resolved rules, single values by date, scenarios laid over them.

Plain Python over `data/policy/*.yaml`; imports no Django, so the engine and the command line may use it anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from harapan.core.phrases import Phrase
from harapan.policy.calendars import CHANNELS, StagePlan, plans_of_year, year_of
from harapan.policy.dated import Dated, Timeline, overlaid, value_on
from harapan.policy.errors import MissingValue, UnknownStage
from harapan.policy.resolution import stage_rules
from harapan.policy.stage_rules import StageRules
from harapan.policy.yaml_rows import checked_rows, read_folder, written_in

FOLDER = Path(__file__).resolve().parents[2] / "data" / "policy"


@dataclass(frozen=True, slots=True)
class Policy:
    """All dated values. Never changes; `with_overlay` gives another one."""

    timelines: Mapping[str, Timeline]

    @classmethod
    def load(cls, folder: Path | None = None) -> Policy:
        """Reads and checks a folder of policy files (default: the product's own). Raises BadPolicy."""
        return cls(MappingProxyType(read_folder(folder or FOLDER)))

    def value(self, key: str, *, on: date) -> Dated:
        """The value in force on that day, with source and confidence. Raises MissingValue."""
        found = value_on(self.timelines.get(key, ()), on)
        if found is None:
            raise MissingValue(key, on.isoformat())
        return found

    def values(self, prefix: str, *, on: date) -> dict[str, Dated]:
        """Everything in force under a prefix, by the rest of the key: `values("undelivered", on=day)["not_found"]`.

        What is written as null (not in use then) is left out; the order is that of the files.
        """
        start = f"{prefix}."
        under = ((key, value_on(rows, on)) for key, rows in self.timelines.items() if key.startswith(start))
        return {key.removeprefix(start): row for key, row in under if row is not None and row.value is not None}

    def history(self, key: str) -> Timeline:
        """All values of a key, oldest first. Raises MissingValue for a key without any."""
        if key not in self.timelines:
            raise MissingValue(key, "tanggal apa pun")
        return self.timelines[key]

    def stages(self, year: int | None = None) -> list[StagePlan]:
        """The stages planned for a year, or for all years in the calendars, in order of payment; none = empty."""
        years = self._years() if year is None else [year]
        plans = [plan for each in years for plan in plans_of_year(each, self._calendar)]
        return sorted(plans, key=lambda plan: (plan.pays_months, plan.channel))

    def plan(self, stage: str) -> StagePlan:
        """The stage of that name. Raises UnknownStage."""
        year = year_of(stage)
        planned = [] if year is None else self.stages(year)
        for plan in planned:
            if plan.name == stage:
                return plan
        raise UnknownStage(stage, self._known(year, planned))

    def stage(self, stage: str) -> StageRules:
        """What the law says for that stage, resolved and frozen. Raises UnknownStage, MissingValue."""
        plan = self.plan(stage)
        in_year = len(plan.rests_on.value)
        return stage_rules(plan, lambda key, on: self.value(key, on=on), stages_in_year=in_year)

    def with_overlay(self, overlay: Mapping[str, Any] | Path, *, name: str = "skenario") -> Policy:
        """The same policy with other values on some days: a what-if, or values enacted over the files.

        The overlay has the form of a policy file; rows that name no source count as the scenario's own (confidence L).
        """
        written = written_in(overlay) if isinstance(overlay, Path) else overlay
        place = overlay.name if isinstance(overlay, Path) else name
        above = checked_rows(written, place=place, default_source=name)
        merged = {key: overlaid(self.timelines.get(key, ()), rows) for key, rows in above.items()}
        return Policy(MappingProxyType({**self.timelines, **merged}))

    def _calendar(self, channel: str, year: int) -> Dated | None:
        found = value_on(self.timelines.get(f"calendar.{channel}", ()), date(year, 1, 1))
        return found if found is not None and found.value is not None else None

    def _years(self) -> range:
        rows = [row for channel in CHANNELS for row in self.timelines.get(f"calendar.{channel}", ())]
        last = max((row.until or row.since for row in rows), default=date.min).year
        return range(min((row.since.year for row in rows), default=last), last + 1)

    def _known(self, year: int | None, planned: list[StagePlan]) -> str:
        if year is None:
            return Phrase("Nama tahap berbentuk tahun-nomor, misalnya 2025-2 atau 2023-3-pos.")
        if not planned:
            years = self._years()
            return Phrase("Kalender memuat tahun {first} sampai {last}.", first=years[0], last=years[-1])
        return Phrase("Tahap tahun {year}: {stages}.", year=year, stages=", ".join(plan.name for plan in planned))


@cache
def default_policy() -> Policy:
    """The product's own policy files, read once per process."""
    return Policy.load()
