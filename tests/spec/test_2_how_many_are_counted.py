"""Berapa orang yang dihitung

Sejak 2019 paling banyak empat orang dalam satu keluarga dihitung. Beberapa komponen mempunyai batas sendiri.
"""

from __future__ import annotations

from tests.engine.builders import rules
from tests.spec.drawing import Pays


def test_only_the_four_dearest_count(pays: Pays) -> None:
    """Paling banyak empat orang, didahulukan yang nilainya paling besar.

    Sumber: fakta program 1.4 (empat orang H; yang terbesar didahulukan M).
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 8    | SD
        1        | 9    | SD
        1        | 13   | SMP
        1        | 17   | SMA
        1        | 30   | hamil
        """,
        {1: 750_000 + 500_000 + 375_000 + 225_000},
    )


def test_one_person_counts_once(pays: Pays) -> None:
    """Satu orang dihitung satu kali, untuk komponen yang nilainya paling besar.

    Sumber: fakta program 1.4.
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 16   | SMA disabilitas
        2        | 75   | disabilitas
        """,
        {1: 600_000, 2: 600_000},
    )


def test_at_most_two_young_children(pays: Pays) -> None:
    """Paling banyak dua anak usia dini.

    Sumber: fakta program 1.2 (sejak sekitar 2020; M).
    """
    pays(
        """
        keluarga | usia
        1        | 1
        1        | 3
        1        | 5
        """,
        {1: 1_500_000},
    )


def test_at_most_one_elderly_and_one_with_a_severe_disability(pays: Pays) -> None:
    """Paling banyak satu lanjut usia dan satu penyandang disabilitas berat.

    Sumber: fakta program 1.2 (M).
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 72   |
        1        | 75   |
        2        | 30   | disabilitas
        2        | 33   | disabilitas
        3        | 75   | disabilitas
        3        | 72   |
        """,
        {1: 600_000, 2: 600_000, 3: 1_200_000},
    )


def test_a_place_one_limit_frees_goes_to_the_next(pays: Pays) -> None:
    """Orang yang tidak dihitung karena batas komponennya tidak memakai tempat dalam batas empat orang.

    Sumber: fakta program 1.4.
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 1    |
        1        | 2    |
        1        | 3    |
        1        | 8    | SD
        1        | 9    | SD
        """,
        {1: 750_000 * 2 + 225_000 * 2},
    )


def test_without_a_limit_of_persons_all_count(pays: Pays) -> None:
    """Sebelum ada batas orang, semua yang memenuhi syarat dihitung, sampai jumlah tertinggi per keluarga.

    Sumber: fakta program 1.4 (2007-2015: jumlah terendah dan tertinggi per keluarga).
    """
    pays(
        """
        keluarga | usia | keadaan
        1        | 8    | SD
        1        | 9    | SD
        1        | 10   | SD
        1        | 11   | SD
        1        | 13   | SMP
        2        | 8    | SD
        """,
        {1: 925_000, 2: 237_500},
        rules(persons_max=None, family_min_idr=237_500, family_max_idr=925_000),
    )
