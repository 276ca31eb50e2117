"""Portraits on ID cards, leave asked for by oneself, files as evidence, reports joined into one case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
from harapan.database.together import Together


def to(model, **options):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=model, **{"related_name": "+", **options})


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0010_recruitment_scope"),
        ("files", "0003_own_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.AlterField(
                model_name="person",
                name="kind",
                field=models.CharField(
                    choices=[
                        ("pkh", "SDM PKH"),
                        ("bpnt", "Pendamping BPNT"),
                        ("tksk", "TKSK"),
                        ("dinas", "Pegawai dinas, balai, atau pusat"),
                        ("other", "Mitra lain"),
                    ],
                    default="pkh",
                    max_length=5,
                    verbose_name="unsur",
                ),
            ),
            migrations.CreateModel(
                name="Portrait",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("added_on", models.DateField(verbose_name="ditambahkan")),
                    ("added_by", to(settings.AUTH_USER_MODEL)),
                    ("file", to("files.storedfile")),
                    ("person", to("workforce.person", related_name="%(class)ss", db_constraint=False)),
                ],
                options={"verbose_name": "foto petugas"},
            ),
            migrations.AddField(
                model_name="badge", name="portrait", field=to("workforce.portrait", blank=True, null=True)
            ),
            migrations.AlterField(
                model_name="departure",
                name="letter",
                field=models.CharField(blank=True, max_length=120, verbose_name="nomor surat"),
            ),
            migrations.AddField(
                model_name="departure",
                name="asked_on",
                field=models.DateField(blank=True, null=True, verbose_name="diminta sendiri"),
            ),
            migrations.AddField(
                model_name="departure",
                name="withdrawn_why",
                field=models.CharField(blank=True, default="", max_length=300, verbose_name="alasan dibatalkan"),
                preserve_default=False,
            ),
            migrations.AddConstraint(
                model_name="departure",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("letter", ""), _negated=True),
                        models.Q(("asked_on__isnull", False), ("settled_on__isnull", True)),
                        _connector="OR",
                    ),
                    name="departure_goes_under_a_letter",
                ),
            ),
            migrations.AddField(
                model_name="ethicscase",
                name="joined_to",
                field=to("workforce.ethicscase", blank=True, null=True, related_name="joined"),
            ),
            migrations.AlterField(
                model_name="ethicsevidence",
                name="kind",
                field=models.CharField(
                    choices=[
                        ("held_card", "laporan kartu"),
                        ("finding", "temuan"),
                        ("family", "jawaban keluarga"),
                        ("seen", "yang diperiksa"),
                        ("brought", "berkas dari pelapor"),
                        ("file", "berkas pemeriksa"),
                    ],
                    max_length=10,
                    verbose_name="jenis",
                ),
            ),
            migrations.AlterField(
                model_name="ethicsevidence", name="words", field=models.TextField(blank=True, verbose_name="isi")
            ),
            migrations.AddField(
                model_name="ethicsevidence",
                name="report",
                field=to("workforce.ethicsreport", blank=True, null=True, related_name="files"),
            ),
            migrations.AddField(
                model_name="ethicsevidence", name="file", field=to("files.storedfile", blank=True, null=True)
            ),
        ),
    ]
