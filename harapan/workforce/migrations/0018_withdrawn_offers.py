"""Whoever accepted a place may withdraw before the first day, with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0017_pdf_evidence"),
    ]

    operations = [
        migrations.AddField(
            model_name="placeoffer",
            name="why",
            field=models.CharField(blank=True, max_length=200, verbose_name="alasan mundur"),
        ),
        migrations.AlterField(
            model_name="placeoffer",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "menunggu jawaban"),
                    ("accepted", "diterima"),
                    ("declined", "ditolak"),
                    ("lapsed", "lewat batas"),
                    ("withdrew", "mengundurkan diri sebelum bertugas"),
                ],
                default="open",
                max_length=8,
                verbose_name="keadaan",
            ),
        ),
        migrations.AddConstraint(
            model_name="placeoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrew"), models.Q(("why", ""), _negated=True)),
                    models.Q(models.Q(("state", "withdrew"), _negated=True), ("why", "")),
                    _connector="OR",
                ),
                name="offer_withdrawn_for_a_reason",
            ),
        ),
    ]
