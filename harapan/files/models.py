"""Stored files: what came in as it came, and what we made, named by a keyed hash and encrypted on disk."""

from __future__ import annotations

import uuid

from django.db import models


class StoredFile(models.Model):
    """One file under `var/files`. Owner, region and group are plain numbers: files know no domain above them.

    `digest` is an HMAC of the contents (a bare hash would tell who holds a file what is inside).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)  # import, refused, export, minutes, sheet, evidence, photograph
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    owner = models.BigIntegerField()
    region_no = models.BigIntegerField(default=0)
    group_no = models.BigIntegerField(db_column="group_id", default=0)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="file_digest")]

    def __str__(self) -> str:
        return self.name
