"""A planned cost becomes a paid one: its day is written, and nothing else of the line."""

from django.conf import settings
from django.db import migrations

from harapan.database.roles import role
from harapan.database.together import Statements

SHAPES = ("region", "regions", "groups", "nation", "batch")  # as `rls.Protect` has them


def let_pay(apps, schema_editor):
    shapes = ", ".join(role(settings.ROLE_PREFIX, name) for name in SHAPES)
    schema_editor.execute(f"GRANT UPDATE (spent_on) ON training_costitem TO {shapes}")


class Migration(migrations.Migration):
    dependencies = [("training", "0012_feedback_by_link")]
    operations = [Statements(let_pay, migrations.RunPython.noop)]
