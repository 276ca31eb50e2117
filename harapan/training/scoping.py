"""For migrations: batches are read by everybody and written from their own place; people answer for themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, policies
from harapan.database.roles import everyone, quoted, role
from harapan.workforce.scoping import ACTOR

MINE = f"person_id IN (SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR})"  # noqa: S608  (a constant)


class _Policies(migrations.operations.base.Operation):
    """Runs SQL worked out at migration time, because role names depend on the installation."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, **options: Any) -> None:
        self.table = table
        self.options = options

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__qualname__, [self.table], self.options)

    def statements(self) -> list[str]:
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The database changes, the models do not."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.statements():
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The table goes with its own migration, and its policies with it."""

    def describe(self) -> str:
        return f"{type(self).__name__} {self.table}"


class WrittenByPlace(_Policies):
    """A table that is `Open` to read, whose rows only their own place (`region_no`) locks, adds and changes."""

    def statements(self) -> list[str]:
        read = f"CREATE POLICY read ON {quoted(self.table)} FOR SELECT TO {everyone(settings.ROLE_PREFIX)} USING (true)"
        return [*policies(self.table, group=None), read]


class MyOwnDeed(_Policies):
    """Beside what `person_child` lets people read of themselves: one deed of their own.

    deed: "UPDATE" or "INSERT"; before, after: conditions on the row as it stands and as it is written.
    """

    def statements(self) -> list[str]:
        placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
        deed, after = self.options["deed"], self.options["after"]
        using = f" USING ({SIGNED} AND {MINE} AND {self.options['before']})" if deed == "UPDATE" else ""
        check = f" WITH CHECK ({SIGNED} AND {MINE} AND {after})"
        return [f"CREATE POLICY own_deed ON {quoted(self.table)} FOR {deed} TO {placed}{using}{check}"]
