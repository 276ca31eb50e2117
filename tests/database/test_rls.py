"""What the database itself holds, whatever SQL is slipped in: forged scopes, other roles, partitions, other logins."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from harapan.database import roles
from harapan.database import scope as scopes
from harapan.database.scope import Scope, put_on
from harapan.registry.models import Family
from tests.ground import HSS, TAPIN, Land, land


@pytest.fixture
def ground(system: Scope) -> Land:
    return land(system)


def write(**values: str) -> None:
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [f"harapan.{name}" if name != "role" else name, value])


def role_named(shape: str) -> str:
    return f"{settings.ROLE_PREFIX}_{shape}"


def test_a_range_written_by_hand_shows_nothing(ground: Land) -> None:
    with put_on(Scope.of_ranges((HSS,))):
        assert Family.objects.count() == 1
        write(lo="0", hi="9999999999")
        assert Family.objects.count() == 0


def test_groups_written_by_hand_show_nothing(ground: Land) -> None:
    with put_on(Scope.of_groups((ground.hss.group_id,))):
        write(groups="{" + f"{ground.hss.group_id},{ground.tapin.group_id}" + "}")
        assert Family.objects.count() == 0


def test_an_invented_signature_shows_nothing(ground: Land) -> None:
    with put_on(Scope.of_ranges((HSS,))):
        for signature in ("", "00", "ab" * 32):
            write(sig=signature)
            assert Family.objects.count() == 0


def test_a_signature_of_another_connection_shows_nothing(ground: Land) -> None:
    until = str(int(time.time()) + 600)
    pid = connection.connection.info.backend_pid
    for other, expected in ((pid, 2), (pid + 1, 0)):
        with put_on(Scope.of_ranges((HSS,))):
            lo, hi = map(str, TAPIN)
            message = "|".join((lo, hi, "", "", "7", "", until, str(other)))
            write(lo=lo, hi=hi, actor="7", until=until, sig=scopes.sign(message))
            assert Family.objects.count() == expected


def test_an_old_signature_shows_nothing(ground: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "LIFETIME_SECONDS", -1)
    with put_on(Scope.of_ranges((HSS,))):
        assert Family.objects.count() == 0


def test_the_scope_of_one_shape_is_none_for_another(ground: Land) -> None:
    shown = (Scope.of_ranges((TAPIN,)), Scope.of_ranges((TAPIN, HSS)), Scope.of_groups((ground.hss.group_id,)))
    for scope in shown:
        for shape in ("region", "regions", "groups"):
            if shape == scope.shape:
                continue
            with put_on(scope):
                write(role=role_named(shape))
                assert Family.objects.count() == 0, (scope.shape, shape)


def test_nobody_reads_the_scope_key(ground: Land) -> None:
    for scope in (Scope.of_ranges((TAPIN,)), Scope.nation(), Scope.batch()):
        with put_on(scope), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM harapan.scope_key")


def test_an_actor_written_by_hand_is_refused(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN,), actor=7)):
        write(actor="8")
        with pytest.raises(ProgrammingError, match="not signed"), transaction.atomic():
            ground.tapin.save(update_fields=["note"])  # its own rows are out of sight too, so not one is changed


def test_row_security_cannot_be_switched_off(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN,))), connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Family.objects.count()


def test_a_temporary_table_does_not_swallow_the_log(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN,), actor=7)), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE audit_entry (actor bigint, on_behalf bigint, via text, verb text,"
            " subject_kind text, subject bigint, why text, body text) ON COMMIT DROP"
        )
        Family.objects.filter(pk=ground.tapin.pk).update(note="diubah")
        cursor.execute("SELECT count(*) FROM pg_temp.audit_entry")
        assert cursor.fetchone()[0] == 0
        cursor.execute("DROP TABLE pg_temp.audit_entry")


def tables(where: str) -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND {where} ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        connections["owner"].close()


def test_partitions_are_read_only_through_their_parent(owner: None) -> None:
    grantable = " AND ".join(
        f"NOT has_table_privilege('{role_named(name)}', c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
        for name in (*roles.SHAPES, *roles.LOGINS, "common")
    )
    partitions = tables("c.relispartition AND NOT c.relrowsecurity")
    assert "audit_entry_2026" in partitions
    assert tables(f"c.relispartition AND NOT c.relrowsecurity AND {grantable}") == partitions


def test_no_role_of_a_request_owns_or_bypasses(owner: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE %s AND (rolsuper OR rolbypassrls OR rolcreaterole)",
            [f"{settings.ROLE_PREFIX}\\_%"],
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname LIKE %s",
            [f"{settings.ROLE_PREFIX}\\_%"],
        )
        assert cursor.fetchall() == []


PREFIX = f"{settings.ROLE_PREFIX}_apart"


@pytest.fixture
def apart(owner: None) -> Iterator[dict[str, Any]]:
    """The roles as setup makes them, without what the tests' own login was given on top."""
    passwords = {name: f"sandi-{name}" for name in roles.LOGINS}
    with connections["owner"].cursor() as cursor:
        roles.ensure(cursor, PREFIX, passwords)
        roles.ensure(cursor, PREFIX, passwords)  # a second setup changes nothing
        try:
            yield passwords
        finally:
            for name in ("common", *roles.SHAPES, *roles.LOGINS):
                cursor.execute(f"DROP OWNED BY {roles.role(PREFIX, name)}")
            for name in (*roles.LOGINS, *roles.SHAPES, "common"):
                cursor.execute(f"DROP ROLE {roles.role(PREFIX, name)}")


MAY_PUT_ON = {
    "app": {"region", "regions", "groups", "common"},
    "app_nation": {"nation", "common"},
    "batch": {"batch", "common"},
}


@pytest.mark.parametrize("login", roles.LOGINS)
def test_each_login_puts_on_only_its_own_roles(apart: dict[str, str], login: str) -> None:
    place = connections["owner"].settings_dict
    with psycopg.connect(
        dbname=place["NAME"],
        host=place["HOST"],
        port=place["PORT"],
        user=f"{PREFIX}_{login}",
        password=apart[login],
        autocommit=True,
    ) as session:
        allowed = set()
        for name in (*roles.SHAPES, *roles.LOGINS, "common"):
            if name == login:
                continue
            try:
                session.execute(f"SET ROLE {roles.role(PREFIX, name)}".encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            allowed.add(name)
            session.execute("RESET ROLE")
        assert allowed == MAY_PUT_ON[login] - {login}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT 1 FROM registry_family")
