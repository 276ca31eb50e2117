"""The likely reason of a difference as a sentence, and what to do about it (docs/differences.md: how it is found)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harapan.benefits.enums import Reason
from harapan.benefits.models import Difference
from harapan.core.components import LABELS_ID, Component
from harapan.core.money import rupiah

Names = Mapping[int, str]
SOMEBODY = "seorang anggota"


def sentence(difference: Difference, names: Names) -> str:
    """Why the two amounts may part, in plain words. names: of the members, by their number."""
    say = _SAYERS.get(Reason(difference.reason))
    return say(difference, difference.detail, names) if say else _PLAIN[Reason(difference.reason)]


def way_out(reason: Reason) -> str:
    """What a person can do next."""
    return _WAYS_OUT[reason]


_PLAIN = {
    Reason.ACCOUNT: "Cara atau rekening penyaluran keluarga ini belum tercatat, jadi dua jumlah itu tidak sebanding.",
    Reason.NOT_ENROLLED: "Keluarga ada di daftar pusat, tetapi tidak tercatat sebagai peserta pada bulan yang dibayar.",
    Reason.NIK: "NIK pengurus belum padan dengan Dukcapil, dan keluarga tidak ada di daftar.",
    Reason.NOT_LISTED: "Menurut hitungan keluarga ini berhak, tetapi tidak ada di daftar pusat.",
    Reason.NOT_EXPLAINED: "Belum ditemukan satu atau dua perubahan yang menjelaskan seluruh selisih.",
}


def _component(row: Difference, detail: dict[str, Any], names: Names) -> str:
    if "listed_as" in detail:
        return (
            f"{_who(detail, names)} dihitung di sini sebagai {_label(detail['component'])}; jumlah pada daftar cocok "
            f"bila dihitung sebagai {_label(detail['listed_as'])}."
        )
    if "only_listed" in detail:
        theirs, ours = _labels(detail["only_listed"]), _labels(detail["only_ours"])
        parts = [f"daftar menyebut {theirs}"] * bool(theirs) + [f"catatan di sini menyebut {ours}"] * bool(ours)
        return f"Komponennya berbeda: {', sedangkan '.join(parts)}."
    if "members" in detail:
        return f"Daftar tampaknya tidak menghitung {_all(detail['members'], names)}."
    return f"Daftar tampaknya tidak menghitung {_who(detail, names)} ({_label(detail['component'])})."


def _cap(row: Difference, detail: dict[str, Any], names: Names) -> str:
    return f"Daftar menghitung {_all(detail['members'], names)}, yang di sini melewati batas orang per keluarga."


def _attendance(row: Difference, detail: dict[str, Any], names: Names) -> str:
    amount = rupiah(detail["amount_idr"])
    if detail.get("cut_by") == "us":
        return f"Hitungan di sini memotong {amount} karena kehadiran; daftar tidak memotong."
    return f"Daftar tampaknya memotong {amount} untuk {detail['months']} bulan kehadiran yang belum terpenuhi."


def _age(row: Difference, detail: dict[str, Any], names: Names) -> str:
    return (
        f"Usia {_who(detail, names)} menentukan: jumlahnya sama dengan {_label(detail['component'])} "
        f"({rupiah(detail['amount_idr'])})."
    )


def _unknown_member(row: Difference, detail: dict[str, Any], names: Names) -> str:
    amount = rupiah(detail["amount_idr"])
    if "components" in detail:
        fitting = _labels(detail["components"], " atau ")
        return f"Daftar membayar {amount} lebih, sama dengan satu {fitting} yang belum tercatat."
    return f"Daftar membayar {amount} lebih, cocok dengan dua anggota yang belum tercatat."


def _no_members(row: Difference, detail: dict[str, Any], names: Names) -> str:
    if detail.get("pengurus_only"):
        return "Baru pengurusnya yang tercatat, jadi jumlahnya belum dapat dihitung di sini."
    return "Anggota keluarga belum tercatat, jadi jumlahnya belum dapat dihitung di sini."


def _excluded(row: Difference, detail: dict[str, Any], names: Names) -> str:
    return f"Pusat mengecualikan keluarga ini (kode {detail['code']})."


def _desil(row: Difference, detail: dict[str, Any], names: Names) -> str:
    return f"Desilnya {detail['desil']}, di atas batas {detail['desil_max']}, dan keluarga tidak ada di daftar."


_SAYERS: dict[Reason, Callable[[Difference, dict[str, Any], Names], str]] = {
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
    Reason.COMPONENT: "Cocokkan sekolah atau komponennya dengan keluarga, lalu perbarui datanya.",
    Reason.CAP: "Tidak perlu tindakan keluarga. Tanyakan kepada pusat bila jumlahnya tetap berbeda.",
    Reason.ATTENDANCE: "Periksa verifikasi bulan yang diamati bersama sekolah atau puskesmas.",
    Reason.AGE: "Cocokkan tanggal lahir dengan kartu keluarga.",
    Reason.ACCOUNT: "Lengkapi rekening atau kantor posnya.",
    Reason.UNKNOWN_MEMBER: "Lihat kartu keluarga; mungkin ada anggota yang perlu dicatat.",
    Reason.NO_MEMBERS: "Impor daftar komponen atau buku kerja pendamping untuk keluarga ini.",
    Reason.NOT_ENROLLED: "Pastikan kepesertaannya. Bila memang peserta, catat sejak kapan.",
    Reason.EXCLUDED: "Sampaikan alasannya kepada keluarga, atau ajukan keberatan ke pusat.",
    Reason.DESIL: "Ajukan pemutakhiran DTSEN bila keadaan keluarga tidak sesuai desilnya.",
    Reason.NIK: "Bantu keluarga memadankan NIK di Dukcapil.",
    Reason.NOT_LISTED: "Tanyakan kepada pusat mengapa keluarga tidak ada di daftar.",
    Reason.NOT_EXPLAINED: "Bandingkan anggota keluarga satu per satu, lalu tulis apa yang ditemukan.",
}


def _label(component: int) -> str:
    return LABELS_ID[Component(component)] if component else "tanpa komponen"


def _labels(components: list[int], joiner: str = ", ") -> str:
    return joiner.join(_label(component) for component in components)


def _who(detail: dict[str, Any], names: Names) -> str:
    return names.get(detail["member"]) or SOMEBODY


def _all(members: list[int], names: Names) -> str:
    return " dan ".join(names.get(member) or SOMEBODY for member in members)
