"""For migrations: tie a table to its family's region and group, protect it, audit it."""

from __future__ import annotations

from django.db import migrations

from harapan.database.rls import Protect


def family_child(
    table: str,
    *,
    audited: str | None,
    secret: tuple[str, ...] = (),
    rights: str = "SELECT, INSERT, UPDATE, DELETE",
) -> list[migrations.operations.base.Operation]:
    """Operations for a table of rows about a family (`models.FamilyChild`).

    The composite key follows a family that moves and refuses a row whose region or group is not its family's; it does
    so with the owner's rights, so `rights` may leave out UPDATE where rows are only ever added.
    """
    tie = migrations.RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_of_family" FOREIGN KEY (family_id, region_no, group_id)'
        " REFERENCES registry_family (id, region_no, group_id) ON UPDATE CASCADE",
        migrations.RunSQL.noop,
    )
    return [tie, Protect(table, audited=audited, secret=secret, rights=rights)]


def group_child(table: str, *, audited: str) -> list[migrations.operations.base.Operation]:
    """Operations for a table of rows about a group (`models.GroupChild`); its key follows a group that moves."""
    tie = migrations.RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_of_group" FOREIGN KEY (group_id, region_no)'
        " REFERENCES registry_group (id, region_no) ON UPDATE CASCADE",
        migrations.RunSQL.noop,
    )
    return [tie, Protect(table, audited=audited)]
