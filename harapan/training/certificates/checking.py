"""What the code of a certificate proves to anybody who holds the paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import connections

from harapan.database.scope import active_alias
from harapan.training.models.certificate import CODE_LENGTH

_CODE = re.compile(rf"[0-9a-f]{{{CODE_LENGTH}}}")


class Verdict(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"  # counts, but a later version mends its words


@dataclass(frozen=True, slots=True)
class Checked:
    """The words to hold against the paper, and what became of it."""

    number: str
    name: str
    course: str
    issued_on: date
    expires_on: date | None
    revoked_on: date | None
    revoked_reason: str
    version: int
    latest: int

    def verdict(self, on: date) -> Verdict:
        if self.revoked_on is not None:
            return Verdict.REVOKED
        if self.expires_on is not None and self.expires_on < on:
            return Verdict.EXPIRED
        return Verdict.VALID if self.version == self.latest else Verdict.REPLACED


def checked(code: str) -> Checked | None:
    """What stands behind a code; None for one that no certificate bears. Needs no more than the common scope.

    Codes are read as typed from paper: in capitals, with spaces or hyphens between.
    """
    bare = re.sub(r"[\s-]", "", code).lower()
    if not _CODE.fullmatch(bare):
        return None
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT * FROM harapan.certificate_checked(%s)", [bare])
        row = cursor.fetchone()
    return Checked(*row) if row else None
