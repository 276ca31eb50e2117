"""A report that names nobody on record is read by its handler and the commission, too.

Until now what was told of somebody unknown was seen by nobody: no number is distinct from the one that is not set
(who acts on behalf), so the policy took everybody for the accused.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED
from harapan.database.roles import role
from harapan.database.together import Statements
from harapan.workforce.scoping import ACTOR

BEHALF = "nullif(current_setting('harapan.behalf', true), '')::bigint"
NOT_ME = f"c.accused_id IS NULL OR (c.accused_id IS DISTINCT FROM {ACTOR} AND c.accused_id IS DISTINCT FROM {BEHALF})"
IN_CONFIDENCE = (
    "workforce_ethicsreport", "workforce_ethicsmessage", "workforce_ethicsevidence", "workforce_ethicsdeed"
)  # fmt: skip


def read_what_was_told(apps, schema_editor):
    mine = f"case_id IN (SELECT c.id FROM workforce_ethicscase c WHERE c.handler_id = {ACTOR})"
    others = f"case_id IN (SELECT c.id FROM workforce_ethicscase c WHERE {NOT_ME})"
    handlers = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions"))
    nation = role(settings.ROLE_PREFIX, "nation")
    with schema_editor.connection.cursor() as cursor:
        for table in IN_CONFIDENCE:
            cursor.execute(f"ALTER POLICY handler ON {table} TO {handlers} USING ({SIGNED} AND {mine} AND {others})")
            cursor.execute(f"ALTER POLICY nation ON {table} TO {nation} USING ({SIGNED} AND {others})")


class Migration(migrations.Migration):
    dependencies = [("workforce", "0015_extra_duty")]
    operations = [Statements(read_what_was_told, migrations.RunPython.noop)]
