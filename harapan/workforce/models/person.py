"""One record of a person who carries the programme, from application to farewell; with an account or without one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField, SealedField

NATION = 0  # the place of those who serve the ministry or a training centre: no range of regions reaches it


class Person(models.Model):
    """Somebody taken on. `region_no`: where they serve, as wide as their post; the scope of every row about them.

    `user` is empty for those who never sign in: staff of sister programmes, guests of a course. What they may do in
    Harapan comes from their posts (`accounts.Post`), never from here.
    """

    class Kind(models.TextChoices):
        PKH = "pkh", Phrase("SDM PKH")
        BPNT = "bpnt", Phrase("Pendamping BPNT")
        TKSK = "tksk", Phrase("TKSK")
        OFFICE = "dinas", Phrase("Pegawai dinas, balai, atau pusat")
        OTHER = "other", Phrase("Mitra lain")
        NEVER = "never", Phrase("Tidak jadi bertugas")  # withdrew before the first day, and was nothing before

    class Sex(models.IntegerChoices):
        UNKNOWN = 0, Phrase("belum diketahui")
        MALE = 1, Phrase("laki-laki")
        FEMALE = 2, Phrase("perempuan")

    class Education(models.TextChoices):
        UNKNOWN = "", Phrase("belum diketahui")
        SENIOR = "senior", Phrase("SMA/sederajat")
        DIPLOMA = "diploma", Phrase("D3")
        BACHELOR = "bachelor", Phrase("S1/D4")
        MASTER = "master", Phrase("S2 atau lebih")

    id = DrawnBigAutoField(primary_key=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("unsur", max_length=5, choices=Kind, default=Kind.PKH)
    name = models.CharField("nama", max_length=120)
    nik = SealedField("NIK", kind="nik")
    staff_number = models.CharField("NIP atau nomor SDM", max_length=20, blank=True)
    sex = models.SmallIntegerField("jenis kelamin", choices=Sex, default=Sex.UNKNOWN)
    born_on = models.DateField("tanggal lahir", null=True, blank=True)
    education = models.CharField("pendidikan", max_length=8, choices=Education, blank=True)
    email = models.EmailField("surel", blank=True)
    phone = models.CharField("nomor HP", max_length=20, blank=True)
    region_no = models.BigIntegerField("tempat tugas")  # NATION, or a region of any level; actions check that it is one
    cohort = models.SmallIntegerField("angkatan rekrutmen", null=True, blank=True)  # year of the round
    since = models.DateField("mulai bertugas")
    until = models.DateField("berhenti", null=True, blank=True)  # the first day after

    class Meta:
        verbose_name = "SDM"
        constraints = [
            models.UniqueConstraint(fields=["id", "region_no"], name="person_in_region"),  # what rows about it refer to
            models.UniqueConstraint(
                fields=["nik_ix"], condition=models.Q(nik_ix__isnull=False), name="person_once_a_nik"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="person_leaves_after_coming",
            ),
        ]
        indexes = [models.Index(fields=["region_no", "name", "id"], name="person_region_name")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def serving_kinds(cls) -> list[Person.Kind]:
        """What somebody may be taken on as, looked for and counted by."""
        return [kind for kind in cls.Kind if kind is not cls.Kind.NEVER]

    def take_place(self, *, since: date, cohort: int) -> None:
        """They begin in the programme that day by a round of recruitment, whatever they were: a companion of another
        programme, a guest of a course, or somebody who had left and comes back."""
        self.kind, self.cohort = Person.Kind.PKH, cohort
        if self.until is not None:
            self.since, self.until = since, None
        self.save(update_fields=["kind", "cohort", "since", "until"])


class PersonChild(models.Model):
    """A row about a person. It carries the person's region, so that a scope reaches it without a join.

    The database holds it equal to the person's (`workforce.scoping.person_child`), also when the person moves.
    """

    id = DrawnBigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="%(class)ss", db_constraint=False)
    # (the composite key holds it: see above)
    region_no = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.region_no is None:
            self.region_no = self.person.region_no
        super().save(*args, **kwargs)
