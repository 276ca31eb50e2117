"""A line of a settlement that fits nothing, until somebody says what becomes of it."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.database.fields import DrawnBigAutoField, SealedField
from harapan.payments.enums import ExceptionKind, Outcome, Resolution
from harapan.payments.models.settlement import SettlementFile
from harapan.registry.models import Family


class PaymentExceptionQuerySet(models.QuerySet["PaymentException"]):
    def open(self) -> PaymentExceptionQuerySet:
        return self.filter(closed_at__isnull=True)

    def alike(self, stage: Stage, kind: str) -> PaymentExceptionQuerySet:
        """The open lines of files of one kind: what one reason may set aside in one go."""
        return self.open().filter(stage=stage, kind=kind, file__isnull=False)

    def inside(self, low: int, high: int) -> PaymentExceptionQuerySet:
        return self.filter(region_no__gte=low, region_no__lt=high)


class PaymentException(models.Model):
    """Kept with all the line said, so that it can be booked once a person knows where it belongs.

    Without a family it carries the number of the regency whose file it came in (0: nobody's but the nation's).
    """

    id = DrawnBigAutoField(primary_key=True)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    # null: nobody's file but the field's word (`payments.field_exceptions`), named by `reference`
    file = models.ForeignKey(SettlementFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line = models.IntegerField("baris", default=0)
    kind = models.CharField("sebab", max_length=12, choices=ExceptionKind)
    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )  # (the composite key holds it)
    region_no = models.BigIntegerField(default=0)
    group_no = models.BigIntegerField(db_column="group_id", default=0)
    reference = models.CharField("referensi", max_length=60, blank=True)  # IDDTKS or order number, no personal number
    nik = SealedField("NIK", kind="nik")
    account = SealedField("rekening", kind="account")
    name = models.CharField("nama pada berkas", max_length=120, blank=True)
    outcome = models.SmallIntegerField("hasil", choices=Outcome)
    amount_idr = models.BigIntegerField("jumlah")
    expected_idr = models.BigIntegerField("menurut daftar", null=True, blank=True)
    on = models.DateField("tanggal")
    bank = models.CharField("penyalur", max_length=40, blank=True)
    reason_code = models.CharField("kode alasan", max_length=30, blank=True)
    note = models.CharField("keterangan", max_length=200, blank=True)
    ntpn = models.CharField("NTPN", max_length=16, blank=True)
    attempt = models.SmallIntegerField("upaya", default=0)  # of the order its reference names; 0: none named
    opened_on = models.DateField("terbuka sejak")
    closed_at = models.DateTimeField("ditutup", null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.CharField("cara", max_length=10, choices=Resolution, blank=True)
    why = models.CharField("alasan", max_length=300, blank=True)

    objects = PaymentExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "pembayaran belum cocok"
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="exception_once_a_line"),
            models.UniqueConstraint(
                fields=["stage", "kind", "reference"],
                condition=models.Q(file__isnull=True, closed_at__isnull=True),
                name="exception_of_the_field_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True, resolution="", why="")
                | (
                    models.Q(closed_at__isnull=False, closed_by__isnull=False)
                    & ~models.Q(resolution="")
                    & ~models.Q(why="")
                ),
                name="exception_closed_by_whom_when_how_and_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stage", "region_no", "id"], name="exception_open", condition=models.Q(closed_at__isnull=True)
            ),
            models.Index(fields=["family", "stage"], name="exception_family"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line} {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def from_the_field(self) -> bool:
        """It is no line of a file, so that nothing can be booked from it."""
        return self.file_id is None
