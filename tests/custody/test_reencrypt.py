"""Sealing everything anew: killed in the middle it goes on, what does not open is named, nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.custody.office import Office

REENCRYPT = ("keys", "rotate", "--reencrypt")
# Dies with its third batch written and not committed.
DIES_AT_THE_THIRD_BATCH = """
    holders = import_module("harapan.custody.holders")
    holders.ROWS_AT_ONCE = 50
    steps = iter((holders._record, holders._record, die))
    holders._record = lambda *facts: next(steps)(*facts)
"""
OPENS_EVERY_NUMBER = """
import click
from harapan.cli import session
with click.Context(click.Command("open")) as ctx:
    session.open_for(ctx, tables=False, help_only=False)
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from django.apps import apps
    from harapan.database.fields import SealedField
    from harapan.database.scope import Scope, put_on
    from harapan.files import storage
    from harapan.files.models import StoredFile
    opened = 0
    with put_on(Scope.batch()):
        for model in apps.get_models():
            for column in [f for f in model._meta.concrete_fields if isinstance(f, SealedField)]:
                for row in model.objects.all():
                    value = getattr(row, column.name)
                    opened += 0 if value is None else len(value.open()) > 0
        for factor in Authenticator.objects.all():
            opened += len(get_adapter().decrypt(factor.data["secret"])) > 0
        for file in StoredFile.objects.all():
            opened += len(storage.read(file)) == file.size
print(opened)
"""


def under(office: Office) -> dict[int, int]:
    """Data key -> contents under it."""
    return {key["number"]: key["sealed"] for key in office.done("keys", "list", "--count")}


def opened(office: Office) -> int:
    said = office.run(code=OPENS_EVERY_NUMBER)
    assert said.returncode == 0, said.stderr
    return int(said.stdout)


def changes(office: Office) -> Any:
    """Entries about rows changed: sealing anew is no change of anybody's data."""
    return office.sql("SELECT count(*) FROM audit_entry WHERE verb LIKE '%.changed'")


def test_a_walk_killed_in_the_middle_goes_on_under_the_same_key(office: Office) -> None:
    everything, rows, marks = opened(office), changes(office), office.sql(INDEXES)
    office.killed(DIES_AT_THE_THIRD_BATCH, *REENCRYPT)
    before = under(office)
    assert 0 < before[2] < before[1]
    assert opened(office) == everything

    done = office.done(*REENCRYPT)
    assert (done["key"], done["moved"], done["left"], done["broken"]) == (2, before[1], 0, [])
    assert under(office) == {1: 0, 2: sum(before.values())}
    assert opened(office) == everything
    assert (changes(office), office.sql(INDEXES)) == (rows, marks)
    sealed = office.sql("SELECT sum((body::json ->> 'sealed')::int) FROM audit_entry WHERE verb = 'key.reencrypted'")
    assert sealed == sum(before.values())


INDEXES = (
    "SELECT md5(string_agg(encode(kk_ix, 'hex'), ',' ORDER BY id)) || (SELECT md5(string_agg(encode(nik_ix, 'hex'), ','"
    " ORDER BY id)) FROM registry_member) FROM registry_family"
)


@pytest.mark.slow
def test_once_all_is_done_the_next_walk_begins_with_a_new_key(office: Office) -> None:
    assert office.done(*REENCRYPT)["key"] == 2
    done = office.done(*REENCRYPT)
    assert (done["key"], done["left"]) == (3, 0)
    assert list(under(office).values())[:2] == [0, 0]


@pytest.mark.slow
def test_a_walk_takes_up_a_key_that_was_made_before(office: Office) -> None:
    assert office.done("keys", "rotate") == {"key": 2}
    assert under(office)[2] == 0
    assert office.done(*REENCRYPT)["key"] == 2


def test_what_does_not_open_is_named_and_left(office: Office) -> None:
    """Somebody wrote into a row by hand; a stored file was overwritten. Everything else is sealed anew all the same."""
    row = office.sql(
        "ALTER TABLE registry_member DISABLE TRIGGER USER",
        "UPDATE registry_member SET nik = substring(nik FROM 1 FOR 20) || '\\x00' || substring(nik FROM 22)"
        " WHERE id = (SELECT max(id) FROM registry_member WHERE nik IS NOT NULL AND get_byte(nik, 20) <> 0)"
        " RETURNING id",
    )
    path = max((office.var / "files").glob("??/*"))
    path.write_bytes(path.read_bytes()[:-1])
    total = under(office)[1]
    done = office.done(*REENCRYPT, status=3)
    assert done["broken"] == [f"registry_member {row} (nik)", f"files {path.name[:12]}…"]
    assert (done["moved"], done["left"]) == (total - 2, 2)
    assert under(office) == {1: 2, 2: total - 2}


def test_a_new_master_key_opens_everything_and_the_old_one_nothing(office: Office) -> None:
    everything = opened(office)
    master = office.var / "keys" / "master.key"
    old = master.read_bytes()
    assert office.done("keys", "rotate", "--master")["keys"] == 1
    assert opened(office) == everything
    master.write_bytes(old)
    assert "bukan yang membungkusnya" in office.refused("keys", "rotate")


@pytest.mark.slow
def test_a_new_master_key_killed_after_the_table_was_committed_opens_everything(office: Office) -> None:
    everything = opened(office)
    office.killed('import_module("harapan.database.masters").take_over = die', "keys", "rotate", "--master")
    assert opened(office) == everything
    assert office.done("keys", "rotate", "--master")["keys"] == 1
    assert opened(office) == everything


@pytest.mark.slow
def test_only_the_operator_changes_keys(office: Office) -> None:
    assert "bukan untuk peran" in office.refused("keys", "rotate", "--as", "data-tapin")
    assert "Pilih salah satu" in office.refused("keys", "rotate", "--master", "--reencrypt", status=2)
