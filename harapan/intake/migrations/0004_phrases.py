from django.db import migrations

from harapan.database.phrases import PhraseField


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_read_by_work")]

    operations = [
        migrations.AlterField("importrow", "words", PhraseField("keterangan", blank=True)),
        migrations.AlterField("importrun", "notice", PhraseField("catatan tentang berkas", blank=True)),
    ]
