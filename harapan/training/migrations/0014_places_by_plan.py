"""Which plan gave somebody a place: it fills seats of batches that stood before it, too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0013_costs_paid")]
    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="place_plan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="training.placeplan",
            ),
        ),
    ]
