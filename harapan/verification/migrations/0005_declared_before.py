"""Months declared before declarations were kept by group: each stood for every family its facility then served."""

from django.db import migrations

from harapan.database.rls import Open
from harapan.database.together import Statements

_KEEP = """
    INSERT INTO verification_declaration (facility_id, month, group_no, district_no, manner, declared_by_id, declared_at)
    SELECT DISTINCT f.facility_id, f.month, c.group_id, c.region_no / 10000 * 10000, f.manner, f.declared_by_id,
           f.declared_at
    FROM verification_facilitymonth f
    JOIN registry_componentspell c ON c.facility_id = f.facility_id"""


def keep(apps, schema_editor):
    """For everybody the facility ever served: narrower would take from somebody what was said of them."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true)")
        cursor.execute(_KEEP)


class Migration(migrations.Migration):
    dependencies = [("verification", "0004_declarations"), ("registry", "0002_scope")]
    operations = [
        Open("verification_declaration", rights="SELECT, INSERT", audited="declaration"),
        Statements(keep, migrations.RunPython.noop),
    ]
