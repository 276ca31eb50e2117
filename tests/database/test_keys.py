"""Data keys: wrapped in their table, changed without losing what they sealed, opened by the right master key only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from harapan.core.errors import Refused
from harapan.database import keys, masters, places, sealing
from harapan.database.scope import Scope, active_alias, atomic, put_on
from harapan.database.sealing import SealBroken
from harapan.files import chunks

NIK = "6305034107850001"
PLACE: Any = {"kind": "nik", "table": "registry_member", "row_id": 7}
migration = import_module("harapan.database.migrations.0003_data_keys")


@pytest.fixture(autouse=True)
def read_again() -> Iterator[None]:
    """Keys made in a test are gone with its transaction."""
    keys.hold(None)
    yield
    keys.hold(None)


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Key files of this test alone, holding the same master key."""
    master = masters.in_force()
    scope = places.secret("scope", 64)
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path))
    for name, key in (("master", master), ("scope", scope)):
        (places.folder("keys") / f"{name}.key").write_bytes(key)
    return tmp_path / "keys"


def rows() -> dict[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, wrapped FROM harapan.data_key ORDER BY id")
        return {number: bytes(blob) for number, blob in cursor.fetchall()}


def rotated() -> int:
    with connection.cursor() as cursor:
        number = keys.succeed(cursor)
    keys.hold(None)
    return number


def test_no_key_stands_in_clear_in_the_table(system: Scope) -> None:
    rotated()
    for number, blob in rows().items():
        assert len(blob) == 12 + 32 + 16
        key = masters.unwrapped(blob, number=number, masters=masters.known())
        assert key not in blob
        assert key != masters.in_force()


def test_what_was_sealed_before_a_rotation_still_opens(system: Scope) -> None:
    before = sealing.seal(NIK, **PLACE)
    number = rotated()
    after = sealing.seal(NIK, **PLACE)
    assert (sealing.key_number(before), sealing.key_number(after)) == (number - 1, number)
    assert sealing.unseal(before, **PLACE) == sealing.unseal(after, **PLACE) == NIK
    assert [key.retired_at is None for key in keys.listed()][-2:] == [False, True]


def test_another_process_learns_of_a_new_key(system: Scope) -> None:
    """It has the keys of before in memory: it opens a value of the new key at once, and seals with it after a while."""
    sealing.seal(NIK, **PLACE)
    held = keys._ring
    assert held is not None
    number = rotated()
    new = sealing.seal(NIK, **PLACE)
    keys.hold(held)
    assert sealing.key_number(sealing.seal(NIK, **PLACE)) == number - 1
    assert sealing.unseal(new, **PLACE) == NIK
    keys.hold(keys.Ring(held.keys, held.ciphers, held.current, held.read_at - keys.REFRESHED_SECONDS - 1))
    assert sealing.key_number(sealing.seal(NIK, **PLACE)) == number


def test_a_value_under_an_unknown_key_says_so(system: Scope) -> None:
    blob = bytearray(sealing.seal(NIK, **PLACE))
    blob[1:3] = b"\xff\xfe"
    with pytest.raises(SealBroken):
        sealing.unseal(bytes(blob), **PLACE)


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The owner's cursor, in a transaction that is rolled back."""
    with django_db_blocker.unblock():
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            yield cursor
            transaction.set_rollback(True, using="owner")
        connections["owner"].close()


def migrated(owner: Any) -> dict[int, bytes]:
    """The keys, in clear, of a database that comes from before and is brought up to date now."""
    owner.execute("DROP TABLE harapan.data_key; DROP FUNCTION harapan.refuse_key_loss()")
    migration.create(apps, connections["owner"].schema_editor())
    owner.execute("SELECT id, wrapped FROM harapan.data_key")
    return keys._opened(owner.fetchall())


def derived_as_before(purpose: str, salt: bytes | None = None) -> bytes:
    """As the first release drew a key from the master file."""
    return HKDF(hashes.SHA256(), 32, salt=salt, info=f"harapan {purpose}".encode()).derive(places.secret("master"))


def test_a_database_in_use_keeps_what_it_sealed(owner: Any, tmp_path: Path) -> None:
    nonce, salt = os.urandom(12), os.urandom(16)
    number = AESGCM(derived_as_before("data key 1")).encrypt(nonce, NIK.encode(), b"nik|registry_member|7")
    piece = AESGCM(derived_as_before("file", salt)).encrypt(bytes(11) + b"\1", b"daftar", b"nama")
    (tmp_path / "old").write_bytes(b"HRP1" + salt + piece)
    owner.execute("INSERT INTO audit_entry (actor, via, verb) VALUES (1, 'web', 'family.looked')")

    found = migrated(owner)
    assert sorted(found) == [keys.BEFORE_WRAPPING, keys.FIRST]
    keys.hold(keys.Ring.of(found, keys.FIRST))
    assert sealing.unseal(b"\x01\x00\x01" + nonce + number, **PLACE) == NIK
    assert b"".join(chunks.pieces(tmp_path / "old", name="nama")) == b"daftar"


def test_a_new_database_draws_its_key_at_random(owner: Any) -> None:
    assert places.secret("master")
    owner.execute("DELETE FROM audit_entry WHERE via <> 'sql'")
    found = migrated(owner)
    assert sorted(found) == [keys.FIRST]
    assert found[keys.FIRST] != derived_as_before("data key 1")
    assert migrated(owner) != found


def test_a_key_is_never_removed(owner: Any) -> None:
    for sql in ("DELETE FROM harapan.data_key", "TRUNCATE harapan.data_key"):
        with pytest.raises(DatabaseError, match="never removed"), transaction.atomic(using="owner"):
            owner.execute(sql)


def test_pages_cannot_change_a_key(system: Scope) -> None:
    for scope in (Scope.nation(), Scope.common(), Scope.of_ranges(((1, 2),))):
        for sql in ("UPDATE harapan.data_key SET retired_at = now()", "DELETE FROM harapan.data_key"):
            with pytest.raises(DatabaseError, match="permission denied"), put_on(scope), connection.cursor() as cursor:
                cursor.execute(sql)


def test_another_master_key_opens_nothing_and_says_so(system: Scope, own_folder: Path) -> None:
    sealed = sealing.seal(NIK, **PLACE)
    (own_folder / "master.key").write_bytes(os.urandom(32))
    keys.hold(None)
    with pytest.raises(masters.KeyClosed, match="bukan yang membungkusnya"):
        sealing.unseal(sealed, **PLACE)
    with pytest.raises(masters.KeyClosed), connection.cursor() as cursor:
        keys.succeed(cursor)
    (own_folder / "master.key").unlink()
    with pytest.raises(masters.KeyClosed, match="tidak ada"):
        sealing.unseal(sealed, **PLACE)
    assert not (own_folder / "master.key").exists()


def rewrapped() -> None:
    with atomic(), connection.cursor() as cursor:
        keys.rewrap(cursor)


def test_a_new_master_key_wraps_what_the_old_one_did(system: Scope, own_folder: Path) -> None:
    sealed, before, old = sealing.seal(NIK, **PLACE), rows(), masters.in_force()
    rewrapped()
    masters.take_over()
    keys.hold(None)
    assert sealing.unseal(sealed, **PLACE) == NIK
    assert masters.in_force() != old
    assert all(rows()[number] != blob for number, blob in before.items())
    assert {path.stat().st_mode & 0o777 for path in own_folder.glob("master*")} == {0o600}
    assert [path.name for path in own_folder.glob("master*")] == ["master.key"]
    with pytest.raises(masters.KeyClosed):
        masters.unwrapped(rows()[1], number=1, masters=[old])


def test_a_kill_between_table_and_file_leaves_a_key_that_opens(system: Scope, own_folder: Path) -> None:
    sealed, old = sealing.seal(NIK, **PLACE), masters.in_force()
    rewrapped()  # committed, and killed before the new file took the place of the old
    keys.hold(None)
    assert masters.in_force() == old
    assert sealing.unseal(sealed, **PLACE) == NIK
    with connection.cursor() as cursor, pytest.raises(Refused, match="belum selesai"):
        keys.refuse_unsettled(cursor)  # a copy of the key file alone would not do
    rotated()
    with connection.cursor() as cursor:
        keys.refuse_unsettled(cursor)
    assert masters.in_force() != old
    rewrapped()
    masters.take_over()
    keys.hold(None)
    assert sealing.unseal(sealed, **PLACE) == NIK


def test_a_kill_before_the_table_is_committed_changes_nothing(system: Scope, own_folder: Path) -> None:
    sealed = sealing.seal(NIK, **PLACE)
    (own_folder / "master-next.key").write_bytes(os.urandom(32))
    keys.hold(None)
    assert sealing.unseal(sealed, **PLACE) == NIK
    rewrapped()
    masters.take_over()
    keys.hold(None)
    assert sealing.unseal(sealed, **PLACE) == NIK


def test_the_master_key_may_stand_in_the_environment(
    system: Scope, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = sealing.seal(NIK, **PLACE)
    monkeypatch.setenv(masters.VARIABLE, masters.in_force().hex())
    (own_folder / "master.key").unlink()
    keys.hold(None)
    assert sealing.unseal(sealed, **PLACE) == NIK
    with pytest.raises(Refused, match=masters.NEXT_VARIABLE):
        rewrapped()
    coming = os.urandom(32).hex()
    monkeypatch.setenv(masters.NEXT_VARIABLE, coming)
    rewrapped()
    monkeypatch.setenv(masters.VARIABLE, coming)
    monkeypatch.delenv(masters.NEXT_VARIABLE)
    keys.hold(None)
    assert sealing.unseal(sealed, **PLACE) == NIK
    assert not list(own_folder.glob("master*"))


def test_a_faulty_master_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(masters.VARIABLE, "rahasia-sekali")
    with pytest.raises(Refused, match="14 huruf") as refusal:
        masters.known()
    assert "rahasia" not in str(refusal.value)


def test_rows_sealed_while_they_are_copied_never_ask_the_busy_connection(system: Scope, monkeypatch: Any) -> None:
    """Keys grow old while a long COPY seals its rows: reading them anew on that connection would wait for ever."""
    keys.current()
    monkeypatch.setattr(keys, "REFRESHED_SECONDS", -1.0)
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE sealed_rows (blob bytea)")
        with monkeypatch.context() as meanwhile, cursor.copy("COPY sealed_rows FROM STDIN") as copy:
            meanwhile.setattr(keys, "_read", lambda: pytest.fail("asked in the middle of a COPY"))
            copy.write_row([sealing.seal(NIK, **PLACE)])
        cursor.execute("SELECT count(*) FROM sealed_rows")
        assert cursor.fetchone() == (1,)
