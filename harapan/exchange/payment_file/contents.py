"""A file taken apart into texts, before anybody looks whether they are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.exchange.payment_file.layouts import Record


@dataclass(frozen=True, slots=True)
class Contents:
    """`details` has one string column per field that is read; its row i stands on line `first_line + i` of the file."""

    place: str  # the file as a sentence names it
    head: dict[str, str]
    details: pa.Table
    trailer: dict[str, str]
    first_line: int

    @property
    def last_line(self) -> int:
        """The line of the last detail."""
        return self.first_line + int(self.details.num_rows) - 1


def one_row(record: Record, cells: Mapping[str, str]) -> list[pa.Array]:
    """A head or trailer as columns of one row, in the record's order."""
    return [pa.array([cells[field.name]]) for field in record.fields]


def broken(place: str, line: int, reason: str) -> Unreadable:
    """One line of the file is not as it was written; `reason` and `place` are phrases, heard as the sentence is."""
    return Unreadable(
        "{place} baris {line}: {reason}; minta berkas dikirim ulang.",
        place=place,
        line=line,
        reason=reason,
    )


def cut_off(place: str, line: int) -> Unreadable:
    """The file ends before its totals."""
    return Unreadable(
        "{place} terpotong: baris terakhirnya (baris {line}) bukan baris penutup; minta berkas dikirim ulang.",
        place=place,
        line=line,
    )


def body_of(raw: bytes, place: str) -> bytes:
    """The lines of a text file, each ended by a bare line feed. Refuses a file that ends within a line."""
    body = raw.replace(b"\r\n", b"\n")
    if not body:
        raise Unreadable(
            "{place} kosong; minta berkas dikirim ulang.",
            place=place,
        )
    if not body.endswith(b"\n"):
        raise cut_off(place, body.count(b"\n") + 1)
    return body
