"""Jumlah per keluarga

Kebanyakan tahun menjumlahkan nilai setiap orang. Beberapa tahun berbeda.
"""

from __future__ import annotations

from dataclasses import replace

from harapan.policy.stage_rules import Category, FixedRule, FlatRule, Scheme
from tests.engine.builders import COMPONENTS, rules
from tests.spec.drawing import Pays

NO_AMOUNTS = tuple(replace(rule, annual_idr=0, stage_idr=0) for rule in COMPONENTS)


def test_a_flat_amount_in_2017_and_2018(pays: Pays) -> None:
    """2017-2018: jumlah rata per keluarga, asal ada yang memenuhi syarat.

    Kategori 2: keluarga dengan lanjut usia, jumlahnya sendiri.
    Sumber: fakta program 1.4 (Rp1.890.000 dan Rp2.000.000 setahun).
    """
    flat = (FlatRule(Category.REGULAR, 1_890_000, 500_000), FlatRule(Category.ELDERLY, 2_000_000, 500_000))
    last = (FlatRule(Category.REGULAR, 1_890_000, 390_000), FlatRule(Category.ELDERLY, 2_000_000, 500_000))
    drawing = """
        keluarga | kategori | usia | keadaan
        1        | 0        | 8    | SD
        1        | 0        | 9    | SD
        2        | 2        | 75   |
        3        | 0        | 35   |
        """
    same = {"scheme": Scheme.FLAT, "components": NO_AMOUNTS, "persons_max": None}
    pays(drawing, {1: 500_000, 2: 500_000, 3: 0}, rules(flat=flat, **same))
    pays(drawing, {1: 390_000, 2: 500_000, 3: 0}, rules(flat=last, **same))


def test_a_fixed_amount_beside_the_components_in_2019(pays: Pays) -> None:
    """2019: bantuan tetap sekali, pada tahap 1, di samping komponen. Kategori 4: PKH Akses.

    Sumber: fakta program 1.4 (Rp550.000 reguler, Rp1.000.000 Akses).
    """
    fixed = (FixedRule(Category.REGULAR, 550_000, 550_000), FixedRule(Category.ACCESS, 1_000_000, 1_000_000))
    pays(
        """
        keluarga | kategori | usia | keadaan
        1        | 0        | 8    | SD
        2        | 4        | 8    | SD
        3        | 1        | 8    | SD
        4        | 0        | 35   |
        """,
        {1: 775_000, 2: 1_225_000, 3: 775_000, 4: 0},
        rules(fixed=fixed),
    )


def test_a_channel_may_have_its_own_calendar(pays: Pays) -> None:
    """Bila bank dan pos mempunyai jadwal sendiri, satu tahap membayar keluarga salurannya saja.

    Keluarga yang salurannya belum tercatat belum dihitung. Sumber: fakta program 1.5 (2023-2024).
    """
    pays(
        """
        keluarga | saluran | usia | keadaan
        1        | pos     | 8    | SD
        2        | bank    | 8    | SD
        3        |         | 8    | SD
        """,
        {1: 225_000, 2: 0, 3: 0},
        rules(stage="2023-1-pos", channel="pos"),
    )
