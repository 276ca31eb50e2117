"""What every row about a family shares: the scope it carries, and on whose word it stands."""

from __future__ import annotations

from typing import Any

from django.db import models

from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField


class Source(models.TextChoices):
    """On whose word a fact stands."""

    LIST = "list", Phrase("daftar kementerian")
    CASELOAD = "caseload", Phrase("buku kerja pendamping")
    COMPONENTS = "components", Phrase("daftar komponen")
    VILLAGE = "village", Phrase("daftar desa")
    DTSEN = "dtsen", Phrase("DTSEN")
    SCHOOL = "school", Phrase("sekolah")
    BANK = "bank", Phrase("bank")
    FIELD = "field", Phrase("catatan lapangan")
    OPENING = "opening", Phrase("angka awal")
    DERIVED = "derived", Phrase("dihitung dari NIK")


class FamilyChildQuerySet(models.QuerySet[Any]):
    """Rows that hang on a family. The database's policies scope them; lists over families start from Family."""


class FamilyChild(models.Model):
    """A row that carries its family's region and group, so that a scope reaches it without a join.

    The database holds both equal to the family's by a composite foreign key that follows every move
    (`registry/migrations`), so a row cannot lie about its scope. Bulk writers fill both themselves.
    """

    id = DrawnBigAutoField(primary_key=True)
    family = models.ForeignKey(
        "registry.Family", on_delete=models.CASCADE, related_name="%(class)ss", db_constraint=False
    )
    # (the composite key holds it: see above)
    region_no = models.BigIntegerField(editable=False)
    group_no = models.BigIntegerField(editable=False, db_column="group_id", default=0)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.region_no is None:
            self.region_no, self.group_no = self.family.region_id, self.family.group_id
        super().save(*args, **kwargs)
