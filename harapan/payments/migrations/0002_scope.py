"""Row-level security, what may only be added, and the rule of the ledger: every posting adds up to zero."""

from django.db import migrations

from harapan.database.rls import Open, Protect
from harapan.registry.scoping import family_child

ADDS_UP = """
CREATE FUNCTION harapan.posting_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
DECLARE rest bigint;
BEGIN
    SELECT sum(e.idr) INTO rest FROM payments_ledgerentry e
    WHERE e.posting_id = NEW.posting_id AND e.region_no = NEW.region_no;
    IF rest <> 0 THEN
        RAISE EXCEPTION 'Posting % does not add up to zero in region %: % rupiah over.', NEW.posting_id, NEW.region_no, rest
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $body$;
-- at the end of the transaction: the sides of one posting come one after the other
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT OR UPDATE ON payments_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION harapan.posting_adds_up();
"""

ADDED_ONLY = "SELECT, INSERT"


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("audit", "0001_entries_and_seals"), ("benefits", "0002_scope")]
    operations = [
        *family_child("payments_centrestatus", audited=None, rights=ADDED_ONLY),
        Open("payments_settlementfile", rights="SELECT, INSERT, UPDATE", audited="settlement_file"),
        *family_child("payments_settlementline", audited=None, rights=ADDED_ONLY),
        *family_child(
            "payments_paymentexception",
            audited="payment_exception",
            secret=("nik", "account"),
            rights="SELECT, INSERT, UPDATE",
        ),
        *family_child("payments_hold", audited="hold", rights="SELECT, INSERT, UPDATE"),
        Open("payments_posting", rights=ADDED_ONLY),
        Protect("payments_ledgerentry", group=None, rights=ADDED_ONLY),
        *family_child("payments_cardstep", audited="card", rights=ADDED_ONLY),
        Protect("payments_minutes", group=None, rights="SELECT, INSERT, UPDATE", audited="minutes"),
        migrations.RunSQL(ADDS_UP, "DROP FUNCTION harapan.posting_adds_up() CASCADE"),
    ]
