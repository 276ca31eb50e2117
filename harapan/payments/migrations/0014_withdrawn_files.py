"""An answer file booked in error is withdrawn as a whole: its lines move, its digest is free again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harapan.database.fields
from harapan.database.roles import role
from harapan.database.together import Statements, Together
from harapan.registry.scoping import family_child

# Lines leave only for the table of withdrawn ones, each with its copy there; nobody else deletes an answer.
ONLY_WITHDRAWN = """
CREATE FUNCTION harapan.answer_is_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_withdrawnline w WHERE w.id = OLD.id AND w.file_id = OLD.file_id) THEN
        RAISE EXCEPTION 'Answer % is not deleted: withdraw its whole file.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $body$;
CREATE TRIGGER kept BEFORE DELETE ON payments_settlementline
    FOR EACH ROW EXECUTE FUNCTION harapan.answer_is_kept();

-- how many answers a file has, also those out of the caller's sight
CREATE FUNCTION harapan.settlement_lines(which bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
    SELECT count(*) FROM payments_settlementline l WHERE l.file_id = which
$body$;
"""


def allow(apps, schema_editor):
    shapes = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "nation", "batch"))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(ONLY_WITHDRAWN)
        cursor.execute(f"GRANT DELETE ON payments_settlementline TO {shapes}")
        cursor.execute("REVOKE ALL ON FUNCTION harapan.settlement_lines(bigint) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.settlement_lines(bigint) TO {shapes}")


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0011_sanctions_scope"),
        ("files", "0004_work_on_behalf"),
        ("payments", "0013_ledger_payer"),
        ("registry", "0009_changes_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name="WithdrawnLine",
                fields=[
                    ("id", harapan.database.fields.DrawnBigAutoField(primary_key=True, serialize=False)),
                    ("region_no", models.BigIntegerField(editable=False)),
                    ("group_no", models.BigIntegerField(db_column="group_id", default=0, editable=False)),
                    ("line", models.IntegerField(verbose_name="baris")),
                    ("wave", models.CharField(blank=True, max_length=20, verbose_name="gelombang")),
                    ("attempt", models.SmallIntegerField(default=1, verbose_name="upaya")),
                    (
                        "outcome",
                        models.SmallIntegerField(
                            choices=[
                                (1, "masuk rekening"),
                                (2, "sudah diambil"),
                                (3, "di rekening, terblokir"),
                                (4, "gagal"),
                                (5, "tidak tersalur"),
                                (6, "retur"),
                                (7, "disetor kembali ke kas negara"),
                            ],
                            verbose_name="hasil",
                        ),
                    ),
                    ("amount_idr", models.BigIntegerField(verbose_name="jumlah")),
                    ("on", models.DateField(verbose_name="tanggal")),
                    ("bank", models.CharField(blank=True, max_length=40, verbose_name="penyalur")),
                    ("reason_code", models.CharField(blank=True, max_length=30, verbose_name="kode alasan")),
                    ("note", models.CharField(blank=True, max_length=200, verbose_name="keterangan")),
                    ("ntpn", models.CharField(blank=True, max_length=16, verbose_name="NTPN")),
                ],
                options={
                    "verbose_name": "jawaban yang ditarik kembali",
                },
            ),
            migrations.AddField(
                model_name="settlementfile",
                name="withdrawn_because",
                field=models.CharField(blank=True, max_length=300, verbose_name="alasan"),
            ),
            migrations.AddField(
                model_name="settlementfile",
                name="withdrawn_by",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            migrations.AddField(
                model_name="settlementfile",
                name="withdrawn_on",
                field=models.DateField(blank=True, null=True, verbose_name="ditarik kembali"),
            ),
            migrations.AlterField(
                model_name="paymentexception",
                name="resolution",
                field=models.CharField(
                    blank=True,
                    choices=[("matched", "dicocokkan"), ("set_aside", "disisihkan"), ("withdrawn", "ikut ditarik")],
                    max_length=10,
                    verbose_name="cara",
                ),
            ),
            migrations.AlterField(
                model_name="posting",
                name="kind",
                field=models.CharField(
                    choices=[
                        ("settlement", "jawaban penyalur"),
                        ("exception", "belum cocok, dicocokkan"),
                        ("hold", "ditahan"),
                        ("release", "dilepas"),
                        ("handed_over", "berkas diserahkan ke penyalur"),
                        ("paid_back", "disetor kembali ke kas negara"),
                        ("withdrawn", "berkas jawaban ditarik kembali"),
                    ],
                    max_length=12,
                    verbose_name="sebab",
                ),
            ),
            migrations.AlterField(
                model_name="settlementfile",
                name="digest",
                field=models.CharField(max_length=64),
            ),
            migrations.AlterField(
                model_name="settlementline",
                name="file",
                field=models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="payments.settlementfile",
                ),
            ),
            migrations.AddConstraint(
                model_name="settlementfile",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("withdrawn_on__isnull", True)),
                    fields=("digest",),
                    name="settlement_file_booked_once",
                ),
            ),
            migrations.AddConstraint(
                model_name="settlementfile",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("withdrawn_because", ""), ("withdrawn_by__isnull", True), ("withdrawn_on__isnull", True)
                        ),
                        models.Q(
                            ("withdrawn_by__isnull", False),
                            ("withdrawn_on__isnull", False),
                            models.Q(("withdrawn_because", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="settlement_file_withdrawn_by_whom_when_and_why",
                ),
            ),
        ),
        Together(
            migrations.AddField(
                model_name="withdrawnline",
                name="family",
                field=models.ForeignKey(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="%(class)ss",
                    to="registry.family",
                ),
            ),
            migrations.AddField(
                model_name="withdrawnline",
                name="file",
                field=models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="payments.settlementfile",
                ),
            ),
            migrations.AddField(
                model_name="withdrawnline",
                name="stage",
                field=models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="benefits.stage"
                ),
            ),
            migrations.AddIndex(
                model_name="withdrawnline",
                index=models.Index(fields=["stage", "family"], name="withdrawn_line_family"),
            ),
        ),
        *family_child("payments_withdrawnline", audited=None, rights="SELECT, INSERT"),
        Statements(allow, migrations.RunPython.noop),
    ]
