"""What each indicator says, in words for the person concerned: what was seen, what is usual, and harmless reasons."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from harapan.core.phrases import Phrase

SHARE, RATIO, DISTANCE, FOLLOWS, CUBE = "share", "ratio", "distance", "follows", "cube"


@dataclass(frozen=True, slots=True)
class Wording:
    """seen: takes {value} and {n}. usual: takes {usual}. figure: how a figure is said. record: takes {figure}."""

    title: Phrase
    seen: Phrase
    usual: Phrase
    harmless: tuple[Phrase, ...]
    record: Phrase | None = None
    figure: str = SHARE
    digits: int = 0  # of a record's figure


_CHANCE = Phrase("Kebetulan: dari banyak pendamping, ada saja yang catatannya tampak tidak biasa.")

INDICATORS: Mapping[str, Wording] = {
    "session_even": Wording(
        Phrase("Jumlah yang tidak hadir terlalu rata"),
        Phrase(
            "Dari pertemuan ke pertemuan, jumlah keluarga yang tidak hadir hampir tidak berubah: naik "
            "turunnya hanya {value} dari yang timbul karena kebetulan saja ({n} pertemuan)."
        ),
        Phrase("Pada pendamping lain naik turunnya {usual}: ada hari hujan, panen, hajatan."),
        (Phrase("Kelompoknya memang tetap, dan yang tidak hadir selalu dijemput."), _CHANCE),
        figure=RATIO,
    ),
    "families_alike": Wording(
        Phrase("Semua keluarga sama seringnya tidak hadir"),
        Phrase(
            "Tidak ada keluarga yang lebih sering atau lebih jarang hadir daripada yang lain: perbedaannya "
            "hanya {value} dari yang timbul karena kebetulan saja ({n} keluarga)."
        ),
        Phrase("Pada pendamping lain perbedaannya {usual}, karena tiap keluarga punya kebiasaan."),
        (Phrase("Keluarga bergiliran menjaga anak atau warung, jadi yang tidak hadir berganti-ganti."), _CHANCE),
        figure=RATIO,
    ),
    "session_full": Wording(
        Phrase("Hampir selalu semua keluarga hadir"),
        Phrase("Pada {value} dari {n} pertemuan, tidak seorang pun dicatat tidak hadir."),
        Phrase("Pada pendamping lain {usual} pertemuan."),
        (
            Phrase("Kelompok kecil di satu gang, dan yang berhalangan selalu mengirim wakil."),
            Phrase("Yang tidak hadir dikunjungi kemudian dan dicatat hadir."),
        ),
        Phrase("{figure} keluarga dicatat"),
    ),
    "facility_full": Wording(
        Phrase("Sekolah dan posyandu tanpa seorang pun yang tidak hadir"),
        Phrase("Pada {value} dari {n} bulan fasilitas, tidak seorang pun dicatat tidak hadir."),
        Phrase("Pada pendamping lain {usual}."),
        (
            Phrase(
                "Sekolahnya tidak menulis ketidakhadiran di formulir. Ini perlu dibicarakan dengan sekolah, "
                "bukan kesalahan Anda."
            ),
            Phrase("Bulannya pendek, misalnya bulan puasa."),
        ),
        Phrase("{figure} anggota dicatat"),
    ),
    "session_band": Wording(
        Phrase("Kehadiran selalu antara 90 dan 100 persen, tanpa sakit atau izin"),
        Phrase(
            "Pada {value} dari {n} pertemuan, kehadiran 90 sampai 100 persen dan semua yang tidak hadir "
            "ditulis alpa. Alat pembuat daftar hadir yang beredar menghasilkan pola ini."
        ),
        Phrase("Pada pendamping lain {usual} pertemuan."),
        (Phrase("Kelompok rajin, dan alasan tidak hadir tidak ditanyakan."), _CHANCE),
        Phrase("{figure} persen hadir"),
    ),
    "school_band": Wording(
        Phrase("Hampir semua murid tidak hadir sehari dua hari, tanpa sakit atau izin"),
        Phrase(
            "Pada {value} dari {n} formulir, banyak murid masing-masing hadir 90 sampai 100 persen dan tidak "
            "seorang pun sakit atau izin. Alat pembuat daftar hadir yang beredar menghasilkan pola ini."
        ),
        Phrase("Pada pendamping lain {usual} formulir."),
        (
            Phrase("Sekolahnya menulis semua ketidakhadiran sebagai alpa."),
            Phrase("Ada hari libur desa yang ditulis alpa untuk semua."),
        ),
        Phrase("kehadiran terendah {figure} persen"),
    ),
    "digits": Wording(
        Phrase("Hari hadir sering bilangan bulat lima"),
        Phrase(
            "Di antara {n} murid yang pernah tidak hadir, jumlah hari hadir yang berakhir 0 atau 5 lebih "
            "banyak {value} daripada pada murid lain di bulan yang sama."
        ),
        Phrase("Pada pendamping lain bedanya {usual}."),
        (
            Phrase("Hari efektif sekolahnya memang kelipatan lima dan murid hanya tidak hadir sepekan penuh."),
            Phrase("Sekolah membulatkan sendiri sebelum menandatangani."),
        ),
        Phrase("{figure} murid"),
    ),
    "just_enough": Wording(
        Phrase("Hari tidak hadir berhenti tepat di batas"),
        Phrase(
            "Di antara {n} murid yang lama tidak hadir, yang tepat sebanyak yang masih memenuhi kewajiban lebih banyak "
            "{value} daripada pada murid lain di bulan yang sama."
        ),
        Phrase("Pada pendamping lain bedanya {usual}."),
        (
            Phrase("Murid yang hampir melewati batas dijemput atau diingatkan, sehingga tidak bolos lagi."),
            Phrase("Sekolah sendiri menulis paling banyak sebanyak itu."),
        ),
        Phrase("{figure} murid"),
    ),
    "forms_alike": Wording(
        Phrase("Formulir beberapa sekolah mirip satu sama lain"),
        Phrase(
            "Rata-rata {value} dari ketidakhadiran di satu sekolah terulang, sampai ke jumlah harinya, di sekolah lain "
            "pada bulan yang sama ({n} formulir). Yang jarang terjadi lebih diperhitungkan."
        ),
        Phrase("Pada pendamping lain {usual}."),
        (
            Phrase("Ada libur atau kegiatan bersama yang ditulis sama oleh semua sekolah."),
            Phrase("Satu petugas mengisi formulir untuk dua sekolah satu atap."),
        ),
        Phrase("{figure} persen sama dengan sekolah lain"),
    ),
    "half_even": Wording(
        Phrase("Pada separuh kelompok, jumlah yang tidak hadir terlalu rata"),
        Phrase(
            "Pada separuh kelompok yang paling rata (dari {n}), naik turunnya jumlah yang tidak hadir {value} "
            "simpangan baku di bawah yang timbul karena kebetulan."
        ),
        Phrase("Pada pendamping lain {usual}."),
        (Phrase("Kelompok itu kecil, tetap, dan rajin."), _CHANCE),
        Phrase("naik turunnya {figure} persen dari yang timbul karena kebetulan"),
        figure=DISTANCE,
    ),
    "streaks": Wording(
        Phrase("Jarang ada keluarga yang tidak hadir dua kali berturut-turut"),
        Phrase(
            "Di antara {n} keluarga yang beberapa kali tidak hadir, yang berturut-turut {value} simpangan baku lebih "
            "jarang daripada bila harinya diundi."
        ),
        Phrase("Pada pendamping lain {usual}, karena sakit dan merantau berlangsung lebih dari sebulan."),
        (Phrase("Yang tidak hadir dikunjungi, jadi bulan berikutnya datang."), _CHANCE),
        Phrase("{figure} kali berturut-turut"),
        figure=DISTANCE,
    ),
    "list_place": Wording(
        Phrase("Yang tidak hadir mengumpul di awal atau di akhir daftar"),
        Phrase("Pada {n} pertemuan, letak rata-rata yang tidak hadir menyimpang {value} dari tengah daftar nama."),
        Phrase("Pada pendamping lain {usual}, karena urutan nama tidak menentukan siapa yang datang."),
        (
            Phrase("Daftar disusun menurut gang, dan satu gang jauh dari tempat pertemuan."),
            Phrase("Beberapa keluarga yang lama tidak hadir kebetulan namanya berdekatan."),
        ),
        Phrase("letak rata-rata {figure} persen dari atas"),
    ),
    "out_of_step": Wording(
        Phrase("Kehadiran tidak ikut naik turun bersama kecamatan"),
        Phrase(
            "Pada bulan ketika banyak keluarga di kecamatan ini tidak hadir, kehadiran pada {n} pertemuan ini "
            "mengikutinya hanya {value}."
        ),
        Phrase("Pada pendamping lain {usual}: panen, banjir, dan hajatan dirasakan bersama."),
        (Phrase("Desanya berbeda mata pencahariannya dari desa lain di kecamatan ini."), _CHANCE),
        Phrase("di kecamatan {figure} persen dari biasanya"),
        figure=FOLLOWS,
    ),
    "school_even": Wording(
        Phrase("Jumlah murid yang tidak hadir di sekolah ini terlalu rata"),
        Phrase(
            "Dari bulan ke bulan, jumlah murid yang tidak hadir hampir tidak berubah: naik turunnya hanya {value} dari "
            "yang timbul karena kebetulan saja ({n} murid dan bulan)."
        ),
        Phrase("Pada sekolah lain {usual}."),
        (Phrase("Murid yang sama memang sering sakit."), Phrase("Sekolahnya kecil dan rajin.")),
        figure=CUBE,
    ),
    "school_copied": Wording(
        Phrase("Catatan sekolah ini sama dengan bulan sebelumnya"),
        Phrase(
            "Dari {n} murid yang tidak hadir dalam dua bulan berturut-turut, {value} dicatat sama sampai ke jumlah "
            "harinya."
        ),
        Phrase("Pada sekolah lain {usual}."),
        (
            Phrase("Ada murid yang sudah berhenti sekolah tetapi masih terdaftar."),
            Phrase("Sekolah sendiri menyalin formulir bulan lalu."),
        ),
        Phrase("{figure} persen sama dengan bulan sebelumnya"),
    ),
    "school_digits": Wording(
        Phrase("Hari hadir di sekolah ini sering bilangan bulat lima"),
        Phrase(
            "Di antara {n} murid yang pernah tidak hadir, jumlah hari hadir yang berakhir 0 atau 5 lebih "
            "banyak {value} daripada pada murid lain di bulan yang sama."
        ),
        Phrase("Pada sekolah lain bedanya {usual}."),
        (
            Phrase("Hari efektif sekolahnya memang kelipatan lima dan murid hanya tidak hadir sepekan penuh."),
            Phrase("Sekolah membulatkan sendiri sebelum menandatangani."),
        ),
        Phrase("{figure} murid"),
    ),
    "session_copied": Wording(
        Phrase("Yang tidak hadir sama dengan bulan sebelumnya"),
        Phrase(
            "Rata-rata {value} dari keluarga yang tidak hadir sama dengan pertemuan sebelumnya ({n} pasang pertemuan)."
        ),
        Phrase("Pada pendamping lain {usual}."),
        (
            Phrase("Beberapa keluarga memang lama tidak hadir: merantau, sakit menahun, atau sudah pindah."),
            Phrase("Kelompok kecil, dan yang tidak hadir orang yang sama."),
        ),
        Phrase("{figure} persen sama dengan pertemuan sebelumnya"),
    ),
    "facility_copied": Wording(
        Phrase("Catatan sekolah atau posyandu sama dengan bulan sebelumnya"),
        Phrase(
            "Rata-rata {value} dari yang tidak hadir sama, sampai ke jumlah harinya, dengan bulan sebelumnya "
            "({n} pasang bulan)."
        ),
        Phrase("Pada pendamping lain {usual}."),
        (
            Phrase("Ada murid yang sudah berhenti sekolah tetapi masih terdaftar."),
            Phrase("Sekolah sendiri menyalin formulir bulan lalu."),
        ),
        Phrase("{figure} persen sama dengan bulan sebelumnya"),
    ),
    "photo_again": Wording(
        Phrase("Foto yang sama pada pertemuan lain"),
        Phrase(
            "Pada {value} dari {n} pertemuan berfoto, fotonya sama atau hampir sama dengan foto pertemuan "
            "lain di hari atau kelompok lain."
        ),
        Phrase("Pada pendamping lain {usual} pertemuan."),
        (
            Phrase("Foto terunggah dua kali karena keliru memilih."),
            Phrase("Tempat dan susunan duduknya memang sama setiap bulan."),
            Phrase("Dua kelompok bertemu bersama dan memakai satu foto."),
        ),
        Phrase("berbeda {figure} dari 64 titik banding"),
    ),
    "photo_near": Wording(
        Phrase("Foto yang mungkin potongan foto lain"),
        Phrase(
            "Pada {value} dari {n} catatan berfoto, gambarnya dekat dengan foto lain dari hari atau kelompok lain: "
            "dapat berupa potongan, gambar yang digelapkan, atau foto dari layar."
        ),
        Phrase("Pada pendamping lain {usual}."),
        (Phrase("Tempat dan susunan duduknya memang sama setiap bulan."), _CHANCE),
        Phrase("berbeda {figure} dari 64 titik banding"),
    ),
    "photo_none": Wording(
        Phrase("Banyak pertemuan tanpa foto"),
        Phrase("Pada {value} dari {n} pertemuan tidak ada foto sama sekali."),
        Phrase("Pada pendamping lain {usual} pertemuan."),
        (
            Phrase("HP rusak, penuh, atau tanpa kamera yang baik."),
            Phrase("Fotonya ada, tetapi belum diunggah karena tidak ada sinyal."),
        ),
        Phrase("{figure} keluarga dicatat"),
    ),
    "photo_day": Wording(
        Phrase("Tanggal foto bukan tanggal pertemuan"),
        Phrase("Pada {value} dari {n} foto, tanggal di kamera bukan hari pertemuannya."),
        Phrase("Pada pendamping lain {usual} foto."),
        (Phrase("Jam HP keliru atau baru dibetulkan."), Phrase("Foto diambil pada kunjungan susulan.")),
        Phrase("berbeda {figure} hari"),
    ),
    "photo_hour": Wording(
        Phrase("Jam foto di luar jam pertemuan"),
        Phrase("Pada {value} dari {n} foto, jam di kamera lebih dari tiga perempat jam di luar jam pertemuannya."),
        Phrase("Pada pendamping lain {usual} foto."),
        (Phrase("Jam pertemuan ditulis menurut rencana."), Phrase("Jam HP keliru atau baru dibetulkan.")),
        Phrase("{figure} menit di luar jamnya"),
    ),
    "photo_far": Wording(
        Phrase("Foto diambil jauh dari tempat kelompok"),
        Phrase("Pada {value} dari {n} foto, letaknya jauh dari tempat kelompok itu biasanya difoto."),
        Phrase("Pada pendamping lain {usual} foto."),
        (
            Phrase("HP menyimpan letak terakhir sebelum ada sinyal."),
            Phrase("Pertemuannya sekali itu di kecamatan atau di tempat wisata."),
        ),
        Phrase("{figure} km dari tempat biasa"),
        digits=1,
    ),
    "one_spot": Wording(
        Phrase("Beberapa kelompok difoto di satu titik"),
        Phrase(
            "Pada {value} dari {n} pertemuan, fotonya diambil di titik yang sama dengan foto dua kelompok "
            "lain atau lebih di hari lain."
        ),
        Phrase("Pada pendamping lain {usual} pertemuan."),
        (
            Phrase("Kelompoknya bertetangga dan memakai satu balai desa."),
            Phrase("Foto diambil ulang dari kertas di kantor."),
        ),
        Phrase("{figure} kelompok lain di titik itu"),
    ),
    "speed": Wording(
        Phrase("Perpindahan terlalu cepat"),
        Phrase("Pada {value} dari {n} perjalanan antara dua foto, jaraknya tidak mungkin ditempuh dalam waktunya."),
        Phrase("Pada pendamping lain {usual}."),
        (
            Phrase("Jam salah satu HP keliru."),
            Phrase("HP menyimpan letak terakhir sebelum ada sinyal."),
            Phrase("Foto diambil orang lain dengan HP lain."),
        ),
        Phrase("{figure} km per jam"),
    ),
    "overlap": Wording(
        Phrase("Dua pertemuan pada jam yang bertumpuk"),
        Phrase(
            "Pada {value} dari {n} pertemuan dan kunjungan, pada jam yang sama tercatat pertemuan kelompok lain atau "
            "kunjungan."
        ),
        Phrase("Pada pendamping lain {usual}."),
        (Phrase("Dua kelompok bertetangga digabung, dan jamnya ditulis berbeda."), Phrase("Jam keliru diketik.")),
        Phrase("bertumpuk dengan {figure} catatan lain"),
    ),
    "night": Wording(
        Phrase("Pertemuan larut malam"),
        Phrase("Pada {value} dari {n} pertemuan, jamnya larut malam atau dini hari."),
        Phrase("Pada pendamping lain {usual} pertemuan."),
        (
            Phrase("Jam 9 malam dan jam 9 pagi tertukar saat mengetik."),
            Phrase("Kelompoknya bertemu setelah pengajian."),
        ),
    ),
    "pace": Wording(
        Phrase("Catatan dimasukkan beruntun terlalu cepat"),
        Phrase(
            "Pada {value} dari {n} catatan, jeda dari catatan sebelumnya lebih singkat daripada waktu untuk mengisinya."
        ),
        Phrase("Pada pendamping lain {usual} catatan."),
        (
            Phrase("Catatan kertas lengkap sudah ada dan diketik sekaligus oleh dua orang."),
            Phrase("Tidak ada sinyal, lalu semuanya terkirim bersamaan."),
        ),
        Phrase("{figure} detik sesudah catatan sebelumnya"),
    ),
    "together": Wording(
        Phrase("Beberapa hal kecil bersama-sama"),
        Phrase("Tidak ada satu hal yang mencolok, tetapi {n} penanda bersama-sama lebih jauh dari biasanya: {value}."),
        Phrase("Pada pendamping lain {usual}."),
        (Phrase("Wilayah atau kelompoknya berbeda dari yang lain di kecamatan ini."), _CHANCE),
        figure=DISTANCE,
    ),
}


def said(kind: str, figure: float) -> str:
    """ "37%" of a share (0 to 1), of a dispersion (stored as -ln or as the negative cube root, in percent of what
    chance gives) or of a slope (stored negative); else "4,21".
    """
    if kind == DISTANCE:
        return f"{figure:.2f}".replace(".", ",")
    share = {RATIO: lambda: math.exp(-figure), CUBE: lambda: -(figure**3), FOLLOWS: lambda: -figure}
    return f"{round(100 * share.get(kind, lambda: figure)())}%"


def seen(indicator: str, value: float, n: int) -> Phrase:
    wording = INDICATORS[indicator]
    return wording.seen.filled(value=said(wording.figure, value), n=n)


def usual(indicator: str, value: float) -> Phrase:
    wording = INDICATORS[indicator]
    return wording.usual.filled(usual=said(wording.figure, value))


def of_record(indicator: str, figure: float | None) -> Phrase | str:
    """What is odd about one record; empty where its figure says nothing."""
    wording = INDICATORS[indicator]
    if figure is None or wording.record is None:
        return ""
    return wording.record.filled(figure=f"{figure:.{wording.digits}f}".replace(".", ","))
