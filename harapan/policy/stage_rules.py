"""What the law says for one stage, resolved: the only form of policy the engine and the reference read.

`harapan.policy.reader` resolves the dated YAML into these frozen values; a run's manifest stores them as JSON
(`as_json`/`from_json`), so an old stage replays under the law it was computed with. Money is whole rupiah.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from harapan.core.components import Component


class Scheme(StrEnum):
    """How an amount comes about."""

    COMPONENTS = "components"  # per counted member (2007-2016 with amount caps; 2019 on with a cap of persons)
    FLAT = "flat"  # one amount per family by its category (2017-2018)


class Payment(StrEnum):
    """What a doubtful month pays."""

    PAID = "paid"
    UNPAID = "unpaid"


class Category(IntEnum):
    """Kind of family where an amount depends on it (`families.category`). Stored in snapshots: never renumber.

    An amount stated for REGULAR holds for every category that has no amount of its own in that year.
    """

    REGULAR = 0
    PAPUA = 1  # Papua and Papua Barat (flat amount 2017-2018)
    ELDERLY = 2  # family with an elderly member (flat amount 2017-2018)
    DISABILITY = 3  # family with a severely disabled member (flat amount 2017-2018)
    ACCESS = 4  # PKH Akses: remote, island and border areas (fixed amount 2019)


@dataclass(frozen=True, slots=True)
class ComponentRule:
    component: Component
    annual_idr: int
    stage_idr: int  # what one counted member brings in this stage, after the stated division and rounding
    # (both 0 in flat years: the member makes the family eligible, the family's amount is in `flat`)
    age_min_years: int | None = None  # inclusive, on StageRules.ages_on
    age_max_years: int | None = None  # inclusive
    members_max: int | None = None  # at most so many of this component in a family
    births_max: int | None = None  # pregnancies within the programme that count (from about 2020: 2)


@dataclass(frozen=True, slots=True)
class FlatRule:
    category: int  # families.category; 0 = any other family
    annual_idr: int
    stage_idr: int


@dataclass(frozen=True, slots=True)
class FixedRule:
    """Bantuan tetap: an amount per family beside its components, paid in the stages named (2019: stage 1)."""

    category: int
    annual_idr: int
    stage_idr: int


class Effect(StrEnum):
    """What a step of the sanction ladder does to the stage. From CUT on the share of the missed months is cut."""

    WARN = "warn"  # told, nothing cut
    CUT = "cut"
    DEFER = "defer"  # what is left is held until a person lifts it, then paid as back-pay
    END = "end"  # held as well, and the end of the membership put before a person


@dataclass(frozen=True, slots=True)
class LadderStep:
    from_stage: int  # from so many stages in a row with an upheld miss on
    effect: Effect


@dataclass(frozen=True, slots=True)
class SanctionRule:
    """Cut in whole percent of the family's stage per observed month in which an obligation was missed."""

    percent_per_month: int  # 0 = no sanction
    percent_max: int  # the most one stage loses
    nothing_if_all_missed: bool  # 2007-2017: nothing for a stage in which no member complied in any month
    cut_idr_per_month: int | None = None  # 2007-2012: rupiah instead of percent
    ladder: tuple[LadderStep, ...] = ()  # rising; none (manifests of older runs): cut from the first stage on
    hearing_required: bool = False  # a miss counts only after notice and hearing (benefits.sanctions)
    answer_days: int = 0  # from the day the family was told

    @property
    def cuts(self) -> bool:
        """Whether a missed month can cost anything in this stage."""
        share = self.cut_idr_per_month if self.cut_idr_per_month is not None else self.percent_per_month
        return bool(share and self.percent_max) or self.nothing_if_all_missed

    def effect(self, stages: int) -> Effect:
        """What the ladder does after so many stages in a row with an upheld miss (1 or more)."""
        reached = [step.effect for step in self.ladder if step.from_stage <= stages]
        return reached[-1] if reached else Effect.CUT


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value of this stage that rests on an uncertain source and must be shown wherever a number rests on it."""

    key: str  # for example "sanctions.percent_per_month"
    confidence: str  # "H", "M" or "L"
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class StageRules:
    stage: str  # "2025-2", or "2023-3-pos" where a channel has a calendar of its own
    year: int
    number: int
    channel: str  # "all", "bank" or "pos"
    pays_months: tuple[str, ...]  # ("2025-04", "2025-05", "2025-06")
    observes_months: tuple[str, ...]  # months that may cut this stage; those of a suspension are left out
    ages_on: str  # ISO date on which ages are measured
    scheme: Scheme
    components: tuple[ComponentRule, ...]  # in order of precedence when annual amounts are equal
    persons_max: int | None = None  # at most so many counted members, dearest first (2019 on: 4)
    family_min_idr: int | None = None  # amount caps of 2007-2015, for the stage
    family_max_idr: int | None = None
    flat: tuple[FlatRule, ...] = ()
    fixed: tuple[FixedRule, ...] = ()
    attendance_percent_min: int = 85  # of effective school days a month
    unknown_pays: Payment = Payment.PAID  # a month nobody confirmed
    excused_pays: Payment = Payment.PAID  # a month missed with an accepted excuse
    # whose missed obligations cut the family: "any" member with an obligation, or only "counted" ones
    whose_attendance: str = "any"
    # components with an obligation looked at every month (attendance.obligated); the others are visited once a year
    obligated: tuple[Component, ...] = (
        Component.PREGNANT,
        Component.TODDLER,
        Component.PRIMARY,
        Component.JUNIOR,
        Component.SENIOR,
    )
    sanction: SanctionRule = field(default_factory=lambda: SanctionRule(0, 0, False))
    assumptions: tuple[Assumption, ...] = ()

    def as_json(self) -> str:
        """The same text for the same rules: keys sorted, no spaces."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> StageRules:
        raw: dict[str, Any] = json.loads(text)
        raw["scheme"] = Scheme(raw["scheme"])
        raw["unknown_pays"] = Payment(raw["unknown_pays"])
        raw["excused_pays"] = Payment(raw["excused_pays"])
        raw["components"] = tuple(
            ComponentRule(**{**rule, "component": Component(rule["component"])}) for rule in raw["components"]
        )
        raw["flat"] = tuple(FlatRule(**rule) for rule in raw["flat"])
        raw["fixed"] = tuple(FixedRule(**rule) for rule in raw["fixed"])
        ladder = [LadderStep(step["from_stage"], Effect(step["effect"])) for step in raw["sanction"].pop("ladder", ())]
        raw["sanction"] = SanctionRule(**raw["sanction"], ladder=tuple(ladder))
        raw["assumptions"] = tuple(Assumption(**row) for row in raw["assumptions"])
        raw["obligated"] = tuple(Component(code) for code in raw["obligated"])
        for name in ("pays_months", "observes_months"):
            raw[name] = tuple(raw[name])
        return cls(**raw)
