"""Siapa yang dihitung

Bantuan dihitung per orang. Seseorang dihitung bila memenuhi satu komponen pada hari pertama bulan yang dibayar.
Contoh dalam bab ini memakai nilai tahap 2025-2 (empat tahap setahun).
"""

from __future__ import annotations

from dataclasses import replace

from harapan.core.components import Component
from tests.engine.builders import COMPONENTS, rules
from tests.spec.drawing import Pays


def test_each_component_has_its_own_amount(pays: Pays) -> None:
    """Setiap komponen mempunyai nilai sendiri.

    Sumber: fakta program 1.4 dan 1.5 (nilai 2020-2026, empat tahap).
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 30   | hamil
        2        | 3    |
        3        | 8    | SD
        4        | 13   | SMP
        5        | 17   | SMA
        6        | 40   | disabilitas
        7        | 72   |
        8        | 60   | HAM
        9        | 35   |
        """,
        {1: 750_000, 2: 750_000, 3: 225_000, 4: 375_000, 5: 500_000, 6: 600_000, 7: 600_000, 8: 2_700_000, 9: 0},
    )


def test_a_young_child_counts_up_to_six_and_not_at_school(pays: Pays) -> None:
    """Anak usia dini: sampai 6 tahun dan belum bersekolah.

    Sumber: fakta program 1.2.
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 0    |
        2        | 6    |
        3        | 6    | SD
        4        | 7    |
        """,
        {1: 750_000, 2: 750_000, 3: 225_000, 4: 0},
    )


def test_a_child_counts_for_school_only_where_it_is_registered(pays: Pays) -> None:
    """Anak sekolah: tercatat di sekolah, usia 6 sampai 21 tahun, belum tamat 12 tahun.

    Anak usia sekolah yang belum tercatat di sekolah mana pun belum dihitung. Ini dapat diperbaiki dengan
    pemutakhiran data.
    Sumber: fakta program 1.2.
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 5    | SD
        2        | 21   | SMA
        3        | 22   | SMA
        4        | 18   | SMA tamat
        5        | 10   |
        """,
        {1: 0, 2: 500_000, 3: 0, 4: 0, 5: 0},
    )


def test_elderly_from_seventy_in_operation(pays: Pays) -> None:
    """Lanjut usia: mulai 70 tahun.

    Usia ini berbeda menurut tahun dan tercatat dalam kebijakan. Sumber: fakta program 1.3.
    """
    pays(
        """
        keluarga | usia
        1        | 69
        2        | 70
        """,
        {1: 0, 2: 600_000},
    )
    sixty = tuple(
        replace(rule, age_min_years=60) if rule.component == Component.ELDERLY else rule for rule in COMPONENTS
    )
    pays(
        """
        keluarga | usia
        1        | 59
        2        | 60
        """,
        {1: 0, 2: 600_000},
        rules(components=sixty),
    )


def test_pregnancies_count_up_to_the_second(pays: Pays) -> None:
    """Kehamilan dihitung sampai yang kedua selama ikut PKH.

    Sumber: fakta program 1.2 (sejak sekitar 2020).
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 25   | hamil-2
        2        | 25   | hamil-3
        3        | 25   | hamil
        """,
        {1: 750_000, 2: 0, 3: 750_000},
    )


def test_an_unknown_birth_date_takes_nothing_from_anybody(pays: Pays) -> None:
    """Tanggal lahir yang belum tercatat tidak menggugurkan siapa pun.

    Sekolah atau daftar pusat menjadi pegangan; bila keduanya tidak ada, orang itu belum dapat dihitung.
    Nilai baku Harapan.
    """
    pays(
        """
        keluarga | usia | keadaan | daftar pusat
        1        | ?    | SD      |
        2        | ?    |         | AUD
        3        | ?    |         | lansia
        4        | ?    |         |
        """,
        {1: 225_000, 2: 750_000, 3: 600_000, 4: 0},
    )


def test_the_list_does_not_overrule_a_known_age(pays: Pays) -> None:
    """Bila usia diketahui, usia yang menentukan, bukan daftar pusat.

    Sumber: fakta program 1.2 dan 1.3.
    """
    pays(
        """
        keluarga | usia | daftar pusat
        1        | 65   | lansia
        2        | 9    | AUD
        """,
        {1: 0, 2: 0},
    )


def test_a_family_without_known_members_is_not_computed(pays: Pays) -> None:
    """Keluarga yang anggotanya belum tercatat tidak dihitung.

    Halaman keluarga menyebutkannya; ini bukan keputusan bahwa keluarga tidak berhak.
    """
    pays(
        """
        keluarga | anggota | usia
        1        | -       |
        """,
        {1: 0},
    )
