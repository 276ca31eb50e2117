"""A link by which the head of a facility confirms months on their own phone, without an account."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from harapan.accounts.models import Post, User
from harapan.registry.models import Facility


class ConfirmationLink(models.Model):
    """Opens one list, once: these members of one facility in these months.

    The address carries the row's number and nonce under a signature of this installation, so that rows alone open
    nothing. It stands under the sender's post: where that has ended, or no longer reaches `region_nos`, it is closed.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    months = ArrayField(models.IntegerField(), verbose_name="bulan")  # yyyymm
    members = ArrayField(models.BigIntegerField(), verbose_name="anggota")
    stage = models.CharField("tahap", max_length=16)  # whose months and obligations it shows
    region_no = models.BigIntegerField(editable=False)  # the first of `region_nos`: whose scope shows this row
    region_nos = ArrayField(models.BigIntegerField(), editable=False)  # of the members: all the reader may see of
    nonce = models.CharField(max_length=32, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("dibuat")
    expires_at = models.DateTimeField("berlaku sampai")
    opened = models.SmallIntegerField("dibuka", default=0)
    revoked_at = models.DateTimeField("dicabut", null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField("dikonfirmasi", null=True, blank=True)
    confirmed_by = models.CharField("nama", max_length=80, blank=True)
    position = models.CharField("jabatan", max_length=60, blank=True)
    from_address = models.GenericIPAddressField("alamat", null=True, blank=True)

    class Meta:
        verbose_name = "tautan konfirmasi"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["facility", "-id"], name="link_facility")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="link_used_or_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | (~models.Q(confirmed_by="") & ~models.Q(position="")),
                name="link_confirmed_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.months}"

    @property
    def expired(self) -> bool:
        return timezone.now() >= self.expires_at

    def open_at(self, now: datetime, *, opens_max: int) -> bool:
        """Whether it may still be used."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at and self.opened < opens_max
