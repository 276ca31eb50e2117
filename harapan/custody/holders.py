"""Where sealed contents stand: tables with sealed columns, second factors, stored files. Each seals its own anew.

What stands under which data key is written in the contents themselves, so that a walk needs no note of how far it
came: killed at any point, the next one finds what is left. A batch is one short transaction; a row that somebody else
holds is passed over and found again by the next round.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connections

from harapan.audit import log
from harapan.core.errors import HarapanError
from harapan.database import sealing
from harapan.database.fields import SealedField
from harapan.database.roles import quoted
from harapan.database.scope import Scope, active_alias, put_on
from harapan.database.staging import staged
from harapan.files import storage

ROWS_AT_ONCE = 2_000
FILES_AT_ONCE = 50
NOT_OURS = -1  # counted for a file without a head of ours
SEALED_TEXTS = ("secret", "seed")  # what allauth keeps sealed in a second factor's data


@dataclass
class Batch:
    """What one batch did: how many contents it sealed anew, and those that do not open, which it left as they are."""

    moved: int = 0
    broken: list[str] = field(default_factory=list)


class Holder(Protocol):
    """One place of sealed contents. Both need to be called without a scope on."""

    name: str

    def count(self) -> Counter[int]:
        """How many rows or files have contents under each data key (a row under two keys counts for both)."""

    def batches(self, number: int, scope: Scope) -> Iterator[Batch]:
        """One round: whatever is not under that key is sealed under the current one, with an entry for each batch."""


def holders() -> list[Holder]:
    """Every place of sealed contents of this installation."""
    tables = [
        SealedTable(model._meta.db_table, {str(column.column): column.kind for column in columns})
        for model in apps.get_models()
        if (columns := [f for f in model._meta.concrete_fields if isinstance(f, SealedField)])
    ]
    return [*sorted(tables, key=lambda table: table.name), SecondFactors(), StoredFiles()]


@dataclass
class SealedTable:
    """A table with sealed columns. kinds: column -> kind of number."""

    name: str
    kinds: dict[str, str]

    def count(self) -> Counter[int]:
        found: Counter[int] = Counter()
        with put_on(Scope.batch()), connections[active_alias()].cursor() as cursor:
            for column in self.kinds:
                cursor.execute(
                    f"SELECT substring({quoted(column)} FROM 2 FOR 2), count(*) FROM {quoted(self.name)}"  # noqa: S608
                    f" WHERE {quoted(column)} IS NOT NULL GROUP BY 1"
                )
                for number, rows in cursor.fetchall():
                    found[int.from_bytes(bytes(number), "big")] += rows
        return found

    def batches(self, number: int, scope: Scope) -> Iterator[Batch]:
        above = 0
        while True:
            with put_on(scope), connections[active_alias()].cursor() as cursor:
                cursor.execute(self._others, {"key": number.to_bytes(2, "big"), "above": above, "rows": ROWS_AT_ONCE})
                rows = cursor.fetchall()
                if not rows:
                    return
                batch = self._write(rows, number)
                span = {"from": rows[0][0], "to": rows[-1][0]}
                _record(number, self.name, batch, span)
            above = rows[-1][0]
            yield batch

    @cached_property
    def _others(self) -> str:
        columns = ", ".join(map(quoted, self.kinds))
        other = " OR ".join(f"substring({quoted(column)} FROM 2 FOR 2) <> %(key)s" for column in self.kinds)
        return (
            f"SELECT id, {columns} FROM {quoted(self.name)} WHERE id > %(above)s AND ({other})"  # noqa: S608
            " ORDER BY id LIMIT %(rows)s FOR NO KEY UPDATE SKIP LOCKED"
        )

    def _write(self, rows: list[tuple[Any, ...]], number: int) -> Batch:
        batch, fresh = Batch(), []
        for row_id, *blobs in rows:
            anew = [
                self._anew(blob, kind, row_id, number, batch)
                for blob, kind in zip(blobs, self.kinds.values(), strict=True)
            ]
            if anew != blobs:
                fresh.append((row_id, *anew))
        columns = {"id": "bigint", **dict.fromkeys(self.kinds, "bytea")}
        with staged("sealed_anew", columns, fresh) as cursor:
            changes = ", ".join(f"{quoted(column)} = s.{quoted(column)}" for column in self.kinds)
            cursor.execute(f"UPDATE {quoted(self.name)} t SET {changes} FROM sealed_anew s WHERE t.id = s.id")  # noqa: S608
        return batch

    def _anew(self, blob: bytes | None, kind: str, row_id: int, number: int, batch: Batch) -> bytes | None:
        if blob is None or sealing.key_number(blob) == number:
            return blob
        bound: Any = {"kind": kind, "table": self.name, "row_id": row_id}
        try:
            anew = sealing.seal(sealing.unseal(blob, **bound), **bound)
        except sealing.SealBroken:
            batch.broken.append(f"{self.name} {row_id} ({kind})")
            return blob
        batch.moved += 1
        return anew


class SecondFactors:
    """Secrets of authenticators and seeds of recovery codes: sealed texts inside the data of allauth's rows."""

    name = Authenticator._meta.db_table

    def count(self) -> Counter[int]:
        with put_on(Scope.batch()):
            return Counter(number for factor in Authenticator.objects.all() for number in _keys(factor).values())

    def batches(self, number: int, scope: Scope) -> Iterator[Batch]:
        above = 0
        while True:
            batch = Batch()
            with put_on(scope):
                some = list(
                    Authenticator.objects.filter(pk__gt=above)
                    .order_by("pk")
                    .select_for_update(skip_locked=True, no_key=True)[:ROWS_AT_ONCE]
                )
                for factor in some:
                    self._anew(factor, number, batch)
                if batch.moved or batch.broken:
                    _record(number, self.name, batch, {"from": some[0].pk, "to": some[-1].pk})
            if not some:
                return
            above = some[-1].pk
            yield batch

    def _anew(self, factor: Authenticator, number: int, batch: Batch) -> None:
        adapter, moved = get_adapter(), 0
        for name, key in _keys(factor).items():
            if key == number:
                continue
            try:
                factor.data[name] = adapter.encrypt(adapter.decrypt(factor.data[name]))
            except sealing.SealBroken:
                batch.broken.append(f"{self.name} {factor.pk} ({name})")
            else:
                moved += 1
        if moved:
            factor.save(update_fields=["data"])
        batch.moved += moved


class StoredFiles:
    """Files under var/files. Each is written anew beside itself and then takes its own place."""

    name = "files"

    def count(self) -> Counter[int]:
        return Counter(NOT_OURS if number is None else number for _, number in storage.stored())

    def batches(self, number: int, scope: Scope) -> Iterator[Batch]:
        batch, taken = Batch(), 0
        for path, key in storage.stored():
            if key == number:
                continue
            try:
                storage.encrypt_anew(path)
            except HarapanError:
                batch.broken.append(f"files {path.name[:12]}…")
            except FileNotFoundError:
                continue  # swept meanwhile
            else:
                batch.moved += 1
            taken += 1
            if taken % FILES_AT_ONCE == 0:
                yield self._recorded(number, scope, batch)
                batch = Batch()
        if batch.moved or batch.broken:
            yield self._recorded(number, scope, batch)

    def _recorded(self, number: int, scope: Scope, batch: Batch) -> Batch:
        with put_on(scope):
            _record(number, self.name, batch, {})
        return batch


def _keys(factor: Authenticator) -> dict[str, int]:
    """Which data key each sealed text of a second factor stands under."""
    found = {}
    for name in SEALED_TEXTS:
        try:
            blob = base64.b64decode(factor.data.get(name, ""), validate=True)
        except (binascii.Error, ValueError):
            continue
        if blob:
            found[name] = sealing.key_number(blob)
    return found


def _record(number: int, place: str, batch: Batch, span: dict[str, int]) -> None:
    body = {"place": place, "sealed": batch.moved, "not_opened": len(batch.broken), **span}
    log.record("key.reencrypted", kind="key", subject=number, body=body)
