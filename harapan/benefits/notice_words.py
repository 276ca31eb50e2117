"""A notice, its standing and its effect as sentences a family can read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from harapan.benefits.models import SanctionNotice, Verdict
from harapan.benefits.sanction_effect import Cost
from harapan.core.components import GROUP_OF, LABELS_ID, Component, Group
from harapan.core.money import rupiah
from harapan.core.periods import format_date, format_month
from harapan.policy.stage_rules import Effect

SOMEBODY = "seorang anggota"
_MISSED = {
    Group.EDUCATION: "kehadiran di sekolah belum cukup",
    Group.HEALTH: "belum datang ke layanan kesehatan",
}


def month_words(notice: SanctionNotice) -> str:
    """ "Februari 2025"."""
    return format_month(f"{notice.month // 100}-{notice.month % 100:02}")


def missed_words(notice: SanctionNotice, names: Mapping[int, str]) -> str:
    """Who missed what: "AHMAD (SD sederajat): kehadiran di sekolah belum cukup"."""
    said = []
    for member, code in zip(notice.members, notice.components, strict=True):
        component = Component(code)
        missed = _MISSED.get(GROUP_OF[component], "kewajibannya belum terpenuhi")
        said.append(f"{names.get(member, SOMEBODY)} ({LABELS_ID[component]}): {missed}")
    return "; ".join(said)


def standing_words(notice: SanctionNotice, *, on: date) -> str:
    """Where the hearing stands, and what follows."""
    match Verdict(notice.verdict):
        case Verdict.UPHELD:
            return f"Diputuskan tetap berlaku: {notice.why}"
        case Verdict.LAPSED:
            return f"{notice.why} Jawaban yang terlambat masih dapat disampaikan kepada pendamping."
        case Verdict.ACCEPTED:
            return f"Alasan diterima, jadi bantuan tidak dikurangi: {notice.why}"
        case Verdict.NO_SERVICE:
            return f"Layanannya tidak tersedia, jadi bantuan tidak dikurangi: {notice.why}"
    if notice.answer:
        return f"Sudah dijawab: {notice.answer} Menunggu putusan; selama itu bantuan tidak dikurangi."
    if notice.answer_until is None:
        return "Keluarga belum diberi tahu, jadi bantuan belum dapat dikurangi karenanya."
    if notice.answer_until < on:
        return f"Masa menjawab habis {format_date(notice.answer_until)} dan belum diputuskan."
    return f"Jawaban ditunggu sampai {format_date(notice.answer_until)}."


def cost_words(cost: Cost, *, where: str = "Bila semua yang terbuka tetap berlaku") -> str:
    """What happens where nothing speaks for the family; `where` says under which condition."""
    if cost.effect is Effect.WARN:
        return "Kali ini hanya peringatan: bantuan tidak dikurangi."
    if not cost.cost_idr:
        return "Bantuan tidak berkurang karenanya."
    said = f"{where}, bantuan berkurang {rupiah(cost.cost_idr)} menjadi {rupiah(cost.net_if_upheld_idr)}."
    if cost.effect is Effect.DEFER:
        said += " Sisanya ditangguhkan sampai penangguhannya dicabut."
    if cost.effect is Effect.END:
        said += " Sisanya ditahan, dan kepesertaan diusulkan berakhir; itu diputuskan orang setelah mendengar Anda."
    return said
