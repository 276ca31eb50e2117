"""What is refused about meetings, each in one sentence with the way out."""

from __future__ import annotations

from datetime import date, time

from harapan.core.errors import Refused
from harapan.core.periods import format_date, format_month, month_of
from harapan.core.phrases import Phrase
from harapan.p2k2.rules import Entry


def clock(at: time) -> str:
    return f"{at:%H.%M}"


class NotYetHeld(Refused):
    def __init__(self, held_on: date, on: date) -> None:
        super().__init__(
            Phrase(
                "Pertemuan {day} belum terjadi; hari ini {today}. Catat sesudah pertemuannya, atau masukkan "
                "ke rencana.",
                day=format_date(held_on),
                today=format_date(on),
            )
        )


class EndsBeforeItBegan(Refused):
    def __init__(self, begins: time, ends: time) -> None:
        super().__init__(
            Phrase(
                "Jam selesai {ends} tidak sesudah jam mulai {begins}. Periksa kedua jamnya, misalnya 14.00 sampai "
                "16.00.",
                ends=clock(ends),
                begins=clock(begins),
            )
        )


class MonthClosed(Refused):
    def __init__(self, held_on: date, entry: Entry) -> None:
        super().__init__(
            Phrase(
                "Pencatatan pertemuan {month} ditutup sejak {day}. Minta ketua tim atau petugas data kab/kota "
                "mencatatnya, dengan alasan.",
                month=format_month(month_of(held_on)),
                day=format_date(entry.closes_on),
            )
        )


class ReasonMissing(Refused):
    def __init__(self, held_on: date, entry: Entry) -> None:
        super().__init__(
            Phrase(
                "Pertemuan {day} dicatat {days} hari kemudian, jadi perlu alasan. Tulis mengapa terlambat, "
                "misalnya tidak ada sinyal di lapangan.",
                day=format_date(held_on),
                days=entry.days,
            )
        )


class GroupMetThen(Refused):
    def __init__(self, group: str, held_on: date, begins: time, ends: time) -> None:
        super().__init__(
            Phrase(
                "{group} sudah tercatat bertemu {day} pukul {begins} sampai {ends}. Buka pertemuan itu, atau "
                "periksa tanggal dan jamnya.",
                group=group,
                day=format_date(held_on),
                begins=clock(begins),
                ends=clock(ends),
            )
        )


class UnknownLesson(Refused):
    def __init__(self, code: str, on: date) -> None:
        super().__init__(
            Phrase(
                "Sesi “{code}” tidak ada dalam kurikulum yang berlaku pada {day}. Pilih sesi dari daftarnya.",
                code=code,
                day=format_date(on),
            )
        )
