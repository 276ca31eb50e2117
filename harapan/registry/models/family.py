"""A beneficiary family (KPM) and its spells of membership."""

from __future__ import annotations

import re

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import connections, models

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.names import name_key
from harapan.database.fields import DrawnBigAutoField, SealedField
from harapan.policy.stage_rules import Category
from harapan.regions.models import Region
from harapan.registry.models.base import FamilyChild, Source
from harapan.registry.models.group import NO_GROUP, Group

NAMED_MAX = 200  # families a search by name lists; its function (registry/migrations/0006) holds the same
_NAMES_RT = re.compile(r"\bRT\b", re.IGNORECASE)  # "RT 006", "RT:006"


class FamilyQuerySet(models.QuerySet["Family"]):
    def visible_to(self, post: Post) -> FamilyQuerySet:
        """The rows the post's scope reaches, said in the query as the database's policy says it again."""
        if post.role.reach == Reach.NATION:
            return self
        if post.role.reach == Reach.GROUPS:
            return self.filter(group_id__in=post.groups)
        wanted = models.Q(pk__in=())
        for low, high in post.ranges:
            wanted |= models.Q(region_id__gte=low, region_id__lt=high)
        return self.filter(wanted)

    def inside(self, low: int, high: int) -> FamilyQuerySet:
        """Families in the half-open range of region numbers."""
        return self.filter(region_id__gte=low, region_id__lt=high)

    def named(self, text: str, *, rows_max: int = NAMED_MAX) -> FamilyQuerySet:
        """Families in scope whose manager's name holds every word, at most so many, found by one scoped function.

        Asked at once, because a page lists and counts them. A plain LIKE under row-level security would read the whole
        scope: only leakproof conditions reach an index.
        """
        words = list(dict.fromkeys(name_key(text).split()))
        if not words:
            return self.none()
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT harapan.find_families(%s, %s)", [words, rows_max])
            return self.filter(pk__in=[pk for (pk,) in cursor.fetchall()])


class Family(models.Model):
    """The unit that is paid. Its name is the name of the person paid (pengurus)."""

    id = DrawnBigAutoField(primary_key=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, db_column="region_no", related_name="+", db_index=False
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, default=NO_GROUP, related_name="families", db_index=False
    )
    dtks_id = models.CharField("IDDTKS", max_length=40, unique=True, null=True, blank=True)
    kk = SealedField("nomor KK", kind="kk")
    phone = SealedField("nomor HP", kind="phone")
    name = models.CharField("nama pengurus", max_length=120)
    name_key = models.CharField(
        max_length=120, editable=False, db_collation="C"
    )  # core.names.name_key: compared and searched by prefix
    address = models.CharField("alamat", max_length=200, blank=True)
    rt = models.CharField("RT", max_length=5, blank=True)
    rw = models.CharField("RW", max_length=5, blank=True)
    hamlet = models.CharField("dusun", max_length=80, blank=True)
    # what policy distinguishes: PKH Akses, Papua, elderly or disability families of 2017-18
    category = models.SmallIntegerField(
        "jenis keluarga", default=Category.REGULAR, choices=[(int(code), code.name) for code in Category]
    )
    note = models.TextField("catatan lapangan", blank=True)
    # field -> [source, ISO date]: which word each field stands on, so that precedence can be judged per field
    sources = models.JSONField(default=dict, blank=True)
    registered_on = models.DateField("tercatat sejak")

    objects = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name = "keluarga"
        indexes = [
            models.Index(fields=["region", "name_key", "id"], name="family_region_name"),
            models.Index(fields=["group", "name_key", "id"], name="family_group_name"),
            models.Index(fields=["name_key", "id"], name="family_name"),
            # parts of names, for the scoped search function (registry/migrations/0003)
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="family_name_parts"),
            models.Index(fields=["kk_ix"], name="family_kk"),
            models.Index(fields=["phone_ix"], name="family_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def street(self) -> str:
        """Address with RT and RW; lists often write both into the address already."""
        parts = [self.address]
        if (self.rt or self.rw) and not _NAMES_RT.search(self.address):
            parts.append(f"RT {self.rt or '-'} RW {self.rw or '-'}")
        return " ".join(filter(None, parts))


class Enrolment(FamilyChild):
    """A spell of membership. What ended and began again is two rows; history is free."""

    spell = DateRangeField("masa")
    source = models.CharField("sumber", max_length=12, choices=Source)
    began_because = models.CharField("sebab masuk", max_length=120, blank=True)
    ended_because = models.CharField("sebab berakhir", max_length=120, blank=True)

    class Meta:
        verbose_name = "kepesertaan"
        constraints = [
            ExclusionConstraint(
                name="enrolment_spells_apart",
                expressions=[("family", RangeOperators.EQUAL), ("spell", RangeOperators.OVERLAPS)],
            )
        ]
        indexes = [
            # the few with an end, for lists of families whose membership is over (registry/narrowing.py)
            models.Index(
                fields=["region_no", "family"],
                include=["group_no", "spell"],
                name="enrolment_with_an_end",
                condition=models.Q(spell__upper_inf=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.spell}"
