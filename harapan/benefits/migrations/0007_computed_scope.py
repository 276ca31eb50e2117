"""Entitlements carry the account they are paid to, as frozen; who may see and add freezes, checks and approvals."""

from django.db import migrations

from harapan.database.rls import Open, Protect

PAYEES = """
ALTER TABLE benefits_entitlement
    ADD COLUMN account_id bigint NOT NULL DEFAULT 0, ADD COLUMN payer text NOT NULL DEFAULT '';
"""
BACK = "ALTER TABLE benefits_entitlement DROP COLUMN account_id, DROP COLUMN payer;"


class Migration(migrations.Migration):
    dependencies = [("benefits", "0006_computed"), ("audit", "0001_entries_and_seals")]
    operations = [
        migrations.RunSQL(PAYEES, BACK),
        Open("benefits_snapshot", rights="SELECT, INSERT, UPDATE", audited="snapshot"),
        # its figures name families by number: only the nation's scope reaches region 0
        Protect("benefits_runcheck", group=None, rights="SELECT, INSERT", audited="run_check"),
        Open("benefits_approval", rights="SELECT, INSERT", audited="approval"),
    ]
