"""When a meeting was recorded is said by who records it: a demonstration lives on a day of its own."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("p2k2", "0005_photograph_looks_known")]

    operations = [
        migrations.AlterField(
            model_name="session",
            name="recorded_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="dicatat"),
        ),
    ]
