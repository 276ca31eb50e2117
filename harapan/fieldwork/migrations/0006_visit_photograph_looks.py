"""How a visit's photograph looks, so that one used again is seen; those stored before wait for the nightly look."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0005_duties_move")]
    operations = [
        migrations.AddField("visitphotograph", "looks", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("visitphotograph", "looks_known", models.BooleanField(default=False, editable=False)),
        migrations.AddIndex(
            "visitphotograph",
            models.Index(fields=["id"], name="visit_photo_not_looked_at", condition=models.Q(looks_known=False)),
        ),
    ]
