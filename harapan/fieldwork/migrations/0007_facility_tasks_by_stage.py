"""A facility's open months are one task for each stage: plans made before name it by the first month that was open."""

from django.db import migrations

from harapan.database.together import Statements
from harapan.policy.reader import default_policy

_OLD = r"^facility-month:\d+:\d{4}-\d{2}$"
_RENAME = """
    UPDATE fieldwork_planitem p SET task_key = n.key
    FROM (SELECT id, 'facility-month:' || subject_no || ':' || %(stage)s AS key FROM fieldwork_planitem
          WHERE task_key = 'facility-month:' || subject_no || ':' || %(month)s) n
    WHERE n.id = p.id
      AND NOT EXISTS (SELECT FROM fieldwork_planitem o WHERE o.plan_id = p.plan_id AND o.task_key = n.key)"""


def by_stage(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true)")
        cursor.execute(
            "SELECT DISTINCT split_part(task_key, ':', 3) FROM fieldwork_planitem WHERE task_key ~ %s", [_OLD]
        )
        for (month,) in sorted(cursor.fetchall()):
            stage = stage_observing(month)
            if stage:
                cursor.execute(_RENAME, {"stage": stage, "month": month})


def stage_observing(month):
    """The stage of families paid by bank that looks at the month; None where the calendar has none."""
    year = int(month[:4])
    plans = [plan for each in (year, year + 1) for plan in default_policy().stages(each) if plan.channel != "pos"]
    return next((plan.name for plan in plans if month in plan.observes_months), None)


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0006_visit_photograph_looks")]
    operations = [Statements(by_stage, migrations.RunPython.noop)]
