"""Which families the rows of a list mean: by IDDTKS, then by the NIK of the pengurus, then by the family card (KK)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from django.conf import settings
from django.db import connections

from harapan.core.names import name_key
from harapan.database.scope import active_alias
from harapan.database.sealing import index
from harapan.database.staging import staged
from harapan.regions.naming import name_key as village_key
from harapan.registry.rules import Sources


class By(IntEnum):
    """What a row and a family have in common; the lower number is the stronger tie."""

    DTKS = 1
    NIK = 2
    KK = 3
    MEMBER = 4
    NAME = 5
    ACCOUNT = 6


class Keys(NamedTuple):
    """What one line says of a family, numbers as their keyed index. None where it says nothing."""

    line: int
    dtks_id: str | None
    nik_ix: bytes | None
    kk_ix: bytes | None


class Hit(NamedTuple):
    line: int
    by: By
    family_id: int


class Known(NamedTuple):
    """A family with its pengurus and the account in force or the latest, as far as lists speak of them."""

    id: int
    region_no: int
    group_no: int
    dtks_id: str | None
    kk_ix: bytes | None
    phone_ix: bytes | None
    name: str
    name_key: str
    address: str
    rt: str
    rw: str
    hamlet: str
    note: str
    sources: Sources
    group_name: str
    manager_id: int | None
    manager_nik_ix: bytes | None
    account_id: int | None
    bank: str | None
    number_ix: bytes | None
    card_ix: bytes | None
    account_since: date | None
    enrolled: bool


_HITS = """
    WITH hits AS (
        SELECT k.line, 1 AS by, f.id FROM keys k JOIN registry_family f ON f.dtks_id = k.dtks_id
        UNION ALL
        SELECT k.line, 2, m.family_id FROM keys k JOIN registry_member m ON m.nik_ix = k.nik_ix WHERE m.manager
        UNION ALL
        SELECT k.line, 3, f.id FROM keys k JOIN registry_family f ON f.kk_ix = k.kk_ix
        UNION ALL
        SELECT k.line, 4, m.family_id FROM keys k JOIN registry_member m ON m.nik_ix = k.nik_ix
        WHERE %(anyone)s AND NOT m.manager),
    ranked AS (SELECT line, by, id, min(by) OVER (PARTITION BY line) AS best FROM hits)
    SELECT DISTINCT line, by, id FROM ranked WHERE by = best ORDER BY line, id"""


def find(keys: Iterable[Keys], *, anyone: bool = False) -> list[Hit]:
    """The families each line means, by the strongest tie that finds any; several where the tie is ambiguous.

    `anyone`: the NIK may be any member's, not only that of the pengurus. Sees what the scope now on may see. One
    statement.
    """
    columns = {"line": "int", "dtks_id": "text", "nik_ix": "bytea", "kk_ix": "bytea"}
    with staged("keys", columns, keys) as cursor:
        cursor.execute(_HITS, {"anyone": anyone})
        return [Hit(line, By(by), family) for line, by, family in cursor.fetchall()]


_BY_NAME = """
    SELECT n.line, f.id FROM named n JOIN registry_family f ON f.name_key = n.name_key
    JOIN regions_region r ON r.no = f.region_no AND r.name_key = n.village_key ORDER BY n.line, f.id"""


def find_by_name(names: Iterable[tuple[int, str, str]]) -> list[Hit]:
    """(line, name of the pengurus, name of the village) -> families in scope of just that name and village."""
    rows = ((line, name_key(name), village_key(village)) for line, name, village in names)
    with staged("named", {"line": "int", "name_key": "text", "village_key": "text"}, rows) as cursor:
        cursor.execute(_BY_NAME)
        return [Hit(line, By.NAME, family) for line, family in cursor.fetchall()]


_KNOWN = """
    SELECT f.id, f.region_no, f.group_id, f.dtks_id, f.kk_ix, f.phone_ix, f.name, f.name_key, f.address, f.rt, f.rw,
           f.hamlet, f.note, f.sources::text, g.name, m.id, m.nik_ix,
           a.id, a.bank, a.number_ix, a.card_ix, lower(a.spell), e.family_id IS NOT NULL
    FROM wanted w JOIN registry_family f ON f.id = w.id
    LEFT JOIN registry_group g ON g.id = f.group_id
    LEFT JOIN registry_member m ON m.family_id = f.id AND m.manager
    LEFT JOIN registry_paymentaccount a ON a.family_id = f.id AND upper_inf(a.spell)
    LEFT JOIN registry_enrolment e ON e.family_id = f.id AND upper_inf(e.spell)"""


def known(family_ids: Iterable[int]) -> dict[int, Known]:
    """What is recorded of these families, by id. One statement."""
    with staged("wanted", {"id": "bigint"}, ((family,) for family in set(family_ids))) as cursor:
        cursor.execute(_KNOWN)
        return {row[0]: _known(row) for row in cursor.fetchall()}


def _known(row: Sequence[object]) -> Known:
    values = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    family = Known(*values)  # type: ignore[arg-type]
    return family._replace(sources=Sources.load(str(family.sources)))


def elsewhere(keys: Sequence[Keys]) -> set[int]:
    """The lines whose family is registered outside the scope now on. Tells only that, by one function of the owner.

    For lines that `find` did not find. Who sees the nation has no elsewhere.
    """
    if not keys:
        return set()
    lines, dtks, niks, kks = (list(column) for column in zip(*keys, strict=True))
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        if cursor.fetchone()[0] not in {f"{settings.ROLE_PREFIX}_{shape}" for shape in ("region", "regions")}:
            return set()
        cursor.execute("SELECT harapan.registered_elsewhere(%s, %s, %s, %s)", [lines, dtks, niks, kks])
        return {row[0] for row in cursor.fetchall()}


_BY_ACCOUNT = """
    SELECT DISTINCT n.line, a.family_id FROM numbered n
    JOIN registry_paymentaccount a ON a.number_ix = n.number_ix ORDER BY n.line, a.family_id"""


def find_by_account(numbers: Iterable[tuple[int, str]]) -> list[Hit]:
    """(line, account number in full) -> families in scope that are or were paid through it."""
    rows = ((line, index("account", number)) for line, number in numbers)
    with staged("numbered", {"line": "int", "number_ix": "bytea"}, rows) as cursor:
        cursor.execute(_BY_ACCOUNT)
        return [Hit(line, By.ACCOUNT, family) for line, family in cursor.fetchall()]
