"""Who may see what of handing over: a facilitator the own marks, nobody a report or question about themselves."""

from django.db import migrations

from harapan.database.rls import SIGNED, Own, Protect
from harapan.registry.scoping import family_child, group_child

# Days are hung up in the village anyway; setting them is for those of the place.
_ALL_READ = "CREATE POLICY everybody_reads ON payments_payoutday FOR SELECT USING (true)"
# What is said in confidence is seen from the kecamatan upwards, and by whoever said it.
_TIE = """
    ALTER TABLE {table} ADD CONSTRAINT {table}_of_family FOREIGN KEY (family_id, region_no, group_id)
    REFERENCES registry_family (id, region_no, group_id) ON UPDATE CASCADE"""
# RESTRICTIVE: whatever the place shows, never to the person a row speaks of, nor to somebody acting for them. Only
# reading: whoever draws questions for a kecamatan may draw one about themselves, unseen.
_NOT_THEIRS = """
    CREATE POLICY not_theirs ON {table} AS RESTRICTIVE FOR SELECT USING (
        {column} IS NULL
        OR ({column} IS DISTINCT FROM nullif(current_setting('harapan.actor', true), '')::bigint
            AND {column} IS DISTINCT FROM nullif(current_setting('harapan.behalf', true), '')::bigint))"""
# A facilitator's word may open an exception that the facilitator then cannot read.
_FIELD_OPENS = f"""
    CREATE POLICY field_opens ON payments_paymentexception FOR INSERT WITH CHECK (
        {SIGNED} AND nullif(current_setting('harapan.groups', true), '') IS NOT NULL
        AND file_id IS NULL AND family_id IS NULL AND group_id = 0 AND closed_at IS NULL)"""


def confidential(
    table: str, *, audited: str, rights: str, secret: tuple[str, ...] = ()
) -> list[migrations.operations.base.Operation]:
    return [
        migrations.RunSQL(_TIE.format(table=table), migrations.RunSQL.noop),
        Protect(table, group=None, audited=audited, rights=rights, secret=secret),
    ]


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_handover"), ("registry", "0002_scope"), ("p2k2", "0002_scope")]
    operations = [
        Protect("payments_payoutday", group=None, audited="payout_day"),
        migrations.RunSQL(_ALL_READ, migrations.RunSQL.noop),
        *family_child("payments_programmedue", audited="programme_due"),
        *group_child("payments_handoverproof", audited="handover_proof"),
        *family_child("payments_handover", audited="handover", rights="SELECT, INSERT, UPDATE"),
        *confidential("payments_saidreceipt", audited="said_receipt", rights="SELECT, INSERT"),
        Own("payments_saidreceipt", column="told_to_id", also=True),
        *confidential(
            "payments_heldcard",
            audited="held_card",
            rights="SELECT, INSERT, UPDATE",
            secret=("holder_name", "accused_id", "found_how"),
        ),
        Own("payments_heldcard", column="reported_by_id", also=True),
        migrations.RunSQL(_NOT_THEIRS.format(table="payments_heldcard", column="accused_id"), migrations.RunSQL.noop),
        Protect("payments_receiptdraw", group=None, audited="receipt_draw", rights="SELECT, INSERT"),
        *confidential("payments_receiptquestion", audited="receipt_question", rights="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(
            _NOT_THEIRS.format(table="payments_receiptquestion", column="facilitator_id"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(_FIELD_OPENS, migrations.RunSQL.noop),
    ]
