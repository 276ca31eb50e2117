"""The drill: back up, restore on another machine, and find everything again, under a new era."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.custody.office import Office
from tests.custody.test_reencrypt import OPENS_EVERY_NUMBER

TABLES = ("registry_family", "registry_member", "registry_paymentaccount", "benefits_line", "payments_ledgerentry")
ERA = "SELECT era FROM harapan.era"


def backed_up(office: Office, folder: Path) -> Any:
    return office.done("backup", str(folder / "data"), "--keys", str(folder / "keys"))


def restored(elsewhere: Office, folder: Path, **status: int) -> Any:
    return elsewhere.done("restore", str(folder / "data"), "--keys", str(folder / "keys"), **status)


def refusal(elsewhere: Office, folder: Path) -> str:
    """What restoring says; nothing of it has been written."""
    said = elsewhere.refused("restore", str(folder / "data"), "--keys", str(folder / "keys"))
    assert not (elsewhere.var / "postgres").exists()
    assert not list((elsewhere.var / "keys").glob("*.key"))
    return said


def counted(office: Office) -> list[int]:
    return [office.sql(f"SELECT count(*) FROM {table}") for table in TABLES]


def opened(office: Office) -> int:
    said = office.run(code=OPENS_EVERY_NUMBER)
    assert said.returncode == 0, said.stderr
    return int(said.stdout)


def test_everything_is_found_again_elsewhere(office: Office, elsewhere: Office, folder: Path) -> None:
    assert office.done("keys", "rotate") == {"key": 2}
    before, numbers, era = counted(office), opened(office), office.sql(ERA)
    made = backed_up(office, folder)
    assert made["era"] == era
    office.sql(  # after the moment: not in it
        "ALTER TABLE registry_family DISABLE TRIGGER USER",
        "UPDATE registry_family SET name = 'SESUDAH CADANGAN' WHERE id = 1",
    )

    again = restored(elsewhere, folder)
    assert (again["intact"], again["first_broken"], again["files"]) == (True, None, made["files"])
    assert again["opened"] >= 6
    with elsewhere.open():
        assert counted(elsewhere) == before
        assert opened(elsewhere) == numbers
        assert elsewhere.sql("SELECT count(*) FROM registry_family WHERE name = 'SESUDAH CADANGAN'") == 0
        _in_a_new_era(elsewhere, era)
        answer = elsewhere.done("audit", "verify", "--deep", "--anchors", str(folder / "data" / "anchors"))
        assert answer["intact"] is True
        assert [key["number"] for key in elsewhere.done("keys", "list")] == [1, 2]
        said = json.loads(elsewhere.run("doctor", "--json").stdout)
        assert [f["state"] for f in said if f["subject"] in ("Kunci data", "Masa catatan", "Jangkar")] == ["baik"] * 3
    assert {path.stat().st_mode & 0o777 for path in elsewhere.var.glob("files/??/*")} == {0o600}


def _in_a_new_era(elsewhere: Office, era: int) -> None:
    """What is written from now on is sealed under the era of the restored database, which an entry began."""
    now = elsewhere.sql(ERA)
    assert now != era
    done = elsewhere.run("user", "add", "baru", "--name", "Baru", "--role", "data_officer", "--region", "63.05")
    assert done.returncode == 0, done.stderr
    elsewhere.seal()
    verbs = elsewhere.sql(f"SELECT array_agg(DISTINCT verb) FROM audit_entry WHERE era = {now}")
    assert {"database.restored", "user.added"} <= set(verbs)
    assert elsewhere.sql(f"SELECT sum(entries) > 1 FROM audit_seal WHERE era = {now}") is True


def test_no_key_lies_with_the_data(office: Office, folder: Path) -> None:
    backed_up(office, folder)
    keys = [path.read_bytes() for path in (folder / "keys").iterdir()]
    assert len(keys) >= 5
    for path in (folder / "data").rglob("*"):
        if path.is_file():
            assert not any(key in path.read_bytes() for key in keys), path
            assert path.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in (folder / "keys").iterdir()} == {0o600}


@pytest.mark.slow
def test_keys_and_data_are_refused_in_one_place(office: Office, folder: Path) -> None:
    for keys in ("data", "data/keys", "."):
        assert "bersama datanya" in office.refused(
            "backup", str(folder / "data"), "--keys", str(folder / keys), status=2
        )
    assert "di samping kuncinya" in office.refused("backup", str(office.var / "cadangan"))
    assert "bukan untuk peran" in office.refused("backup", str(folder / "data"), "--as", "data-tapin")
    assert not (folder / "data").exists()


def test_what_was_changed_on_the_way_is_refused_whole(office: Office, elsewhere: Office, folder: Path) -> None:
    backed_up(office, folder)
    file = min((folder / "data" / "files").glob("??/*"))
    for path in (folder / "data" / "database.dump", file):
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        assert "rusak atau diubah" in refusal(elsewhere, folder)
        path.write_bytes(kept)
    manifest = folder / "data" / "manifest.json"
    kept = manifest.read_bytes()
    manifest.write_bytes(re.sub(rb'("public.registry_family": )\d+', rb"\g<1>299", kept))
    assert manifest.read_bytes() != kept
    assert "Tanda tangan" in refusal(elsewhere, folder)
    manifest.write_bytes(kept)
    file.unlink()
    assert "tidak ada di cadangan" in refusal(elsewhere, folder)


def test_other_keys_are_refused_before_anything_is_written(office: Office, elsewhere: Office, folder: Path) -> None:
    backed_up(office, folder)
    for name in ("master", "pepper"):
        path = folder / "keys" / f"{name}.key"
        kept = path.read_bytes()
        path.write_bytes(bytes(32))
        assert f"Kunci {name} di" in refusal(elsewhere, folder)
        path.unlink()
        assert f"Kunci {name} tidak ada" in refusal(elsewhere, folder)
        path.write_bytes(kept)


@pytest.mark.slow
def test_nothing_is_written_over(office: Office, folder: Path) -> None:
    backed_up(office, folder)
    assert "sudah berisi" in office.refused("backup", str(folder / "data"))
    assert "sudah berisi" in office.refused("restore", str(folder / "data"))
    office.done("keys", "rotate", "--master")
    said = office.refused("backup", str(folder / "later"), "--keys", str(folder / "keys"))
    assert "kunci master yang lain" in said
    assert not (folder / "later").exists()


@pytest.mark.slow
def test_a_backup_killed_half_way_is_none(office: Office, elsewhere: Office, folder: Path) -> None:
    office.killed('import_module("harapan.custody.backup").signing_key = die', "backup", str(folder / "data"))
    assert not (folder / "data").exists()
    assert "bukan cadangan" in elsewhere.refused("restore", str(folder / "data.sebagian"))
    backed_up(office, folder)
    assert not (folder / "data.sebagian").exists()


@pytest.mark.parametrize("step", ["_begin_era", pytest.param("prove", marks=pytest.mark.slow)])
def test_a_restore_killed_half_way_goes_on(office: Office, elsewhere: Office, folder: Path, step: str) -> None:
    """All rows are back and no scope can be signed yet; or only the proof was missing."""
    backed_up(office, folder)
    words = ("restore", str(folder / "data"), "--keys", str(folder / "keys"))
    elsewhere.killed(f'import_module("harapan.custody.restore").{step} = die', *words)
    with elsewhere.open():
        signed = elsewhere.sql("SELECT count(*) FROM harapan.scope_key")
        assert (signed, elsewhere.sql(ERA) == office.sql(ERA)) == ((0, True) if step == "_begin_era" else (1, False))
        if step == "_begin_era":
            assert "belum selesai" in elsewhere.refused("user", "list")
    assert restored(elsewhere, folder)["intact"] is True
    era = restored(elsewhere, folder)["era"]
    with elsewhere.open():
        assert elsewhere.sql(ERA) == era
        assert elsewhere.sql("SELECT count(*) FROM audit_entry WHERE verb = 'database.restored'") == 1


@pytest.mark.slow
def test_a_server_of_ones_own_is_restored_and_backed_up(office: Office, elsewhere: Office, folder: Path) -> None:
    """DATABASE_URL: an empty database of the same name on a server that Harapan does not run."""
    backed_up(office, folder)
    with elsewhere.open():
        server = Office(folder / "server", {"DATABASE_URL": elsewhere.url})
        assert restored(server, folder)["intact"] is True
        assert not (server.var / "postgres").exists()
        again = server.done("backup", str(folder / "again"))
        assert again["keys"] is None
        server.url = elsewhere.url
        assert counted(server) == counted(office)
        other = Office(folder / "third", {"DATABASE_URL": elsewhere.url.removesuffix("harapan") + "lain"})
        elsewhere.sql("CREATE DATABASE lain")
        said = other.refused("restore", str(folder / "again"), "--keys", str(folder / "keys"))
        assert "bernama harapan" in said
    shutil.rmtree(server.var)
