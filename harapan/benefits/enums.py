"""The words of differences: why two amounts part, and how sure that is."""

from __future__ import annotations

from django.db import models

from harapan.core.phrases import Phrase


class Reason(models.TextChoices):
    """Why the two amounts may differ. docs/differences.md says how each is found."""

    COMPONENT = "component", Phrase("Komponen anggota")
    CAP = "cap", Phrase("Batas orang yang dihitung")
    ATTENDANCE = "attendance", Phrase("Kehadiran")
    AGE = "age", Phrase("Usia")
    ACCOUNT = "account", Phrase("Rekening")
    UNKNOWN_MEMBER = "unknown_member", Phrase("Anggota belum tercatat")
    NO_MEMBERS = "no_members", Phrase("Belum ada anggota tercatat")
    NOT_ENROLLED = "not_enrolled", Phrase("Ada di daftar, bukan peserta di catatan kita")
    EXCLUDED = "excluded", Phrase("Dikecualikan pusat")
    DESIL = "desil", Phrase("Peringkat kesejahteraan (desil)")
    NIK = "nik", Phrase("NIK belum padan")
    NOT_LISTED = "not_listed", Phrase("Tidak ada di daftar")
    NOT_EXPLAINED = "not_explained", Phrase("Belum diketahui")


# nobody in the family did anything wrong: their page says so
NOBODYS_FAULT = frozenset(
    {
        Reason.COMPONENT, Reason.CAP, Reason.AGE, Reason.ACCOUNT, Reason.UNKNOWN_MEMBER, Reason.NO_MEMBERS,
        Reason.EXCLUDED, Reason.DESIL, Reason.NIK, Reason.NOT_LISTED, Reason.NOT_EXPLAINED,
    }
)  # fmt: skip


class Certainty(models.IntegerChoices):
    """How sure the reason is."""

    CERTAIN = 3, Phrase("pasti")
    LIKELY = 2, Phrase("kemungkinan besar")
    POSSIBLE = 1, Phrase("mungkin")
