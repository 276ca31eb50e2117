"""A file encrypted in pieces, so that any size is written and read with the memory of one piece.

Format: "HRP2" | data key 2 bytes | salt 16 bytes | pieces of PIECE bytes, each AES-256-GCM (tag 16). The key is drawn
from the data key of that number and the salt, so a nonce is only the piece's number; the last piece is marked in it, so
that a cut-off file does not open. Bound to the file's name: one encrypted file put in the place of another does not
open either. "HRP1", without a data key's number, is what was written before data keys were wrapped; it still opens.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harapan.core.errors import HarapanError
from harapan.core.phrases import Phrase
from harapan.database import keys

MAGIC, MAGIC_BEFORE = b"HRP2", b"HRP1"
MAGIC_BYTES, KEY_BYTES, SALT_BYTES, TAG_BYTES = 4, 2, 16, 16
PIECE = 1 << 20


class Head(NamedTuple):
    """What stands before the pieces: which data key, which salt, and how long it is."""

    key: int
    salt: bytes
    size: int

    @classmethod
    def read(cls, file: BinaryIO) -> Head | None:
        """The head of a stored file; None when it is none of ours."""
        magic = file.read(MAGIC_BYTES)
        if magic == MAGIC:
            key = int.from_bytes(file.read(KEY_BYTES), "big")
            return cls(key, file.read(SALT_BYTES), MAGIC_BYTES + KEY_BYTES + SALT_BYTES)
        if magic == MAGIC_BEFORE:
            return cls(keys.BEFORE_WRAPPING, file.read(SALT_BYTES), MAGIC_BYTES + SALT_BYTES)
        return None

    def cipher(self) -> AESGCM:
        """Raises KeyError where the table has no such data key."""
        return AESGCM(keys.drawn_from(self.key, "file", salt=self.salt))


class FileBroken(HarapanError):
    """A stored file does not open: cut off, changed, swapped, or written under other keys."""


def encrypt(source: BinaryIO, target: BinaryIO, *, name: str) -> None:
    """Write `source`, from where it stands, encrypted to `target`."""
    number, salt = keys.current(), os.urandom(SALT_BYTES)
    head = Head(number, salt, MAGIC_BYTES + KEY_BYTES + SALT_BYTES)
    key = head.cipher()
    target.write(MAGIC + number.to_bytes(KEY_BYTES, "big") + salt)
    number, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        target.write(key.encrypt(_nonce(number, last=not following), piece, name.encode()))
        if not following:
            return
        number, piece = number + 1, following


def opened(path: Path, *, name: str) -> BinaryIO:
    """The file in clear, readable from any place. Raises FileBroken when a piece read does not open."""
    return io.BufferedReader(_Clear(path, name), PIECE)


def pieces(path: Path, *, name: str) -> Iterator[bytes]:
    """The file in clear, piece by piece."""
    with opened(path, name=name) as clear:
        while piece := clear.read(PIECE):
            yield piece


def key_number(path: Path) -> int | None:
    """Which data key encrypted the file; None when it is none of ours."""
    with path.open("rb") as file:
        head = Head.read(file)
    return head.key if head else None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class _Clear(io.RawIOBase):
    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        try:
            self._file = path.open("rb")
        except FileNotFoundError as error:
            raise FileBroken(
                Phrase("Berkas tersimpan {name}… tidak ada di folder files. Kembalikan dari cadangan.", name=name[:12])
            ) from error
        head = Head.read(self._file)
        stored = path.stat().st_size - head.size if head else 0
        try:
            if head is None or stored < TAG_BYTES:
                raise KeyError
            self._head, self._key = head.size, head.cipher()
        except KeyError:
            self._file.close()
            raise self._broken() from None
        self._count = -(-stored // (PIECE + TAG_BYTES))
        self._size = stored - self._count * TAG_BYTES
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        number, within = divmod(self._at, PIECE)
        if number >= self._count:
            return 0
        part = self._piece(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(self._head + number * (PIECE + TAG_BYTES))
            locked = self._file.read(PIECE + TAG_BYTES)
            try:
                clear = self._key.decrypt(_nonce(number, last=number == self._count - 1), locked, self._name.encode())
            except InvalidTag:
                raise self._broken() from None
            self._held = (number, clear)
        return self._held[1]

    def _broken(self) -> FileBroken:
        return FileBroken(
            Phrase(
                "Berkas tersimpan {name}… tidak dapat dibuka: rusak, tertukar, atau kuncinya lain. "
                "Kembalikan berkas itu dan folder keys dari cadangan yang sama.",
                name=self._name[:12],
            )
        )
