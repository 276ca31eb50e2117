"""Which photographs have been looked at: those stored before `looks` was asked of new ones wait for it."""

from django.db import migrations, models

from harapan.database.together import Statements


def known(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true)")
        cursor.execute("UPDATE p2k2_photograph SET looks_known = true WHERE looks IS NOT NULL")


class Migration(migrations.Migration):
    dependencies = [("p2k2", "0004_photograph_looks")]
    operations = [
        migrations.AddField("photograph", "looks_known", models.BooleanField(default=False, editable=False)),
        Statements(known, migrations.RunPython.noop),
        migrations.AddIndex(
            "photograph",
            models.Index(fields=["id"], name="photograph_not_looked_at", condition=models.Q(looks_known=False)),
        ),
    ]
