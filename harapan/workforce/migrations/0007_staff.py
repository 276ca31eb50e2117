"""Contracts, departures, first days, badges and how many a place should have."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
from harapan.database.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0006_ethics_scope"),
        ("regions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.CreateModel(
                name="Contract",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    (
                        "form",
                        models.CharField(
                            choices=[("contract", "kontrak tahunan"), ("pppk", "ASN PPPK")],
                            max_length=8,
                            verbose_name="bentuk",
                        ),
                    ),
                    ("position", models.CharField(max_length=40, verbose_name="jabatan kontrak")),
                    ("number", models.CharField(max_length=120, verbose_name="nomor SK")),
                    ("dated", models.DateField(verbose_name="tanggal SK")),
                    ("since", models.DateField(verbose_name="mulai")),
                    ("until", models.DateField(verbose_name="berakhir")),
                    ("basis", models.CharField(blank=True, max_length=160, verbose_name="dasar")),
                    ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="dicatat")),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
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
                    "verbose_name": "kontrak",
                    "indexes": [models.Index(fields=["region_no", "until"], name="contract_region_until")],
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "number"), name="contract_once_a_number"),
                        models.UniqueConstraint(fields=("person", "since"), name="contract_once_a_day"),
                        models.CheckConstraint(
                            condition=models.Q(("until__gt", models.F("since"))), name="contract_ends_after_it_began"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Departure",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[("leave", "cuti"), ("transfer", "pindah tugas"), ("exit", "berhenti")],
                            max_length=8,
                            verbose_name="jenis",
                        ),
                    ),
                    ("leaves_on", models.DateField(verbose_name="mulai")),
                    ("back_on", models.DateField(blank=True, null=True, verbose_name="kembali bertugas")),
                    ("to_region_no", models.BigIntegerField(blank=True, null=True, verbose_name="tempat tugas baru")),
                    ("letter", models.CharField(max_length=120, verbose_name="nomor surat")),
                    ("why", models.CharField(max_length=300, verbose_name="alasan")),
                    ("planned_at", models.DateTimeField(auto_now_add=True, verbose_name="dicatat")),
                    ("settled_on", models.DateField(blank=True, null=True, verbose_name="dilaksanakan")),
                    ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="dibatalkan")),
                    (
                        "cover",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "planned_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "settled_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
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
                    "verbose_name": "kepergian",
                    "indexes": [models.Index(fields=["region_no", "leaves_on"], name="departure_region_day")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("settled_on__isnull", True), ("withdrawn_on__isnull", True)),
                            fields=("person",),
                            name="departure_open_once_a_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("back_on__gt", models.F("leaves_on")), ("kind", "leave")),
                                models.Q(models.Q(("kind", "leave"), _negated=True), ("back_on__isnull", True)),
                                _connector="OR",
                            ),
                            name="departure_comes_back_from_leave",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "transfer"), ("to_region_no__isnull", False)),
                                models.Q(models.Q(("kind", "transfer"), _negated=True), ("to_region_no__isnull", True)),
                                _connector="OR",
                            ),
                            name="departure_of_a_transfer_leads_somewhere",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("settled_on__isnull", True), ("withdrawn_on__isnull", True), _connector="OR"
                            ),
                            name="departure_has_one_end",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Mentorship",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("person_name", models.CharField(max_length=120, verbose_name="yang didampingi")),
                    ("since", models.DateField(verbose_name="sejak")),
                    ("until", models.DateField(blank=True, null=True, verbose_name="sampai")),
                    (
                        "given_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "mentor",
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
                    "verbose_name": "pembimbing",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("until__isnull", True)), fields=("person",), name="mentor_one_at_a_time"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                            ),
                            name="mentor_ends_after_beginning",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FirstStep",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("step", models.CharField(max_length=40, verbose_name="langkah")),
                    ("done_on", models.DateField(verbose_name="tanggal")),
                    (
                        "told_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
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
                    "verbose_name": "langkah awal",
                    "constraints": [models.UniqueConstraint(fields=("person", "step"), name="first_step_once")],
                },
            ),
            migrations.CreateModel(
                name="Badge",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("code", models.CharField(max_length=24, unique=True, verbose_name="kode periksa")),
                    ("name", models.CharField(max_length=120, verbose_name="nama")),
                    ("title", models.CharField(max_length=120, verbose_name="jabatan")),
                    ("place", models.CharField(max_length=160, verbose_name="tempat tugas")),
                    ("issued_on", models.DateField(verbose_name="diterbitkan")),
                    ("until", models.DateField(verbose_name="berlaku sampai")),
                    ("revoked_on", models.DateField(blank=True, null=True, verbose_name="dicabut")),
                    (
                        "issued_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
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
                    "verbose_name": "kartu petugas",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("revoked_on__isnull", True)),
                            fields=("person",),
                            name="badge_one_at_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("until__gt", models.F("issued_on"))), name="badge_ends_after_issue"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Establishment",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("places", models.SmallIntegerField(verbose_name="formasi")),
                    ("since", models.DateField(verbose_name="sejak")),
                    ("source", models.CharField(max_length=160, verbose_name="sumber")),
                    (
                        "region",
                        models.ForeignKey(
                            db_column="region_no",
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="regions.region",
                        ),
                    ),
                    (
                        "set_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "formasi",
                    "constraints": [
                        models.UniqueConstraint(fields=("region", "since"), name="establishment_once_a_day"),
                        models.CheckConstraint(
                            condition=models.Q(("places__range", (0, 999))), name="establishment_in_range"
                        ),
                    ],
                },
            ),
        ),
        migrations.AlterField(
            model_name="caseloadmove",
            name="reason",
            field=models.CharField(
                choices=[
                    ("unheld", "belum ada pendampingnya"),
                    ("over", "beban pendamping lama di atas rentang"),
                    ("under", "beban pendamping baru di bawah rentang"),
                    ("even", "beban pendamping lama di atas bagian yang rata"),
                    ("chain", "memberi ruang untuk pemindahan lain"),
                    ("back", "dikembalikan"),
                    ("leaves", "pendamping lama cuti, pindah, atau berhenti"),
                ],
                max_length=6,
                verbose_name="alasan",
            ),
        ),
    ]
