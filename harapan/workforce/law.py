"""What policy says about loads on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harapan.policy.dated import Dated
from harapan.policy.reader import default_policy
from harapan.workforce.balancing.problem import Band
from harapan.workforce.models import Difficulty

STATED = "caseload.stated."


@dataclass(frozen=True, slots=True)
class CaseloadLaw:
    """Bands in families for each terrain; for others in facilitators. Each with what it rests on."""

    facilitator: dict[Difficulty, Dated]
    data_officer: Dated
    supervisor: Dated
    unknown: Difficulty
    duty_days_full: int
    group_families_max: int

    def band(self, terrain: Difficulty, *, duty_days: int = 0) -> Band:
        """The band of somebody who has so many days a month of other work; both edges shrink alike."""
        value = self.facilitator[terrain].value
        left = self.days_left(duty_days)
        return Band(value["min"] * left // self.duty_days_full, value["max"] * left // self.duty_days_full)

    def days_left(self, duty_days: int) -> int:
        """Days a month for families; one at least, so that nobody who holds families counts for nothing."""
        return max(self.duty_days_full - duty_days, 1)


def law_on(day: date) -> CaseloadLaw:
    """Raises MissingValue where no value covers the day."""
    read = default_policy()
    return CaseloadLaw(
        facilitator={each: read.value(f"caseload.band.facilitator.{each.code}", on=day) for each in Difficulty},
        data_officer=read.value("caseload.band.data_officer", on=day),
        supervisor=read.value("caseload.band.supervisor", on=day),
        unknown=Difficulty[str(read.value("caseload.terrain_unknown", on=day).value).upper()],
        duty_days_full=int(read.value("caseload.duty_days_full", on=day).value),
        group_families_max=int(read.value("caseload.group_families_max", on=day).value),
    )


def stated_until(day: date) -> list[Dated]:
    """What people in office have named up to a day, oldest first; they contradict each other, and are kept so."""
    rows = (row for key, rows in default_policy().timelines.items() if key.startswith(STATED) for row in rows)
    return sorted((row for row in rows if row.since <= day), key=lambda each: (each.since, each.key))
