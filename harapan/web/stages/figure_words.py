"""What the figures of a check are called on its page: their codes in words, and what to do about a finding."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harapan.payments.models import AccountCheck

Words = str | Promise

# codes of benefits.why_not
NOT_PAID: dict[str, Words] = {
    "finished_school": _("Sudah menamatkan pendidikan 12 tahun"),
    "age_above": _("Usia sudah melewati batas"),
    "age_below": _("Usia belum mencapai batas"),
    "over_limit": _("Melebihi batas orang yang dihitung"),
    "not_at_school": _("Usia sekolah, belum tercatat di sekolah"),
    "birth_unknown": _("Tanggal lahir belum tercatat"),
    "component_absent": _("Komponennya tidak termasuk aturan tahap ini"),
    "no_component": _("Tidak ada komponen lagi"),
    "no_members": _("Anggota belum tercatat"),
    "other_channel": _("Dibayar menurut kalender saluran lain"),
    "channel_unknown": _("Cara penyaluran belum tercatat"),
    "all_cut": _("Seluruhnya terpotong"),
    "listed_nought": _("Ada di daftar tanpa jumlah"),
    "membership_ended": _("Kepesertaan berakhir"),
}
CAME_IN: dict[str, Words] = {
    "newly_enrolled": _("Baru menjadi peserta"),
    "not_listed": _("Peserta, dahulu tidak ada di daftar"),
    "finished_school": _("Dahulu tamat sekolah, kini ada komponen"),
    "age_above": _("Dahulu di luar batas usia, kini ada komponen"),
    "age_below": _("Usia kini mencapai batas"),
    "over_limit": _("Dahulu melebihi batas, kini dihitung"),
    "not_at_school": _("Kini tercatat di sekolah"),
    "birth_unknown": _("Tanggal lahir kini tercatat"),
    "component_absent": _("Komponennya kini termasuk aturan"),
    "no_component": _("Mendapat komponen"),
    "no_members": _("Anggotanya kini tercatat"),
    "other_channel": _("Pindah saluran penyaluran"),
    "channel_unknown": _("Cara penyaluran kini tercatat"),
    "all_cut": _("Dahulu seluruhnya terpotong"),
    "listed_nought": _("Dahulu ada di daftar tanpa jumlah"),
}
NOT_ARRIVED: dict[str, Words] = {
    "held": _("Ditahan pada tahap lalu"),
    "failed": _("Gagal atau kembali pada tahap lalu"),
}

# steps of the ladder (policy.stage_rules.Effect), gentlest first
LADDER: dict[str, Words] = {
    "warn": _("Diperingatkan, tidak dipotong"),
    "cut": _("Dipotong"),
    "defer": _("Dipotong, sisanya ditangguhkan"),
    "end": _("Dipotong, sisanya ditahan, kepesertaan diusulkan berakhir"),
}

Finding = AccountCheck.Finding
TO_DO: dict[str, Words] = {
    Finding.NO_ACCOUNT: _("Catat rekening atau kantor pos keluarga ini, misalnya lewat impor daftar kelompok."),
    Finding.NO_NUMBER: _("Lengkapi nomor rekening dari buku tabungan atau KKS."),
    Finding.UNKNOWN_PAYER: _("Perbaiki nama bank; hanya bank dan pos penyalur pada tanggal itu yang dapat membayar."),
    Finding.SAME_NIK: _("Tentukan keluarga yang benar untuk NIK itu; yang lain diperbaiki NIK pengurusnya."),
    Finding.SHARED: _("Tentukan pemilik rekening yang benar; keluarga yang lain perlu rekening sendiri."),
    Finding.NAME: _("Cocokkan dengan buku tabungan: perbaiki nama pemilik, atau catat pergantian pengurus."),
    Finding.CENTRE: _("Ikuti perbaikan di bank, lalu muat status pusat yang baru."),
}


def not_paid(code: str | None) -> Words:
    return NOT_PAID.get(code or "", code or "—")


def came_in(code: str | None) -> Words:
    return CAME_IN.get(code or "", code or "—")
