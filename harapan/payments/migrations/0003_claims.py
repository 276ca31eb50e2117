"""Where each listing's money stands, as one view. security_invoker: it reads with the reader's own scope."""

from django.conf import settings
from django.db import migrations, models

from harapan.database.roles import role
from harapan.database.together import Statements

VIEW = """
CREATE VIEW payments_claim WITH (security_invoker = true) AS
SELECT l.id AS listing_id, l.stage_id, l.family_id, l.region_no, l.group_id, l.wave, l.bank, l.nominal_idr,
       (CASE WHEN s.id IS NOT NULL THEN s.outcome WHEN h.id IS NOT NULL THEN 8 ELSE 0 END)::smallint AS standing,
       CASE WHEN s.id IS NOT NULL THEN s.amount_idr WHEN h.id IS NOT NULL THEN l.nominal_idr ELSE 0 END AS amount_idr,
       CASE WHEN s.id IS NOT NULL THEN s."on" ELSE h.since END AS "on",
       coalesce(s.attempt, 0)::smallint AS attempt, coalesce(s.reason_code, '') AS reason_code,
       coalesce(s.note, h.why, '') AS note
FROM benefits_listing l
LEFT JOIN LATERAL (
    SELECT a.id, a.outcome, a.amount_idr, a."on", a.attempt, a.reason_code, a.note
    FROM payments_settlementline a
    WHERE a.stage_id = l.stage_id AND a.family_id = l.family_id AND a.wave = l.wave
    ORDER BY a.id DESC LIMIT 1
) s ON true
LEFT JOIN payments_hold h ON h.stage_id = l.stage_id AND h.family_id = l.family_id AND h.lifted_on IS NULL
"""


def create(apps, schema_editor):
    shapes = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups", "nation", "batch"))
    schema_editor.execute(VIEW, params=None)
    schema_editor.execute(f"GRANT SELECT ON payments_claim TO {shapes}", params=None)


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_scope")]
    operations = [
        Statements(create, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        ("listing_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("region_no", models.BigIntegerField()),
                        ("group_no", models.BigIntegerField(db_column="group_id")),
                        ("wave", models.CharField(max_length=20, verbose_name="gelombang")),
                        ("bank", models.CharField(max_length=40, verbose_name="bank")),
                        ("nominal_idr", models.BigIntegerField(verbose_name="menurut daftar")),
                        (
                            "standing",
                            models.SmallIntegerField(
                                choices=[
                                    (0, "belum terjawab"),
                                    (1, "masuk rekening, belum diambil"),
                                    (2, "sudah diambil"),
                                    (3, "di rekening, terblokir"),
                                    (4, "gagal"),
                                    (5, "tidak tersalur"),
                                    (6, "retur"),
                                    (7, "disetor kembali ke kas negara"),
                                    (8, "ditahan"),
                                ],
                                verbose_name="keadaan",
                            ),
                        ),
                        ("amount_idr", models.BigIntegerField(verbose_name="terjawab")),
                        ("on", models.DateField(null=True, verbose_name="tanggal")),
                        ("attempt", models.SmallIntegerField(verbose_name="upaya")),
                        ("reason_code", models.CharField(max_length=30, verbose_name="kode alasan")),
                        ("note", models.CharField(max_length=300, verbose_name="keterangan")),
                    ],
                    options={"verbose_name": "tagihan", "db_table": "payments_claim", "managed": False},
                ),
            ]
        ),
    ]
