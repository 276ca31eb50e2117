"""Members of a family and what they count for, as dated facts."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from harapan.core.components import LABELS_ID, Component
from harapan.core.phrases import Phrase
from harapan.database.fields import SealedField
from harapan.registry.models.base import FamilyChild, Source
from harapan.registry.models.group import Facility


class Member(FamilyChild):
    """A person of the family. `manager` marks the one person paid (pengurus)."""

    class Sex(models.IntegerChoices):
        UNKNOWN = 0, Phrase("belum diketahui")
        MALE = 1, Phrase("laki-laki")
        FEMALE = 2, Phrase("perempuan")

    class Relation(models.TextChoices):
        MANAGER = "manager", Phrase("pengurus")
        SPOUSE = "spouse", Phrase("suami/istri")
        CHILD = "child", Phrase("anak")
        GRANDCHILD = "grandchild", Phrase("cucu")
        PARENT = "parent", Phrase("orang tua")
        OTHER = "other", Phrase("anggota lain")

    nik = SealedField("NIK", kind="nik")
    name = models.CharField("nama", max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_collation="C")
    sex = models.SmallIntegerField("jenis kelamin", choices=Sex, default=Sex.UNKNOWN)
    born_on = models.DateField("tanggal lahir", null=True, blank=True)
    born_source = models.CharField("sumber tanggal lahir", max_length=12, choices=Source, blank=True)
    relation = models.CharField("hubungan", max_length=10, choices=Relation, default=Relation.OTHER)
    manager = models.BooleanField("pengurus", default=False)
    died_on = models.DateField("meninggal", null=True, blank=True)
    left_on = models.DateField("pindah", null=True, blank=True)
    sources = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "anggota"
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=models.Q(manager=True), name="member_one_manager_per_family"
            )
        ]
        indexes = [
            models.Index(fields=["nik_ix"], name="member_nik"),
            models.Index(fields=["family", "id"], name="member_family"),
        ]

    def __str__(self) -> str:
        return self.name


class ComponentSpell(FamilyChild):
    """What a member counts for between two days, where they are served, and on whose word."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="component_spells")
    component = models.SmallIntegerField("komponen", choices=[(int(code), LABELS_ID[code]) for code in Component])
    spell = DateRangeField("masa")
    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tempat layanan"
    )
    grade = models.CharField("tingkat", max_length=10, blank=True)
    student_no = models.CharField("NISN", max_length=12, blank=True)
    # for pregnancies: the how-manyth within the programme, 0 unknown
    ordinal = models.SmallIntegerField("urutan", default=0)
    source = models.CharField("sumber", max_length=12, choices=Source)

    class Meta:
        verbose_name = "masa komponen"
        constraints = [
            ExclusionConstraint(
                name="component_spells_apart",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("component", RangeOperators.EQUAL),
                    ("spell", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            # lists of families with a component read nothing else (registry/narrowing.py)
            models.Index(
                fields=["component", "region_no", "family"], include=["group_no", "spell"], name="component_in_region"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.get_component_display()}"
