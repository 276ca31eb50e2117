"""Who reads what of ethics: the accused their own case once told, handlers their cases, nobody who reported."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, Protect, audit_triggers
from harapan.database.roles import everyone, role
from harapan.database.together import Statements
from harapan.workforce.scoping import ACTOR, person_child

BEHALF = "nullif(current_setting('harapan.behalf', true), '')::bigint"
NOT_ME = f"{{column}} IS DISTINCT FROM {ACTOR} AND {{column}} IS DISTINCT FROM {BEHALF}"
PLACED = ("region", "regions", "groups")
IN_CONFIDENCE = {
    "workforce_ethicsreport": ("ethics_report", ("told", "number", "word_ix", "happened_at")),
    "workforce_ethicsmessage": ("ethics_message", ("text",)),
    "workforce_ethicsevidence": ("ethics_evidence", ("words",)),
    "workforce_ethicsdeed": ("ethics_deed", ("note",)),
}

# Opening is for everybody, also without an account, and shows nothing: neither whether the name is known nor the case.
# Where the name fits one person of the place, the case is about them at once, and out of their sight.
OPENS = """
CREATE FUNCTION harapan.ethics_open(given jsonb, word bytea, reporter_name bytea, reporter_contact bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_id bigint; found_user bigint; found_region bigint; found_name text;
    which bigint := (given ->> 'case')::bigint;
    day date := (given ->> 'on')::date;
BEGIN
    IF NOT harapan.scope_is_signed() THEN
        RAISE EXCEPTION 'A report is filed under a signed scope: put_on first.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT min(p.id) INTO found_id FROM public.workforce_person p
    WHERE CASE WHEN given ->> 'accused' IS NOT NULL THEN p.user_id = (given ->> 'accused')::bigint
               ELSE upper(p.name) = upper(given ->> 'name')
                    AND (p.region_no >= (given ->> 'low')::bigint AND p.region_no < (given ->> 'high')::bigint
                         OR given ->> 'low' IS NULL) END
    HAVING count(*) = 1;
    SELECT p.user_id, p.region_no, p.name INTO found_user, found_region, found_name
    FROM public.workforce_person p WHERE p.id = found_id;
    INSERT INTO public.workforce_ethicscase
        (id, person_id, accused_id, accused_name, region_no, offence, opened_on, step, step_on, due_on, charge,
         hearing_place, heard, closed_why)
    VALUES (which, found_id, coalesce(found_user, (given ->> 'accused')::bigint), coalesce(found_name, given ->> 'name'),
            coalesce(found_region, (given ->> 'region')::bigint), given ->> 'offence', day, 'received', day,
            (given ->> 'due')::date, '', '', '', '');
    INSERT INTO public.workforce_ethicsreport
        (id, case_id, number, word_ix, source, told, happened_on, happened_at, reported_on, anonymous, keeper_id)
    VALUES ((given ->> 'report')::bigint, which, given ->> 'number', word, given ->> 'source', given ->> 'told',
            (given ->> 'happened_on')::date, given ->> 'happened_at', day, reporter_name IS NULL,
            (given ->> 'keeper')::bigint);
    IF reporter_name IS NOT NULL THEN
        INSERT INTO public.workforce_ethicsreporter (id, report_id, name, contact)
        VALUES ((given ->> 'reporter')::bigint, (given ->> 'report')::bigint, reporter_name, reporter_contact);
    END IF;
    IF given ->> 'kind' IS NOT NULL THEN
        INSERT INTO public.workforce_ethicsevidence (case_id, kind, subject, words, added_on)
        VALUES (which, given ->> 'kind', (given ->> 'subject')::bigint, given ->> 'told', day);
    END IF;
    INSERT INTO public.workforce_ethicsdeed (case_id, step, done_on, note, late_because)
    VALUES (which, 'received', day, '', '');
END $$;
"""

# Whoever holds number and word asks what became of a report: how far it is, and what was written under it.
ASKS = """
CREATE FUNCTION harapan.ethics_asked(asked text, word bytea)
RETURNS TABLE (report bigint, step text, reported_on date, step_on date, due_on date, proven boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.id, c.step::text, r.reported_on, c.step_on, c.due_on,
           (SELECT d.level <> '' FROM public.workforce_ethicsdecision d WHERE d.case_id = c.id AND NOT d.replaced)
    FROM public.workforce_ethicsreport r JOIN public.workforce_ethicscase c ON c.id = r.case_id
    WHERE r.number = asked AND r.word_ix = word
$$;
CREATE FUNCTION harapan.ethics_messages(asked text, word bytea)
RETURNS TABLE (from_reporter boolean, said text, written_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.from_reporter, m.text, m.written_on FROM public.workforce_ethicsmessage m
    JOIN public.workforce_ethicsreport r ON r.id = m.report_id
    WHERE r.number = asked AND r.word_ix = word ORDER BY m.id
$$;
CREATE FUNCTION harapan.ethics_added(asked text, word bytea, said text, day date, most int) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH added AS (
        INSERT INTO public.workforce_ethicsmessage (case_id, report_id, from_reporter, text, written_on)
        SELECT c.id, r.id, true, said, day
        FROM public.workforce_ethicsreport r JOIN public.workforce_ethicscase c ON c.id = r.case_id
        WHERE r.number = asked AND r.word_ix = word AND c.step NOT IN ('final', 'closed') AND harapan.scope_is_signed()
          AND (SELECT count(*) FROM public.workforce_ethicsmessage m WHERE m.report_id = r.id AND m.from_reporter) < most
        RETURNING id)
    SELECT count(*) = 1 FROM added
$$;
"""

# The one way to a reporter's identity: for its keeper in person, and never without an entry in the log.
REPORTER = """
CREATE FUNCTION harapan.ethics_reporter(asked bigint, reason text) RETURNS TABLE (id bigint, name bytea, contact bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting bigint := nullif(current_setting('harapan.actor', true), '')::bigint;
    which bigint;
BEGIN
    IF NOT harapan.scope_is_signed() OR nullif(current_setting('harapan.behalf', true), '') IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT r.case_id INTO which FROM public.workforce_ethicsreport r
    JOIN public.workforce_ethicscase c ON c.id = r.case_id
    WHERE r.id = asked AND r.keeper_id = acting AND c.accused_id IS DISTINCT FROM acting AND NOT r.anonymous;
    IF which IS NULL OR length(btrim(reason)) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO public.audit_entry (actor, via, verb, subject_kind, subject, why)
    VALUES (acting, coalesce(nullif(current_setting('harapan.via', true), ''), 'sql'), 'ethics_reporter.looked',
            'ethics_case', which, reason);
    RETURN QUERY SELECT t.id, t.name, t.contact FROM public.workforce_ethicsreporter t WHERE t.report_id = asked;
END $$;
"""

# What the accused says moves their own case one step at most; nothing else of it is theirs to change.
SAYS = """
CREATE FUNCTION harapan.ethics_said(which bigint, sort text, said text, day date, due date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting bigint := nullif(current_setting('harapan.actor', true), '')::bigint;
    own record;
BEGIN
    IF NOT harapan.scope_is_signed() THEN RETURN false; END IF;
    SELECT c.person_id, c.region_no, c.step INTO own FROM public.workforce_ethicscase c
    WHERE c.id = which AND c.accused_id = acting AND c.told_on IS NOT NULL FOR UPDATE;
    IF NOT FOUND OR NOT (own.step = 'decided' AND sort = 'appeal' OR own.step IN ('summoned', 'heard') AND sort = 'answer')
    THEN RETURN false; END IF;
    INSERT INTO public.workforce_ethicsstatement (case_id, person_id, region_no, kind, text, said_on)
    VALUES (which, own.person_id, own.region_no, sort, said, day);
    IF sort = 'appeal' THEN
        UPDATE public.workforce_ethicscase SET step = 'appealed', step_on = day, due_on = due WHERE id = which;
        INSERT INTO public.workforce_ethicsdeed (case_id, step, done_by_id, done_on, note, late_because)
        VALUES (which, 'appealed', acting, day, '', '');
    END IF;
    RETURN true;
END $$;
"""
FUNCTIONS = (
    "ethics_open(jsonb, bytea, bytea, bytea)",
    "ethics_asked(text, bytea)",
    "ethics_messages(text, bytea)",
    "ethics_added(text, bytea, text, date, int)",
    "ethics_reporter(bigint, text)",
    "ethics_said(bigint, text, text, date, date)",
)
DRAWN = ("workforce_ethicscase", "workforce_ethicsreport", "workforce_ethicsreporter")  # keys drawn before opening


def create(apps, schema_editor):
    prefix = settings.ROLE_PREFIX
    placed = ", ".join(role(prefix, name) for name in PLACED)
    with schema_editor.connection.cursor() as cursor:
        for statement in (*_case(placed), *_in_confidence(prefix), *_reporter(prefix), *_signing(placed)):
            cursor.execute(statement)
        for sql in (OPENS, ASKS, REPORTER, SAYS):
            cursor.execute(sql)
        for name in FUNCTIONS:
            cursor.execute(f"REVOKE ALL ON FUNCTION harapan.{name} FROM PUBLIC")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.{name} TO {everyone(prefix)}")
        for table in DRAWN:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            cursor.execute(f"GRANT USAGE ON SEQUENCE {cursor.fetchone()[0]} TO {everyone(prefix)}")


def _case(placed):
    table, not_me = "workforce_ethicscase", NOT_ME.format(column="accused_id")
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_of_person FOREIGN KEY (person_id, region_no)"
        " REFERENCES workforce_person (id, region_no) ON UPDATE CASCADE",
        f"CREATE POLICY own ON {table} FOR SELECT TO {placed}"
        f" USING ({SIGNED} AND told_on IS NOT NULL AND accused_id = {ACTOR})",
        f"CREATE POLICY not_before_told ON {table} AS RESTRICTIVE FOR SELECT"
        f" USING (accused_id IS NULL OR told_on IS NOT NULL OR ({not_me}))",
        f"CREATE POLICY not_theirs ON {table} AS RESTRICTIVE FOR UPDATE USING (accused_id IS NULL OR ({not_me}))",
        # no row of a decision comes from the person it is about
        "CREATE POLICY not_theirs ON workforce_ethicsdecision AS RESTRICTIVE FOR INSERT WITH CHECK"
        " (NOT EXISTS (SELECT FROM workforce_person p WHERE p.id = person_id"
        f" AND p.user_id IN ({ACTOR}, {BEHALF})))",
    )


def _in_confidence(prefix):
    """Read and written by a case's handler, by the nation where the case is about somebody else, and by the batch."""
    handlers = ", ".join(role(prefix, name) for name in ("region", "regions"))
    nation, batch = role(prefix, "nation"), role(prefix, "batch")
    mine = f"case_id IN (SELECT c.id FROM workforce_ethicscase c WHERE c.handler_id = {ACTOR})"
    others = f"case_id IN (SELECT c.id FROM workforce_ethicscase c WHERE {NOT_ME.format(column='c.accused_id')})"
    for table, (kind, secret) in IN_CONFIDENCE.items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"CREATE POLICY handler ON {table} TO {handlers} USING ({SIGNED} AND {mine} AND {others})"
        yield f"CREATE POLICY nation ON {table} TO {nation} USING ({SIGNED} AND {others})"
        yield f"CREATE POLICY batch ON {table} TO {batch} USING (true)"
        yield f"GRANT SELECT, INSERT, UPDATE ON {table} TO {handlers}, {nation}, {batch}"
        yield (
            f"DO $$ BEGIN EXECUTE format('GRANT USAGE ON SEQUENCE %s TO {handlers}, {nation}, {batch}',"
            f" pg_get_serial_sequence('{table}', 'id')); END $$"
        )
        yield from audit_triggers(table, kind, secret)


def _reporter(prefix):
    """No scope of a person reads it; the batch moves it to a new data key."""
    table, batch = "workforce_ethicsreporter", role(prefix, "batch")
    nobody = ", ".join(role(prefix, name) for name in ("region", "regions", "nation", "groups", "common"))
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY nobody ON {table} TO {nobody} USING (false)"
    yield f"CREATE POLICY batch ON {table} TO {batch} USING (true)"
    yield f"GRANT SELECT, UPDATE ON {table} TO {batch}"
    yield from audit_triggers(table, "ethics_reporter", ("name", "contact"))


def _signing(placed):
    yield (
        f"CREATE POLICY signs ON workforce_codesignature FOR INSERT TO {placed} WITH CHECK"
        f" ({SIGNED} AND person_id IN (SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR}))"
    )


OF_FAMILY = """
    ALTER TABLE workforce_ethicsvisit ADD CONSTRAINT workforce_ethicsvisit_of_family
    FOREIGN KEY (family_id, region_no, group_id) REFERENCES registry_family (id, region_no, group_id) ON UPDATE CASCADE"""
NOT_THEIR_FAMILIES = f"""
    CREATE POLICY not_theirs ON workforce_ethicsvisit AS RESTRICTIVE FOR SELECT
    USING (facilitator_id IS NULL OR ({NOT_ME.format(column="facilitator_id")}))"""


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0005_ethics"),
        ("registry", "0002_scope"),
        ("audit", "0001_entries_and_seals"),
    ]
    operations = [
        *person_child("workforce_codesignature", audited="code_signature", rights="SELECT, INSERT"),
        Protect(
            "workforce_ethicscase",
            group=None,
            audited="ethics_case",
            secret=("person_id", "accused_id", "accused_name", "charge", "heard", "closed_why"),
            rights="SELECT, UPDATE",
        ),
        *person_child(
            "workforce_ethicsstatement", audited="ethics_statement", secret=("text", "person_id"), rights="SELECT"
        ),
        *person_child(
            "workforce_ethicsdecision", audited="ethics_decision", secret=("why",), rights="SELECT, INSERT, UPDATE"
        ),
        Protect("workforce_ethicsdraw", group=None, audited="ethics_draw", rights="SELECT, INSERT"),
        migrations.RunSQL(OF_FAMILY, migrations.RunSQL.noop),
        Protect("workforce_ethicsvisit", group=None, audited="ethics_visit", rights="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(NOT_THEIR_FAMILIES, migrations.RunSQL.noop),
        Statements(create, migrations.RunPython.noop),
    ]
