"""Whoever fills somebody's post keeps and reads the reports and photographs of that one's own work, and no other file.

These carry no group: what was photographed of a group's families is seen by who meets the group, as before.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED
from harapan.database.roles import role
from harapan.database.together import Statements

_ON_BEHALF = """
    CREATE POLICY on_behalf ON files_storedfile TO {placed} USING (
        {signed} AND owner = nullif(current_setting('harapan.behalf', true), '')::bigint
        AND kind IN ('report', 'photograph') AND group_id = 0)"""


def create(apps, schema_editor):
    placed = ", ".join(role(settings.ROLE_PREFIX, shape) for shape in ("region", "regions", "groups"))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_ON_BEHALF.format(placed=placed, signed=SIGNED))


class Migration(migrations.Migration):
    dependencies = [("files", "0003_own_files")]
    operations = [Statements(create, migrations.RunPython.noop)]
