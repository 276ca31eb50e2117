"""For migrations: tie a table to its person's region, protect it, audit it; people read what is about themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, Protect
from harapan.database.roles import quoted, role

ACTOR = "nullif(current_setting('harapan.actor', true), '')::bigint"


class OfMyself(migrations.operations.base.Operation):
    """Whoever a row is about reads it from any post. Changing it takes a scope that reaches the person."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__qualname__, [self.table], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The database changes, the models do not."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
        name = quoted(self.table)
        me = f"SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR}"  # noqa: S608  (a constant)
        column = "id" if self.table == "workforce_person" else "person_id"
        mine = f"user_id = {ACTOR}" if column == "id" else f"{column} IN ({me})"
        schema_editor.execute(
            f"CREATE POLICY own ON {name} FOR SELECT TO {placed} USING ({SIGNED} AND {mine})", params=None
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The table goes with its own migration, and its policies with it."""

    def describe(self) -> str:
        return f"OfMyself {self.table}"


def person_child(
    table: str,
    *,
    audited: str,
    secret: tuple[str, ...] = (),
    rights: str = "SELECT, INSERT, UPDATE, DELETE",
    own: bool = True,
) -> list[migrations.operations.base.Operation]:
    """Operations for a table of rows about a person (`models.PersonChild`). own: the person reads them, too."""
    tie = migrations.RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_of_person" FOREIGN KEY (person_id, region_no)'
        " REFERENCES workforce_person (id, region_no) ON UPDATE CASCADE",
        migrations.RunSQL.noop,
    )
    protect = Protect(table, group=None, audited=audited, secret=secret, rights=rights)
    return [tie, protect, *([OfMyself(table)] if own else [])]
