"""What the steps and the reference both read out of `StageRules`, and the refusal of rules that cannot be computed."""

from __future__ import annotations

from harapan.core.components import GROUP_OF, LABELS_ID, Component, Group
from harapan.core.errors import Refused
from harapan.engine.reasons import MONTHS_MAX
from harapan.policy.stage_rules import Category, ComponentRule, FixedRule, FlatRule, Scheme, StageRules

SCHOOL_LEVELS = tuple(component for component in Component if GROUP_OF[component] is Group.EDUCATION)
CLAIMED_BY_AGE = (Component.TODDLER, Component.ELDERLY)  # the age alone makes the component
ANY_FAMILY = int(Category.REGULAR)  # its amount is that of every category without one of its own


def dearest_first(rules: StageRules) -> list[ComponentRule]:
    """The components of the stage, dearest first, ties in the order the law lists them.

    Source: domain facts 1.4 ("dearest first", M [S1]); of equal amounts the order of the policy file decides.
    """
    return sorted(rules.components, key=lambda rule: -rule.annual_idr)


def ymd(iso_date: str) -> int:
    """2025-04-01 as 20250401."""
    return int(iso_date.replace("-", ""))


def month_number(month: str) -> int:
    """2025-04 as 202504."""
    return int(month.replace("-", ""))


def all_months(rules: StageRules) -> int:
    """The bit set in which every observed month stands."""
    return (1 << len(rules.observes_months)) - 1


def school_ages(rules: StageRules) -> tuple[int, int] | None:
    """Youngest and oldest age of any school component; None where the law names none."""
    ages = [(rule.age_min_years, rule.age_max_years) for rule in rules.components if rule.component in SCHOOL_LEVELS]
    lows = [low for low, _ in ages if low is not None]
    highs = [high for _, high in ages if high is not None]
    return (min(lows), max(highs)) if lows and highs else None


def refuse_unusable(rules: StageRules) -> None:
    """Stop before any family is touched when a rate or a limit is missing or stands there twice."""
    if not rules.components:
        raise Refused(
            "Tahap {stage} belum memuat komponen apa pun. Lengkapi kebijakannya, lalu ulangi.", stage=rules.stage
        )
    if len(rules.observes_months) > MONTHS_MAX:
        raise Refused(
            "Tahap {stage} memakai verifikasi {count} bulan, paling banyak {months_max}. Kurangi bulan "
            "verifikasinya dalam kalender kebijakan.",
            stage=rules.stage,
            count=len(rules.observes_months),
            months_max=MONTHS_MAX,
        )
    codes = [rule.component for rule in rules.components]
    if len(set(codes)) != len(codes):
        raise Refused(
            "Tahap {stage} memuat satu komponen dua kali. Sisakan satu nilai untuk setiap komponen.", stage=rules.stage
        )
    for rule in rules.components:
        _refuse_component(rule, rules)
    if rules.scheme is Scheme.FLAT and not rules.flat:
        raise Refused(
            "Tahap {stage} membayar jumlah rata, tetapi jumlahnya belum ada. Tambahkan ke kebijakan.", stage=rules.stage
        )
    amounts: tuple[FlatRule | FixedRule, ...] = (*rules.flat, *rules.fixed)
    for amount in amounts:
        _refuse_amount(amount, rules)


def _refuse_component(rule: ComponentRule, rules: StageRules) -> None:
    label = LABELS_ID[rule.component]
    if rules.scheme is Scheme.COMPONENTS and (rule.annual_idr <= 0 or rule.stage_idr < 0):
        raise Refused(
            "Tahap {stage} belum memuat nilai bantuan untuk {label}. Tambahkan beserta sumbernya.",
            stage=rules.stage,
            label=label,
        )
    if rule.component is Component.TODDLER and rule.age_max_years is None:
        raise Refused(
            "Tahap {stage} belum memuat usia tertinggi untuk {label}. Tambahkan beserta sumbernya.",
            stage=rules.stage,
            label=label,
        )
    if rule.component is Component.ELDERLY and rule.age_min_years is None:
        raise Refused(
            "Tahap {stage} belum memuat usia terendah untuk {label}. Tambahkan beserta sumbernya.",
            stage=rules.stage,
            label=label,
        )


def _refuse_amount(amount: FlatRule | FixedRule, rules: StageRules) -> None:
    if amount.annual_idr <= 0 or amount.stage_idr < 0:
        raise Refused(
            "Tahap {stage} belum memuat jumlah untuk keluarga kategori {category}. Tambahkan beserta sumbernya.",
            stage=rules.stage,
            category=amount.category,
        )
