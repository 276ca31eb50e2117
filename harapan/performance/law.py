"""What policy says about looking for what should be checked. Every threshold is ours, dated, and of confidence L."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from harapan.policy.reader import default_policy

KEYS_ELSEWHERE = {"attendance_percent_min": "attendance.percent_min"}


@dataclass(frozen=True, slots=True)
class IntegrityLaw:
    """window_months: how many months one run looks at. private_days: how long only the person concerned sees a finding.

    random_percent_min: share of a draw that ignores findings. records_min: fewer records say nothing. peers_weight: how
    many colleagues of the whole run the own kecamatan's are worth. false_percent: share of wrong findings borne with
    among those of one indicator; school_false_percent: of a school's, for each person speaks of several.
    strength_min_tenths: standard deviations from the usual, times ten. checked_min: check visits before a weight may
    follow what they found. attendance_percent_min: the programme's own, days present from which a month is met.
    """

    window_months: int
    private_days: int
    random_percent_min: int
    records_min: int
    peers_weight: int
    false_percent: int
    school_false_percent: int
    strength_min_tenths: int
    entry_seconds_min: int
    photo_bits_max: int
    crop_bits_max: int
    same_place_metres: int
    place_km_max: int
    speed_kmh_max: int
    night_from_hour: int
    night_until_hour: int
    checked_min: int
    attendance_percent_min: int


def law_on(day: date) -> IntegrityLaw:
    """Raises MissingValue where no value covers the day."""
    policy = default_policy()
    keys = {each.name: KEYS_ELSEWHERE.get(each.name, f"integrity.{each.name}") for each in fields(IntegrityLaw)}
    return IntegrityLaw(**{name: int(policy.value(key, on=day).value) for name, key in keys.items()})
