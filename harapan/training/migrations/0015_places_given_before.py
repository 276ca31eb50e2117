"""Plans accepted until now gave the places of the batches they made."""

from django.db import migrations

# migrations act for nobody in particular
GIVEN = """
SELECT set_config('harapan.actor', '0', true), set_config('harapan.via', 'migration', true);
UPDATE training_enrolment e SET place_plan_id = p.id FROM training_placeplan p WHERE e.batch_id = ANY (p.batch_nos)
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0014_places_by_plan")]
    operations = [migrations.RunSQL(GIVEN, migrations.RunSQL.noop)]
