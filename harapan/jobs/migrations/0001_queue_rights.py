"""Every login may defer and run jobs: the queue is the database."""

from django.conf import settings
from django.db import migrations

from harapan.database.roles import everyone
from harapan.database.together import Statements


def grant(apps, schema_editor):
    roles = everyone(settings.ROLE_PREFIX)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE n.nspname = 'public' AND c.relname LIKE 'procrastinate%' AND c.relkind IN ('r', 'S')"
        )
        for name, kind in cursor.fetchall():
            if kind == "S":
                cursor.execute(f"GRANT USAGE, SELECT ON SEQUENCE {name} TO {roles}")
            else:
                cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {roles}")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("procrastinate", "__latest__"), ("database", "0001_roles_and_scope")]
    operations = [Statements(grant, migrations.RunPython.noop)]
