"""Links that somebody opens without an account: signed by this installation, and one answer for all that are closed."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase


class LinkClosed(Refused):
    """Unknown, expired, used, revoked or never ours: nobody is told which."""

    def __init__(self, said: Phrase | None = None) -> None:
        super().__init__(
            said
            or Phrase(
                "Tautan ini tidak berlaku: sudah dipakai, dicabut, atau lewat waktunya. Minta tautan baru kepada "
                "petugas PKH yang mengirimkannya."
            )
        )


@dataclass(frozen=True, slots=True)
class Addresses:
    """What stands at the end of the links of one kind. `salt`: a link of another kind opens nothing here."""

    salt: str

    def token(self, number: int, nonce: str = "") -> str:
        """For the row of that number, under a signature: whoever only reads rows makes none."""
        return self._signer.sign(f"{number}-{nonce}")

    def read(self, token: str) -> tuple[int, str]:
        """(number, nonce). Raises LinkClosed where the signature is not ours."""
        try:
            number, _, nonce = self._signer.unsign(token).partition("-")
            return int(number), nonce
        except (signing.BadSignature, ValueError):
            raise LinkClosed from None

    @property
    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=self.salt, sep=".")
