"""What a request can say: the name of each field, what kind of value it takes, and whether it is a person's number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harapan.core.phrases import Phrase


class Takes(StrEnum):
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    MEMBER = "member"
    FACILITY = "facility"
    VILLAGE = "village"
    NUMBER = "number"  # of a person: sealed, masked on screen


@dataclass(frozen=True, slots=True)
class Field:
    title: Phrase
    takes: Takes
    most: int = 120


FIELDS = {
    "member": Field(Phrase("Anggota"), Takes.MEMBER),
    "heir": Field(Phrase("Ahli waris yang menjadi pengurus"), Takes.MEMBER),
    "name": Field(Phrase("Nama sesuai dokumen"), Takes.TEXT),
    "sex": Field(Phrase("Jenis kelamin"), Takes.CHOICE),
    "born_on": Field(Phrase("Tanggal lahir"), Takes.DAY),
    "relation": Field(Phrase("Hubungan dengan pengurus"), Takes.CHOICE),
    "effective_on": Field(Phrase("Terjadi pada"), Takes.DAY),
    "schooling": Field(Phrase("Jenjang"), Takes.CHOICE),
    "facility": Field(Phrase("Sekolah atau fasilitas"), Takes.FACILITY),
    "grade": Field(Phrase("Kelas"), Takes.TEXT, 10),
    "student_no": Field(Phrase("NISN"), Takes.TEXT, 12),
    "ordinal": Field(Phrase("Kehamilan ke berapa selama menjadi peserta"), Takes.CHOICE),
    "ending": Field(Phrase("Cara berakhir"), Takes.CHOICE),
    "village": Field(Phrase("Desa atau kelurahan baru"), Takes.VILLAGE),
    "address": Field(Phrase("Alamat baru"), Takes.TEXT, 200),
    "rt": Field(Phrase("RT"), Takes.TEXT, 5),
    "rw": Field(Phrase("RW"), Takes.TEXT, 5),
    "bank": Field(Phrase("Bank, atau POS"), Takes.TEXT, 20),
    "nik": Field(Phrase("NIK"), Takes.NUMBER),
    "kk": Field(Phrase("Nomor KK"), Takes.NUMBER),
    "account": Field(Phrase("Nomor rekening"), Takes.NUMBER),
    "card": Field(Phrase("Nomor kartu KKS"), Takes.NUMBER),
}
# where "Anggota" alone leaves open whom the request means
OF_KIND = {
    ("manager", "member"): Phrase("Pengurus baru"),
    ("death", "member"): Phrase("Anggota yang meninggal"),
    ("rejoin", "member"): Phrase("Anggota yang kembali"),
    ("rejoin", "effective_on"): Phrase("Kembali pada"),
}


def title(kind: str, name: str) -> Phrase:
    """What a field of a kind is called."""
    return OF_KIND.get((kind, name), FIELDS[name].title)


# what the outside form asks for and we know already
OUTSIDE_ONLY = {
    "family_kk": Phrase("Nomor KK keluarga"),
    "member_nik": Phrase("NIK anggota"),
    "heir_nik": Phrase("NIK ahli waris"),
}
NUMBERS = tuple(name for name, field in FIELDS.items() if field.takes is Takes.NUMBER)
