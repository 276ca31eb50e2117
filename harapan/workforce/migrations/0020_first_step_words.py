"""A step of the first days says in a sentence what it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workforce", "0019_withdrawn_before_the_first_day")]

    operations = [
        migrations.AddField(
            "firststep",
            "words",
            models.CharField(blank=True, db_default="", max_length=300, verbose_name="catatan"),
        ),
    ]
