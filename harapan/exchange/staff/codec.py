"""People who serve: PKH staff, and the companions of BPNT and TKSK who work beside them.

Fields: kind (pkh, bpnt, tksk, other, dinas), name, nik, region_code, since, staff_number, education, email, phone,
cohort.
"""

from __future__ import annotations

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.cells import Kind
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column

KINDS = {"pkh": "PKH", "bpnt": "BPNT", "tksk": "TKSK", "other": "MITRA", "dinas": "DINAS"}
_KIND_WORDS = {
    "pkh": "pkh", "bpnt": "bpnt", "sembako": "bpnt", "tksk": "tksk", "mitra": "other", "lain": "other",
    "dinas": "dinas",
}  # fmt: skip
EDUCATIONS = {"senior": "SMA", "diploma": "D3", "bachelor": "S1", "master": "S2"}
_EDUCATION_WORDS = {
    "sma": "senior", "smk": "senior", "slta": "senior", "ma": "senior", "d3": "diploma", "diii": "diploma",
    "d4": "bachelor", "div": "bachelor", "s1": "bachelor", "sarjana": "bachelor", "s2": "master", "s3": "master",
    "magister": "master",
}  # fmt: skip
YEAR_MIN, YEAR_MAX = 2007, 2100


def _words(cell: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in cell.lower().replace(".", "")).split()


def _kind(cell: str) -> str:
    """ "Pendamping BPNT" is bpnt."""
    found = {_KIND_WORDS[word] for word in _words(cell) if word in _KIND_WORDS}
    if len(found) != 1:
        raise Unreadable("Unsur “{cell}” tidak dikenal; isi PKH, BPNT, TKSK, MITRA, atau DINAS.", cell=cell.strip())
    return found.pop()


def _education(cell: str) -> str:
    words = _words(cell.replace("-", ""))
    if not words:
        return ""
    found = {_EDUCATION_WORDS[word] for word in words if word in _EDUCATION_WORDS}
    if len(found) != 1:
        raise Unreadable("Pendidikan “{cell}” tidak dikenal; isi SMA, D3, S1, atau S2.", cell=cell.strip())
    return found.pop()


def _year(cell: str) -> int | None:
    bare = cell.strip().removesuffix(".0")
    if bare in ("", "-"):
        return None
    if not (bare.isascii() and bare.isdigit() and YEAR_MIN <= int(bare) <= YEAR_MAX):
        raise Unreadable("Angkatan “{cell}” bukan tahun; isi misalnya 2018.", cell=cell.strip())
    return int(bare)


LAYOUT = Layout(
    name="staff",
    title=Phrase("SDM"),
    about=Phrase("Petugas PKH, pendamping BPNT, TKSK, dan mitra lain, satu baris satu orang, dengan tempat tugasnya."),
    columns=(
        Column(
            "kind", "UNSUR", Kind(_kind, pa.string(), show=KINDS.__getitem__, blank=""),
            ("jenis", "program", "unsur sdm"), required=True, filled=True,
        ),
        Column("name", "NAMA", cells.TEXT, ("nama lengkap", "nama petugas"), required=True, filled=True),
        Column("nik", "NIK", cells.NIK, ("nik ktp", "no nik"), required=True, filled=True),
        Column(
            "region_code", "KODE WILAYAH", cells.TEXT, ("kode kecamatan", "wilayah", "kode tempat tugas"),
            required=True, filled=True,
        ),
        Column("since", "MULAI BERTUGAS", cells.DATE, ("tmt", "sejak", "tanggal mulai"), required=True, filled=True),
        Column("staff_number", "NIP", cells.IDENTIFIER, ("nomor sdm", "nip atau nomor sdm")),
        Column(
            "education", "PENDIDIKAN",
            Kind(_education, pa.string(), show=lambda code: EDUCATIONS.get(code, ""), blank=""), ("ijazah",),
            lenient=True,
        ),
        Column("email", "SUREL", cells.TEXT, ("email", "e mail")),
        Column("phone", "NOMOR HP", cells.PHONE, ("hp", "telepon", "no hp"), lenient=True),
        Column("cohort", "ANGKATAN", Kind(_year, pa.int32()), ("angkatan rekrutmen", "tahun rekrutmen"), lenient=True),
    ),
)  # fmt: skip
parse = LAYOUT.parse
render = LAYOUT.render
