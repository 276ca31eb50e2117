"""Kekurangan dan kelebihan dari tahap sebelumnya

Yang kurang dibayar ditambahkan pada tahap berikutnya, yang lebih dibayar diperhitungkan. Jumlahnya diputuskan orang,
dengan sebab yang dapat dibaca keluarga.
"""

from __future__ import annotations

from tests.spec.drawing import Pays


def test_back_pay_is_added_whole(pays: Pays) -> None:
    """Kekurangan dibayar utuh: potongan karena kehadiran hanya mengenai bantuan tahap ini.

    Keluarga yang tahap ini tidak mempunyai anggota yang dihitung tetap menerima kekurangannya.
    """
    pays(
        """
        keluarga | usia | keadaan | tidak hadir | kekurangan
        1        | 8    | SD      |             | 60000
        2        | 8    | SD      | Jan         | 60000
        3        | 35   |         |             | 60000
        """,
        {1: 285_000, 2: (262_500, 22_500), 3: 60_000},
    )


def test_recovery_never_goes_below_zero(pays: Pays) -> None:
    """Kelebihan diambil dari yang tersisa setelah potongan, tidak pernah di bawah nol.

    Sisanya menunggu tahap berikutnya. Keluarga 3 menerima kekurangan dan mengembalikan kelebihan pada tahap yang sama.
    """
    pays(
        """
        keluarga | usia | keadaan | tidak hadir | kekurangan | kelebihan
        1        | 8    | SD      | Jan         |            | 50000
        2        | 8    | SD      | Jan         |            | 900000
        3        | 8    | SD      |             | 40000      | 100000
        """,
        {1: (152_500, 72_500), 2: (0, 225_000), 3: (165_000, 100_000)},
    )


def test_a_family_that_is_not_computed_keeps_its_account(pays: Pays) -> None:
    """Keluarga yang belum dihitung tidak dibayar dan tidak dipotong; kekurangan dan kelebihannya tetap tercatat."""
    pays(
        """
        keluarga | anggota | kekurangan | kelebihan
        1        | -       | 40000      | 100000
        """,
        {1: 0},
    )
