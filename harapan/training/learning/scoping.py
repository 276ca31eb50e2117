"""For migrations: learners write their own work from any post; participants read what their batch asked."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from harapan.database.rls import SIGNED
from harapan.database.roles import quoted, role
from harapan.workforce.scoping import ACTOR, OfMyself

ME = f"SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR}"  # noqa: S608  (a constant)


class OwnWork(OfMyself):
    """Whoever a row is about also writes it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
        mine = f"{SIGNED} AND person_id IN ({ME})"
        schema_editor.execute(
            f"CREATE POLICY own ON {quoted(self.table)} TO {placed} USING ({mine}) WITH CHECK ({mine})", params=None
        )

    def describe(self) -> str:
        return f"OwnWork {self.table}"


class OfMyBatch(OfMyself):
    """Whoever takes part in the batch of a row reads it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
        ours = f"batch_id IN (SELECT e.batch_id FROM training_enrolment e WHERE e.person_id IN ({ME}))"  # noqa: S608
        schema_editor.execute(
            f"CREATE POLICY batchmates ON {quoted(self.table)} FOR SELECT TO {placed} USING ({SIGNED} AND {ours})",
            params=None,
        )

    def describe(self) -> str:
        return f"OfMyBatch {self.table}"
