"""The log as the nation's auditors read it. Nobody writes through this model; see `harapan.audit.log`."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One deed, look or packed set of row changes. `actor` and `on_behalf` are user numbers, kept without a key."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.BigIntegerField()
    on_behalf = models.BigIntegerField(null=True)
    via = models.TextField()
    verb = models.TextField()
    subject_kind = models.TextField(null=True)
    subject = models.BigIntegerField(null=True)
    why = models.TextField(null=True)
    body = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "audit_entry"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_kind or ''} {self.subject or ''}".strip()
