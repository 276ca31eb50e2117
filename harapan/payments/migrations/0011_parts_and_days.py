"""Hand-overs in parts, payout days that go with a reason, the frame of a draw, documents that reasons rest on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
from harapan.database.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0010_cut_told"),
        ("registry", "0006_search_reads_the_fewer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.RemoveConstraint(model_name="handover", name="handover_once"),
            migrations.AddConstraint(
                model_name="handover",
                constraint=models.UniqueConstraint(
                    fields=("stage", "family", "programme", "on"), name="handover_once_a_day"
                ),
            ),
            migrations.AlterField(
                model_name="handoverproof",
                name="page",
                field=models.SmallIntegerField(null=True, verbose_name="halaman"),
            ),
            migrations.RemoveConstraint(model_name="payoutday", name="payout_day_once"),
        ),
        Together(
            migrations.AddField(
                model_name="payoutday",
                name="gone_at",
                field=models.DateTimeField(blank=True, null=True, verbose_name="ditiadakan"),
            ),
            migrations.AddField(
                model_name="payoutday",
                name="gone_because",
                field=models.CharField(blank=True, default="", max_length=200, verbose_name="alasan ditiadakan"),
                preserve_default=False,
            ),
            migrations.AddField(
                model_name="payoutday",
                name="gone_by",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            migrations.AddField(
                model_name="payoutday",
                name="moved_to",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="payments.payoutday",
                ),
            ),
            migrations.AddConstraint(
                model_name="payoutday",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("gone_at__isnull", True)),
                    fields=("stage", "region_no", "on", "begins"),
                    name="payout_day_stands_once",
                ),
            ),
            migrations.AddConstraint(
                model_name="payoutday",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("gone_at__isnull", True), ("gone_because", ""), ("moved_to__isnull", True)),
                        models.Q(
                            ("gone_at__isnull", False),
                            ("gone_by__isnull", False),
                            models.Q(("gone_because", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="payout_day_gone_by_whom_and_why",
                ),
            ),
            migrations.AddField(
                model_name="receiptdraw",
                name="frame",
                field=models.JSONField(null=True, verbose_name="kerangka undian"),
            ),
            migrations.AddField(
                model_name="receiptdraw",
                name="frame_hash",
                field=models.CharField(blank=True, default="", max_length=64, verbose_name="sidik kerangka"),
                preserve_default=False,
            ),
            migrations.CreateModel(
                name="PayoutTelling",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("told_at", models.DateTimeField(auto_now_add=True, verbose_name="dikabarkan")),
                    (
                        "day",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payoutday"
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="registry.group",
                            verbose_name="kelompok",
                        ),
                    ),
                    (
                        "told_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "verbose_name": "kabar hari bayar",
                    "constraints": [models.UniqueConstraint(fields=("day", "group"), name="payout_telling_once")],
                },
            ),
        ),
    ]
