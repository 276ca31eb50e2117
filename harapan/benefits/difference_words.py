"""The likely reason of a difference as a sentence, and what to do about it (docs/differences.md: how it is found)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harapan.benefits.enums import Reason
from harapan.benefits.models import Difference
from harapan.core.components import Component
from harapan.core.money import rupiah
from harapan.core.phrases import Phrase, joined

Names = Mapping[int, str]
SOMEBODY = Phrase("seorang anggota")


def sentence(difference: Difference, names: Names) -> Phrase:
    """Why the two amounts may part, in plain words. names: of the members, by their number."""
    say = _SAYERS.get(Reason(difference.reason))
    return say(difference, difference.detail, names) if say else _PLAIN[Reason(difference.reason)]


def way_out(reason: Reason) -> Phrase:
    """What a person can do next."""
    return _WAYS_OUT[reason]


_PLAIN = {
    Reason.ACCOUNT: Phrase(
        "Cara atau rekening penyaluran keluarga ini belum tercatat, jadi dua jumlah itu tidak sebanding."
    ),
    Reason.NOT_ENROLLED: Phrase(
        "Keluarga ada di daftar pusat, tetapi tidak tercatat sebagai peserta pada bulan yang dibayar."
    ),
    Reason.NIK: Phrase("NIK pengurus belum padan dengan Dukcapil, dan keluarga tidak ada di daftar."),
    Reason.NOT_LISTED: Phrase("Menurut hitungan keluarga ini berhak, tetapi tidak ada di daftar pusat."),
    Reason.NOT_EXPLAINED: Phrase("Belum ditemukan satu atau dua perubahan yang menjelaskan seluruh selisih."),
}


def _component(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    if "listed_as" in detail:
        return Phrase(
            "{who} dihitung di sini sebagai {ours}; jumlah pada daftar cocok bila dihitung sebagai {theirs}.",
            who=_who(detail, names), ours=_label(detail["component"]), theirs=_label(detail["listed_as"]),
        )  # fmt: skip
    if "only_listed" in detail:
        return _apart(_labels(detail["only_listed"]), _labels(detail["only_ours"]))
    if "members" in detail:
        return Phrase("Daftar tampaknya tidak menghitung {members}.", members=_all(detail["members"], names))
    return Phrase(
        "Daftar tampaknya tidak menghitung {who} ({component}).",
        who=_who(detail, names), component=_label(detail["component"]),
    )  # fmt: skip


def _apart(theirs: Phrase, ours: Phrase) -> Phrase:
    if not ours:
        return Phrase("Komponennya berbeda: daftar menyebut {theirs}.", theirs=theirs)
    if not theirs:
        return Phrase("Komponennya berbeda: catatan di sini menyebut {ours}.", ours=ours)
    return Phrase(
        "Komponennya berbeda: daftar menyebut {theirs}, sedangkan catatan di sini menyebut {ours}.",
        theirs=theirs, ours=ours,
    )  # fmt: skip


def _cap(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    return Phrase(
        "Daftar menghitung {members}, yang di sini melewati batas orang per keluarga.",
        members=_all(detail["members"], names),
    )


def _attendance(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    amount = rupiah(detail["amount_idr"])
    if detail.get("cut_by") == "us":
        return Phrase("Hitungan di sini memotong {amount} karena kehadiran; daftar tidak memotong.", amount=amount)
    return Phrase(
        "Daftar tampaknya memotong {amount} untuk {months} bulan kehadiran yang belum terpenuhi.",
        amount=amount, months=detail["months"],
    )  # fmt: skip


def _age(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    return Phrase(
        "Usia {who} menentukan: jumlahnya sama dengan {component} ({amount}).",
        who=_who(detail, names), component=_label(detail["component"]), amount=rupiah(detail["amount_idr"]),
    )  # fmt: skip


def _unknown_member(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    amount = rupiah(detail["amount_idr"])
    if "components" in detail:
        return Phrase(
            "Daftar membayar {amount} lebih, sama dengan satu {components} yang belum tercatat.",
            amount=amount, components=_labels(detail["components"], Phrase(" atau ")),
        )  # fmt: skip
    return Phrase("Daftar membayar {amount} lebih, cocok dengan dua anggota yang belum tercatat.", amount=amount)


def _no_members(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    if detail.get("pengurus_only"):
        return Phrase("Baru pengurusnya yang tercatat, jadi jumlahnya belum dapat dihitung di sini.")
    return Phrase("Anggota keluarga belum tercatat, jadi jumlahnya belum dapat dihitung di sini.")


def _excluded(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    return Phrase("Pusat mengecualikan keluarga ini (kode {code}).", code=detail["code"])


def _desil(row: Difference, detail: dict[str, Any], names: Names) -> Phrase:
    return Phrase(
        "Desilnya {desil}, di atas batas {desil_max}, dan keluarga tidak ada di daftar.",
        desil=detail["desil"], desil_max=detail["desil_max"],
    )  # fmt: skip


_SAYERS: dict[Reason, Callable[[Difference, dict[str, Any], Names], Phrase]] = {
    Reason.COMPONENT: _component,
    Reason.CAP: _cap,
    Reason.ATTENDANCE: _attendance,
    Reason.AGE: _age,
    Reason.UNKNOWN_MEMBER: _unknown_member,
    Reason.NO_MEMBERS: _no_members,
    Reason.EXCLUDED: _excluded,
    Reason.DESIL: _desil,
}
_WAYS_OUT = {
    Reason.COMPONENT: Phrase("Cocokkan sekolah atau komponennya dengan keluarga, lalu perbarui datanya."),
    Reason.CAP: Phrase("Tidak perlu tindakan keluarga. Tanyakan kepada pusat bila jumlahnya tetap berbeda."),
    Reason.ATTENDANCE: Phrase("Periksa verifikasi bulan yang diamati bersama sekolah atau puskesmas."),
    Reason.AGE: Phrase("Cocokkan tanggal lahir dengan kartu keluarga."),
    Reason.ACCOUNT: Phrase("Lengkapi rekening atau kantor posnya."),
    Reason.UNKNOWN_MEMBER: Phrase("Lihat kartu keluarga; mungkin ada anggota yang perlu dicatat."),
    Reason.NO_MEMBERS: Phrase("Impor daftar komponen atau buku kerja pendamping untuk keluarga ini."),
    Reason.NOT_ENROLLED: Phrase("Pastikan kepesertaannya. Bila memang peserta, catat sejak kapan."),
    Reason.EXCLUDED: Phrase("Sampaikan alasannya kepada keluarga, atau ajukan keberatan ke pusat."),
    Reason.DESIL: Phrase("Ajukan pemutakhiran DTSEN bila keadaan keluarga tidak sesuai desilnya."),
    Reason.NIK: Phrase("Bantu keluarga memadankan NIK di Dukcapil."),
    Reason.NOT_LISTED: Phrase("Tanyakan kepada pusat mengapa keluarga tidak ada di daftar."),
    Reason.NOT_EXPLAINED: Phrase("Bandingkan anggota keluarga satu per satu, lalu tulis apa yang ditemukan."),
}


def _label(component: int) -> Phrase:
    return Component(component).label if component else Phrase("tanpa komponen")


def _labels(components: list[int], between: str = ", ") -> Phrase:
    return joined((_label(component) for component in components), between)


def _who(detail: dict[str, Any], names: Names) -> str:
    return names.get(detail["member"]) or SOMEBODY


def _all(members: list[int], names: Names) -> Phrase:
    return joined((names.get(member) or SOMEBODY for member in members), Phrase(" dan "))
