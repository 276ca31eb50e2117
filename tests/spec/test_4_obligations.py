"""Kewajiban dan potongan

Ibu hamil, anak usia dini dan anak sekolah mempunyai kewajiban setiap bulan. Lanjut usia dan penyandang disabilitas
dikunjungi sekali setahun dan tidak dipotong. Yang dilihat ialah bulan-bulan tahap sebelumnya; contoh memakai Januari
sampai Maret 2025.
"""

from __future__ import annotations

from harapan.policy.stage_rules import Payment, SanctionRule
from tests.engine.builders import rules
from tests.spec.drawing import Pays


def test_ten_percent_for_each_month_missed(pays: Pays) -> None:
    """Sepuluh persen bantuan keluarga untuk setiap bulan yang tidak terpenuhi, satu kali per bulan.

    Sumber: fakta program 2.3 (2013-2017 M; sejak 2018 L, nilai baku Harapan). Potongan dibulatkan ke bawah.
    """
    pays(
        """
        keluarga | usia | keadaan | tidak hadir
        1        | 8    | SD      | Jan
        2        | 8    | SD      | Jan
        2        | 13   | SMP     | Jan
        3        | 8    | SD      | Jan
        3        | 13   | SMP     | Feb Mar
        4        | 75   |         | Jan Feb Mar
        """,
        {1: (202_500, 22_500), 2: (540_000, 60_000), 3: (420_000, 180_000), 4: 600_000},
    )


def test_a_doubtful_month_is_paid(pays: Pays) -> None:
    """Bulan yang belum dikonfirmasi dan ketidakhadiran dengan alasan yang diterima tetap dibayar.

    Catatan tidak hadir tanpa konfirmasi sekolah atau tempat layanan tidak memotong siapa pun. Nilai baku Harapan (L).
    """
    pays(
        """
        keluarga | usia | keadaan | tidak hadir | izin | belum dikonfirmasi
        1        | 8    | SD      |             | Jan  |
        2        | 8    | SD      |             |      | Jan Feb Mar
        3        | 8    | SD      | Jan         |      | Jan
        """,
        {1: 225_000, 2: 225_000, 3: 225_000},
    )


def test_a_child_left_blank_is_not_taken_to_be_there(pays: Pays) -> None:
    """Anak yang barisnya kosong pada formulir yang sah belum diverifikasi, walaupun sekolahnya dikonfirmasi.

    Bulan itu dibayar atau tidak seperti bulan lain yang belum diverifikasi. Nilai kebijakan: months.unknown_pays.
    """
    drawing = """
        keluarga | usia | keadaan | tidak hadir | tidak diisi
        1        | 8    | SD      |             | Jan
        2        | 8    | SD      | Feb         | Jan Mar
        3        | 8    | SD      |             |
        """
    pays(drawing, {1: 225_000, 2: (202_500, 22_500), 3: 225_000})
    pays(drawing, {1: (202_500, 22_500), 2: (157_500, 67_500), 3: 225_000}, rules(unknown_pays=Payment.UNPAID))


def test_the_law_may_leave_doubtful_months_unpaid(pays: Pays) -> None:
    """Kebijakan dapat menghitung bulan yang meragukan sebagai tidak terpenuhi.

    Nilai kebijakan: months.unknown_pays dan months.excused_pays.
    """
    drawing = """
        keluarga | usia | keadaan | izin | belum dikonfirmasi
        1        | 8    | SD      | Jan  |
        2        | 8    | SD      |      | Feb Mar
        """
    pays(drawing, {1: 225_000, 2: (180_000, 45_000)}, rules(unknown_pays=Payment.UNPAID))
    pays(drawing, {1: (202_500, 22_500), 2: 225_000}, rules(excused_pays=Payment.UNPAID))


def test_whose_attendance_counts_is_law(pays: Pays) -> None:
    """Ketidakhadiran anggota yang tidak ikut dihitung memotong atau tidak, menurut kebijakan.

    Contoh: lima anak sekolah, yang kelima tidak dihitung. Nilai kebijakan: attendance.whose.
    """
    drawing = """
        keluarga | usia | keadaan | tidak hadir
        1        | 7    | SD      |
        1        | 8    | SD      |
        1        | 9    | SD      |
        1        | 10   | SD      |
        1        | 11   | SD      | Jan
        """
    pays(drawing, {1: (810_000, 90_000)}, rules(whose_attendance="any"))
    pays(drawing, {1: 900_000}, rules(whose_attendance="counted"))


def test_nothing_where_nobody_complied_in_any_month(pays: Pays) -> None:
    """Sampai 2017: tidak ada bantuan bila tidak seorang pun memenuhi kewajiban pada bulan mana pun.

    Sumber: fakta program 2.3 (M).
    """
    pays(
        """
        keluarga | usia | keadaan | tidak hadir
        1        | 8    | SD      | Jan Feb Mar
        1        | 9    | SD      | Jan Feb Mar
        2        | 8    | SD      | Jan Feb Mar
        2        | 9    | SD      | Jan Feb
        """,
        {1: (0, 450_000), 2: (315_000, 135_000)},
        rules(sanction=SanctionRule(10, 100, nothing_if_all_missed=True)),
    )


def test_rupiah_instead_of_percent_until_2012(pays: Pays) -> None:
    """2007-2012: Rp50.000 untuk setiap bulan yang tidak terpenuhi.

    Sumber: fakta program 2.3 (M).
    """
    pays(
        """
        keluarga | usia | keadaan | tidak hadir
        1        | 8    | SD      | Jan Feb
        """,
        {1: (125_000, 100_000)},
        rules(sanction=SanctionRule(0, 100, nothing_if_all_missed=True, cut_idr_per_month=50_000)),
    )


def test_no_cut_while_sanctions_are_suspended(pays: Pays) -> None:
    """Selama sanksi ditiadakan (April 2020 sampai Desember 2021) tidak ada bulan yang memotong bantuan.

    Sumber: fakta program 2.3 (L).
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 8    | SD
        """,
        {1: 225_000},
        rules(observes_months=()),
    )
