"""Recruitment: rounds, places, applications, scores, rankings, objections and offers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
from harapan.database.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0003_own_files"),
        ("regions", "0001_initial"),
        ("workforce", "0008_staff_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name="RecruitmentRound",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("code", models.SlugField(max_length=24, unique=True, verbose_name="kode")),
                    ("name", models.CharField(max_length=160, verbose_name="nama")),
                    ("cohort", models.SmallIntegerField(verbose_name="angkatan")),
                    ("opens_on", models.DateField(verbose_name="dibuka")),
                    ("closes_on", models.DateField(verbose_name="ditutup")),
                    ("begins_on", models.DateField(verbose_name="mulai bertugas")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planned", "direncanakan"),
                                ("open", "menerima lamaran"),
                                ("closed", "dinilai"),
                                ("published", "diumumkan"),
                                ("settled", "ditetapkan"),
                            ],
                            default="planned",
                            max_length=9,
                            verbose_name="keadaan",
                        ),
                    ),
                    ("rules", models.JSONField(verbose_name="aturan")),
                    ("rules_digest", models.CharField(max_length=64)),
                    ("lot_seed", models.CharField(blank=True, max_length=32)),
                    ("objections_until", models.DateField(blank=True, null=True, verbose_name="batas sanggah")),
                    (
                        "made_by",
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
                            verbose_name="wilayah",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "putaran rekrutmen",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("closes_on__gte", models.F("opens_on")), ("begins_on__gt", models.F("closes_on"))
                            ),
                            name="round_days_in_order",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ("planned", "open")),
                                models.Q(("lot_seed", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="round_closed_has_its_lot",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ("published", "settled")), _negated=True),
                                ("objections_until__isnull", False),
                                _connector="OR",
                            ),
                            name="round_published_hears_objections",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Ranking",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("version", models.SmallIntegerField(verbose_name="versi")),
                    ("input_digest", models.CharField(max_length=64)),
                    ("rules_digest", models.CharField(max_length=64)),
                    ("result_digest", models.CharField(max_length=64)),
                    ("applicants", models.IntegerField(verbose_name="peserta")),
                    ("made_at", models.DateTimeField(auto_now_add=True)),
                    ("published_on", models.DateField(blank=True, null=True, verbose_name="diumumkan")),
                    (
                        "input_file",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                        ),
                    ),
                    (
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rankings",
                            to="workforce.recruitmentround",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "peringkat seleksi",
                    "constraints": [models.UniqueConstraint(fields=("round", "version"), name="ranking_version")],
                },
            ),
            migrations.CreateModel(
                name="Formation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "position",
                        models.CharField(
                            choices=[
                                ("facilitator", "Pendamping sosial"),
                                ("access", "Pendamping PKH Akses"),
                                ("assistant", "Asisten pendamping"),
                                ("supervisor", "Supervisor"),
                                ("data_officer", "Administrator pangkalan data"),
                            ],
                            max_length=12,
                            verbose_name="jabatan",
                        ),
                    ),
                    ("quota", models.IntegerField(verbose_name="kuota")),
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
                            related_name="formations",
                            to="workforce.recruitmentround",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "formasi",
                    "constraints": [
                        models.UniqueConstraint(fields=("round", "region", "position"), name="formation_once"),
                        models.UniqueConstraint(fields=("id", "region"), name="formation_in_region"),
                        models.CheckConstraint(condition=models.Q(("quota__gte", 1)), name="formation_has_a_place"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Application",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("number", models.CharField(max_length=12, unique=True, verbose_name="nomor lamaran")),
                    ("participant_no", models.IntegerField(blank=True, null=True, verbose_name="nomor peserta")),
                    (
                        "state",
                        models.CharField(
                            choices=[("draft", "belum dikirim"), ("submitted", "dikirim"), ("withdrawn", "ditarik")],
                            default="draft",
                            max_length=9,
                            verbose_name="keadaan",
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="nama")),
                    ("nik", harapan.database.fields.SealedField(blank=True, kind="nik", null=True, verbose_name="NIK")),
                    ("nik_ix", harapan.database.fields.IndexField(blank=True, kind="nik", null=True)),
                    (
                        "phone",
                        harapan.database.fields.SealedField(
                            blank=True, kind="phone", null=True, verbose_name="nomor HP"
                        ),
                    ),
                    ("phone_ix", harapan.database.fields.IndexField(blank=True, kind="phone", null=True)),
                    ("email", models.EmailField(blank=True, max_length=254, verbose_name="surel")),
                    (
                        "sex",
                        models.SmallIntegerField(
                            choices=[(0, "belum diketahui"), (1, "laki-laki"), (2, "perempuan")],
                            default=0,
                            verbose_name="jenis kelamin",
                        ),
                    ),
                    ("born_on", models.DateField(blank=True, null=True, verbose_name="tanggal lahir")),
                    (
                        "education",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "belum diketahui"),
                                ("senior", "SMA/sederajat"),
                                ("diploma", "D3"),
                                ("bachelor", "S1/D4"),
                                ("master", "S2 atau lebih"),
                            ],
                            max_length=8,
                            verbose_name="pendidikan terakhir",
                        ),
                    ),
                    ("study", models.CharField(blank=True, max_length=80, verbose_name="jurusan")),
                    ("address", models.CharField(blank=True, max_length=200, verbose_name="alamat")),
                    ("experience_years", models.SmallIntegerField(default=0, verbose_name="pengalaman (tahun)")),
                    ("begun_at", models.DateTimeField(auto_now_add=True)),
                    ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="dikirim pada")),
                    ("set_aside_on", models.DateField(blank=True, null=True, verbose_name="disisihkan")),
                    (
                        "lives_in",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="regions.region",
                        ),
                    ),
                    (
                        "formation",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="applications",
                            to="workforce.formation",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="applications",
                            to="workforce.recruitmentround",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "lamaran",
                    "indexes": [
                        models.Index(fields=["round", "region_no", "id"], name="application_round_region"),
                        models.Index(fields=["formation", "id"], name="application_formation"),
                        models.Index(fields=["round", "nik_ix"], name="application_round_nik"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("id", "region_no"), name="application_in_region"),
                        models.UniqueConstraint(
                            fields=("round", "participant_no"), name="application_participant_once"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("participant_no__isnull", False), ("set_aside_on__isnull", True)),
                            fields=("round", "nik_ix"),
                            name="application_counts_once_a_nik",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state", "draft"),
                                ("submitted_at__isnull", False),
                                ("state", "withdrawn"),
                                _connector="OR",
                            ),
                            name="application_sent_on_a_day",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("nik__isnull", False)), name="application_has_a_nik"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("experience_years__range", (0, 60))), name="application_experience"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StageScore",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("administration", "Administrasi"),
                                ("psychological", "Psikotes"),
                                ("competence", "Kompetensi bidang"),
                                ("interview", "Wawancara"),
                            ],
                            max_length=14,
                            verbose_name="tahap",
                        ),
                    ),
                    ("score", models.IntegerField(verbose_name="nilai (perseratus)")),
                    ("reason", models.CharField(blank=True, max_length=300, verbose_name="alasan")),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("check", "pemeriksaan berkas"),
                                ("file", "daftar nilai"),
                                ("marks", "penilaian pewawancara"),
                                ("correction", "koreksi"),
                            ],
                            max_length=10,
                            verbose_name="sumber",
                        ),
                    ),
                    ("recorded_at", models.DateTimeField(auto_now=True)),
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
                        "recorded_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "verbose_name": "nilai tahap seleksi",
                    "constraints": [
                        models.UniqueConstraint(fields=("application", "stage"), name="stage_score_once"),
                        models.CheckConstraint(condition=models.Q(("score__gte", 0)), name="stage_score_not_negative"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ApplicationDocument",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("identity", "KTP"),
                                ("diploma", "Ijazah"),
                                ("letter", "Surat lamaran"),
                                ("domicile", "Surat keterangan domisili"),
                                ("experience", "Bukti pengalaman"),
                            ],
                            max_length=10,
                            verbose_name="jenis",
                        ),
                    ),
                    ("added_at", models.DateTimeField(auto_now=True)),
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
                        "file",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "berkas lamaran",
                    "constraints": [
                        models.UniqueConstraint(fields=("application", "kind"), name="application_document_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="InterviewMark",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("score", models.IntegerField(verbose_name="nilai (perseratus)")),
                    ("note", models.CharField(blank=True, max_length=300, verbose_name="catatan")),
                    ("marked_at", models.DateTimeField(auto_now=True)),
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
                        "marker",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="pewawancara",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "penilaian wawancara",
                    "constraints": [
                        models.UniqueConstraint(fields=("application", "marker"), name="interview_mark_once_a_marker"),
                        models.CheckConstraint(
                            condition=models.Q(("score__gte", 0)), name="interview_mark_not_negative"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Objection",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("text", models.CharField(max_length=1000, verbose_name="isi sanggah")),
                    ("made_on", models.DateField(verbose_name="diajukan")),
                    ("upheld", models.BooleanField(blank=True, null=True, verbose_name="diterima")),
                    ("answer", models.CharField(blank=True, max_length=1000, verbose_name="jawaban")),
                    ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="dijawab")),
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
                        "application",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="workforce.application",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "sanggah",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("answered_at__isnull", True)),
                            fields=("application",),
                            name="objection_one_open",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("answered_at__isnull", True),
                                    ("answered_by__isnull", True),
                                    ("upheld__isnull", True),
                                ),
                                models.Q(
                                    ("answered_at__isnull", False),
                                    ("answered_by__isnull", False),
                                    ("upheld__isnull", False),
                                    models.Q(("answer", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="objection_answered_whole",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlaceOffer",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("place_no", models.IntegerField(verbose_name="tempat ke-")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "menunggu jawaban"),
                                ("accepted", "diterima"),
                                ("declined", "ditolak"),
                                ("lapsed", "lewat batas"),
                            ],
                            default="open",
                            max_length=8,
                            verbose_name="keadaan",
                        ),
                    ),
                    ("offered_on", models.DateField(verbose_name="ditawarkan")),
                    ("answer_by", models.DateField(verbose_name="jawab paling lambat")),
                    ("answered_on", models.DateField(blank=True, null=True, verbose_name="dijawab")),
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
                        "formation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="workforce.formation"
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="workforce.person",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "tawaran tempat",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ("open", "accepted"))),
                            fields=("formation", "place_no"),
                            name="offer_one_a_place",
                        ),
                        models.UniqueConstraint(fields=("application",), name="offer_once_an_application"),
                        models.CheckConstraint(
                            condition=models.Q(("answer_by__gte", models.F("offered_on"))), name="offer_leaves_time"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("person__isnull", False), ("state", "accepted")),
                                models.Q(models.Q(("state", "accepted"), _negated=True), ("person__isnull", True)),
                                _connector="OR",
                            ),
                            name="offer_accepted_makes_a_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answered_on__isnull", True), ("state", "open")),
                                models.Q(models.Q(("state", "open"), _negated=True), ("answered_on__isnull", False)),
                                _connector="OR",
                            ),
                            name="offer_answered_on_a_day",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RankedApplication",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("place", models.IntegerField(verbose_name="urutan")),
                    ("total", models.BigIntegerField(verbose_name="nilai akhir")),
                    (
                        "outcome",
                        models.SmallIntegerField(
                            choices=[
                                (1, "lulus"),
                                (2, "cadangan"),
                                (3, "memenuhi syarat, di luar kuota dan cadangan"),
                                (4, "tidak lulus"),
                            ],
                            verbose_name="hasil",
                        ),
                    ),
                    (
                        "failed_stage",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("administration", "Administrasi"),
                                ("psychological", "Psikotes"),
                                ("competence", "Kompetensi bidang"),
                                ("interview", "Wawancara"),
                            ],
                            max_length=14,
                            verbose_name="gugur di",
                        ),
                    ),
                    ("tied_by", models.CharField(blank=True, max_length=14, verbose_name="penentu nilai sama")),
                    (
                        "application",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="ranked",
                            to="workforce.application",
                        ),
                    ),
                    (
                        "formation",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="workforce.formation",
                        ),
                    ),
                    (
                        "ranking",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rows",
                            to="workforce.ranking",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "urutan pelamar",
                    "constraints": [
                        models.UniqueConstraint(fields=("application", "ranking"), name="ranked_once"),
                        models.UniqueConstraint(fields=("ranking", "formation", "place"), name="ranked_place_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("failed_stage__gt", ""), ("outcome", 4)),
                                models.Q(("failed_stage", ""), ("outcome__lt", 4)),
                                _connector="OR",
                            ),
                            name="ranked_failed_somewhere",
                        ),
                    ],
                },
            ),
        ),
    ]
