"""Topics and needs of courses, quotas, classes and their sessions, marks, points, letters and costs of batches."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
import harapan.database.phrases
from harapan.database.together import Together

PROTECT = django.db.models.deletion.PROTECT


def number():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def drawn():
    return ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False))


def person():
    to_person = models.ForeignKey(
        db_constraint=False, on_delete=PROTECT, related_name="%(class)ss", to="workforce.person"
    )
    return [("region_no", models.BigIntegerField(editable=False)), ("person", to_person)]


def said_by():
    return ("said_by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL))


def said_at():
    return ("said_at", models.DateTimeField(auto_now=True, verbose_name="dicatat"))


def of(to, name="+", **options):
    return models.ForeignKey(on_delete=PROTECT, related_name=name, to=to, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0001_initial"),
        ("training", "0002_scope"),
        ("workforce", "0004_person_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.AddField(
                "course",
                "about",
                models.CharField(blank=True, db_default="", max_length=300, verbose_name="isi singkat"),
            ),
            migrations.AddField(
                "course",
                "tested",
                models.BooleanField(db_default=True, default=True, verbose_name="dengan pre dan post test"),
            ),
            migrations.AddField(
                "course",
                "practised",
                models.BooleanField(db_default=False, default=False, verbose_name="dengan praktik mengajar"),
            ),
            migrations.AddField("course", "since", models.DateField(blank=True, null=True, verbose_name="sejak")),
            migrations.AddField(
                "course", "until", models.DateField(blank=True, null=True, verbose_name="sampai dengan")
            ),
            migrations.AddField(
                "course", "source", models.CharField(blank=True, db_default="", max_length=200, verbose_name="sumber")
            ),
            migrations.AddField(
                "course",
                "confidence",
                models.CharField(blank=True, db_default="", max_length=1, verbose_name="keyakinan"),
            ),
            migrations.AddField(
                "batch",
                "letter_version",
                models.SmallIntegerField(db_default=1, default=1, verbose_name="versi surat"),
            ),
            migrations.AddField(
                "batch",
                "changed_because",
                models.CharField(blank=True, db_default="", max_length=200, verbose_name="sebab perubahan"),
            ),
            migrations.CreateModel(
                name="CourseTopic",
                fields=[
                    number(),
                    ("number", models.SmallIntegerField(verbose_name="nomor")),
                    ("title", models.CharField(max_length=160, verbose_name="mata diklat")),
                    ("hours", models.SmallIntegerField(verbose_name="JP")),
                    ("practice", models.BooleanField(default=False, verbose_name="praktik")),
                    ("course", of("training.course", "topics")),
                ],
                options={
                    "verbose_name": "mata diklat",
                    "constraints": [
                        models.UniqueConstraint(fields=("course", "number"), name="topic_once_a_number"),
                        models.CheckConstraint(condition=models.Q(("hours__gte", 1)), name="topic_takes_time"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CourseNeed",
                fields=[
                    number(),
                    ("role_code", models.CharField(max_length=30, verbose_name="peran")),
                    ("within_months", models.SmallIntegerField(blank=True, null=True, verbose_name="dalam (bulan)")),
                    ("course", of("training.course", "needs")),
                ],
                options={
                    "verbose_name": "yang wajib mengikuti",
                    "constraints": [models.UniqueConstraint(fields=("course", "role_code"), name="need_once_a_role")],
                },
            ),
            migrations.CreateModel(
                name="Quota",
                fields=[
                    number(),
                    ("who", models.CharField(blank=True, max_length=30, verbose_name="untuk")),
                    ("places", models.SmallIntegerField(verbose_name="kursi")),
                    ("batch", of("training.batch", "quotas")),
                    ("region", of("regions.region", blank=True, null=True)),
                ],
                options={
                    "verbose_name": "kuota angkatan",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("batch", "region", "who"), name="quota_once", nulls_distinct=False
                        ),
                        models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="quota_has_places"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Trainer",
                fields=[
                    number(),
                    ("name", models.CharField(max_length=120, verbose_name="nama")),
                    ("institution", models.CharField(max_length=120, verbose_name="lembaga")),
                    (
                        "user",
                        models.OneToOneField(
                            blank=True, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "verbose_name": "pelatih",
                    "constraints": [models.UniqueConstraint(fields=("name", "institution"), name="trainer_once")],
                },
            ),
            migrations.CreateModel(
                name="TrainingClass",
                fields=[
                    number(),
                    ("number", models.SmallIntegerField(verbose_name="nomor")),
                    ("room", models.CharField(max_length=60, verbose_name="ruang")),
                    ("batch", of("training.batch", "classes")),
                ],
                options={
                    "verbose_name": "kelas",
                    "constraints": [models.UniqueConstraint(fields=("batch", "number"), name="class_number_once")],
                },
            ),
            migrations.CreateModel(
                name="ClassSession",
                fields=[
                    number(),
                    ("day", models.DateField(verbose_name="hari")),
                    ("begins", models.TimeField(verbose_name="mulai")),
                    ("ends", models.TimeField(verbose_name="selesai")),
                    ("hours", models.SmallIntegerField(verbose_name="JP")),
                    ("room", models.CharField(max_length=60, verbose_name="ruang")),
                    ("room_key", models.CharField(editable=False, max_length=240)),
                    ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="kode dibuka")),
                    ("batch", of("training.batch", "sessions")),
                    ("topic", of("training.coursetopic")),
                    ("trainer", of("training.trainer", "sessions")),
                    ("training_class", of("training.trainingclass", "sessions")),
                ],
                options={
                    "verbose_name": "sesi kelas",
                    "indexes": [models.Index(fields=["batch", "day", "begins"], name="class_session_batch_day")],
                    "constraints": [
                        models.UniqueConstraint(fields=("id", "batch"), name="class_session_in_batch"),
                        models.CheckConstraint(
                            condition=models.Q(("ends__gt", models.F("begins")), ("hours__gte", 1)),
                            name="class_session_takes_time",
                        ),
                    ],
                },
            ),
            migrations.AddField(
                "enrolment",
                "quota",
                of("training.quota", "enrolments", blank=True, null=True),
            ),
            migrations.AddField(
                "enrolment",
                "training_class",
                of("training.trainingclass", "enrolments", blank=True, null=True),
            ),
            migrations.AddField(
                "enrolment",
                "asked_version",
                models.SmallIntegerField(db_default=1, default=1, verbose_name="versi surat"),
            ),
            migrations.AddField(
                "enrolment", "answered_on", models.DateField(blank=True, null=True, verbose_name="menjawab pada")
            ),
            migrations.AddField(
                "enrolment",
                "why",
                models.CharField(blank=True, db_default="", max_length=200, verbose_name="sebab berhalangan"),
            ),
            migrations.AddField(
                "enrolment",
                "travels_by",
                models.CharField(
                    blank=True,
                    choices=[
                        ("", "belum diketahui"),
                        ("together", "bersama rombongan"),
                        ("own", "kendaraan sendiri"),
                        ("public", "angkutan umum"),
                        ("air", "pesawat"),
                        ("sea", "kapal"),
                    ],
                    db_default="",
                    max_length=8,
                    verbose_name="berangkat dengan",
                ),
            ),
            migrations.AddField(
                "enrolment",
                "code",
                models.CharField(blank=True, max_length=12, null=True, unique=True, verbose_name="kode peserta"),
            ),
            migrations.AddField(
                "enrolment",
                "result_why",
                harapan.database.phrases.PhraseField(blank=True, db_default="", verbose_name="yang kurang"),
            ),
            migrations.AddConstraint(
                "enrolment", models.UniqueConstraint(fields=("id", "batch"), name="enrolment_in_batch")
            ),
            migrations.CreateModel(
                name="OrderLetter",
                fields=[
                    number(),
                    ("version", models.SmallIntegerField(verbose_name="versi")),
                    ("place_no", models.BigIntegerField(editable=False)),
                    ("organiser", models.CharField(editable=False, max_length=120)),
                    ("year", models.SmallIntegerField(verbose_name="tahun")),
                    ("number", models.IntegerField(verbose_name="nomor")),
                    ("dated", models.DateField(verbose_name="tanggal")),
                    ("signer", models.CharField(max_length=120, verbose_name="penanda tangan")),
                    ("signer_post", models.CharField(max_length=120, verbose_name="jabatan penanda tangan")),
                    ("basis", models.CharField(max_length=300, verbose_name="dasar")),
                    ("batch", of("training.batch", "letters")),
                    ("made_by", of(settings.AUTH_USER_MODEL)),
                ],
                options={
                    "verbose_name": "surat tugas diklat",
                    "constraints": [
                        models.UniqueConstraint(fields=("batch", "version"), name="order_letter_once_a_version"),
                        models.UniqueConstraint(
                            fields=("place_no", "organiser", "year", "number", "version"),
                            name="order_letter_number_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Budget",
                fields=[
                    number(),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("ceiling_idr", models.BigIntegerField(verbose_name="pagu (Rp)")),
                    ("letter", models.CharField(max_length=120, verbose_name="dasar pagu")),
                    (
                        "batch",
                        models.OneToOneField(on_delete=PROTECT, related_name="budget", to="training.batch"),
                    ),
                ],
                options={
                    "verbose_name": "pagu angkatan",
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(("ceiling_idr__gte", 0)), name="ceiling_from_nought")
                    ],
                },
            ),
            migrations.CreateModel(
                name="CostItem",
                fields=[
                    number(),
                    ("region_no", models.BigIntegerField(editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("lodging", "Penginapan"),
                                ("meals", "Konsumsi"),
                                ("travel", "Perjalanan"),
                                ("allowance", "Uang harian"),
                                ("fees", "Honor pelatih"),
                                ("materials", "Bahan dan alat"),
                                ("rooms", "Sewa ruang"),
                                ("other", "Lain-lain"),
                            ],
                            max_length=9,
                            verbose_name="jenis",
                        ),
                    ),
                    ("detail", models.CharField(max_length=160, verbose_name="uraian")),
                    ("units", models.IntegerField(verbose_name="banyak")),
                    ("unit_idr", models.BigIntegerField(verbose_name="harga satuan (Rp)")),
                    ("amount_idr", models.BigIntegerField(verbose_name="jumlah (Rp)")),
                    ("spent_on", models.DateField(blank=True, null=True, verbose_name="tanggal")),
                    ("budget", of("training.budget", "items")),
                    said_by(),
                ],
                options={
                    "verbose_name": "biaya angkatan",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("unit_idr__gte", 0), ("units__gte", 1)), name="cost_of_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "amount_idr",
                                    models.expressions.CombinedExpression(models.F("units"), "*", models.F("unit_idr")),
                                )
                            ),
                            name="cost_is_the_product",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ClassAttendance",
                fields=[
                    drawn(),
                    *person(),
                    (
                        "mark",
                        models.CharField(
                            choices=[("present", "Hadir"), ("sick", "Sakit"), ("excused", "Izin"), ("absent", "Alpa")],
                            max_length=7,
                            verbose_name="tanda",
                        ),
                    ),
                    (
                        "via",
                        models.CharField(
                            choices=[
                                ("list", "daftar hadir"),
                                ("card", "kode peserta"),
                                ("code", "kode sesi"),
                                ("file", "berkas"),
                            ],
                            max_length=4,
                            verbose_name="cara",
                        ),
                    ),
                    said_at(),
                    ("batch", of("training.batch")),
                    ("enrolment", of("training.enrolment", "attendance")),
                    ("session", of("training.classsession", "attendance")),
                    said_by(),
                ],
                options={
                    "verbose_name": "kehadiran kelas",
                    "indexes": [models.Index(fields=["session"], name="class_attendance_session")],
                    "constraints": [
                        models.UniqueConstraint(fields=("enrolment", "session"), name="class_attendance_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="TestScore",
                fields=[
                    drawn(),
                    *person(),
                    (
                        "kind",
                        models.CharField(
                            choices=[("pre", "Pre-test"), ("post", "Post-test")], max_length=4, verbose_name="tes"
                        ),
                    ),
                    ("points", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="nilai")),
                    said_at(),
                    ("enrolment", of("training.enrolment", "scores")),
                    said_by(),
                ],
                options={
                    "verbose_name": "nilai tes",
                    "constraints": [
                        models.UniqueConstraint(fields=("enrolment", "kind"), name="test_score_once"),
                        models.CheckConstraint(condition=models.Q(("points__gte", 0)), name="test_score_from_nought"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PracticeScore",
                fields=[
                    drawn(),
                    *person(),
                    ("rubric", models.CharField(max_length=40, verbose_name="rubrik")),
                    ("criterion", models.CharField(max_length=40, verbose_name="unsur")),
                    ("points", models.SmallIntegerField(verbose_name="angka")),
                    said_at(),
                    ("enrolment", of("training.enrolment", "practice")),
                    said_by(),
                ],
                options={
                    "verbose_name": "nilai praktik",
                    "constraints": [
                        models.UniqueConstraint(fields=("enrolment", "criterion"), name="practice_score_once"),
                        models.CheckConstraint(
                            condition=models.Q(("points__gte", 0)), name="practice_score_from_nought"
                        ),
                    ],
                },
            ),
        ),
    ]
