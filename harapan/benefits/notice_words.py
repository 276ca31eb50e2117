"""A notice, its standing and its effect as sentences a family can read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from harapan.benefits.models import SanctionNotice, Verdict
from harapan.benefits.sanction_effect import Cost
from harapan.core.components import GROUP_OF, LABELS_ID, Component, Group
from harapan.core.money import rupiah
from harapan.core.periods import format_date, format_month
from harapan.core.phrases import Phrase, joined
from harapan.policy.stage_rules import Effect

SOMEBODY = Phrase("seorang anggota")
_MISSED = {
    Group.EDUCATION: Phrase("kehadiran di sekolah belum cukup"),
    Group.HEALTH: Phrase("belum datang ke layanan kesehatan"),
}
OTHERWISE = Phrase("kewajibannya belum terpenuhi")
OPEN_STANDS = Phrase("Bila semua yang terbuka tetap berlaku")
# what follows for the rest of the money, beside the cut
_AFTER = {
    Effect.DEFER: Phrase("Sisanya ditangguhkan sampai penangguhannya dicabut."),
    Effect.END: Phrase(
        "Sisanya ditahan, dan kepesertaan diusulkan berakhir; itu diputuskan orang setelah mendengar Anda."
    ),
}


def month_words(notice: SanctionNotice) -> str:
    """ "Februari 2025"."""
    return format_month(f"{notice.month // 100}-{notice.month % 100:02}")


def missed_words(notice: SanctionNotice, names: Mapping[int, str]) -> str:
    """Who missed what: "AHMAD (SD sederajat): kehadiran di sekolah belum cukup"."""
    said = []
    for member, code in zip(notice.members, notice.components, strict=True):
        component = Component(code)
        missed = _MISSED.get(GROUP_OF[component], OTHERWISE)
        who = names.get(member, SOMEBODY)
        said.append(Phrase("{who} ({component}): {missed}", who=who, component=LABELS_ID[component], missed=missed))
    return joined(said, "; ")


def standing_words(notice: SanctionNotice, *, on: date) -> str:
    """Where the hearing stands, and what follows."""
    match Verdict(notice.verdict):
        case Verdict.UPHELD:
            return Phrase("Diputuskan tetap berlaku: {why}", why=notice.why)
        case Verdict.LAPSED:
            return Phrase("{why} Jawaban yang terlambat masih dapat disampaikan kepada pendamping.", why=notice.why)
        case Verdict.ACCEPTED:
            return Phrase("Alasan diterima, jadi bantuan tidak dikurangi: {why}", why=notice.why)
        case Verdict.NO_SERVICE:
            return Phrase("Layanannya tidak tersedia, jadi bantuan tidak dikurangi: {why}", why=notice.why)
    if notice.answer:
        return Phrase(
            "Sudah dijawab: {answer} Menunggu putusan; selama itu bantuan tidak dikurangi.", answer=notice.answer
        )
    if notice.answer_until is None:
        return Phrase("Keluarga belum diberi tahu, jadi bantuan belum dapat dikurangi karenanya.")
    until = format_date(notice.answer_until)
    if notice.answer_until < on:
        return Phrase("Masa menjawab habis {until} dan belum diputuskan.", until=until)
    return Phrase("Jawaban ditunggu sampai {until}.", until=until)


def cost_words(cost: Cost, *, where: str = OPEN_STANDS) -> str:
    """What happens where nothing speaks for the family; `where` says under which condition."""
    if cost.effect is Effect.WARN:
        return Phrase("Kali ini hanya peringatan: bantuan tidak dikurangi.")
    if not cost.cost_idr:
        return Phrase("Bantuan tidak berkurang karenanya.")
    said = Phrase(
        "{where}, bantuan berkurang {cost} menjadi {net}.",
        where=where,
        cost=rupiah(cost.cost_idr),
        net=rupiah(cost.net_if_upheld_idr),
    )
    return joined([said, _AFTER[cost.effect]]) if cost.effect in _AFTER else said
