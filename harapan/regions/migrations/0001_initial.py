"""Regions and their former names: everybody signed in reads them, only batch work and the owner write them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from harapan.database.rls import Open
from harapan.database.roles import grant
from harapan.database.together import Statements, Together

UNENDED = models.Q(since__isnull=True) | models.Q(until__isnull=True)
PROVINCE = models.Q(level=1, parent__isnull=True)
BELOW = models.Q(level__gt=1, parent__isnull=False)
LEVELS = [(1, "Provinsi"), (2, "Kabupaten/Kota"), (3, "Kecamatan"), (4, "Desa/Kelurahan")]


def let_batch_write(apps, schema_editor):
    for table in ("regions_region", "regions_formername"):
        schema_editor.execute(grant(settings.ROLE_PREFIX, "INSERT, UPDATE", table, ["batch"]))


class Migration(migrations.Migration):
    initial = True
    dependencies = [("database", "0001_roles_and_scope")]
    operations = [
        Together(
            migrations.CreateModel(
                name="Region",
                fields=[
                    ("no", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="nomor wilayah")),
                    ("level", models.SmallIntegerField(choices=LEVELS, verbose_name="tingkat")),
                    ("name", models.TextField(verbose_name="nama")),
                    ("name_key", models.TextField(db_collation="C", verbose_name="kunci nama")),
                    (
                        "parent",
                        models.ForeignKey(
                            "regions.region",
                            django.db.models.deletion.PROTECT,
                            null=True,
                            blank=True,
                            related_name="+",
                            verbose_name="induk",
                        ),
                    ),
                    ("since", models.DateField(blank=True, null=True, verbose_name="berlaku sejak")),
                    ("until", models.DateField(blank=True, null=True, verbose_name="berlaku sampai")),
                ],
                options={
                    "verbose_name": "wilayah",
                    "verbose_name_plural": "wilayah",
                    "indexes": [models.Index(fields=["name_key", "no"], name="region_by_name")],
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(level__range=(1, 4)), name="region_level_is_known"),
                        models.CheckConstraint(
                            condition=UNENDED | models.Q(until__gte=models.F("since")),
                            name="region_ends_not_before_it_began",
                        ),
                        models.CheckConstraint(condition=PROVINCE | BELOW, name="region_has_a_parent_below_province"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FormerName",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "region",
                        models.ForeignKey(
                            "regions.region",
                            django.db.models.deletion.CASCADE,
                            related_name="former_names",
                            verbose_name="wilayah",
                        ),
                    ),
                    ("name", models.TextField(verbose_name="nama")),
                    ("until", models.DateField(verbose_name="sampai")),
                ],
                options={
                    "verbose_name": "nama lama wilayah",
                    "verbose_name_plural": "nama lama wilayah",
                    "constraints": [models.UniqueConstraint(fields=["region", "name"], name="former_name_once")],
                },
            ),
        ),
        Open("regions_region"),
        Open("regions_formername"),
        Statements(let_batch_write, migrations.RunPython.noop),
    ]
