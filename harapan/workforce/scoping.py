"""For migrations: tie a table to its person's region, protect it, audit it; people read what is about themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, Protect, Statements
from harapan.database.roles import quoted, role

ACTOR = "nullif(current_setting('harapan.actor', true), '')::bigint"


class OfMyself(Statements):
    """Whoever a row is about reads it from any post. Changing it takes a scope that reaches the person."""

    def statements(self) -> list[str]:
        placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
        me = f"person_id IN (SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR})"  # noqa: S608  (a constant)
        mine = f"user_id = {ACTOR}" if self.table == "workforce_person" else me
        return [f"CREATE POLICY own ON {quoted(self.table)} FOR SELECT TO {placed} USING ({SIGNED} AND {mine})"]


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
