"""A side of the ledger names its payer: money that failed at one and is paid by another leaves the first one's account."""

from django.db import migrations, models

# What stood in the posting alone; of a file of several payers nobody can say more.
OF_POSTINGS = """
ALTER TABLE payments_ledgerentry DISABLE TRIGGER USER;
UPDATE payments_ledgerentry e SET payer = coalesce(p.payer, '') FROM (
    SELECT g.id, coalesce(f.payer, b.payer, s.payer) AS payer FROM payments_posting g
    LEFT JOIN payments_paymentfile f ON f.id = g.payment_file_id
    LEFT JOIN payments_treasuryreturn b ON b.id = g.paid_back_id
    LEFT JOIN payments_settlementfile s ON s.id = g.file_id
) p WHERE p.id = e.posting_id;
ALTER TABLE payments_ledgerentry ENABLE TRIGGER USER;
"""
ADDS_UP = """
CREATE OR REPLACE FUNCTION harapan.posting_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
DECLARE rest bigint;
BEGIN
    SELECT sum(e.idr) INTO rest FROM payments_ledgerentry e
    WHERE e.posting_id = NEW.posting_id AND e.region_no = NEW.region_no AND e.payer = NEW.payer;
    IF rest <> 0 THEN
        RAISE EXCEPTION 'Posting % does not add up to zero in region % with payer "%": % rupiah over.',
            NEW.posting_id, NEW.region_no, NEW.payer, rest
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0012_parts_scope")]
    operations = [
        migrations.RemoveConstraint("ledgerentry", "ledger_one_side_an_account"),
        migrations.AddField(
            "ledgerentry",
            "payer",
            models.CharField(blank=True, default="", max_length=20, verbose_name="penyalur"),
            preserve_default=False,
        ),
        migrations.RunSQL(OF_POSTINGS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "ledgerentry",
            models.UniqueConstraint(
                fields=["posting", "region_no", "account", "payer"], name="ledger_one_side_an_account_and_payer"
            ),
        ),
        migrations.RunSQL(ADDS_UP, migrations.RunSQL.noop),
    ]
