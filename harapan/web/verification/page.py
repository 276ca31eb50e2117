"""What the page of one facility shows, gathered in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import QueryDict

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.core.phrases import Phrase
from harapan.policy.stage_rules import Payment
from harapan.registry.models import ComponentSpell, Facility
from harapan.verification.declaring import Unit, declared_for
from harapan.verification.lateness import late
from harapan.verification.models import Observation
from harapan.verification.obligations import Owed, owed
from harapan.verification.queries import months_of, observations_of, pupils_of, usual_days
from harapan.verification.schooldays import proposed, week_of
from harapan.verification.standing import gone
from harapan.web.verification.care import CareGrid, care_grid
from harapan.web.verification.entry import Column, Grid, Heard, columns_of, stored_grid, typed_grid
from harapan.web.verification.quarter import Quarter

ROWS_MAX = 400  # no school has more PKH pupils; a health post of a whole kecamatan might


@dataclass
class FacilityPage:
    facility: Facility
    quarter: Quarter
    post: Post
    today: date
    typed: QueryDict | None = None

    @property
    def school(self) -> bool:
        return self.facility.kind == Facility.Kind.SCHOOL

    @cached_property
    def spells(self) -> list[ComponentSpell]:
        """One row for each member served, by name."""
        obligated = self.quarter.obligated_at(self.facility)
        rows = pupils_of(self.facility, self.quarter.months, obligated)
        return list(rows.order_by("member__name_key", "member_id")[:ROWS_MAX])

    @property
    def cut_off(self) -> bool:
        return len(self.spells) == ROWS_MAX

    @cached_property
    def heard(self) -> Heard:
        """What was said of each month, and for which of the reader's families."""
        months = months_of([self.facility], self.quarter.numbers)
        by_unit = declared_for([self.facility], self.quarter.numbers)
        return Heard(
            {month: row for (_facility, month), row in months.items()},
            {month: units for (_facility, month), units in by_unit.items()},
            frozenset(Unit.of(spell) for spell in self.spells),
        )

    @cached_property
    def seen(self) -> dict[tuple[int, int], Observation]:
        return observations_of((spell.member_id for spell in self.spells), self.quarter.numbers)

    @cached_property
    def columns(self) -> list[Column]:
        usual = self.usual if self.school else {}
        return columns_of(self.quarter, self.heard, usual, completes=self.completes, typed=self.typed)

    @cached_property
    def week(self) -> int:
        """Days of school a week."""
        return week_of(self.facility, on=self.today)

    @property
    def usual(self) -> dict[int, int]:
        """Effective days to propose: what most schools around said, else what the calendar leaves."""
        return proposed(self.quarter.months, self.week) | usual_days(self.facility, self.quarter.numbers)

    @cached_property
    def gone(self) -> dict[tuple[int, int], Phrase]:
        return gone([spell.member_id for spell in self.spells], self.quarter.numbers)

    @cached_property
    def owed(self) -> list[Owed]:
        """Every obligation of these months here, whoever of the scope has it."""
        return owed(self.quarter.months, facilities=[self.facility.pk], percent_min=self.quarter.line)

    @cached_property
    def care(self) -> CareGrid:
        return care_grid(self.spells, self.columns, self.owed, self.gone, typed=self.typed, today=self.today)

    @cached_property
    def grid(self) -> Grid | CareGrid:
        if not self.school:
            return self.care
        how: dict[str, Any] = {"school": self.school, "line": self.quarter.line, "gone": self.gone}
        if self.typed is not None:
            return typed_grid(self.spells, self.columns, self.typed, **how)
        return stored_grid(self.spells, self.columns, self.seen, **how)

    @property
    def silent(self) -> list[Column]:
        """Months of which nobody has said anything for some of the reader's families."""
        return [column for column in self.columns if column.said is None or column.missing]

    @property
    def declared(self) -> list[Column]:
        """Months somebody declared for some of the reader's families, and nothing proves."""
        return [column for column in self.columns if column.said is not None and not column.said.proven]

    @property
    def completes(self) -> bool:
        """Who may prove a month may also speak for those for whom a proven one was not declared."""
        return allows(self.post, "verification.confirm")

    @property
    def writable(self) -> list[Column]:
        """Months that may be declared, or declared anew."""
        return [column for column in self.columns if column.open]

    @property
    def may_record(self) -> bool:
        return allows(self.post, "verification.record") and bool(self.writable) and bool(self.spells)

    @property
    def may_prove(self) -> bool:
        return allows(self.post, "verification.confirm") and bool(self.declared)

    @property
    def late_months(self) -> list[Column]:
        """Months that may be declared, with a reason why only now."""
        return [column for column in self.writable if late(column.number, on=self.today)]

    @property
    def percent_cut(self) -> int:
        """What a missed month takes from the family's stage, in percent."""
        return self.quarter.law.sanction.percent_per_month

    @property
    def excused_paid(self) -> bool:
        """Whether a month missed with a valid excuse is paid all the same (policy)."""
        return self.quarter.law.excused_pays == Payment.PAID
