"""Why a line or a family got what it got: bit sets in the tables, sentences for people.

A line's `reason` is an int32: flags in bits 0-11, then three blocks of six bits, one bit per observed month in the
order of `StageRules.observes_months`: missed (12-17), excused (18-23), unknown (24-29). A family's `reasons` is int64:
bits 0-29 hold what is true of at least one of its lines, 32-47 the family's own flags, 48-53 the months that cut it.
Numbers are stored for years: never reuse or move a bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import IntFlag

from harapan.core.components import Component
from harapan.core.periods import MONTH_NAMES, format_date, format_month, split_month
from harapan.core.phrases import Phrase, joined
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


# Plain and polite: a cause that is nobody's fault is told as what it is, with the way out where there is one.
LINE_SENTENCES = {
    LineReason.COUNTED: Phrase("Dihitung sebagai {component}."),
    LineReason.AGE_BELOW: Phrase("Belum dihitung: usianya belum {age_min} tahun pada {ages_on}."),
    LineReason.AGE_ABOVE: Phrase("Tidak dihitung lagi: usianya sudah lebih dari {age_max} tahun pada {ages_on}."),
    LineReason.FINISHED_SCHOOL: Phrase("Tidak dihitung lagi: sudah menamatkan pendidikan 12 tahun."),
    LineReason.NOT_AT_SCHOOL: Phrase(
        "Belum dihitung: usia sekolah, tetapi belum tercatat di sekolah mana pun. "
        "Jika sudah bersekolah, sampaikan kepada pendamping."
    ),
    LineReason.BIRTH_UNKNOWN: Phrase("Tanggal lahirnya belum tercatat, jadi usianya belum dapat dipastikan."),
    LineReason.COMPONENT_ABSENT: Phrase("Tidak dihitung: komponen ini tidak termasuk dalam aturan tahap ini."),
    LineReason.OVER_MEMBERS_MAX: Phrase("Tidak dihitung: komponen ini paling banyak {members_max} orang per keluarga."),
    LineReason.OVER_PERSONS_MAX: Phrase(
        "Tidak dihitung: paling banyak {persons_max} orang per keluarga, didahulukan yang bantuannya paling besar."
    ),
    LineReason.OVER_BIRTHS_MAX: Phrase(
        "Tidak dihitung: kehamilan dihitung sampai yang ke-{births_max} selama ikut PKH."
    ),
    LineReason.ALSO_ELSEWHERE: Phrase("Memenuhi lebih dari satu komponen; dihitung satu kali, untuk yang terbesar."),
    LineReason.FACILITY_UNKNOWN: Phrase("Sekolah atau tempat layanan kesehatannya belum tercatat."),
}
MONTH_SENTENCES = {
    MISSED_SHIFT: Phrase("Kehadiran belum terpenuhi pada {months}."),
    EXCUSED_SHIFT: Phrase("Tidak hadir dengan alasan yang diterima pada {months}."),
    UNKNOWN_SHIFT: Phrase("Belum ada kepastian kehadiran dari sekolah atau tempat layanan untuk {months}."),
}
FAMILY_SENTENCES = {
    FamilyReason.FLAT: Phrase("Pada tahap ini bantuan berjumlah sama untuk setiap keluarga."),
    FamilyReason.FIXED: Phrase("Ditambah bantuan tetap untuk keluarga."),
    FamilyReason.RAISED_TO_MIN: Phrase("Dinaikkan ke jumlah terendah per keluarga."),
    FamilyReason.LOWERED_TO_MAX: Phrase("Dibatasi pada jumlah tertinggi per keluarga."),
    FamilyReason.CUT: Phrase("Dikurangi karena catatan kehadiran pada {cut_months}."),
    FamilyReason.CUT_AT_MAX: Phrase("Pengurangan dibatasi pada jumlah tertinggi yang diperbolehkan."),
    FamilyReason.ALL_MISSED: Phrase("Kewajiban belum terpenuhi pada semua bulan, jadi tahap ini tidak dibayarkan."),
    FamilyReason.NOT_SANCTIONED: Phrase("Ada kehadiran yang belum terpenuhi; pada tahap ini bantuan tidak dikurangi."),
    FamilyReason.BACK_PAY: Phrase("Ditambah kekurangan bantuan dari tahap sebelumnya."),
    FamilyReason.RECOVERY: Phrase("Dikurangi kelebihan bantuan dari tahap sebelumnya."),
    FamilyReason.RECOVERY_LEFT: Phrase("Sisa kelebihan itu diperhitungkan pada tahap berikutnya."),
}
DECISION_SENTENCES = {
    Decision.DUE: Phrase("Keluarga ini berhak atas bantuan tahap ini."),
    Decision.NO_COMPONENT: Phrase("Belum ada anggota keluarga yang dapat dihitung pada tahap ini."),
    Decision.NO_MEMBERS: Phrase("Belum dihitung: anggota keluarga belum tercatat."),
    Decision.OTHER_CHANNEL: Phrase("Dibayarkan menurut jadwal penyaluran yang lain."),
    Decision.CHANNEL_UNKNOWN: Phrase("Belum dihitung: cara penyaluran (bank atau pos) belum tercatat."),
    Decision.ALL_CUT: Phrase("Bantuan tahap ini tidak dibayarkan."),
}


def line_sentences(reason: int, *, component: int, rules: StageRules) -> list[Phrase]:
    """The sentences for one line, the decisive one first, then the months."""
    facts = _facts(component, rules)
    flags = LineReason(reason & 0xFFF)
    said = [text.filled(**facts) for flag, text in LINE_SENTENCES.items() if flag in flags]
    for shift, text in MONTH_SENTENCES.items():
        if months := named_months(reason >> shift, rules):
            said.append(text.filled(months=months))
    return said


def family_sentences(reasons: int, *, decision: int, rules: StageRules) -> list[Phrase]:
    """The sentences for the family as a whole; those of its members are in its lines."""
    cut_months = named_months(reasons >> CUT_SHIFT, rules)
    said = [DECISION_SENTENCES[Decision(decision)]]
    said += [text.filled(cut_months=cut_months) for flag, text in FAMILY_SENTENCES.items() if reasons & flag]
    return said


def named_months(bits: int, rules: StageRules) -> str:
    """Observed months by name, from a bit set that starts at bit 0: "Januari dan Maret 2025"; empty when none."""
    chosen = [month for place, month in enumerate(rules.observes_months) if bits >> place & 1]
    if not chosen:
        return ""
    *before, last = list(_month_words(chosen))
    return Phrase("{months} dan {last}", months=joined(before, ", "), last=last) if before else last


def _month_words(months: list[str]) -> Iterator[Phrase]:
    """Each month's name, with the year where the next month is of another year or there is none."""
    for month, following in zip(months, [*months[1:], ""], strict=True):
        year, number = split_month(month)
        yield MONTH_NAMES[number - 1] if following.startswith(str(year)) else format_month(month)


def _facts(component: int, rules: StageRules) -> dict[str, object]:
    known = Component(component) if component else None
    rule = next((rule for rule in rules.components if rule.component == known), None)
    facts: dict[str, object] = {
        "component": known.label if known else "-",
        "persons_max": rules.persons_max,
        "ages_on": format_date(date.fromisoformat(rules.ages_on)),
    }
    limits = ("age_min_years", "age_max_years", "members_max", "births_max")
    return facts | {name.removesuffix("_years"): _limit(rule, name) for name in limits}


def _limit(rule: ComponentRule | None, name: str) -> object:
    return getattr(rule, name) if rule else "-"
