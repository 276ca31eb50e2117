"""An answer about nobody known yet tells the name the file gives: a list of new families was a column of dashes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_phrases")]
    operations = [
        migrations.AddField(
            model_name="importrow",
            name="name",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="nama pada berkas"),
        )
    ]
