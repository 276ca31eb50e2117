"""Rows of a superseded run may go: every new list computes a stage again, and its run's hash and totals stay."""

from django.conf import settings
from django.db import migrations

from harapan.database.roles import role
from harapan.database.together import Statements

RETIRE = """
CREATE FUNCTION harapan.run_retire(which bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
-- Detaches and drops the rows of a run that another has superseded. The run itself stays, with what it came to.
DECLARE base text; part text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM benefits_run r WHERE r.id = which AND r.state = 'superseded') THEN
        RAISE EXCEPTION 'Run % is not superseded: its rows stay.', which;
    END IF;
    FOREACH base IN ARRAY ARRAY['benefits_entitlement', 'benefits_line'] LOOP
        part := base || '_r' || which;
        IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = part AND c.relnamespace = 'public'::regnamespace
                   AND c.relispartition) THEN
            EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', base, part);
            EXECUTE format('DROP TABLE %I', part);
        END IF;
    END LOOP;
END $body$;
"""


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(RETIRE)
        cursor.execute("REVOKE ALL ON FUNCTION harapan.run_retire(bigint) FROM PUBLIC")
        batch = role(settings.ROLE_PREFIX, "batch")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.run_retire(bigint) TO {batch}")


class Migration(migrations.Migration):
    dependencies = [("benefits", "0003_lean_indexes")]
    operations = [Statements(create, migrations.RunPython.noop)]
