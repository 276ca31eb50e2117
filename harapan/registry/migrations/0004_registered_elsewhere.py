"""Whether a family of a list is registered outside the importer's scope: tells that, and nothing else."""

from django.conf import settings
from django.db import migrations

from harapan.database.roles import role
from harapan.database.together import Statements

FUNCTION = """
CREATE FUNCTION harapan.registered_elsewhere(lines int[], dtks_ids text[], niks bytea[], kks bytea[])
RETURNS SETOF int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.line FROM unnest(lines, dtks_ids, niks, kks) AS k (line, dtks_id, nik_ix, kk_ix)
    WHERE harapan.scope_is_signed() AND (
        EXISTS (SELECT FROM registry_family f WHERE f.dtks_id = k.dtks_id)
        OR EXISTS (SELECT FROM registry_member m WHERE m.nik_ix = k.nik_ix AND m.manager)
        OR EXISTS (SELECT FROM registry_family f WHERE f.kk_ix = k.kk_ix))
$$
"""
SIGNATURE = "harapan.registered_elsewhere(int[], text[], bytea[], bytea[])"


def create(apps, schema_editor):
    shapes = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions"))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        cursor.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {shapes}")


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DROP FUNCTION {SIGNATURE}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_search")]
    operations = [Statements(create, drop)]
