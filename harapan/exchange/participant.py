"""The columns that say which participant a line of a training list is about."""

from __future__ import annotations

from harapan.exchange import cells
from harapan.exchange.sheet import Column

STAFF_NUMBER = Column(
    "staff_number", "NIP atau nomor SDM", cells.IDENTIFIER, ("nip", "nomor sdm", "no sdm", "nip/nomor sdm")
)
NIK = Column("nik", "NIK", cells.NIK, ("no nik", "nik ktp"))
CODE = Column("code", "Kode peserta", cells.TEXT, ("kode",), lenient=True)
NAME = Column("name", "Nama", cells.TEXT, ("nama peserta", "nama lengkap"), lenient=True)
