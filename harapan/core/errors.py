"""The one tree of errors a person may see: each names the value, the rule and the way out."""

from __future__ import annotations

from harapan.core.phrases import Phrase


class HarapanError(Exception):
    """Something was refused. The message is a whole sentence, fit for a page or a terminal.

    `Refused("Nama pengguna {name} sudah dipakai. Pilih nama lain.", name=name)`: a sentence of the catalogue with its
    values, or a phrase already made. `exit_status` is what the command line answers with: 1 refused whole, 2 wrong
    usage.
    """

    exit_status = 1

    def __init__(self, message: str, /, **values: object) -> None:
        self.phrase = message if isinstance(message, Phrase) else Phrase(message, **values)
        super().__init__(self.phrase)


class Refused(HarapanError):
    """The request was understood and refused by a rule of the programme or of the data."""


class Forbidden(HarapanError):
    """The person may not do or see this. Says the same whether the thing exists or not."""


class NotForRole(Forbidden):
    """The role does not carry the permission. A page says it in these words, the command line in its own."""

    def __init__(self) -> None:
        super().__init__(Phrase("Ini tidak ada atau bukan untuk peran Anda. Kembali ke beranda, atau ganti peran."))


class NotCleared(Refused):
    """The role carries the permission, but a course that policy demands for it is missing."""

    def __init__(self) -> None:
        super().__init__(
            Phrase(
                "Pekerjaan ini menunggu diklat wajib peran Anda. Buka Diklat saya untuk melihat yang belum ada, atau "
                "tanyakan jadwalnya kepada ketua tim."
            )
        )


class Unreadable(HarapanError):
    """A file or value from outside cannot be read at all; nothing of it was taken over."""


class Misuse(HarapanError):
    """The command or call was given arguments that contradict each other."""

    exit_status = 2
