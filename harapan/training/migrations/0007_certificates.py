import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
from harapan.database.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0003_own_files"),
        ("regions", "0001_initial"),
        ("training", "0006_learning_scope"),
        ("workforce", "0004_person_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name="Certificate",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("year", models.SmallIntegerField(verbose_name="tahun")),
                    ("number", models.IntegerField(verbose_name="nomor urut")),
                    ("issued_on", models.DateField(verbose_name="tanggal terbit")),
                    ("expires_on", models.DateField(blank=True, null=True, verbose_name="berlaku sampai")),
                    ("revoked_on", models.DateField(blank=True, null=True, verbose_name="dicabut")),
                    (
                        "revoked_letter",
                        models.CharField(blank=True, max_length=120, verbose_name="nomor surat pencabutan"),
                    ),
                    ("revoked_reason", models.CharField(blank=True, max_length=200, verbose_name="alasan pencabutan")),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="certificates",
                            to="training.course",
                        ),
                    ),
                    (
                        "enrolment",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="certificate",
                            to="training.enrolment",
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="workforce.person",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "sertifikat",
                    "indexes": [
                        models.Index(fields=["person", "course"], name="certificate_person_course"),
                        models.Index(fields=["-issued_on", "-id"], name="certificate_latest"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("course", "year", "number"), name="certificate_number_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("revoked_on__isnull", True),
                                models.Q(
                                    models.Q(("revoked_letter", ""), _negated=True),
                                    models.Q(("revoked_reason", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="certificate_revoked_under_a_letter",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CertificateSeries",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("year", models.SmallIntegerField(verbose_name="tahun")),
                    ("last", models.IntegerField(default=0, verbose_name="nomor terakhir")),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.course"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "seri nomor sertifikat",
                    "constraints": [models.UniqueConstraint(fields=("course", "year"), name="series_once")],
                },
            ),
            migrations.CreateModel(
                name="CertificateVersion",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("version", models.SmallIntegerField(verbose_name="versi")),
                    ("code", models.CharField(max_length=20, unique=True)),
                    ("printed", models.JSONField()),
                    ("why", models.CharField(blank=True, max_length=200, verbose_name="sebab diterbitkan ulang")),
                    ("made_at", models.DateTimeField(verbose_name="dibuat")),
                    (
                        "certificate",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="versions",
                            to="training.certificate",
                        ),
                    ),
                    (
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="workforce.person",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "versi sertifikat",
                    "constraints": [
                        models.UniqueConstraint(fields=("certificate", "version"), name="certificate_version_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ExternalCertificate",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("competence", models.CharField(max_length=40, verbose_name="kompetensi")),
                    ("title", models.CharField(max_length=160, verbose_name="judul sertifikat")),
                    ("issuer", models.CharField(max_length=160, verbose_name="penerbit")),
                    ("number", models.CharField(max_length=80, verbose_name="nomor sertifikat")),
                    ("issued_on", models.DateField(verbose_name="tanggal terbit")),
                    ("expires_on", models.DateField(blank=True, null=True, verbose_name="berlaku sampai")),
                    ("recorded_on", models.DateField(verbose_name="dicatat")),
                    (
                        "person",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="workforce.person",
                        ),
                    ),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "scan",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "sertifikat dari luar",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("person", "issuer", "number"), name="external_certificate_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("expires_on__isnull", True),
                                ("expires_on__gte", models.F("issued_on")),
                                _connector="OR",
                            ),
                            name="external_certificate_counts_for_a_while",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Feedback",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("answers", models.JSONField()),
                    ("remark", models.CharField(blank=True, max_length=500, verbose_name="saran")),
                    (
                        "batch",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="feedback", to="training.batch"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "umpan balik diklat",
                },
            ),
            migrations.CreateModel(
                name="FeedbackGiven",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    (
                        "batch",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.batch"
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="workforce.person",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "umpan balik sudah diisi",
                    "constraints": [models.UniqueConstraint(fields=("person", "batch"), name="feedback_once")],
                },
            ),
            migrations.CreateModel(
                name="FieldProblem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("title", models.CharField(max_length=160, verbose_name="masalah, satu kalimat")),
                    ("detail", models.TextField(max_length=2000, verbose_name="penjelasan")),
                    ("raised_on", models.DateField(verbose_name="diajukan")),
                    ("answer", models.TextField(blank=True, max_length=4000, verbose_name="jawaban yang disepakati")),
                    ("owner", models.CharField(blank=True, max_length=120, verbose_name="penanggung jawab")),
                    ("agreed_on", models.DateField(blank=True, null=True, verbose_name="disepakati")),
                    ("published_on", models.DateField(blank=True, null=True, verbose_name="diumumkan")),
                    (
                        "answered_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "batch",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="problems",
                            to="training.batch",
                        ),
                    ),
                    (
                        "raised_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "verbose_name": "masalah lapangan",
                    "indexes": [models.Index(fields=["-raised_on", "-id"], name="problem_latest")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("published_on__isnull", True),
                                models.Q(
                                    ("agreed_on__isnull", False),
                                    models.Q(("answer", ""), _negated=True),
                                    models.Q(("owner", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="problem_published_with_answer",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="FollowUpPlan",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("aim", models.CharField(max_length=300, verbose_name="yang ingin dicapai")),
                    ("steps", models.TextField(max_length=2000, verbose_name="langkah dan waktunya")),
                    ("support", models.CharField(blank=True, max_length=300, verbose_name="dukungan yang diperlukan")),
                    ("made_on", models.DateField(verbose_name="dibuat")),
                    (
                        "enrolment",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="follow_up",
                            to="training.enrolment",
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="workforce.person",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "rencana tindak lanjut",
                },
            ),
            migrations.CreateModel(
                name="FollowUpCheck",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("after_months", models.SmallIntegerField(verbose_name="bulan sesudah diklat")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("done", "Tercapai"),
                                ("partly", "Sebagian tercapai"),
                                ("not_yet", "Belum tercapai"),
                            ],
                            max_length=7,
                            verbose_name="hasil",
                        ),
                    ),
                    ("note", models.CharField(blank=True, max_length=500, verbose_name="catatan")),
                    ("checked_on", models.DateField(verbose_name="dievaluasi")),
                    (
                        "checked_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="workforce.person",
                        ),
                    ),
                    (
                        "plan",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="checks",
                            to="training.followupplan",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "evaluasi tindak lanjut",
                    "constraints": [
                        models.UniqueConstraint(fields=("plan", "after_months"), name="follow_up_checked_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlacePlan",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("first_month", models.CharField(max_length=7, verbose_name="mulai bulan")),
                    ("digest", models.CharField(max_length=64)),
                    ("people", models.IntegerField(verbose_name="orang")),
                    (
                        "batch_nos",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    ("made_on", models.DateField(verbose_name="disetujui")),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.course"
                        ),
                    ),
                    (
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "verbose_name": "rencana tempat diklat",
                    "constraints": [
                        models.UniqueConstraint(fields=("course", "digest"), name="place_plan_accepted_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Practice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("practice", "Praktik baik"), ("innovation", "Inovasi")],
                            max_length=10,
                            verbose_name="jenis",
                        ),
                    ),
                    ("title", models.CharField(max_length=160, verbose_name="judul")),
                    ("problem", models.TextField(max_length=2000, verbose_name="masalah yang dijawab")),
                    ("how", models.TextField(max_length=4000, verbose_name="cara melakukannya")),
                    ("result", models.TextField(max_length=2000, verbose_name="hasilnya")),
                    ("partners", models.CharField(blank=True, max_length=300, verbose_name="mitra")),
                    ("entered_on", models.DateField(verbose_name="dimasukkan")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("submitted", "Menunggu ditelaah"),
                                ("approved", "Layak ditiru"),
                                ("returned", "Dikembalikan"),
                            ],
                            default="submitted",
                            max_length=9,
                            verbose_name="keadaan",
                        ),
                    ),
                    ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="ditelaah")),
                    ("remark", models.CharField(blank=True, max_length=500, verbose_name="catatan penelaah")),
                    (
                        "author",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="regions.region",
                        ),
                    ),
                    (
                        "reviewed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "praktik baik",
                    "indexes": [models.Index(fields=["-entered_on", "-id"], name="practice_latest")],
                },
            ),
            migrations.CreateModel(
                name="PracticeCopy",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("since", models.DateField(verbose_name="sejak")),
                    ("outcome", models.CharField(max_length=500, verbose_name="hasil di sana")),
                    (
                        "copied_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "practice",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="training.practice"
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.region"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "penerapan praktik baik",
                    "constraints": [
                        models.UniqueConstraint(fields=("practice", "region"), name="practice_copied_once_a_region")
                    ],
                },
            ),
        ),
    ]
