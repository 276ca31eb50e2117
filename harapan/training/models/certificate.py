"""What proves that somebody has learned something: our certificate (STTPP), its versions, and those from outside."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.files.models import StoredFile
from harapan.training.models.course import Course
from harapan.training.models.enrolment import Enrolment
from harapan.workforce.models import PersonChild

CODE_LENGTH = 20  # 80 bits as hexadecimal digits: nobody guesses one


class CertificateSeries(models.Model):
    """The last number given of a course and year: whoever issues sees it, also who does not see all certificates."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField("tahun")
    last = models.IntegerField("nomor terakhir", default=0)

    class Meta:
        verbose_name = "seri nomor sertifikat"
        constraints = [models.UniqueConstraint(fields=["course", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.year}: {self.last}"

    def take(self, count: int) -> range:
        """So many further numbers. The row must be locked, so that nobody else takes the same."""
        self.last += count
        self.save(update_fields=["last"])
        return range(self.last - count + 1, self.last + 1)


class Certificate(PersonChild):
    """STTPP `number` of a course and year, for one pass. `expires_on`: the last day it counts; empty: for good.

    Revoked it never counts again; a mistake in its words is mended by a further version instead.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    year = models.SmallIntegerField("tahun")
    number = models.IntegerField("nomor urut")
    issued_on = models.DateField("tanggal terbit")
    expires_on = models.DateField("berlaku sampai", null=True, blank=True)
    revoked_on = models.DateField("dicabut", null=True, blank=True)
    revoked_letter = models.CharField("nomor surat pencabutan", max_length=120, blank=True)
    revoked_reason = models.CharField("alasan pencabutan", max_length=200, blank=True)

    class Meta:
        verbose_name = "sertifikat"
        constraints = [
            models.UniqueConstraint(fields=["course", "year", "number"], name="certificate_number_once"),
            models.CheckConstraint(
                condition=models.Q(revoked_on__isnull=True)
                | (~models.Q(revoked_letter="") & ~models.Q(revoked_reason="")),
                name="certificate_revoked_under_a_letter",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "course"], name="certificate_person_course"),
            models.Index(fields=["-issued_on", "-id"], name="certificate_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.year}/{self.number}"


class CertificateVersion(PersonChild):
    """One paper. `code`: what its QR leads to. `printed`: every word on it, frozen (`certificates.wording.Printed`)."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="versions")
    version = models.SmallIntegerField("versi")
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    printed = models.JSONField()
    why = models.CharField("sebab diterbitkan ulang", max_length=200, blank=True)
    made_at = models.DateTimeField("dibuat")  # the date inside the PDF, so that it is the same file each time
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "versi sertifikat"
        constraints = [models.UniqueConstraint(fields=["certificate", "version"], name="certificate_version_once")]

    def __str__(self) -> str:
        return f"{self.certificate_id} v{self.version}"


class ExternalCertificate(PersonChild):
    """A certificate of somebody else's, with its scan. `competence`: a code of data/training/competences.yaml."""

    competence = models.CharField("kompetensi", max_length=40)
    title = models.CharField("judul sertifikat", max_length=160)
    issuer = models.CharField("penerbit", max_length=160)
    number = models.CharField("nomor sertifikat", max_length=80)
    issued_on = models.DateField("tanggal terbit")
    expires_on = models.DateField("berlaku sampai", null=True, blank=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField("dicatat")

    class Meta:
        verbose_name = "sertifikat dari luar"
        constraints = [
            models.UniqueConstraint(fields=["person", "issuer", "number"], name="external_certificate_once"),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=models.F("issued_on")),
                name="external_certificate_counts_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.number}"
