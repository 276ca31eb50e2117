"""The applicant's door: number and NIK together, tried as carefully as a sign-in, never an oracle of who applied."""

from __future__ import annotations

from django.db import connections

from harapan.accounts import delays
from harapan.core.errors import Refused
from harapan.database import sealing
from harapan.database.scope import SYSTEM, Scope, active_alias, put_on
from harapan.regions import codes

EVERYBODY = "lamaran"  # the name under which one address's failures are counted, whatever number they tried


class TooManyTries(Refused):
    """Wrong numbers make their address wait."""


def scope_at(region_no: int) -> Scope:
    """What an applicant's page works under: the region applied for; the page itself takes one application alone."""
    return Scope.of_ranges((codes.range_of(region_no),), actor=SYSTEM, via="public")


def found(number: str, nik: str, *, address: str) -> tuple[int, int] | None:
    """Key and region of the application with this number and this NIK; None whichever of the two does not fit.

    One transaction: the wait is looked at, both are tried, and a failure counted, under one lock. Raises TooManyTries.
    """
    tried = "".join(number.split()).replace("-", "").upper()[:20]
    mine = f"{EVERYBODY} {tried}"
    with put_on(Scope.common(via="public")):
        # many share the address of a village's mast, and anybody may guess: only the address itself waits
        wait = max(
            delays.wait_seconds(mine, address, known_device=True),
            delays.wait_seconds(EVERYBODY, address, known_device=True),
        )
        if wait:
            raise TooManyTries(
                "Terlalu banyak percobaan yang tidak cocok. Tunggu {wait}, lalu coba lagi.", wait=delays.in_words(wait)
            )
        with connections[active_alias()].cursor() as cursor:
            cursor.execute(
                "SELECT id, region_no FROM harapan.application_found(%s, %s)", [tried, sealing.index("nik", nik)]
            )
            row = cursor.fetchone()
        if row is None:
            delays.failed(mine, address)
            delays.failed(EVERYBODY, address)
            return None
        delays.succeeded(mine, address)
    return int(row[0]), int(row[1])
