"""Every change of a protected row is an entry: who, for whom, why, from what to what, and no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from harapan.audit import log
from harapan.audit.models import Entry
from harapan.database.scope import Scope, put_on
from harapan.registry.models import Family, Member
from tests.ground import HIYUNG, TAPIN, family, member

KK = "6305021608156220"


def latest(verb: str) -> Entry:
    with put_on(Scope.nation()):
        entry = Entry.objects.filter(verb=verb).order_by("-id").first()
    assert entry is not None, f"no entry {verb}"
    return entry


def body(verb: str) -> Any:
    return json.loads(latest(verb).body or "null")


def test_a_change_without_an_actor_is_refused(system: Scope) -> None:
    kin = family("A")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '', true)")
        with pytest.raises(ProgrammingError, match="No actor"), transaction.atomic():
            cursor.execute("UPDATE registry_family SET note = 'x' WHERE id = %s", [kin.pk])


def test_a_change_names_who_for_whom_why_and_what(system: Scope) -> None:
    kin = family("A", note="lama")
    with put_on(Scope.of_ranges((TAPIN,), actor=7, on_behalf=8, why="diminta keluarga", via="web")):
        Family.objects.filter(pk=kin.pk).update(note="baru")
    entry = latest("family.changed")
    assert (entry.actor, entry.on_behalf, entry.why, entry.via, entry.subject) == (
        7,
        8,
        "diminta keluarga",
        "web",
        kin.pk,
    )
    assert body("family.changed") == [{"id": kin.pk, "was": {"note": "lama"}, "now": {"note": "baru"}}]


def test_a_value_taken_away_is_told(system: Scope) -> None:
    kin = family("A", dtks_id="X1")
    Family.objects.filter(pk=kin.pk).update(dtks_id=None)
    assert body("family.changed") == [{"id": kin.pk, "was": {"dtks_id": "X1"}, "now": {"dtks_id": None}}]


def test_what_did_not_change_is_no_entry(system: Scope) -> None:
    kin = family("A", note="lama")
    with put_on(Scope.nation()):
        before = Entry.objects.count()
    Family.objects.filter(pk=kin.pk).update(note="lama")
    with put_on(Scope.nation()):
        assert Entry.objects.count() == before


def test_sealed_numbers_are_not_repeated(system: Scope) -> None:
    kin = family("A", kk=KK)
    added = body("family.added")[0]
    assert "kk" not in added
    assert added["kk_ix"]
    kin.kk = "6305021608156221"
    kin.save()
    changed = body("family.changed")[0]
    assert set(changed["was"]) == {"kk_ix"}
    assert KK not in json.dumps(changed)


def test_a_members_entry_names_its_family(system: Scope) -> None:
    kin = family("A")
    child = member(kin)
    Member.objects.filter(pk=child.pk).update(name="LAIN")
    assert body("member.changed")[0]["family_id"] == kin.pk


def test_a_removed_row_is_kept_in_words(system: Scope) -> None:
    child = member(family("A"), "ANAK")
    Member.objects.filter(pk=child.pk).delete()
    assert body("member.removed")[0]["name"] == "ANAK"


def test_many_changes_are_packed_by_a_thousand(system: Scope) -> None:
    one = family("A")
    rows = [
        Family(
            pk=one.pk + 100_000 + n,
            name="B",
            name_key="b",
            region_id=HIYUNG,
            group_id=0,
            registered_on=one.registered_on,
        )
        for n in range(2500)
    ]
    with put_on(Scope.nation()):
        before = Entry.objects.filter(verb="family.added").count()
    Family.objects.bulk_create(rows)
    with put_on(Scope.nation()):
        packs = [len(json.loads(e.body)) for e in Entry.objects.filter(verb="family.added").order_by("id")[before:]]
    assert packs == [1000, 1000, 500]


def test_nobody_changes_or_removes_an_entry(system: Scope) -> None:
    log.record("tried")
    for scope in (Scope.nation(), Scope.batch(), Scope.of_ranges((TAPIN,))):
        for sql in ("UPDATE audit_entry SET actor = 9", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
            with put_on(scope), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(sql)


@pytest.mark.parametrize("column", ["id", "xid", "at", "salt", "era"])
def test_number_time_and_salt_cannot_be_chosen(system: Scope, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege('audit_entry', %s, 'INSERT')", [column])
        assert cursor.fetchone()[0] is False


def test_who_looked_is_told_to_whoever_may_see(system: Scope) -> None:
    kin = family("A")
    with put_on(Scope.of_ranges((TAPIN,), actor=7)):
        log.record("family.looked", kind="family", subject=kin.pk)
        traces = log.traces_of("family", kin.pk)
    assert (traces[0].actor, traces[0].verb) == (7, "family.looked")
