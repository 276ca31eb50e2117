# The code of ethics: signatures, cases, reports and reporters, decisions, five questions.

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
from harapan.database.together import Together

STEPS = [
    ("received", "Diterima"),
    ("verified", "Layak diperiksa"),
    ("examined", "Selesai diperiksa"),
    ("summoned", "Dipanggil"),
    ("heard", "Sudah didengar"),
    ("decided", "Diputus"),
    ("appealed", "Banding"),
    ("final", "Berkekuatan tetap"),
    ("closed", "Ditutup"),
]


def drawn():
    return ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False))


def to(model, name="+", **options):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=model, **options)


def person_child(name):
    return [
        drawn(),
        ("region_no", models.BigIntegerField(editable=False)),
        ("person", to("workforce.person", name, db_constraint=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_scope"),
        ("workforce", "0004_person_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name="EthicsCase",
                fields=[
                    drawn(),
                    ("accused_name", models.CharField(max_length=120, verbose_name="nama yang dilaporkan")),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("offence", models.CharField(max_length=20, verbose_name="jenis pelanggaran")),
                    ("opened_on", models.DateField(verbose_name="dibuka")),
                    ("step", models.CharField(choices=STEPS, default="received", max_length=9, verbose_name="langkah")),
                    ("step_on", models.DateField(verbose_name="sejak")),
                    ("due_on", models.DateField(blank=True, null=True, verbose_name="batas langkah")),
                    ("charge", models.TextField(blank=True, verbose_name="yang disangkakan")),
                    ("told_on", models.DateField(blank=True, null=True, verbose_name="dipanggil")),
                    ("hearing_on", models.DateField(blank=True, null=True, verbose_name="sidang")),
                    ("hearing_place", models.CharField(blank=True, max_length=120, verbose_name="tempat sidang")),
                    ("heard", models.TextField(blank=True, verbose_name="jalannya sidang")),
                    ("closed_why", models.CharField(blank=True, max_length=300, verbose_name="alasan ditutup")),
                    ("accused", to(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("handler", to(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("person", to("workforce.person", blank=True, null=True, db_constraint=False)),
                ],
                options={
                    "verbose_name": "perkara etik",
                    "indexes": [
                        models.Index(fields=["region_no", "-id"], name="case_region"),
                        models.Index(fields=["person", "-id"], name="case_person"),
                        models.Index(
                            condition=models.Q(("due_on__isnull", False)), fields=["due_on", "id"], name="case_due"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("step__in", ["received", "closed"]), ("person__isnull", False), _connector="OR"
                            ),
                            name="case_goes_on_about_somebody",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EthicsReport",
                fields=[
                    drawn(),
                    ("number", models.CharField(max_length=12, unique=True, verbose_name="nomor laporan")),
                    ("word_ix", models.BinaryField(null=True)),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("public", "formulir umum"),
                                ("held_card", "kartu dipegang orang lain"),
                                ("finding", "temuan yang perlu dicek"),
                                ("family", "lima pertanyaan kepada keluarga"),
                            ],
                            max_length=10,
                            verbose_name="asal",
                        ),
                    ),
                    ("told", models.TextField(verbose_name="yang dilaporkan")),
                    ("happened_on", models.DateField(blank=True, null=True, verbose_name="terjadi")),
                    ("happened_at", models.CharField(blank=True, max_length=160, verbose_name="tempat kejadian")),
                    ("reported_on", models.DateField(verbose_name="dilaporkan")),
                    ("anonymous", models.BooleanField(default=True, verbose_name="tanpa nama")),
                    ("case", to("workforce.ethicscase", "reports")),
                    ("keeper", to(settings.AUTH_USER_MODEL, blank=True, null=True)),
                ],
                options={"verbose_name": "laporan etik"},
            ),
            migrations.CreateModel(
                name="EthicsReporter",
                fields=[
                    drawn(),
                    (
                        "name",
                        harapan.database.fields.SealedField(
                            blank=True, kind="text", null=True, verbose_name="nama pelapor"
                        ),
                    ),
                    (
                        "contact",
                        harapan.database.fields.SealedField(
                            blank=True, kind="text", null=True, verbose_name="kontak pelapor"
                        ),
                    ),
                    (
                        "report",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workforce.ethicsreport"
                        ),
                    ),
                ],
                options={"verbose_name": "pelapor"},
            ),
            migrations.CreateModel(
                name="EthicsMessage",
                fields=[
                    drawn(),
                    ("from_reporter", models.BooleanField(verbose_name="dari pelapor")),
                    ("text", models.TextField(verbose_name="isi")),
                    ("written_on", models.DateField(verbose_name="ditulis")),
                    ("case", to("workforce.ethicscase", "messages")),
                    ("report", to("workforce.ethicsreport", "messages")),
                ],
                options={"verbose_name": "pesan laporan"},
            ),
            migrations.CreateModel(
                name="EthicsEvidence",
                fields=[
                    drawn(),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("held_card", "laporan kartu"),
                                ("finding", "temuan"),
                                ("family", "jawaban keluarga"),
                                ("seen", "yang diperiksa"),
                            ],
                            max_length=10,
                            verbose_name="jenis",
                        ),
                    ),
                    ("subject", models.BigIntegerField(blank=True, null=True)),
                    ("words", models.TextField(verbose_name="isi")),
                    ("added_on", models.DateField(verbose_name="ditambahkan")),
                    ("case", to("workforce.ethicscase", "evidence")),
                ],
                options={
                    "verbose_name": "bukti etik",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("subject__isnull", False)),
                            fields=("kind", "subject"),
                            name="record_opens_one_case",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EthicsDeed",
                fields=[
                    drawn(),
                    ("step", models.CharField(choices=STEPS, max_length=9, verbose_name="langkah")),
                    ("done_on", models.DateField(verbose_name="dilakukan")),
                    ("note", models.TextField(blank=True, verbose_name="catatan")),
                    ("late_because", models.CharField(blank=True, max_length=300, verbose_name="sebab terlambat")),
                    ("case", to("workforce.ethicscase", "deeds")),
                    ("done_by", to(settings.AUTH_USER_MODEL, null=True)),
                ],
                options={"verbose_name": "langkah perkara"},
            ),
            migrations.CreateModel(
                name="EthicsStatement",
                fields=[
                    *person_child("%(class)ss"),
                    (
                        "kind",
                        models.CharField(
                            choices=[("answer", "Pembelaan"), ("appeal", "Banding")], max_length=6, verbose_name="jenis"
                        ),
                    ),
                    ("text", models.TextField(verbose_name="isi")),
                    ("said_on", models.DateField(verbose_name="disampaikan")),
                    ("case", to("workforce.ethicscase", "statements")),
                ],
                options={
                    "verbose_name": "pernyataan terlapor",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("kind", "appeal")), fields=("case",), name="one_appeal_a_case"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EthicsDecision",
                fields=[
                    *person_child("%(class)ss"),
                    (
                        "instance",
                        models.CharField(
                            choices=[("first", "Putusan"), ("appeal", "Putusan banding")],
                            max_length=6,
                            verbose_name="tingkat",
                        ),
                    ),
                    ("offence", models.CharField(max_length=20, verbose_name="jenis pelanggaran")),
                    ("level", models.CharField(blank=True, max_length=10, verbose_name="sanksi")),
                    (
                        "measures",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=20),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="tindakan",
                        ),
                    ),
                    ("letter", models.CharField(max_length=120, verbose_name="nomor putusan")),
                    ("why", models.TextField(verbose_name="pertimbangan")),
                    ("decided_on", models.DateField(verbose_name="diputus")),
                    ("until", models.DateField(blank=True, null=True, verbose_name="dihitung sampai")),
                    ("replaced", models.BooleanField(default=False, verbose_name="diganti putusan banding")),
                    ("executed_on", models.DateField(blank=True, null=True, verbose_name="dilaksanakan")),
                    ("case", to("workforce.ethicscase", "decisions")),
                    ("decided_by", to(settings.AUTH_USER_MODEL)),
                    ("executor", to(settings.AUTH_USER_MODEL, blank=True, null=True)),
                ],
                options={
                    "verbose_name": "putusan etik",
                    "indexes": [models.Index(fields=["region_no", "-id"], name="decision_region")],
                    "constraints": [
                        models.UniqueConstraint(fields=("case", "instance"), name="decided_once_an_instance"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("executed_on__isnull", True), ("executor__isnull", False), _connector="OR"
                            ),
                            name="executed_by_somebody_named",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("level", ""), ("measures", [])),
                                models.Q(("level", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="measures_of_a_level",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CodeSignature",
                fields=[
                    *person_child("%(class)ss"),
                    ("year", models.SmallIntegerField(verbose_name="tahun")),
                    ("version", models.CharField(max_length=20, verbose_name="naskah")),
                    ("signed_on", models.DateField(verbose_name="ditandatangani")),
                    ("paper", models.CharField(blank=True, max_length=80, verbose_name="nomor lembar")),
                    ("recorded_by", to(settings.AUTH_USER_MODEL)),
                ],
                options={
                    "verbose_name": "tanda tangan kode etik",
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "year", "version"), name="code_signed_once_a_year"),
                        models.CheckConstraint(
                            condition=models.Q(("year__range", (2018, 2099))), name="code_signed_in_a_year"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="EthicsDraw",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("region_no", models.BigIntegerField(verbose_name="kecamatan")),
                    ("month", models.IntegerField(verbose_name="bulan")),
                    ("seed", models.CharField(max_length=32, verbose_name="benih")),
                    ("percent", models.SmallIntegerField(verbose_name="bagian (persen)")),
                    ("population", models.IntegerField(verbose_name="keluarga")),
                    ("drawn", models.IntegerField(verbose_name="terundi")),
                    ("drawn_on", models.DateField(verbose_name="diundi")),
                    ("drawn_by", to(settings.AUTH_USER_MODEL)),
                ],
                options={
                    "verbose_name": "undian lima pertanyaan",
                    "constraints": [models.UniqueConstraint(fields=("region_no", "month"), name="asked_once_a_month")],
                },
            ),
            migrations.CreateModel(
                name="EthicsVisit",
                fields=[
                    drawn(),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("group_no", models.BigIntegerField(db_column="group_id", default=0, editable=False)),
                    ("visited_on", models.DateField(blank=True, null=True, verbose_name="dikunjungi")),
                    ("found", models.BooleanField(null=True, verbose_name="ditemui")),
                    (
                        "asked",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                        ),
                    ),
                    (
                        "answers",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.SmallIntegerField(
                                choices=[(1, "ya"), (2, "tidak"), (3, "tidak tahu"), (4, "tidak mau menjawab")]
                            ),
                            blank=True,
                            default=list,
                            size=None,
                        ),
                    ),
                    ("note", models.CharField(blank=True, max_length=300, verbose_name="catatan")),
                    ("forwarded_on", models.DateField(blank=True, null=True, verbose_name="diteruskan")),
                    ("draw", to("workforce.ethicsdraw", "visits")),
                    ("facilitator", to(settings.AUTH_USER_MODEL, null=True)),
                    (
                        "family",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="%(class)ss",
                            to="registry.family",
                        ),
                    ),
                    ("visited_by", to(settings.AUTH_USER_MODEL, blank=True, null=True)),
                ],
                options={
                    "verbose_name": "lima pertanyaan",
                    "indexes": [models.Index(fields=["region_no", "id"], name="ethics_visit_place")],
                    "constraints": [
                        models.UniqueConstraint(fields=("draw", "family"), name="family_asked_once_a_draw")
                    ],
                },
            ),
        ),
    ]
