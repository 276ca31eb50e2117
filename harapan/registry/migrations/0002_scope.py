"""Row-level security, the keys that keep children in their family's scope, and the audit of every change."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open, Protect
from harapan.database.roles import role
from harapan.database.together import Statements
from harapan.registry.scoping import family_child

SECRET_NUMBERS = ("kk", "phone")


def no_group_for_all(apps, schema_editor):
    """The row "belum berkelompok" exists once and everybody sees it: families without a group point to it."""
    shapes = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true)")
        cursor.execute("INSERT INTO registry_group (id, name, leader_name) VALUES (0, 'Belum berkelompok', '')")
        cursor.execute(f"CREATE POLICY nobody ON registry_group FOR SELECT TO {shapes} USING (id = 0)")


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("audit", "0001_entries_and_seals")]
    operations = [
        Protect("registry_group", rights="SELECT, INSERT, UPDATE", group="id", audited="group"),
        Open("registry_facility", rights="SELECT, INSERT, UPDATE", audited="facility"),
        migrations.RunSQL(
            "ALTER TABLE registry_family ADD CONSTRAINT registry_family_scope UNIQUE (id, region_no, group_id)",
            migrations.RunSQL.noop,
        ),
        Protect("registry_family", audited="family", secret=SECRET_NUMBERS),
        *family_child("registry_member", audited="member", secret=("nik",)),
        *family_child("registry_enrolment", audited="enrolment"),
        *family_child("registry_componentspell", audited="component"),
        *family_child("registry_paymentaccount", audited="account", secret=("number", "card")),
        *family_child("registry_outsidefact", audited="fact"),
        *family_child("registry_question", audited="question", secret=("ours", "theirs")),
        Statements(no_group_for_all, migrations.RunPython.noop),
    ]
