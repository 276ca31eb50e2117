"""Every table of ours is either protected by scope or open by intent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections, models

from harapan.database import roles

# Rows that carry a place and yet concern nobody: everybody signed in may read them.
OPEN_BY_INTENT = {"registry_facility", "training_batch", "workforce_terrain"}
SCOPE_COLUMNS = {"region_no", "group_id", "family_id", "member_id"}


def our_models() -> list[type[models.Model]]:
    """Those with a table of their own; views are looked at below."""
    return [m for m in apps.get_models() if m.__module__.startswith("harapan.") and m._meta.managed]


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock():
        with connections["owner"].cursor() as cursor:
            yield cursor
        connections["owner"].close()


def tables(cursor: Any, where: str) -> set[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND {where}"
    )
    return {name for (name,) in cursor.fetchall()}


def test_every_table_of_people_or_a_place_has_row_level_security(owner: Any) -> None:
    placed = {
        model._meta.db_table
        for model in our_models()
        if any(field.column in SCOPE_COLUMNS for field in model._meta.concrete_fields)
    }
    assert "registry_family" in placed | {"registry_family"}
    unprotected = placed - OPEN_BY_INTENT - tables(owner, "c.relrowsecurity")
    assert sorted(unprotected) == [], "write Protect, family_child or Own in a migration"


def test_every_protected_table_has_a_policy_for_each_shape(owner: Any) -> None:
    owner.execute(
        "SELECT tablename, array_agg(DISTINCT r) FROM pg_policies, unnest(roles) r"
        " WHERE schemaname = 'public' GROUP BY 1"
    )
    covered = dict(owner.fetchall())
    shapes = {f"{settings.ROLE_PREFIX}_{name}" for name in ("region", "regions", "nation", "batch")}
    protected = tables(owner, "c.relrowsecurity")
    assert {
        name: sorted(shapes - set(covered.get(name, ()))) for name in protected if shapes - set(covered.get(name, ()))
    } == {}


def test_every_table_of_ours_was_granted_to_somebody(owner: Any) -> None:
    """A table without any right was forgotten; one with rights for PUBLIC was opened by mistake."""
    ours = {model._meta.db_table for model in our_models()}
    granted = " OR ".join(
        f"has_table_privilege('{settings.ROLE_PREFIX}_{name}', c.oid, 'SELECT, INSERT')"
        for name in (*roles.SHAPES, *roles.LOGINS, "common")
    )
    assert sorted(ours - tables(owner, f"({granted})")) == []


def test_public_has_no_right_on_any_table(owner: Any) -> None:
    owner.execute(
        "SELECT table_name FROM information_schema.role_table_grants"
        " WHERE grantee = 'PUBLIC' AND table_schema = 'public'"
    )
    assert owner.fetchall() == []


def test_views_read_with_the_callers_eyes(owner: Any) -> None:
    owner.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"
        " AND c.relkind = 'v' AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false)"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"  # an extension's
    )
    assert owner.fetchall() == []


def test_functions_with_the_owners_rights_look_into_temporary_tables_last(owner: Any) -> None:
    """Unless named, they come first: a session's own view in the place of a table would run with the owner's rights."""
    owner.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname IN ('public', 'harapan')"
        " AND NOT EXISTS (SELECT FROM unnest(p.proconfig) setting WHERE setting LIKE 'search_path=%, pg_temp')"
    )
    assert owner.fetchall() == []


def test_functions_with_the_owners_rights_are_not_for_everybody(owner: Any) -> None:
    owner.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname IN ('public', 'harapan') AND p.prorettype <> 'trigger'::regtype"
        " AND has_function_privilege('public', p.oid, 'EXECUTE')"
    )
    assert owner.fetchall() == []


def test_nobody_of_a_request_creates_in_our_schemas(owner: Any) -> None:
    owner.execute(
        "SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n WHERE r.rolname LIKE %s"
        " AND n.nspname IN ('public', 'harapan') AND has_schema_privilege(r.oid, n.oid, 'CREATE')",
        [f"{settings.ROLE_PREFIX}\\_%"],
    )
    assert owner.fetchall() == []
