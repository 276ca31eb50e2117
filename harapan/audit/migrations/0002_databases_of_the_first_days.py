"""Brings databases made in the first days to what 0001 says today; changes nothing in later ones."""

from importlib import import_module

from django.conf import settings
from django.db import migrations

from harapan.database.roles import role
from harapan.database.together import Statements

FUNCTIONS = import_module("harapan.audit.migrations.0001_entries_and_seals").FUNCTIONS


def again(apps, schema_editor):
    batch = role(settings.ROLE_PREFIX, "batch")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry ADD COLUMN IF NOT EXISTS redacted bytea")
        cursor.execute(FUNCTIONS)
        cursor.execute("REVOKE ALL ON FUNCTION harapan.redact(bigint, bigint, text) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.redact(bigint, bigint, text) TO {batch}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_entries_and_seals")]
    operations = [Statements(again, migrations.RunPython.noop)]
