"""Entitlements tell back-pay and recovery apart; notices, adjustments and deferrals follow their family, for good."""

from django.db import migrations

from harapan.registry.scoping import family_child

# partitions that are there get both columns with the parent; 0 is what runs before knew
COLUMNS = """
ALTER TABLE benefits_entitlement
    ADD COLUMN back_pay_idr bigint NOT NULL DEFAULT 0, ADD COLUMN recovered_idr bigint NOT NULL DEFAULT 0;
"""
BACK = "ALTER TABLE benefits_entitlement DROP COLUMN back_pay_idr, DROP COLUMN recovered_idr;"
KEPT = "SELECT, INSERT, UPDATE"


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0010_sanctions"),
        ("audit", "0001_entries_and_seals"),
        ("verification", "0006_exemptions"),
    ]
    operations = [
        migrations.RunSQL(COLUMNS, BACK),
        *family_child("benefits_sanctionnotice", audited="sanction_notice", rights=KEPT),
        *family_child("benefits_adjustment", audited="adjustment", rights=KEPT),
        *family_child("benefits_deferral", audited="deferral", rights=KEPT),
    ]
