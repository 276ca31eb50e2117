"""Groups of ten to thirty families with one facilitator, and the schools and health posts families use."""

from __future__ import annotations

from typing import Any

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField
from harapan.regions.models import Region

NO_GROUP = 0  # the row "belum berkelompok": a NULL would switch off the key that ties children to their family's scope


class Group(models.Model):
    """Kelompok KPM: by place, met by one facilitator each month. Its number is part of every scope of a facilitator."""

    name = models.CharField("nama", max_length=80)
    # only "belum berkelompok" has no place
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_column="region_no", null=True, related_name="+")
    facilitator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pendamping"
    )
    leader_name = models.CharField("ketua kelompok", max_length=120, blank=True)
    since = models.DateField("sejak", null=True, blank=True)
    meeting_place = models.CharField("tempat bertemu", max_length=120, blank=True, db_default="")
    latitude = models.FloatField("lintang", null=True, blank=True)
    longitude = models.FloatField("bujur", null=True, blank=True)
    # not a group that meets: it holds a village's candidates, so that one facilitator's scope reaches them
    candidates = models.BooleanField("wadah calon", default=False, db_default=False)

    class Meta:
        verbose_name = "kelompok"
        constraints = [
            models.UniqueConstraint(
                fields=["region"], condition=models.Q(candidates=True), name="group_candidates_once_a_village"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="group_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(pk=NO_GROUP) | models.Q(region__isnull=False), name="group_has_a_place"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "name"], name="group_region_name"),
            models.Index(fields=["facilitator"], name="group_facilitator"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """ "Melati 1, Desa Hatiwin": every village has its Melati 1. Asks for the region unless it was read with it."""
        return f"{self.name}, {self.region.display_name}" if self.region else self.name


class Facility(models.Model):
    """A school (fasdik) or health post (faskes). No data of a person; everybody may read it."""

    class Kind(models.TextChoices):
        SCHOOL = "school", Phrase("Sekolah")
        HEALTH = "health", Phrase("Posyandu/puskesmas")
        WELFARE = "welfare", Phrase("Layanan kesejahteraan sosial")

    kind = models.CharField("jenis", max_length=10, choices=Kind)
    code = models.CharField("NPSN atau kode", max_length=20, blank=True)
    name = models.CharField("nama", max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_collation="C")
    level = models.CharField("bentuk", max_length=10, blank=True)  # SD, SMP, SMA, SLB, posyandu, puskesmas
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_column="region_no", related_name="+")

    class Meta:
        verbose_name = "fasilitas"
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], condition=~models.Q(code=""), name="facility_code_once")
        ]
        indexes = [models.Index(fields=["region", "kind", "name_key"], name="facility_region_kind_name")]

    def __str__(self) -> str:
        return self.name


class GroupChild(models.Model):
    """A row that carries its group and the group's region, so that a scope reaches it without a join.

    The database holds both equal to the group's by a composite key (`registry.scoping.group_child`).
    """

    id = DrawnBigAutoField(primary_key=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+", verbose_name="kelompok")
    region_no = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.region_no is None:
            self.region_no = self.group.region_id
        super().save(*args, **kwargs)
