"""Extra duties of one person join those of a region in `workforce`, which lower target, plan and load alike."""

from django.db import migrations

from harapan.database.together import Statements

_MOVE = """
    INSERT INTO workforce_extraduty (user_id, region_no, kind, title, place, letter_no, letter_on, letter_by,
        letter_by_post, first_on, last_on, minutes_a_day, recorded_by_id, recorded_at, cancelled_on, cancelled_because)
    SELECT user_id, region_no, kind, title, place, letter_no, letter_on, letter_by, letter_by_post, first_on, last_on,
        minutes_a_day, recorded_by_id, recorded_at, cancelled_on, cancelled_because
    FROM fieldwork_duty ORDER BY id"""


def move(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true)")
        cursor.execute(_MOVE)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a place that is none is told here, not at the end


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0004_work_scope"), ("workforce", "0015_extra_duty")]
    operations = [
        Statements(move, migrations.RunPython.noop),
        migrations.DeleteModel("Duty"),
    ]
