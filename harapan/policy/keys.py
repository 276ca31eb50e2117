"""Every key the policy files may use, and what kind of value each takes. A key not listed here is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from harapan.core.components import CODES

LADDER_EFFECTS = ("warn", "cut", "defer", "end")  # from light to heavy
OBLIGATION_PARTS = {"label", "times", "per", "within_days", "ages_months", "in_months"}
_MONTH = re.compile(r"2\d{3}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Kind:
    accepts: Callable[[Any], bool]
    wants: str  # completes the sentence "harus berupa ..."


def is_whole(value: Any) -> bool:
    """A whole number of nought or more; YAML's true and false are not numbers here."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_codes(value: Any) -> bool:
    return isinstance(value, list) and sorted(map(str, value)) == sorted(CODES.values())


def _is_some_codes(value: Any) -> bool:
    return isinstance(value, list) and len(value) == len({*map(str, value)} & {*CODES.values()})


def _is_range(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(is_whole, value)) and value[0] <= value[1]


def _is_school_ages(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"primary", "junior", "senior"}
        and all(map(_is_range, value.values()))
    )


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_whole, value))


def _is_rising(value: Any) -> bool:
    return _is_numbers(value) and value == sorted(set(value))


def _is_band(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"min", "max"}:
        return False
    edges = [edge for edge in (value["min"], value["max"]) if edge is not None]
    return bool(edges) and all(map(is_whole, edges)) and edges == sorted(edges)


def _is_closed_band(value: Any) -> bool:
    return _is_band(value) and None not in value.values()


def _is_named(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"label", "name"} and all(map(_is_text, value.values()))


def _is_span(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(is_whole, value)) and value[0] <= value[1]


def _is_obligation(value: Any) -> bool:
    if not isinstance(value, dict) or not {"label", "times", "per"} <= set(value) <= OBLIGATION_PARTS:
        return False
    counted = value["per"] in {"pregnancy", "after_birth", "age"}  # days from a beginning, so they need their span
    months = value.get("in_months", [1])
    return (
        _is_text(value["label"])
        and is_whole(value["times"])
        and (counted or value["per"] in {"year", "month"})
        and counted == ("within_days" in value)
        and all(_is_span(value[name]) for name in ("within_days", "ages_months") if name in value)
        and _is_rising(months)
        and set(months) <= set(range(1, 13))
    )


def _is_stage(value: Any) -> bool:
    if not isinstance(value, dict) or not {"pays", "divisor"} <= set(value) <= {"pays", "divisor", "observes"}:
        return False
    observes = value.get("observes", [])
    return (
        _is_numbers(value["pays"])
        and is_whole(value["divisor"])
        and value["divisor"] > 0
        and isinstance(observes, list)
        and all(isinstance(month, str) and _MONTH.fullmatch(month) for month in observes)
    )


def _is_ladder(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if not all(isinstance(step, dict) and set(step) == {"from_stage", "effect"} for step in value):
        return False
    starts = [step["from_stage"] for step in value]
    effects = [LADDER_EFFECTS.index(step["effect"]) for step in value if step["effect"] in LADDER_EFFECTS]
    return _is_rising(starts) and starts[0] == 1 and len(effects) == len(value) and _is_rising(effects)


def _is_calendar(value: Any) -> bool:
    if not isinstance(value, list) or not all(map(_is_stage, value)):
        return False
    return [month for stage in value for month in stage["pays"]] == list(range(1, 13))


def one_of(*words: str) -> Kind:
    return Kind(lambda value: value in words, "salah satu dari: " + ", ".join(words))


def or_null(kind: Kind) -> Kind:
    return Kind(lambda value: value is None or kind.accepts(value), f"{kind.wants}, atau null")


RUPIAH = Kind(is_whole, "rupiah bulat tanpa desimal")
COUNT = Kind(is_whole, "bilangan bulat 0 atau lebih")
UNIT = Kind(lambda value: is_whole(value) and value > 0, "bilangan bulat 1 atau lebih")
PERCENT = Kind(lambda value: is_whole(value) and value <= 100, "persen bulat dari 0 sampai 100")
FLAG = Kind(lambda value: isinstance(value, bool), "true atau false")
DAY = Kind(_is_day, 'hari dalam tanda kutip, misalnya "2025-01-01"')
TEXT = Kind(_is_text, "teks yang tidak kosong")
LAYOUT = Kind(
    lambda value: isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9-]*", value) is not None,
    "nama susunan berkas di data/layouts, misalnya himbara-csv",
)
NAMED = Kind(_is_named, "label dan name")
OBLIGATION = Kind(
    _is_obligation,
    "label, times, dan per (month, year, atau dengan within_days: pregnancy, after_birth, age), boleh ages_months dan "
    "in_months",
)
INSTALMENTS = Kind(_is_numbers, "daftar rupiah bulat, satu per tahap")
DAYS = Kind(_is_rising, "daftar hari yang menaik")
RANGE = Kind(_is_range, "dua bilangan bulat, dari dan sampai")
SCHOOL_AGES = Kind(_is_school_ages, "primary, junior, dan senior, masing-masing umur dari dan sampai")
STAGES = Kind(lambda value: value == "every" or _is_rising(value), "every atau daftar nomor tahap yang menaik")
PRECEDENCE = Kind(_is_codes, "daftar semua kode komponen, masing-masing sekali")
SOME_CODES = Kind(_is_some_codes, "daftar kode komponen, masing-masing paling banyak sekali")
LADDER = Kind(
    _is_ladder, f"daftar anak tangga (from_stage menaik sejak 1, effect makin berat: {', '.join(LADDER_EFFECTS)})"
)
SETS = Kind(
    lambda value: (
        isinstance(value, list)
        and bool(value)
        and len(set(map(str, value))) == len(value)
        and all(map(_is_text, value))
    ),
    "daftar nama perangkat P2K2, masing-masing sekali",
)
ROLE_CODES = Kind(SETS.accepts, "daftar kode peran dari data/roles.yaml, masing-masing sekali")
COURSE_CODES = Kind(SETS.accepts, "daftar kode diklat, masing-masing sekali")
BAND = Kind(_is_closed_band, "min dan max, bilangan bulat")
STATED = Kind(_is_band, "min dan max, bilangan bulat; yang tidak disebut null")
CALENDAR = Kind(_is_calendar, "daftar tahap (pays, divisor) yang membagi bulan 1 sampai 12 tepat satu kali, berurutan")

FOLLOWS = Kind(
    lambda value: (
        isinstance(value, dict)
        and set(value) == {"to", "proof"}
        and value["to"] in {"nothing", "change", "exception", "card"}
        and isinstance(value["proof"], bool)
    ),
    "to (nothing, change, exception, atau card) dan proof (true atau false)",
)

_SELECTION = ("administration", "psychological", "competence", "interview")
_EDUCATIONS = ("senior", "diploma", "bachelor", "master")


def _is_some_of(value: Any, known: tuple[str, ...]) -> bool:
    return isinstance(value, list) and bool(value) and len(value) == len({*map(str, value)} & {*known})


def _is_selection_stage(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"weight", "most", "pass"}
        and all(map(is_whole, value.values()))
        and value["weight"] <= 100
        and 0 < value["most"]
        and value["pass"] <= value["most"]
    )


def _is_requirement(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"education", "age_max", "lives_in"}
        and _is_some_of(value["education"], _EDUCATIONS)
        and (value["age_max"] is None or is_whole(value["age_max"]))
        and value["lives_in"] in {"district", "regency", "anywhere"}
    )


SELECTION_STAGE = Kind(_is_selection_stage, "weight (persen), most, dan pass (paling besar most), bilangan bulat")
REQUIREMENT = Kind(_is_requirement, "education, age_max (boleh null), dan lives_in (district, regency, anywhere)")
SELECTION_TIES = Kind(
    lambda value: _is_some_of(value, (*_SELECTION, "lives_here", "older", "lot")) and value[-1] == "lot",
    "daftar penentu nilai sama, masing-masing sekali, yang terakhir lot",
)
APPLICATION_DOCUMENTS = Kind(
    lambda value: _is_some_of(value, ("identity", "diploma", "letter", "domicile", "experience")),
    "daftar jenis berkas lamaran, masing-masing sekali",
)

_CODE = "|".join(CODES.values())
_KEYS: tuple[tuple[str, Kind], ...] = (
    ("scheme", one_of("components", "flat")),
    (
        rf"components\.({_CODE})\.annual_idr",
        or_null(RUPIAH),
    ),  # null = not a component; 0 = counted, no amount of its own
    (rf"components\.({_CODE})\.age_(min|max)_years", or_null(COUNT)),
    (r"components\.elderly\.legal_age_min_years", COUNT),
    (rf"components\.({_CODE})\.members_max", or_null(UNIT)),
    (r"components\.pregnant\.births_max", or_null(UNIT)),
    (r"components\.precedence", PRECEDENCE),
    (r"components\.one_health_amount", FLAG),
    (rf"rounding\.({_CODE}|fixed|caps)\.down_to_idr", UNIT),
    (r"ages\.measured_on", one_of("first_paid_day", "last_paid_day")),
    (r"family\.(min|max)_annual_idr", or_null(RUPIAH)),
    (r"family\.persons_max", or_null(UNIT)),
    (r"family\.which_persons", one_of("dearest")),
    (r"fixed\.(regular|access)\.annual_idr", or_null(RUPIAH)),
    (r"fixed\.stages", or_null(STAGES)),
    (r"flat\.(regular|papua|elderly|disability)\.annual_idr", or_null(RUPIAH)),
    (r"flat\.(regular|papua|elderly|disability)\.instalments_idr", or_null(INSTALMENTS)),
    (r"calendar\.(all|bank|pos)", or_null(CALENDAR)),
    (r"attendance\.percent_min", PERCENT),
    (r"attendance\.whose", one_of("any", "counted")),
    (r"attendance\.obligated", SOME_CODES),
    (r"months\.(unknown|excused)_pays", one_of("paid", "unpaid")),
    (r"sanctions\.(percent_per_month|percent_max)", PERCENT),
    (r"sanctions\.cut_idr_per_month", or_null(RUPIAH)),
    (r"sanctions\.(nothing_if_all_missed|suspended|hearing_required)", FLAG),
    (r"sanctions\.ladder", LADDER),
    (r"sanctions\.answer_days", UNIT),
    (rf"obligations\.({_CODE}|pengurus)\.[a-z_]+", or_null(OBLIGATION)),
    (r"verification\.(pregnancy|link_valid|visit_within)_days", UNIT),
    (r"verification\.(late_after_days|link_opens_max|school_days_per_week|school_year_month)", UNIT),
    (r"eligibility\.desil_max", COUNT),
    (r"untouched\.age_bands_days", DAYS),
    (r"untouched\.returned_after_days", COUNT),
    (r"payments\.deliver_within_days", COUNT),
    (r"payments\.rows_per_file_max", UNIT),
    (r"accounts\.name_similarity_percent_min", PERCENT),
    (r"(banks|payers)\.[a-z_]+", or_null(NAMED)),
    (r"bank_files\.[a-z_]+", or_null(LAYOUT)),
    (r"(undelivered|exclude)\.[a-z_]+", or_null(TEXT)),
    (r"reasons\.letters_min", UNIT),
    (r"changes\.(back_days_max|unreflected_after_days|postpartum_days|manager_age_min)", COUNT),
    (r"changes\.pregnancy_ages", RANGE),
    (r"changes\.school_ages", SCHOOL_AGES),
    (r"sessions\.sets_planned", SETS),
    (r"sessions\.(per_month_min|commitment_days|behaviours_every_months)", UNIT),
    (r"sessions\.(reason|closed)_after_days", COUNT),
    (r"groups\.families_(min|max)", UNIT),
    (r"road\.(invite|meet|consent|validate|decree|account|card|group|payment)_days", UNIT),
    (r"visits\.accuracy_max_m", UNIT),
    (r"visits\.end_decided_by", ROLE_CODES),
    (r"(visits|first_meetings)\.correction_days", UNIT),
    (r"handover\.follows\.[a-z_]+", FOLLOWS),
    (r"handover\.reason_after_days", COUNT),
    (r"handover\.(reason|proof)\.[a-z_]+", or_null(TEXT)),
    (r"card_holders\.[a-z_]+", or_null(TEXT)),
    (r"receipt\.asked_percent", PERCENT),
    (r"receipt\.small_cell_min", UNIT),
    (r"caseload\.band\.(facilitator\.(easy|medium|hard)|data_officer|supervisor)", BAND),
    (r"caseload\.stated\.[a-z_]+", STATED),
    (r"caseload\.terrain_unknown", one_of("easy", "medium", "hard")),
    (r"caseload\.(duty_days_full|group_families_max)", UNIT),
    (r"staff\.position\.(contract|pppk)\.[a-z_]+", or_null(TEXT)),
    (
        r"staff\.position_for\.(senior|diploma|bachelor|master)",
        one_of("operator_layanan_operasional", "pengelola_layanan_operasional", "penata_layanan_operasional"),
    ),
    (r"staff\.contract_months_max\.(contract|pppk)", UNIT),
    (r"staff\.(renew_before_days|first_days|badge_months_max)", UNIT),
    (r"staff\.first_days_asked_from", DAY),
    (r"staff\.own_roles", ROLE_CODES),
    (r"staff\.step\.[a-z_]+", or_null(TEXT)),
    (r"staff\.step_days\.[a-z_]+", UNIT),
    (r"recruitment\.stages\.(administration|psychological|competence|interview)", or_null(SELECTION_STAGE)),
    (r"recruitment\.positions\.[a-z_]+", or_null(REQUIREMENT)),
    (r"recruitment\.ties", SELECTION_TIES),
    (r"recruitment\.documents", APPLICATION_DOCUMENTS),
    (r"recruitment\.(reserve_percent|spread_max)", COUNT),
    (r"recruitment\.(interviewers_min|objection_days|offer_days)", UNIT),
    (r"recruitment\.double_counts", one_of("latest", "first")),
    (r"recruitment\.interview_per_place", or_null(UNIT)),
    (r"precedence\.[a-z_]+", one_of("ministry", "field", "ask")),
    (r"integrity\.(random_percent_min|(school_)?false_percent)", PERCENT),
    (r"integrity\.(window_months|private_days|records_min|peers_weight|strength_min_tenths|checked_min)", UNIT),
    (r"integrity\.(entry_seconds_min|same_place_metres|place_km_max|speed_kmh_max|night_(from|until)_hour)", UNIT),
    (r"integrity\.(photo|crop)_bits_max", COUNT),
    (r"work\.weekdays", DAYS),
    (r"work\.(day|supervision)_minutes", UNIT),
    (r"work\.(begins_minute|break_from_minute|break_minutes|travel_minutes)", COUNT),
    (r"work\.(verification|report|evidence)_days", COUNT),
    (r"targets\.[a-z]+\.year", or_null(COUNT)),
    (r"targets\.[a-z]+\.percent", or_null(PERCENT)),
    (r"targets\.duty_rule", one_of("share_of_days", "none")),
    (r"targets\.(lowered_by_duty|each_group)", DAYS),
    (r"courses\.(class_size_max|hour_minutes|score_max|code_minutes|beds_per_room)", UNIT),
    (r"courses\.pass\.(attendance|practice)_percent_min", PERCENT),
    (r"courses\.pass\.post_test_min", COUNT),
    (r"ethics\.(signed_by|lead_roles|keeper_roles|decided_by\.(light|medium|heavy))", ROLE_CODES),
    (r"ethics\.(sign_within_days|small_cell_min|reports_per_hour_max|files_max|pdf_(pages|megabytes)_max)", UNIT),
    (r"ethics\.step_days\.(verify|examine|summon|notice|hear|decide|appeal|decide_appeal)", UNIT),
    (r"ethics\.(handling|deciding)_recused", one_of("self", "direct", "chain")),
    (r"ethics\.asked_percent", PERCENT),
    (r"needs\.within_months\.[a-z_]+\.[a-z0-9-]+", or_null(UNIT)),
    (r"needs\.clears\.[a-z_]+", or_null(COURSE_CODES)),
    (r"needs\.class_size", UNIT),
    (r"needs\.classes_per_month\.[a-z]+", or_null(COUNT)),
    (r"certificates\.refresh_months", COUNT),
    (r"following\.evaluate_months", DAYS),
    (r"following\.feedback_(min|days)", UNIT),
)
_PATTERNS = tuple((re.compile(pattern), kind) for pattern, kind in _KEYS)


def kind_of(key: str) -> Kind | None:
    """What the key takes, or None where no such key exists."""
    return next((kind for pattern, kind in _PATTERNS if pattern.fullmatch(key)), None)
