"""New families, and changed fields of those already there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from harapan.core.names import name_key
from harapan.database.fields import draw_ids
from harapan.database.sealing import index, seal, seal_column
from harapan.database.staging import staged
from harapan.registry.models import NO_GROUP, Channel, Family, Member

POST_OFFICE = "POS"  # how lists write PT Pos in the column of the bank


@dataclass(slots=True)
class NewFamily:
    """A family seen for the first time, with its pengurus. Numbers in full, blanks as "" or None."""

    region_no: int
    name: str
    dtks_id: str | None = None
    kk: str | None = None
    nik: str | None = None
    sex: int = 0
    born_on: date | None = None
    address: str = ""
    rt: str = ""
    rw: str = ""
    hamlet: str = ""
    bank: str = ""
    group_no: int = NO_GROUP


NEW_COLUMNS = {
    "id": "bigint", "member_id": "bigint", "region_no": "bigint", "dtks_id": "text", "kk": "bytea", "kk_ix": "bytea",
    "nik": "bytea", "nik_ix": "bytea", "name": "text", "name_key": "text", "sex": "smallint", "born_on": "date",
    "address": "text", "rt": "text", "rw": "text", "hamlet": "text", "bank": "text", "channel": "smallint",
    "group_no": "bigint",
}  # fmt: skip

_ADD_FAMILIES = """
    INSERT INTO registry_family (id, region_no, group_id, dtks_id, kk, kk_ix, name, name_key, address, rt, rw, hamlet,
                                 category, note, sources, registered_on)
    SELECT id, region_no, group_no, dtks_id, kk, kk_ix, name, name_key, address, rt, rw, hamlet,
           0, '', %(sources)s::jsonb, %(on)s
    FROM new_family ORDER BY region_no, name_key"""
_ADD_MANAGERS = """
    INSERT INTO registry_member (id, family_id, region_no, group_id, nik, nik_ix, name, name_key, sex, born_on,
                                 born_source, relation, manager, sources)
    SELECT member_id, id, region_no, group_no, nik, nik_ix, name, name_key, sex, born_on,
           CASE WHEN born_on IS NULL THEN '' ELSE 'derived' END, 'manager', true, %(sources)s::jsonb
    FROM new_family ORDER BY id"""
_ADD_ENROLMENTS = """
    INSERT INTO registry_enrolment (family_id, region_no, group_id, spell, source, began_because, ended_because)
    SELECT id, region_no, group_no, daterange(%(since)s, NULL), %(source)s, '', '' FROM new_family ORDER BY id"""
_ADD_BANKS = """
    INSERT INTO registry_paymentaccount (family_id, region_no, group_id, channel, bank, holder, spell, source)
    SELECT id, region_no, group_no, channel, bank, name, daterange(%(since)s, NULL), %(source)s
    FROM new_family WHERE bank <> '' ORDER BY id"""


def add_families(families: Sequence[NewFamily], *, source: str, since: date | None, on: date) -> list[int]:
    """Write new families, each with pengurus, membership from `since` (None: not yet a member) and bank. Their ids,
    in order.

    Six statements and one for drawing each kind of key.
    """
    if not families:
        return []
    ids, member_ids = draw_ids(Family, len(families)), draw_ids(Member, len(families))
    kks, kk_ixs = seal_column([f.kk for f in families], kind="kk", table="registry_family", row_ids=ids)
    niks, nik_ixs = seal_column([f.nik for f in families], kind="nik", table="registry_member", row_ids=member_ids)
    numbers = zip(ids, member_ids, kks, kk_ixs, niks, nik_ixs, strict=True)
    rows = (_new_row(family, *sealed) for family, sealed in zip(families, numbers, strict=True))
    said = _said(("name", "kk", "nik", "region", "dtks_id", "address", "rt", "rw", "hamlet", "bank"), source, on)
    values: dict[str, Any] = {"sources": said, "source": source, "since": since, "on": on}
    with staged("new_family", NEW_COLUMNS, rows) as cursor:
        for statement in (_ADD_FAMILIES, _ADD_MANAGERS, _ADD_BANKS, *((_ADD_ENROLMENTS,) if since else ())):
            cursor.execute(statement, values)
    return ids


def _new_row(
    family: NewFamily, family_id: int, member_id: int, kk: Any, kk_ix: Any, nik: Any, nik_ix: Any
) -> tuple[Any, ...]:
    return (
        family_id, member_id, family.region_no, family.dtks_id, kk, kk_ix, nik, nik_ix, family.name,
        name_key(family.name), family.sex, family.born_on, family.address, family.rt, family.rw, family.hamlet,
        family.bank, channel_of(family.bank), family.group_no,
    )  # fmt: skip


def channel_of(bank: str) -> int:
    return int(Channel.POST if bank == POST_OFFICE else Channel.BANK)


def _said(names: Iterable[str], source: str, on: date) -> str:
    return json.dumps({name: [source, on.isoformat()] for name in names})


@dataclass(slots=True)
class Change:
    """What becomes of one family: field -> new value.

    Fields: name, region, group (its number), dtks_id, kk, phone, address, rt, rw, hamlet, note; nik is the pengurus's.
    """

    family_id: int
    take: Mapping[str, Any]
    manager_id: int | None = None


TEXTS = ("dtks_id", "name", "address", "rt", "rw", "hamlet", "note")
_CHANGE_FAMILIES = """
    UPDATE registry_family f SET
        region_no = coalesce(c.region, f.region_no), group_id = coalesce(c.group_no, f.group_id),
        dtks_id = coalesce(c.dtks_id, f.dtks_id), name = coalesce(c.name, f.name),
        name_key = coalesce(c.name_key, f.name_key), address = coalesce(c.address, f.address),
        rt = coalesce(c.rt, f.rt), rw = coalesce(c.rw, f.rw), hamlet = coalesce(c.hamlet, f.hamlet),
        note = coalesce(c.note, f.note), kk = coalesce(c.kk, f.kk), kk_ix = coalesce(c.kk_ix, f.kk_ix),
        phone = coalesce(c.phone, f.phone), phone_ix = coalesce(c.phone_ix, f.phone_ix),
        sources = f.sources || c.sources::jsonb
    FROM changed_family c WHERE c.id = f.id"""
_CHANGE_MANAGERS = """
    UPDATE registry_member m SET
        nik = coalesce(c.nik, m.nik), nik_ix = coalesce(c.nik_ix, m.nik_ix),
        name = coalesce(c.name, m.name), name_key = coalesce(c.name_key, m.name_key),
        sources = m.sources || c.sources::jsonb
    FROM changed_family c WHERE c.manager_id = m.id AND (c.nik IS NOT NULL OR c.name IS NOT NULL)"""
CHANGED_COLUMNS = {
    "id": "bigint", "manager_id": "bigint", "region": "bigint", "group_no": "bigint", "dtks_id": "text", "name": "text",
    "address": "text", "rt": "text", "rw": "text", "hamlet": "text", "note": "text", "name_key": "text",
    "kk": "bytea", "kk_ix": "bytea", "phone": "bytea", "phone_ix": "bytea", "nik": "bytea", "nik_ix": "bytea",
    "sources": "text",
}  # fmt: skip


def change_families(changes: Sequence[Change], *, source: str, on: date) -> None:
    """Set fields of families already there and note on whose word they now stand. A move takes everything along."""
    changes = [change for change in changes if change.take]
    if not changes:
        return
    with staged("changed_family", CHANGED_COLUMNS, (_changed_row(change, source, on) for change in changes)) as cursor:
        cursor.execute(_CHANGE_FAMILIES)
        cursor.execute(_CHANGE_MANAGERS)


def _changed_row(change: Change, source: str, on: date) -> tuple[Any, ...]:
    take = change.take
    texts = [take.get(name) for name in TEXTS]
    key = name_key(take["name"]) if "name" in take else None
    family = ("registry_family", change.family_id)
    numbers = (
        *_sealed(take.get("kk"), "kk", *family),
        *_sealed(take.get("phone"), "phone", *family),
        *_sealed(take.get("nik"), "nik", "registry_member", change.manager_id or 0),
    )
    said = _said(take, source, on)
    return (change.family_id, change.manager_id, take.get("region"), take.get("group"), *texts, key, *numbers, said)


def _sealed(value: str | None, kind: str, table: str, row_id: int) -> tuple[bytes | None, bytes | None]:
    if value is None:
        return None, None
    return seal(value, kind=kind, table=table, row_id=row_id), index(kind, value)


_ENROL_AGAIN = """
    INSERT INTO registry_enrolment (family_id, region_no, group_id, spell, source, began_because, ended_because)
    SELECT f.id, f.region_no, f.group_id,
           daterange(greatest(%(since)s::date, (SELECT max(upper(e.spell)) FROM registry_enrolment e
                                                WHERE e.family_id = f.id)), NULL),
           %(source)s, 'kembali di daftar', ''
    FROM returned r JOIN registry_family f ON f.id = r.id"""


def enrol_again(family_ids: Sequence[int], *, source: str, since: date) -> None:
    """Begin a new spell for families whose membership had ended, on that day or when the last one ended."""
    if family_ids:
        with staged("returned", {"id": "bigint"}, ((family,) for family in family_ids)) as cursor:
            cursor.execute(_ENROL_AGAIN, {"source": source, "since": since})
