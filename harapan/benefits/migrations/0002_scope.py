"""Row-level security; the tables of runs, partitioned by run; and the only three doors through which a run comes in.

The batch login may load rows into the bare tables of its own running run and nothing else: making, attaching and
dropping them is the owner's, in functions that check what they are given.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open, Protect, audit_triggers, policies
from harapan.database.roles import role
from harapan.database.together import Statements
from harapan.registry.scoping import family_child

TABLES = """
CREATE TABLE benefits_entitlement (
    run_id bigint NOT NULL, family_id bigint NOT NULL, region_no bigint NOT NULL, group_id bigint NOT NULL,
    decision smallint NOT NULL, gross_idr bigint NOT NULL, cut_idr bigint NOT NULL, net_idr bigint NOT NULL,
    reasons bigint NOT NULL,
    PRIMARY KEY (run_id, family_id)
) PARTITION BY LIST (run_id);
CREATE TABLE benefits_line (
    run_id bigint NOT NULL, family_id bigint NOT NULL, member_id bigint NOT NULL,
    region_no bigint NOT NULL, group_id bigint NOT NULL,
    component smallint NOT NULL, annual_idr bigint NOT NULL, stage_idr bigint NOT NULL, counted boolean NOT NULL,
    reason integer NOT NULL,
    PRIMARY KEY (run_id, family_id, member_id)
) PARTITION BY LIST (run_id);
"""

FUNCTIONS = """
CREATE FUNCTION harapan.run_open(which bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
-- Two bare tables for a running run; what a killed try left of them goes.
DECLARE base text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM benefits_run r WHERE r.id = which AND r.state = 'running') THEN
        RAISE EXCEPTION 'Run % is not running: only a running run takes rows.', which;
    END IF;
    PERFORM harapan.run_drop(which);
    FOREACH base IN ARRAY ARRAY['benefits_entitlement', 'benefits_line'] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I)', base || '_r' || which, base);
        EXECUTE format('GRANT INSERT ON %I TO {batch}', base || '_r' || which);
    END LOOP;
END $body$;

CREATE FUNCTION harapan.run_drop(which bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
-- Drops the tables of a run that never became a partition; an attached one is kept for ever.
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['benefits_entitlement_r' || which, 'benefits_line_r' || which] LOOP
        IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = part AND c.relnamespace = 'public'::regnamespace
                   AND NOT c.relispartition) THEN
            EXECUTE format('DROP TABLE %I', part);
        END IF;
    END LOOP;
END $body$;

CREATE FUNCTION harapan.run_attach(which bigint, families bigint, lines bigint, net bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $body$
-- Keys, counts, sums and protects the loaded tables, then makes them partitions. Refuses other counts than were computed.
DECLARE
    entitled text := 'benefits_entitlement_r' || which;
    lined text := 'benefits_line_r' || which;
    part text; base text; statement text; counted bigint; summed bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM benefits_run r WHERE r.id = which AND r.state = 'running') THEN
        RAISE EXCEPTION 'Run % is not running.', which;
    END IF;
    EXECUTE format('SELECT count(*), coalesce(sum(net_idr), 0) FROM %I', entitled) INTO counted, summed;
    IF counted <> families OR summed <> net THEN
        RAISE EXCEPTION 'Run %: % families of % rupiah computed, % of % stored.', which, families, net, counted, summed;
    END IF;
    EXECUTE format('SELECT count(*) FROM %I', lined) INTO counted;
    IF counted <> lines THEN
        RAISE EXCEPTION 'Run %: % lines computed, % stored.', which, lines, counted;
    END IF;
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (run_id, family_id)', entitled);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (run_id, family_id, member_id)', lined);
    FOREACH base IN ARRAY ARRAY['benefits_entitlement', 'benefits_line'] LOOP
        part := base || '_r' || which;
        EXECUTE format('REVOKE ALL ON %I FROM {batch}', part);
        -- a partition read by its own name would not ask the parent's policy
        FOREACH statement IN ARRAY {policies} LOOP
            EXECUTE replace(statement, '"~"', quote_ident(part));
        END LOOP;
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION harapan.refuse_change()', part);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)', base, part, which);
        EXECUTE format('ANALYZE %I', part);
    END LOOP;
END $body$;
"""

BY_BATCH = ("run_open(bigint)", "run_drop(bigint)", "run_attach(bigint, bigint, bigint, bigint)")


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def create(apps, schema_editor):
    batch = role(settings.ROLE_PREFIX, "batch")
    listed = "ARRAY[" + ", ".join(literal(statement) for statement in policies("~")) + "]"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(FUNCTIONS.replace("{batch}", batch).replace("{policies}", listed))
        for function in BY_BATCH:
            cursor.execute(f"REVOKE ALL ON FUNCTION harapan.{function} FROM PUBLIC")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.{function} TO {batch}")
        cursor.execute(f"GRANT INSERT, UPDATE ON benefits_run TO {batch}")
        cursor.execute(f"GRANT USAGE ON SEQUENCE benefits_run_id_seq TO {batch}")


def changes_audited(table, kind):
    """Lists come in by the hundred thousand and are kept as files: only later changes of their rows are written."""
    return migrations.RunSQL(audit_triggers(table, kind)[1:], migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_initial"), ("audit", "0001_entries_and_seals")]
    operations = [
        Open("benefits_stage", rights="SELECT, INSERT, UPDATE", audited="stage"),
        Open("benefits_stageregency", rights="SELECT, INSERT, UPDATE", audited="stage_regency"),
        Open("benefits_stagemove", rights="SELECT, INSERT"),
        Open("benefits_receivedlist", rights="SELECT, INSERT, UPDATE", audited="received_list"),
        *family_child("benefits_listing", audited=None),
        changes_audited("benefits_listing", "listing"),
        *family_child("benefits_difference", audited=None),
        changes_audited("benefits_difference", "difference"),
        Open("benefits_run"),
        Statements(create, migrations.RunPython.noop),
        Protect("benefits_entitlement", rights="SELECT"),
        Protect("benefits_line", rights="SELECT"),
    ]
