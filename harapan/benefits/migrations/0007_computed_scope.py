"""Entitlements carry the account they are paid to, as frozen; who may see and add freezes, checks and approvals."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open, Protect
from harapan.database.roles import role
from harapan.database.together import Statements

PAYEES = """
ALTER TABLE benefits_entitlement
    ADD COLUMN account_id bigint NOT NULL DEFAULT 0, ADD COLUMN payer text NOT NULL DEFAULT '';
"""
BACK = "ALTER TABLE benefits_entitlement DROP COLUMN account_id, DROP COLUMN payer;"

OPENING = """
CREATE OR REPLACE FUNCTION harapan.run_open(which bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
-- Two bare tables for a running run; what a killed try left of them goes. A run beside a list names no payee.
DECLARE base text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM benefits_run r WHERE r.id = which AND r.state = 'running') THEN
        RAISE EXCEPTION 'Run % is not running: only a running run takes rows.', which;
    END IF;
    PERFORM harapan.run_drop(which);
    FOREACH base IN ARRAY ARRAY['benefits_entitlement', 'benefits_line'] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS)', base || '_r' || which, base);
        EXECUTE format('GRANT INSERT ON %I TO {batch}', base || '_r' || which);
    END LOOP;
END $body$;
"""


def create(apps, schema_editor):
    schema_editor.execute(OPENING.replace("{batch}", role(settings.ROLE_PREFIX, "batch")), params=None)


class Migration(migrations.Migration):
    dependencies = [("benefits", "0006_computed"), ("audit", "0001_entries_and_seals")]
    operations = [
        migrations.RunSQL(PAYEES, BACK),
        Statements(create, migrations.RunPython.noop),
        Open("benefits_snapshot", rights="SELECT, INSERT, UPDATE", audited="snapshot"),
        # its figures name families by number: only the nation's scope reaches region 0
        Protect("benefits_runcheck", group=None, rights="SELECT, INSERT", audited="run_check"),
        Open("benefits_approval", rights="SELECT, INSERT", audited="approval"),
    ]
