from django.db import migrations

from harapan.database.phrases import PhraseField


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_work_rights")]

    operations = [migrations.AlterField("work", "message", PhraseField("keterangan", blank=True))]
