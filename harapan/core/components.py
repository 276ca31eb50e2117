"""The components (komponen) a member may be counted for: one small number each, for databases and engines.

The numbers are stored in snapshots that must replay in years to come: never reuse or renumber one.
Source: domain facts 1.2 (Permensos 1/2018; HAM berat added 2024 under Inpres 2/2023).
"""

from __future__ import annotations

from enum import IntEnum

from harapan.core.phrases import Phrase


class Component(IntEnum):
    PREGNANT = 1  # ibu hamil / nifas
    TODDLER = 2  # anak usia dini (AUD), 0-6 years, not at school
    PRIMARY = 3  # SD/MI and equivalents
    JUNIOR = 4  # SMP/MTs and equivalents
    SENIOR = 5  # SMA/SMK/MA and equivalents
    DISABILITY = 6  # penyandang disabilitas berat
    ELDERLY = 7  # lanjut usia
    HUMAN_RIGHTS = 8  # korban pelanggaran HAM berat masa lalu

    @property
    def label(self) -> Phrase:
        """What people call it, in Indonesian."""
        return LABELS_ID[self]


class Group(IntEnum):
    """The side of the programme a component belongs to; decides which facility confirms it."""

    HEALTH = 1
    EDUCATION = 2
    WELFARE = 3


GROUP_OF = {
    Component.PREGNANT: Group.HEALTH,
    Component.TODDLER: Group.HEALTH,
    Component.PRIMARY: Group.EDUCATION,
    Component.JUNIOR: Group.EDUCATION,
    Component.SENIOR: Group.EDUCATION,
    Component.DISABILITY: Group.WELFARE,
    Component.ELDERLY: Group.WELFARE,
    Component.HUMAN_RIGHTS: Group.WELFARE,
}

# Codes used in YAML, files and commands; the Indonesian label is for people.
CODES = {
    Component.PREGNANT: "pregnant",
    Component.TODDLER: "toddler",
    Component.PRIMARY: "primary",
    Component.JUNIOR: "junior",
    Component.SENIOR: "senior",
    Component.DISABILITY: "disability",
    Component.ELDERLY: "elderly",
    Component.HUMAN_RIGHTS: "human_rights",
}
LABELS_ID = {
    Component.PREGNANT: Phrase("Ibu hamil/nifas"),
    Component.TODDLER: Phrase("Anak usia dini"),
    Component.PRIMARY: Phrase("SD sederajat"),
    Component.JUNIOR: Phrase("SMP sederajat"),
    Component.SENIOR: Phrase("SMA sederajat"),
    Component.DISABILITY: Phrase("Penyandang disabilitas berat"),
    Component.ELDERLY: Phrase("Lanjut usia"),
    Component.HUMAN_RIGHTS: Phrase("Korban pelanggaran HAM berat"),
}
