"""Rows of somebody's own work: they belong to one person, and to the place that person works in."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User


class OwnWork(models.Model):
    """A row that its owner sees from any post, and the leads of its place see as well (`Protect` with `Own`).

    `region_no` is the first region of the post the work was done in.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="petugas")
    region_no = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True
