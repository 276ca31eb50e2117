"""For migrations: batches are read by everybody and written from their own place; people answer for themselves."""

from __future__ import annotations

from django.conf import settings

from harapan.database.rls import SIGNED, Statements, policies
from harapan.database.roles import everyone, quoted, role
from harapan.workforce.scoping import ACTOR

MINE = f"person_id IN (SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR})"  # noqa: S608  (a constant)


class WrittenByPlace(Statements):
    """A table that is `Open` to read, whose rows only their own place (`region_no`) locks, adds and changes."""

    def statements(self) -> list[str]:
        read = f"CREATE POLICY read ON {quoted(self.table)} FOR SELECT TO {everyone(settings.ROLE_PREFIX)} USING (true)"
        return [*policies(self.table, group=None), read]


class MyOwnDeed(Statements):
    """Beside what `person_child` lets people read of themselves: one deed of their own.

    deed: "UPDATE" or "INSERT"; before, after: conditions on the row as it stands and as it is written.
    """

    def statements(self) -> list[str]:
        placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
        deed, after = self.options["deed"], self.options["after"]
        using = f" USING ({SIGNED} AND {MINE} AND {self.options['before']})" if deed == "UPDATE" else ""
        check = f" WITH CHECK ({SIGNED} AND {MINE} AND {after})"
        return [f"CREATE POLICY own_deed ON {quoted(self.table)} FOR {deed} TO {placed}{using}{check}"]
