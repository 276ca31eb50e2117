"""Why a line or a family got what it got: bit sets in the tables, sentences for people.

A line's `reason` is an int32: flags in bits 0-11, then three blocks of six bits, one bit per observed month in the
order of `StageRules.observes_months`: missed (12-17), excused (18-23), unknown (24-29). A family's `reasons` is int64:
bits 0-29 hold what is true of at least one of its lines, 32-47 the family's own flags, 48-53 the months that cut it.
Numbers are stored for years: never reuse or move a bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntFlag

from harapan.core.components import LABELS_ID, Component
from harapan.engine.tables import Decision
from harapan.policy.stage_rules import ComponentRule, StageRules

MONTHS_MAX = 6  # observed months a stage may have: the width of a block of bits
MISSED_SHIFT, EXCUSED_SHIFT, UNKNOWN_SHIFT = 12, 18, 24
FAMILY_SHIFT, CUT_SHIFT = 32, 48


class LineReason(IntFlag):
    COUNTED = 1
    AGE_BELOW = 2
    AGE_ABOVE = 4
    FINISHED_SCHOOL = 8
    NOT_AT_SCHOOL = 16  # of school age and not recorded at a school: component 0
    BIRTH_UNKNOWN = 32  # counted on the word of the list or school, or component 0 where only the age could tell
    COMPONENT_ABSENT = 64  # the stage knows no such component
    OVER_MEMBERS_MAX = 128
    OVER_PERSONS_MAX = 256
    OVER_BIRTHS_MAX = 512
    ALSO_ELSEWHERE = 1024  # fits more than one component; counted once, for the dearest
    FACILITY_UNKNOWN = 2048  # has an obligation, and no facility is recorded that could confirm it


class FamilyReason(IntFlag):
    FLAT = 1 << FAMILY_SHIFT  # one amount per family
    FIXED = 1 << FAMILY_SHIFT + 1  # a fixed amount beside the components
    RAISED_TO_MIN = 1 << FAMILY_SHIFT + 2
    LOWERED_TO_MAX = 1 << FAMILY_SHIFT + 3
    CUT = 1 << FAMILY_SHIFT + 4
    CUT_AT_MAX = 1 << FAMILY_SHIFT + 5
    ALL_MISSED = 1 << FAMILY_SHIFT + 6
    NOT_SANCTIONED = 1 << FAMILY_SHIFT + 7  # something was missed and the law of this stage cuts nothing
    BACK_PAY = 1 << FAMILY_SHIFT + 8
    RECOVERY = 1 << FAMILY_SHIFT + 9
    RECOVERY_LEFT = 1 << FAMILY_SHIFT + 10  # more is to be recovered than this stage could bear


MONTHS_ID = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
MONTHS_EN = "January February March April May June July August September October November December".split()
LABELS_EN = {
    Component.PREGNANT: "Pregnant or post-partum",
    Component.TODDLER: "Young child",
    Component.PRIMARY: "Primary school",
    Component.JUNIOR: "Junior secondary school",
    Component.SENIOR: "Senior secondary school",
    Component.DISABILITY: "Severe disability",
    Component.ELDERLY: "Elderly",
    Component.HUMAN_RIGHTS: "Victim of gross human rights violation",
}

# Plain and polite: a cause that is nobody's fault is told as what it is, with the way out where there is one.
LINE_SENTENCES = {
    "id": {
        LineReason.COUNTED: "Dihitung sebagai {component}.",
        LineReason.AGE_BELOW: "Belum dihitung: usianya belum {age_min} tahun pada {ages_on}.",
        LineReason.AGE_ABOVE: "Tidak dihitung lagi: usianya sudah lebih dari {age_max} tahun pada {ages_on}.",
        LineReason.FINISHED_SCHOOL: "Tidak dihitung lagi: sudah menamatkan pendidikan 12 tahun.",
        LineReason.NOT_AT_SCHOOL: (
            "Belum dihitung: usia sekolah, tetapi belum tercatat di sekolah mana pun. "
            "Jika sudah bersekolah, sampaikan kepada pendamping."
        ),
        LineReason.BIRTH_UNKNOWN: "Tanggal lahirnya belum tercatat, jadi usianya belum dapat dipastikan.",
        LineReason.COMPONENT_ABSENT: "Tidak dihitung: komponen ini tidak termasuk dalam aturan tahap ini.",
        LineReason.OVER_MEMBERS_MAX: "Tidak dihitung: komponen ini paling banyak {members_max} orang per keluarga.",
        LineReason.OVER_PERSONS_MAX: (
            "Tidak dihitung: paling banyak {persons_max} orang per keluarga, didahulukan yang bantuannya paling besar."
        ),
        LineReason.OVER_BIRTHS_MAX: "Tidak dihitung: kehamilan dihitung sampai yang ke-{births_max} selama ikut PKH.",
        LineReason.ALSO_ELSEWHERE: "Memenuhi lebih dari satu komponen; dihitung satu kali, untuk yang terbesar.",
        LineReason.FACILITY_UNKNOWN: "Sekolah atau tempat layanan kesehatannya belum tercatat.",
    },
    "en": {
        LineReason.COUNTED: "Counted as: {component}.",
        LineReason.AGE_BELOW: "Not counted yet: younger than {age_min} on {ages_on}.",
        LineReason.AGE_ABOVE: "No longer counted: older than {age_max} on {ages_on}.",
        LineReason.FINISHED_SCHOOL: "No longer counted: twelve years of school are completed.",
        LineReason.NOT_AT_SCHOOL: (
            "Not counted yet: of school age, but not recorded at any school. If at school, tell the facilitator."
        ),
        LineReason.BIRTH_UNKNOWN: "The birth date is not recorded, so the age is not certain.",
        LineReason.COMPONENT_ABSENT: "Not counted: the rules of this stage do not know this component.",
        LineReason.OVER_MEMBERS_MAX: "Not counted: at most {members_max} of this component in a family.",
        LineReason.OVER_PERSONS_MAX: "Not counted: at most {persons_max} persons a family, the largest amounts first.",
        LineReason.OVER_BIRTHS_MAX: "Not counted: pregnancies count up to number {births_max} within PKH.",
        LineReason.ALSO_ELSEWHERE: "Fits more than one component; a person is counted once, for the largest amount.",
        LineReason.FACILITY_UNKNOWN: "The school or health post is not recorded.",
    },
}
MONTH_SENTENCES = {
    "id": {
        MISSED_SHIFT: "Kehadiran belum terpenuhi pada {months}.",
        EXCUSED_SHIFT: "Tidak hadir dengan alasan yang diterima pada {months}.",
        UNKNOWN_SHIFT: "Belum ada kepastian kehadiran dari sekolah atau tempat layanan untuk {months}.",
    },
    "en": {
        MISSED_SHIFT: "Attendance was not met in {months}.",
        EXCUSED_SHIFT: "Absent with an accepted reason in {months}.",
        UNKNOWN_SHIFT: "The school or health post has not yet confirmed {months}.",
    },
}
FAMILY_SENTENCES = {
    "id": {
        FamilyReason.FLAT: "Pada tahap ini bantuan berjumlah sama untuk setiap keluarga.",
        FamilyReason.FIXED: "Ditambah bantuan tetap untuk keluarga.",
        FamilyReason.RAISED_TO_MIN: "Dinaikkan ke jumlah terendah per keluarga.",
        FamilyReason.LOWERED_TO_MAX: "Dibatasi pada jumlah tertinggi per keluarga.",
        FamilyReason.CUT: "Dikurangi karena catatan kehadiran pada {cut_months}.",
        FamilyReason.CUT_AT_MAX: "Pengurangan dibatasi pada jumlah tertinggi yang diperbolehkan.",
        FamilyReason.ALL_MISSED: "Kewajiban belum terpenuhi pada semua bulan, jadi tahap ini tidak dibayarkan.",
        FamilyReason.NOT_SANCTIONED: "Ada kehadiran yang belum terpenuhi; pada tahap ini bantuan tidak dikurangi.",
        FamilyReason.BACK_PAY: "Ditambah kekurangan bantuan dari tahap sebelumnya.",
        FamilyReason.RECOVERY: "Dikurangi kelebihan bantuan dari tahap sebelumnya.",
        FamilyReason.RECOVERY_LEFT: "Sisa kelebihan itu diperhitungkan pada tahap berikutnya.",
    },
    "en": {
        FamilyReason.FLAT: "In this stage every family receives the same amount.",
        FamilyReason.FIXED: "A fixed amount for the family is added.",
        FamilyReason.RAISED_TO_MIN: "Raised to the lowest amount per family.",
        FamilyReason.LOWERED_TO_MAX: "Limited to the highest amount per family.",
        FamilyReason.CUT: "Reduced because of the attendance recorded for {cut_months}.",
        FamilyReason.CUT_AT_MAX: "The reduction is limited to the most that is allowed.",
        FamilyReason.ALL_MISSED: "No obligation was met in any month, so nothing is paid for this stage.",
        FamilyReason.NOT_SANCTIONED: "Attendance was not met; in this stage nothing is cut for it.",
        FamilyReason.BACK_PAY: "What was paid too little in an earlier stage is added.",
        FamilyReason.RECOVERY: "What was paid too much in an earlier stage is taken off.",
        FamilyReason.RECOVERY_LEFT: "The rest of it is taken off in a later stage.",
    },
}
DECISION_SENTENCES = {
    "id": {
        Decision.DUE: "Keluarga ini berhak atas bantuan tahap ini.",
        Decision.NO_COMPONENT: "Belum ada anggota keluarga yang dapat dihitung pada tahap ini.",
        Decision.NO_MEMBERS: "Belum dihitung: anggota keluarga belum tercatat.",
        Decision.OTHER_CHANNEL: "Dibayarkan menurut jadwal penyaluran yang lain.",
        Decision.CHANNEL_UNKNOWN: "Belum dihitung: cara penyaluran (bank atau pos) belum tercatat.",
        Decision.ALL_CUT: "Bantuan tahap ini tidak dibayarkan.",
    },
    "en": {
        Decision.DUE: "The family is due an amount in this stage.",
        Decision.NO_COMPONENT: "No member of the family can be counted in this stage.",
        Decision.NO_MEMBERS: "Not computed: no member of the family is recorded.",
        Decision.OTHER_CHANNEL: "Paid in the calendar of another channel.",
        Decision.CHANNEL_UNKNOWN: "Not computed: whether bank or post pays is not recorded.",
        Decision.ALL_CUT: "Nothing is paid for this stage.",
    },
}


def line_sentences(reason: int, *, component: int, rules: StageRules, language: str = "id") -> list[str]:
    """The sentences for one line, the decisive one first, then the months."""
    facts = _facts(component, rules, language)
    flags = LineReason(reason & 0xFFF)
    said = [text.format(**facts) for flag, text in LINE_SENTENCES[language].items() if flag in flags]
    for shift, text in MONTH_SENTENCES[language].items():
        if months := named_months(reason >> shift, rules, language):
            said.append(text.format(months=months))
    return said


def family_sentences(reasons: int, *, decision: int, rules: StageRules, language: str = "id") -> list[str]:
    """The sentences for the family as a whole; those of its members are in its lines."""
    facts = {"cut_months": named_months(reasons >> CUT_SHIFT, rules, language)}
    said = [DECISION_SENTENCES[language][Decision(decision)]]
    said += [text.format(**facts) for flag, text in FAMILY_SENTENCES[language].items() if reasons & flag]
    return said


def named_months(bits: int, rules: StageRules, language: str = "id") -> str:
    """Observed months by name, from a bit set that starts at bit 0: "Januari dan Maret 2025"; empty when none."""
    chosen = [month for place, month in enumerate(rules.observes_months) if bits >> place & 1]
    if not chosen:
        return ""
    *before, last = list(_month_words(chosen, language))
    conjunction = {"id": " dan ", "en": " and "}[language]
    return conjunction.join([", ".join(before), last] if before else [last])


def _month_words(months: list[str], language: str) -> Iterator[str]:
    """Each month's name, with the year where the next month is of another year or there is none."""
    names = {"id": MONTHS_ID, "en": MONTHS_EN}[language]
    for month, following in zip(months, [*months[1:], ""], strict=True):
        year, number = month.split("-")
        name = names[int(number) - 1]
        yield name if following.startswith(year) else f"{name} {year}"


def _facts(component: int, rules: StageRules, language: str) -> dict[str, object]:
    known = Component(component) if component else None
    rule = next((rule for rule in rules.components if rule.component == known), None)
    labels = {"id": LABELS_ID, "en": LABELS_EN}[language]
    year, month, day = rules.ages_on.split("-")
    names = {"id": MONTHS_ID, "en": MONTHS_EN}[language]
    facts: dict[str, object] = {
        "component": labels[known] if known else "-",
        "persons_max": rules.persons_max,
        "ages_on": f"{int(day)} {names[int(month) - 1]} {year}",
    }
    limits = ("age_min_years", "age_max_years", "members_max", "births_max")
    return facts | {name.removesuffix("_years"): _limit(rule, name) for name in limits}


def _limit(rule: ComponentRule | None, name: str) -> object:
    return getattr(rule, name) if rule else "-"
