"""Data keys, wrapped by the master key. A database in use before keeps what it sealed with: its derived key becomes key 1."""

from django.conf import settings
from django.db import migrations

from harapan.database import keys, masters, places
from harapan.database.roles import everyone, role
from harapan.database.sealing import derived
from harapan.database.together import Statements

TABLE = """
CREATE TABLE harapan.data_key (
    id integer PRIMARY KEY CHECK (id BETWEEN 0 AND 65535),
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
CREATE FUNCTION harapan.refuse_key_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A data key is never removed: what it sealed could not be opened any more.'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON harapan.data_key
    FOR EACH STATEMENT EXECUTE FUNCTION harapan.refuse_key_loss();
"""


def create(apps, schema_editor):
    prefix = settings.ROLE_PREFIX
    with schema_editor.connection.cursor() as cursor:
        sealed_before = masters.path().exists() and was_in_use(cursor)
        cursor.execute(TABLE)
        cursor.execute(f"GRANT SELECT ON harapan.data_key TO {everyone(prefix)}")
        cursor.execute(f"GRANT INSERT, UPDATE ON harapan.data_key TO {role(prefix, 'batch')}")
        if sealed_before:
            keys.make(cursor, places.secret(masters.FILE), number=keys.BEFORE_WRAPPING, retired=True)
            keys.make(cursor, derived(masters.FILE, "data key 1"), number=keys.FIRST)
        else:
            keys.make(cursor, number=keys.FIRST)
    keys.hold(None)


def was_in_use(cursor):
    """Whether anything was ever done here by a scope: without an entry in the log nothing was sealed either."""
    cursor.execute("SELECT to_regclass('public.audit_entry') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return False
    cursor.execute("SELECT EXISTS (SELECT FROM public.audit_entry WHERE via <> 'sql')")
    return cursor.fetchone()[0]  # "sql": what migrations themselves filled in


class Migration(migrations.Migration):
    dependencies = [("database", "0002_cache")]
    operations = [Statements(create, migrations.RunPython.noop)]
