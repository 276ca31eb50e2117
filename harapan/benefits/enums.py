"""The words of differences: why two amounts part, and how sure that is."""

from __future__ import annotations

from django.db import models


class Reason(models.TextChoices):
    """Why the two amounts may differ. docs/differences.md says how each is found."""

    COMPONENT = "component", "Komponen anggota"
    CAP = "cap", "Batas orang yang dihitung"
    ATTENDANCE = "attendance", "Kehadiran"
    AGE = "age", "Usia"
    ACCOUNT = "account", "Rekening"
    UNKNOWN_MEMBER = "unknown_member", "Anggota belum tercatat"
    NO_MEMBERS = "no_members", "Belum ada anggota tercatat"
    NOT_ENROLLED = "not_enrolled", "Ada di daftar, bukan peserta di catatan kita"
    EXCLUDED = "excluded", "Dikecualikan pusat"
    DESIL = "desil", "Peringkat kesejahteraan (desil)"
    NIK = "nik", "NIK belum padan"
    NOT_LISTED = "not_listed", "Tidak ada di daftar"
    NOT_EXPLAINED = "not_explained", "Belum diketahui"


# nobody in the family did anything wrong: their page says so
NOBODYS_FAULT = frozenset(
    {
        Reason.COMPONENT, Reason.CAP, Reason.AGE, Reason.ACCOUNT, Reason.UNKNOWN_MEMBER, Reason.NO_MEMBERS,
        Reason.EXCLUDED, Reason.DESIL, Reason.NIK, Reason.NOT_LISTED, Reason.NOT_EXPLAINED,
    }
)  # fmt: skip


class Certainty(models.IntegerChoices):
    """How sure the reason is."""

    CERTAIN = 3, "pasti"
    LIKELY = 2, "kemungkinan besar"
    POSSIBLE = 1, "mungkin"
