"""Row-level security for migrations: `Protect` a table of people or money, `Open` one that everybody may read.

The policies follow the measured shape: one role per shape of scope, leakproof integer comparisons only, the signature
checked once per query, and no signature for the nation, whose role only its own login may put on.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from harapan.database.roles import everyone, quoted, role

SIGNED = "(SELECT harapan.scope_is_signed())"
RANGES = "nullif(current_setting('harapan.ranges', true), '')::bigint[]"


def policies(table: str, *, region: str = "region_no", group: str | None = "group_id") -> list[str]:
    """The statements that protect a table whose rows carry a region number and, mostly, a group."""
    prefix = settings.ROLE_PREFIX
    name = quoted(table)
    one = (
        f"{region} >= nullif(current_setting('harapan.lo', true), '')::bigint "
        f"AND {region} < nullif(current_setting('harapan.hi', true), '')::bigint"
    )
    several = " OR ".join(
        f"({region} >= ({RANGES})[{2 * n + 1}] AND {region} < ({RANGES})[{2 * n + 2}])" for n in range(4)
    )
    statements = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY region ON {name} TO {role(prefix, 'region')} USING ({SIGNED} AND {one})",
        f"CREATE POLICY regions ON {name} TO {role(prefix, 'regions')} USING ({SIGNED} AND ({several}))",
        f"CREATE POLICY nation ON {name} TO {role(prefix, 'nation')} USING (true)",
        f"CREATE POLICY batch ON {name} TO {role(prefix, 'batch')} USING (true)",
    ]
    if group:
        groups = f"{group} = ANY (nullif(current_setting('harapan.groups', true), '')::bigint[])"
        statements.append(f"CREATE POLICY grp ON {name} TO {role(prefix, 'groups')} USING ({SIGNED} AND {groups})")
    return statements


class Statements(migrations.operations.base.Operation):
    """Runs SQL worked out at migration time, because role names depend on the installation.

    What a kind of table needs is a subclass; `statements` gives its SQL from `table` and `options`.
    """

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

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in self.statements():
            schema_editor.execute(statement, params=None)  # not (): a percent sign is meant as it stands

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """The table goes with its own migration, and its policies with it."""

    def describe(self) -> str:
        return f"{type(self).__name__} {self.table}"


class Protect(Statements):
    """A table of people or money: rows by scope, changes audited.

    region, group: the columns that carry the scope (group=None where groups have no say: then the groups role sees
    nothing). rights: what the shapes may do. audited: the subject kind for the audit of row changes, or None for
    tables that are sealed as a whole. secret: columns that the audit must not repeat.
    """

    def statements(self) -> list[str]:
        options = dict(self.options)
        rights = options.pop("rights", "SELECT, INSERT, UPDATE, DELETE")
        audited = options.pop("audited", None)
        secret = options.pop("secret", ())
        prefix = settings.ROLE_PREFIX
        shapes = ", ".join(role(prefix, name) for name in ("region", "regions", "groups", "nation", "batch"))
        statements = policies(self.table, **options)
        statements.append(f"GRANT {rights} ON {quoted(self.table)} TO {shapes}")
        statements.append(_sequence_grant(self.table, shapes))
        if audited:
            statements += audit_triggers(self.table, audited, secret)
        return statements


class Open(Statements):
    """A table that everybody signed in may read, and whoever `rights` names may also change (no row-level security)."""

    def statements(self) -> list[str]:
        rights = self.options.get("rights", "SELECT")
        statements = [f"GRANT {rights} ON {quoted(self.table)} TO {everyone(settings.ROLE_PREFIX)}"]
        if "INSERT" in rights:
            statements.append(_sequence_grant(self.table, everyone(settings.ROLE_PREFIX)))
        if self.options.get("audited"):
            statements += audit_triggers(self.table, self.options["audited"], self.options.get("secret", ()))
        return statements


class Own(Statements):
    """Rows that belong to one user each: the owner sees them from any post, and nobody else does but the batch.

    column: the owner's user number. On a table that is also protected by place (`Protect`), `also=True` adds the
    owner's own rows to what the place shows. `behalf=True`: whoever fills somebody's post sees that one's rows instead.
    """

    def statements(self) -> list[str]:
        prefix, name = settings.ROLE_PREFIX, quoted(self.table)
        column = self.options.get("column", "owner")
        me = "nullif(current_setting('harapan.actor', true), '')::bigint"
        if self.options.get("behalf"):
            me = f"coalesce(nullif(current_setting('harapan.behalf', true), '')::bigint, {me})"
        mine = f"{SIGNED} AND {column} = {me}"
        readers = ", ".join(role(prefix, shape) for shape in ("region", "regions", "groups", "nation", "common"))
        if self.options.get("also"):
            placed = ", ".join(role(prefix, shape) for shape in ("region", "regions", "groups"))
            return [f"CREATE POLICY own ON {name} TO {placed} USING ({mine})"]
        rights = self.options.get("rights", "SELECT, INSERT, UPDATE")
        everybody = f"{readers}, {role(prefix, 'batch')}"
        return [
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY own ON {name} TO {readers} USING ({mine})",
            f"CREATE POLICY batch ON {name} TO {role(prefix, 'batch')} USING (true)",
            f"GRANT {rights} ON {name} TO {everybody}",
            _sequence_grant(self.table, everybody),
        ]


def _sequence_grant(table: str, roles: str) -> str:
    """Keys are drawn before the insert (`fields.draw_ids`), so whoever inserts also needs the table's sequence."""
    return f"""DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = '{quoted(table)}'::regclass AND attname = 'id'
                   AND NOT attisdropped) AND pg_get_serial_sequence('{quoted(table)}', 'id') IS NOT NULL THEN
            EXECUTE format('GRANT USAGE ON SEQUENCE %s TO {roles}', pg_get_serial_sequence('{quoted(table)}', 'id'));
        END IF;
    END $$"""  # noqa: S608  (names of our own tables and roles)


def audit_triggers(table: str, kind: str, secret: tuple[str, ...] = ()) -> list[str]:
    """Statement triggers that write what changed, packed a thousand rows to an entry. They raise without an actor."""
    hidden = "'" + ",".join(secret).replace("'", "''") + "'"
    call = f"EXECUTE FUNCTION harapan.audit_rows('{kind}', {hidden})"
    name = quoted(table)
    return [
        f"CREATE TRIGGER audit_insert AFTER INSERT ON {name} REFERENCING NEW TABLE AS after FOR EACH STATEMENT {call}",
        f"CREATE TRIGGER audit_update AFTER UPDATE ON {name} REFERENCING OLD TABLE AS before NEW TABLE AS after "
        f"FOR EACH STATEMENT {call}",
        f"CREATE TRIGGER audit_delete AFTER DELETE ON {name} REFERENCING OLD TABLE AS before FOR EACH STATEMENT {call}",
    ]
