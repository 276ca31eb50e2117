"""Orders, partitioned by stage, and the two doors through which they come in; the claim of either mode in one view."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open, Protect, policies
from harapan.database.roles import role
from harapan.database.together import Statements
from harapan.registry.scoping import family_child

TABLE = """
CREATE TABLE payments_order (
    stage_id bigint NOT NULL, family_id bigint NOT NULL, attempt smallint NOT NULL, run_id bigint NOT NULL,
    file_id bigint NOT NULL, region_no bigint NOT NULL, group_id bigint NOT NULL, account_id bigint NOT NULL,
    payer text NOT NULL, amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    PRIMARY KEY (stage_id, family_id, attempt)
) PARTITION BY LIST (stage_id);
"""

FUNCTIONS = """
CREATE FUNCTION harapan.orders_open(which bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
-- A bare table for the orders of an instruction that has none yet. It goes with the transaction, or becomes orders.
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_instruction i WHERE i.id = which AND i.orders = 0) THEN
        RAISE EXCEPTION 'Instruction % is not being drawn.', which;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE payments_order INCLUDING CONSTRAINTS)', 'payments_order_i' || which);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO {batch}', 'payments_order_i' || which);
END $body$;

CREATE FUNCTION harapan.orders_take(which bigint, expected bigint, expected_idr bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
-- Counts, sums and compares the drawn orders with entitlements, earlier attempts and files, then makes them orders.
DECLARE
    drawn text := 'payments_order_i' || which;
    stage bigint; part text; statement text; counted bigint; summed bigint; odd bigint;
BEGIN
    SELECT i.stage_id INTO STRICT stage FROM payments_instruction i WHERE i.id = which;
    part := 'payments_order_s' || stage;
    EXECUTE format('SELECT count(*), coalesce(sum(amount_idr), 0) FROM %I', drawn) INTO counted, summed;
    IF counted <> expected OR summed <> expected_idr THEN
        RAISE EXCEPTION 'Instruction %: % orders of % rupiah drawn, % of % stored.',
            which, expected, expected_idr, counted, summed;
    END IF;
    EXECUTE format('SELECT count(*) FROM %I WHERE stage_id <> %s', drawn, stage) INTO odd;
    IF odd > 0 THEN RAISE EXCEPTION 'Instruction %: % orders of another stage.', which, odd; END IF;
    -- every order is what an approved run of the stage found due, to the rupiah
    EXECUTE format('SELECT count(*) FROM %I o WHERE NOT EXISTS (SELECT 1 FROM benefits_entitlement e '
                   'JOIN benefits_run r ON r.id = e.run_id JOIN benefits_approval a ON a.run_id = r.id '
                   'WHERE e.run_id = o.run_id AND e.family_id = o.family_id AND e.net_idr = o.amount_idr '
                   'AND r.stage_id = %s AND a.decision = ''approved'')', drawn, stage) INTO odd;
    IF odd > 0 THEN RAISE EXCEPTION 'Instruction %: % orders without an approved entitlement.', which, odd; END IF;
    EXECUTE format('SELECT count(*) FROM %I o WHERE o.attempt > 1 AND NOT EXISTS (SELECT 1 FROM payments_order p '
                   'WHERE p.stage_id = o.stage_id AND p.family_id = o.family_id AND p.attempt = o.attempt - 1 '
                   'AND p.amount_idr = o.amount_idr)', drawn) INTO odd;
    IF odd > 0 THEN RAISE EXCEPTION 'Instruction %: % attempts without the one before.', which, odd; END IF;
    EXECUTE format('SELECT count(*) FROM (SELECT file_id, count(*) AS n, sum(amount_idr) AS idr FROM %I GROUP BY 1) o '
                   'FULL JOIN (SELECT id, rows, amount_idr FROM payments_paymentfile WHERE instruction_id = %s) f '
                   'ON f.id = o.file_id WHERE o.n IS DISTINCT FROM f.rows OR o.idr IS DISTINCT FROM f.amount_idr',
                   drawn, which) INTO odd;
    IF odd > 0 THEN RAISE EXCEPTION 'Instruction %: % files whose sums are not those of their orders.', which, odd; END IF;
    IF to_regclass(part) IS NOT NULL THEN
        EXECUTE format('INSERT INTO payments_order SELECT * FROM %I', drawn);
        EXECUTE format('DROP TABLE %I', drawn);
        RETURN;
    END IF;
    EXECUTE format('ALTER TABLE %I RENAME TO %I', drawn, part);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (stage_id, family_id, attempt)', part);
    EXECUTE format('CREATE INDEX ON %I (file_id)', part);
    EXECUTE format('REVOKE ALL ON %I FROM {batch}', part);
    -- a partition read by its own name would not ask the parent's policy
    FOREACH statement IN ARRAY {policies} LOOP
        EXECUTE replace(statement, '"~"', quote_ident(part));
    END LOOP;
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION harapan.refuse_change()', part);
    EXECUTE format('ALTER TABLE payments_order ATTACH PARTITION %I FOR VALUES IN (%s)', part, stage);
    EXECUTE format('ANALYZE %I', part);
END $body$;
"""
BY_BATCH = ("orders_open(bigint)", "orders_take(bigint, bigint, bigint)")

# Received mode: each family and wave on the list. Computed mode: the latest order of each family, or its hold.
VIEW = """
DROP VIEW payments_claim;
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
UNION ALL
SELECT -(o.stage_id * 1000000000000 + o.family_id * 100 + o.attempt), o.stage_id, o.family_id, o.region_no, o.group_id,
       '', o.payer, o.amount_idr, coalesce(s.outcome, 0)::smallint, coalesce(s.amount_idr, 0), s."on", o.attempt,
       coalesce(s.reason_code, ''), coalesce(s.note, '')
FROM payments_order o
LEFT JOIN LATERAL (
    SELECT a.outcome, a.amount_idr, a."on", a.reason_code, a.note
    FROM payments_settlementline a
    WHERE a.stage_id = o.stage_id AND a.family_id = o.family_id AND a.wave = '' AND a.attempt = o.attempt
    ORDER BY a.id DESC LIMIT 1
) s ON true
WHERE NOT EXISTS (SELECT 1 FROM payments_order n WHERE n.stage_id = o.stage_id AND n.family_id = o.family_id
                  AND n.attempt > o.attempt)
UNION ALL
SELECT -(h.stage_id * 1000000000000 + h.family_id * 100), h.stage_id, h.family_id, h.region_no, h.group_id, '', '',
       h.amount_idr, (CASE WHEN h.lifted_on IS NULL THEN 8 ELSE 0 END)::smallint,
       CASE WHEN h.lifted_on IS NULL THEN h.amount_idr ELSE 0 END, h.since, 0::smallint, '', h.why
FROM payments_hold h
WHERE h.amount_idr > 0
  AND NOT EXISTS (SELECT 1 FROM payments_order o WHERE o.stage_id = h.stage_id AND o.family_id = h.family_id)
  AND NOT EXISTS (SELECT 1 FROM payments_hold n WHERE n.stage_id = h.stage_id AND n.family_id = h.family_id
                  AND n.amount_idr > 0 AND n.id > h.id)
"""


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def create(apps, schema_editor):
    batch = role(settings.ROLE_PREFIX, "batch")
    shapes = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups", "nation", "batch"))
    listed = "ARRAY[" + ", ".join(literal(statement) for statement in policies("~")) + "]"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(FUNCTIONS.replace("{batch}", batch).replace("{policies}", listed))
        for function in BY_BATCH:
            cursor.execute(f"REVOKE ALL ON FUNCTION harapan.{function} FROM PUBLIC")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.{function} TO {batch}")
        cursor.execute(VIEW)
        cursor.execute(f"GRANT SELECT ON payments_claim TO {shapes}")


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_computed"), ("benefits", "0007_computed_scope")]
    operations = [
        Statements(create, migrations.RunPython.noop),
        Protect("payments_order", rights="SELECT"),
        Open("payments_instruction", rights="SELECT, INSERT, UPDATE", audited="instruction"),
        Protect("payments_paymentfile", group=None, rights="SELECT, INSERT, UPDATE", audited="payment_file"),
        Open("payments_treasurydocument", rights="SELECT, INSERT", audited="document"),
        Protect("payments_treasuryreturn", group=None, rights="SELECT, INSERT", audited="treasury_return"),
        *family_child("payments_accountcheck", audited="account_check", rights="SELECT, INSERT"),
        *family_child("payments_retryrequest", audited="retry", rights="SELECT, INSERT, UPDATE"),
    ]
