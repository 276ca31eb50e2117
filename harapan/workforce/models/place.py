"""What makes a load light or heavy beside the number of families: the terrain."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.regions.models import Region
from harapan.registry.models import Group


class Difficulty(models.IntegerChoices):
    """How hard a place is to reach, as validation visits note it."""

    EASY = 1, Phrase("Mudah")
    MEDIUM = 2, Phrase("Sedang")
    HARD = 3, Phrase("Sulit")

    @property
    def code(self) -> str:
        """As policy names it."""
        return self.name.lower()


class Terrain(models.Model):
    """How hard a village, or one group in it, is to reach from a day on. Says nothing about a person."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_column="region_no", related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    difficulty = models.SmallIntegerField("medan", choices=Difficulty)
    since = models.DateField("sejak")
    source = models.CharField("sumber", max_length=120)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "medan"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "group", "since"], name="terrain_once_a_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.get_difficulty_display()}"
