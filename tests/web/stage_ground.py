"""A stage in Kab. Tapin with a list, for the tests of its pages."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harapan.payments.enums import Outcome
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import receive_settlement
from harapan.registry.models import Family
from tests.benefits.world import STAGE, TAPIN, World

DAY = date(2025, 6, 2)
NOMINAL = 600_000


def listed(world: World, count: int = 3, *, stage: str = STAGE) -> list[Family]:
    """So many families with 600.000 each on the list."""
    found = [world.family() for _ in range(count)]
    world.listed(dict.fromkeys(found, NOMINAL), stage=stage)
    return found


def told(
    world: World, *lines: tuple[Family | None, Outcome], idr: int = NOMINAL, name: str = "ORANG LAIN", reason: str = ""
) -> None:
    """A bank's answer file with these lines. A line for nobody waits in Tapin."""
    rows = [
        SettlementRow(
            line, family.pk if family else None, outcome, idr, DAY, "BRI", reason or None, name="" if family else name,
            nik=None if family else "6305026602730009", account=None if family else "330201000009999",
        )
        for line, (family, outcome) in enumerate(lines, start=2)
    ]  # fmt: skip
    digest = sha256(repr((lines, idr, name)).encode()).hexdigest()
    receive_settlement(STAGE, rows, digest=digest, name="bri.csv", region_no=TAPIN, by=world.user, on=DAY)


def words(response: object) -> str:
    """The page as text, with single spaces."""
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def queries(page: Client, url: str) -> int:
    """How many statements a page takes, once the process remembers the names of the reader's regions."""
    page.get(url)
    with CaptureQueriesContext(connections["default"]) as asked:
        assert page.get(url).status_code == 200
    return len(asked)
