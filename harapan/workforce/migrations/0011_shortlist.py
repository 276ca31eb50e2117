"""Shortlists before the interview, frozen scores beside each rank, sessions with their invitations; doubles at sending.

Until now doubles were set aside and participant numbers drawn when a round closed. Of open rounds this is made up for.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STAGES = [
    ("administration", "Administrasi"),
    ("psychological", "Psikotes"),
    ("competence", "Kompetensi bidang"),
    ("interview", "Wawancara"),
]

# What stood as closed keeps its numbers; of open rounds everybody sent gets one, and the latest (or first) of a person
# counts. Migrations act for nobody in particular.
MADE_UP = """
SELECT set_config('harapan.actor', '0', true), set_config('harapan.via', 'migration', true);
UPDATE workforce_application a SET set_aside_on = current_date FROM (
    SELECT b.id, row_number() OVER (
        PARTITION BY b.round_id, b.nik_ix
        ORDER BY CASE WHEN r.rules ->> 'double_counts' = 'first' THEN b.submitted_at END,
                 b.submitted_at DESC, b.id DESC) AS turn
    FROM workforce_application b JOIN workforce_recruitmentround r ON r.id = b.round_id
    WHERE b.state = 'submitted' AND r.state = 'open') sent
WHERE sent.id = a.id AND sent.turn > 1;
UPDATE workforce_application a SET participant_no = 999999 + sent.turn FROM (
    SELECT id, row_number() OVER (PARTITION BY round_id ORDER BY gen_random_uuid()) AS turn
    FROM workforce_application WHERE state = 'submitted' AND participant_no IS NULL) sent
WHERE sent.id = a.id;
UPDATE workforce_rankedapplication r SET scores = ARRAY[s.administration, s.psychological, s.competence, s.interview]
FROM (SELECT application_id, max(score) FILTER (WHERE stage = 'administration') AS administration,
             max(score) FILTER (WHERE stage = 'psychological') AS psychological,
             max(score) FILTER (WHERE stage = 'competence') AS competence,
             max(score) FILTER (WHERE stage = 'interview') AS interview
      FROM workforce_stagescore GROUP BY application_id) s
WHERE s.application_id = r.application_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0001_initial"),
        ("workforce", "0010_recruitment_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="ranking",
            name="kind",
            field=models.CharField(
                choices=[("result", "hasil akhir"), ("shortlist", "panggilan wawancara")],
                default="result",
                max_length=9,
                verbose_name="jenis",
            ),
        ),
        migrations.AddField(
            model_name="rankedapplication",
            name="scores",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(null=True),
                default=list,
                size=None,
                verbose_name="nilai yang dibekukan",
            ),
        ),
        migrations.AlterField(
            model_name="rankedapplication",
            name="ranking",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="workforce.ranking",
            ),
        ),
        migrations.RemoveConstraint(model_name="application", name="application_counts_once_a_nik"),
        migrations.RunSQL(MADE_UP, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("set_aside_on__isnull", True), ("state", "submitted")),
                fields=("round", "nik_ix"),
                name="application_counts_once_a_nik",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "submitted"), _negated=True), ("participant_no__isnull", False), _connector="OR"
                ),
                name="application_sent_has_its_number",
            ),
        ),
        migrations.CreateModel(
            name="StageSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(choices=STAGES, max_length=14, verbose_name="tahap")),
                ("place", models.CharField(max_length=200, verbose_name="tempat")),
                ("begins_at", models.DateTimeField(verbose_name="mulai")),
                ("seats", models.IntegerField(verbose_name="kursi")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="yang dibawa")),
                ("moved_on", models.DateField(blank=True, null=True, verbose_name="dipindah")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                        verbose_name="wilayah",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="workforce.recruitmentround",
                    ),
                ),
            ],
            options={
                "verbose_name": "sesi seleksi",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("seats__gte", 1)), name="stage_session_has_a_seat"),
                    models.UniqueConstraint(fields=("id", "stage"), name="stage_session_of_stage"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StageInvitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("region_no", models.BigIntegerField(editable=False)),
                ("stage", models.CharField(choices=STAGES, editable=False, max_length=14, verbose_name="tahap")),
                ("invited_on", models.DateField(verbose_name="diundang")),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="workforce.application",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="workforce.stagesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "undangan seleksi",
                "constraints": [models.UniqueConstraint(fields=("application", "stage"), name="stage_invitation_once")],
            },
        ),
    ]
