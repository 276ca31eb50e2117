"""Whoever withdraws before the first day is again what they were, and what bound them from that day never stands."""

from django.db import migrations, models
from django.db.models import F, Q

from harapan.database.together import Together

KINDS = [
    ("pkh", "SDM PKH"),
    ("bpnt", "Pendamping BPNT"),
    ("tksk", "TKSK"),
    ("dinas", "Pegawai dinas, balai, atau pusat"),
    ("other", "Mitra lain"),
    ("never", "Tidak jadi bertugas"),
]
STANDS = Q(until__gt=F("since"))


class Migration(migrations.Migration):
    dependencies = [("workforce", "0018_withdrawn_offers")]

    operations = [
        Together(
            migrations.RemoveConstraint("contract", "contract_once_a_number"),
            migrations.RemoveConstraint("contract", "contract_once_a_day"),
            migrations.RemoveConstraint("contract", "contract_ends_after_it_began"),
        ),
        Together(
            migrations.AddField(
                "placeoffer",
                "stood_cohort",
                models.SmallIntegerField(blank=True, null=True, verbose_name="angkatan sebelumnya"),
            ),
            migrations.AddField(
                "placeoffer",
                "stood_kind",
                models.CharField(
                    blank=True, choices=KINDS, db_default="", max_length=5, verbose_name="unsur sebelumnya"
                ),
            ),
            migrations.AddField(
                "placeoffer",
                "stood_since",
                models.DateField(blank=True, null=True, verbose_name="mulai bertugas sebelumnya"),
            ),
            migrations.AddField(
                "placeoffer",
                "stood_until",
                models.DateField(blank=True, null=True, verbose_name="berhenti sebelumnya"),
            ),
            migrations.AlterField(
                "person",
                "kind",
                models.CharField(choices=KINDS, default="pkh", max_length=5, verbose_name="unsur"),
            ),
            migrations.AddConstraint(
                "contract",
                models.UniqueConstraint(condition=STANDS, fields=("person", "number"), name="contract_once_a_number"),
            ),
            migrations.AddConstraint(
                "contract",
                models.UniqueConstraint(condition=STANDS, fields=("person", "since"), name="contract_once_a_day"),
            ),
            migrations.AddConstraint(
                "contract",
                models.CheckConstraint(condition=Q(until__gte=F("since")), name="contract_ends_after_it_began"),
            ),
        ),
    ]
