"""Roles, the signed scope, and what they need, before any table of ours exists."""

from django.conf import settings
from django.db import migrations

from harapan.database import roles, scope
from harapan.database.environment import login_password
from harapan.database.together import Statements

FUNCTIONS = """
-- equality of keys inside exclusion constraints; names like each other for the nation's search
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE SCHEMA IF NOT EXISTS harapan;
CREATE TABLE harapan.scope_key (ipad bytea NOT NULL, opad bytea NOT NULL);

-- True when the scope in the settings was written by the application for this very connection, and not long ago.
CREATE FUNCTION harapan.scope_is_signed() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((
        SELECT sha256(k.opad || sha256(k.ipad || convert_to(
                   coalesce(current_setting('harapan.lo', true), '') || '|'
                   || coalesce(current_setting('harapan.hi', true), '') || '|'
                   || coalesce(current_setting('harapan.ranges', true), '') || '|'
                   || coalesce(current_setting('harapan.groups', true), '') || '|'
                   || coalesce(current_setting('harapan.actor', true), '') || '|'
                   || coalesce(current_setting('harapan.behalf', true), '') || '|'
                   || coalesce(current_setting('harapan.until', true), '') || '|' || pg_backend_pid(), 'UTF8')))
               = decode(nullif(current_setting('harapan.sig', true), ''), 'hex')
           AND nullif(current_setting('harapan.until', true), '')::bigint > extract(epoch FROM clock_timestamp())
        FROM harapan.scope_key k), false)
$$;
"""


def create(apps, schema_editor):
    """Roles need the passwords kept in files, so this is Python rather than SQL."""
    prefix = settings.ROLE_PREFIX
    ipad, opad = scope.pads()
    with schema_editor.connection.cursor() as cursor:
        roles.ensure(cursor, prefix, {name: login_password(prefix, name) for name in roles.LOGINS})
        cursor.execute(FUNCTIONS)
        cursor.execute("INSERT INTO harapan.scope_key VALUES (%s, %s)", [ipad, opad])
        cursor.execute(f"GRANT USAGE ON SCHEMA harapan TO {roles.everyone(prefix)}, {roles.role(prefix, 'common')}")
        cursor.execute("REVOKE ALL ON FUNCTION harapan.scope_is_signed() FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.scope_is_signed() TO {roles.everyone(prefix)}")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [Statements(create, migrations.RunPython.noop)]
