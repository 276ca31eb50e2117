"""Operations of a migration for a schema in which, in the end, all tables are related.

After each operation Django makes every model that is related to the one changed anew: two hundred tables made one by
one took a minute of nothing else.
"""

from __future__ import annotations

from typing import Any, cast

from django.db import router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps


class Together(Operation):
    """Carries out `operations` between one state of the models and one other.

    None of them may need what another of them made: give an index, a constraint or a field of a table made here to its
    `CreateModel`. A foreign key to a table made here is all right.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, *operations: Operation) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Operation], dict[str, object]]:
        return (type(self).__qualname__, list(self.operations), {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # made anew when next asked for, once for all
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


class Statements(RunPython):
    """A RunPython for a function that mostly writes statements: the models are made if it asks for them, else not."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            self.code(cast(StateApps, _Models(from_state)), schema_editor)


class _Models:
    """`state.apps`, made when first asked for something."""

    def __init__(self, state: ProjectState) -> None:
        self._state = state

    def __getattr__(self, name: str) -> Any:
        self._state.clear_delayed_apps_cache()
        return getattr(self._state.apps, name)
