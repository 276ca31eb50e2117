"""What an entry of the log says was done, in words for the pages that show it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "adjustment.corrected": _("Mencatat kekurangan atau kelebihan bantuan"),
    "adjustments.settled": _("Menyelesaikan kekurangan dan kelebihan tahap sebelumnya"),
    "deferral.lifted": _("Mencabut penangguhan bantuan"),
    "demo.loaded": _("Memuat peragaan"),
    "demo.removed": _("Menghapus peragaan"),
    "difference.answered": _("Menjawab selisih dengan daftar pusat"),
    "exception.matched": _("Mencocokkan jawaban bank atau pos"),
    "exception.set_aside": _("Menyisihkan jawaban bank atau pos"),
    "exemption.made": _("Mencatat layanan yang tidak tersedia"),
    "exemption.withdrawn": _("Mencabut pembebasan kewajiban"),
    "family.added": _("Mencatat keluarga ini"),
    "family.changed": _("Mengubah catatan keluarga"),
    "family.corrected": _("Membetulkan data keluarga"),
    "family.looked": _("Membuka halaman keluarga"),
    "family.removed": _("Menghapus catatan keluarga"),
    "file.opened": _("Membuka berkas"),
    "groups.assigned": _("Memberi kelompok kepada pendamping"),
    "import.committed": _("Membawa masuk berkas"),
    "import.refused": _("Menolak berkas"),
    "import.registered_elsewhere": _("Menemukan keluarga yang tercatat di wilayah lain"),
    "list.received": _("Menerima daftar dari pusat"),
    "minutes.drawn_up": _("Menyusun berita acara"),
    "minutes.signed": _("Menandatangani berita acara"),
    "money.held": _("Menahan pembayaran"),
    "money.released": _("Melepas pembayaran yang ditahan"),
    "month.declared": _("Menyatakan kehadiran satu bulan"),
    "month.proven": _("Membuktikan kehadiran satu bulan"),
    "notice.answered": _("Mencatat jawaban keluarga atas pemberitahuan"),
    "notices.given": _("Membuat pemberitahuan sanksi"),
    "notices.lapsed": _("Menyatakan pemberitahuan lewat waktu"),
    "number.opened": _("Membuka nomor lengkap"),
    "post.taken": _("Berganti peran"),
    "question.decided": _("Memutuskan pertanyaan tentang data"),
    "run.retired": _("Menghapus baris hitungan lama"),
    "run.sealed": _("Menghitung tahap"),
    "school_form.received": _("Menerima formulir sekolah"),
    "settlement.booked": _("Membukukan jawaban bank atau pos"),
    "stage.closed": _("Menutup tahap"),
    "stage.final": _("Menuntaskan tahap"),
    "stage.open": _("Membuka kembali tahap"),
    "stage.opened": _("Membuka tahap"),
    "stage.planned": _("Merencanakan tahap"),
    "stage.reconciled": _("Menyatakan tahap cocok"),
    "statuses.received": _("Menerima keadaan dari pusat"),
    "user.password_changed": _("Mengganti kata sandi"),
    "user.password_given": _("Memberi kata sandi"),
    "user.second_factor_added": _("Memasang langkah kedua"),
    "user.second_factor_failed": _("Gagal pada langkah kedua"),
    "user.second_factor_forgotten": _("Melepas langkah kedua yang hilang"),
    "user.second_factor_removed": _("Melepas langkah kedua"),
    "user.second_factor_renewed": _("Memperbarui kode cadangan"),
    "user.second_factor_used": _("Melewati langkah kedua"),
    "user.sign_in_failed": _("Gagal masuk"),
    "user.signed_in": _("Masuk"),
    "user.signed_out": _("Keluar dari akun"),
}


def in_words(verb: str) -> str:
    """ "family.looked" is "Membuka halaman keluarga"; a verb nobody gave words stays as it was recorded."""
    return str(WORDS.get(verb, verb))
