"""A scope shows exactly its rows, ends with its block, and cannot be slipped on by other means."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from harapan.database import scope as scopes
from harapan.database.scope import Scope, Shape, put_on
from harapan.registry.models import Family, Group, Member
from tests.ground import HIYUNG, HSS, KANDANGAN, RANTAU, TAPIN, TAPIN_TENGAH, Land, land


@pytest.fixture
def ground(system: Scope) -> Land:
    return land(system)


def seen(scope: Scope) -> set[str]:
    with put_on(scope):
        families = set(Family.objects.values_list("name", flat=True))
        kin = set(Member.objects.values_list("name", flat=True))
    assert kin == {f"ANAK {name}" for name in families}
    return families


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [name])
        return cursor.fetchone()[0] or ""


def user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_one_region_shows_its_families(ground: Land) -> None:
    assert seen(Scope.of_ranges((TAPIN,))) == {"NORHAYATI", "RUSDIANA"}
    assert seen(Scope.of_ranges((TAPIN_TENGAH,))) == {"NORHAYATI"}


def test_several_regions_show_theirs(ground: Land) -> None:
    assert seen(Scope.of_ranges((TAPIN_TENGAH, HSS))) == {"NORHAYATI", "SITI ASIAH"}


def test_four_regions_are_the_most(ground: Land) -> None:
    villages = [(no, no + 1) for no in (HIYUNG, RANTAU, KANDANGAN, KANDANGAN + 1)]
    assert seen(Scope.of_ranges(tuple(villages))) == ground.all
    with pytest.raises(scopes.Forbidden, match="satu sampai 4"):
        Scope.of_ranges((*villages, HSS))


def test_groups_show_theirs(ground: Land) -> None:
    assert seen(Scope.of_groups((ground.tapin.group_id, ground.hss.group_id))) == {"NORHAYATI", "SITI ASIAH"}


def test_no_group_shows_nothing(ground: Land) -> None:
    assert seen(Scope.of_groups(())) == set()


def test_the_nation_shows_all(ground: Land) -> None:
    assert seen(Scope.nation()) == ground.all


@pytest.mark.parametrize(
    "scope", [Scope.of_ranges((HSS,)), Scope.of_ranges((HSS, TAPIN)), Scope.of_groups((77,)), Scope.nation()]
)
def test_the_group_of_nobody_is_seen_by_all(ground: Land, scope: Scope) -> None:
    with put_on(scope):
        assert Group.objects.filter(pk=0).exists()


def test_without_a_scope_people_are_refused_loudly(db: None) -> None:
    for model in (Family, Member, Group):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.count()


def test_a_scope_of_no_people_is_refused_loudly(db: None) -> None:
    with put_on(Scope.common(actor=7)), pytest.raises(ProgrammingError, match="permission denied"):
        with transaction.atomic():
            Family.objects.count()


def test_an_empty_setting_is_no_scope(ground: Land) -> None:
    """After `set_config(…, true)` a setting is '' for the rest of the connection, not NULL."""
    with put_on(Scope.of_ranges((TAPIN,))):
        assert Family.objects.count() == 2
    for shape in (Shape.REGION, Shape.REGIONS, Shape.GROUPS):
        with put_on(Scope.common()), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [f"{settings.ROLE_PREFIX}_{shape}"])
            assert setting("harapan.lo") == ""
            assert Family.objects.count() == 0


def test_a_nested_scope_gives_back_the_outer_one(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN,), actor=7)):
        with put_on(Scope.of_groups((ground.tapin.group_id,), actor=8)):
            assert Family.objects.count() == 1
            assert setting("harapan.actor") == "8"
        assert Family.objects.count() == 2
        assert setting("harapan.actor") == "7"
        with pytest.raises(ZeroDivisionError), put_on(Scope.nation(actor=9)):
            raise ZeroDivisionError
        assert Family.objects.count() == 2
        assert setting("harapan.actor") == "7"


def test_a_nested_database_error_gives_back_the_outer_scope(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN,))):
        with pytest.raises(DatabaseError), put_on(Scope.nation()), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert Family.objects.count() == 2


def test_only_the_latest_scope_is_current(db: None) -> None:
    assert scopes.current() is None
    with put_on(Scope.common(actor=7)) as outer:
        with put_on(outer.because("diminta keluarga")):
            assert scopes.current() == outer.because("diminta keluarga")
        assert scopes.current() == outer
    assert scopes.current() is None


def test_another_regions_rows_cannot_be_changed(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN,))):
        assert Family.objects.filter(pk=ground.hss.pk).update(note="diubah") == 0
        assert Family.objects.filter(pk=ground.hss.pk).delete()[0] == 0
        assert Member.objects.filter(family_id=ground.hss.pk).update(name="X") == 0


def test_a_row_cannot_be_moved_or_made_out_of_scope(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN,))):
        for forbidden in (
            lambda: Family.objects.filter(pk=ground.tapin.pk).update(region_id=KANDANGAN, group_id=0),
            lambda: Family.objects.create(
                name="X", name_key="x", region_id=KANDANGAN, registered_on=ground.tapin.registered_on
            ),
            lambda: Member.objects.create(family=ground.hss, name="X", name_key="x", region_no=KANDANGAN),
        ):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                forbidden()


def test_a_child_cannot_claim_a_region_of_its_own(ground: Land) -> None:
    """Somebody of Tapin hangs a member on a family of another kabupaten by giving it Tapin's number."""
    forged = Member(family_id=ground.hss.pk, name="X", name_key="x", region_no=HIYUNG, group_no=ground.tapin.group_id)
    with put_on(Scope.of_ranges((TAPIN,))), pytest.raises(IntegrityError, match="of_family"), transaction.atomic():
        forged.save()


def test_children_follow_a_family_that_moves(ground: Land) -> None:
    with put_on(Scope.of_ranges((TAPIN, HSS))):
        Family.objects.filter(pk=ground.tapin.pk).update(region_id=KANDANGAN, group_id=ground.hss.group_id)
    assert seen(Scope.of_ranges((HSS,))) == {"NORHAYATI", "SITI ASIAH"}
    assert seen(Scope.of_groups((ground.hss.group_id,))) == {"NORHAYATI", "SITI ASIAH"}
    assert seen(Scope.of_ranges((TAPIN,))) == {"RUSDIANA"}


@pytest.mark.parametrize("sql", ["UPDATE accounts_user SET name = 'x'", "INSERT INTO audit_entry (verb) VALUES ('x')"])
def test_a_reading_page_cannot_write(db: None, sql: str) -> None:
    with put_on(Scope.common(), read_only=True), connection.cursor() as cursor:
        with pytest.raises(RuntimeError, match="promised only to read"):
            cursor.execute(sql)


@pytest.fixture
def fresh(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The app's own connection, outside of any test's transaction."""
    with django_db_blocker.unblock():
        connection.close()
        yield
        connection.close()


def test_postgresql_itself_refuses_writes_of_a_reading_page(fresh: None) -> None:
    """A SELECT may call a function that writes, which the words of a statement do not show."""
    with put_on(Scope.common(), read_only=True), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="read-only transaction"):
            cursor.execute("SELECT procrastinate_register_worker_v1()")


def test_a_connection_goes_back_without_scope(fresh: None) -> None:
    login = user()
    with put_on(Scope.of_ranges((TAPIN,), actor=7)):
        assert user().endswith("_region")
    assert (user(), setting("harapan.lo"), setting("harapan.sig")) == (login, "", "")


def test_a_connection_goes_back_without_scope_after_an_error(fresh: None) -> None:
    login = user()
    with pytest.raises(DatabaseError), put_on(Scope.nation(actor=7)), connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    assert (user(), setting("harapan.actor")) == (login, "")
    with pytest.raises(ProgrammingError, match="permission denied"):
        Family.objects.count()


@pytest.fixture
def pooled(fresh: None, settings: Any) -> Iterator[DatabaseWrapper]:
    """The app's login over a pool of one connection, as pages have it."""
    place = deepcopy(connections["default"].settings_dict)
    place["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1, "timeout": 10}
    connections["pooled"] = wrapper = DatabaseWrapper(place, alias="pooled")
    settings.SCOPE_ALIASES = dict.fromkeys(("app", "nation", "batch"), "pooled")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()
    del connections["pooled"]


def test_the_next_request_of_a_pool_finds_no_scope(pooled: DatabaseWrapper) -> None:
    """The first request dies in the middle of its transaction; the second gets the very same connection."""
    pooled.ensure_connection()
    first = pooled.connection.info.backend_pid
    with pytest.raises(DatabaseError), put_on(Scope.of_ranges((TAPIN,), actor=7)), pooled.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    pooled.close()
    with pooled.cursor() as cursor:
        assert pooled.connection.info.backend_pid == first
        cursor.execute("SELECT current_user = session_user, current_setting('harapan.lo', true)")
        assert cursor.fetchone() == (True, "")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT count(*) FROM registry_family")


def test_a_scope_on_another_connection_leaves_this_one_alone(pooled: DatabaseWrapper, settings: Any) -> None:
    """Somebody acts on one login, looks something up on a second, and there on the first again."""
    settings.SCOPE_ALIASES = {"app": "default", "nation": "pooled", "batch": "default"}
    with put_on(Scope.of_ranges((TAPIN,), actor=7)):
        with put_on(Scope.nation(actor=8)), put_on(Scope.common(actor=9)):
            assert setting("harapan.actor") == "9"
        assert (setting("harapan.actor"), user().endswith("_region")) == ("7", True)
