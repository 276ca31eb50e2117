"""The append-only log, its seals, and the trigger that writes what changed."""

from django.conf import settings
from django.db import migrations, models

from harapan.database.roles import everyone, role
from harapan.database.together import Statements

YEARS = range(2024, 2041)
PARTITIONS = "\n".join(
    f"CREATE TABLE audit_entry_{year} PARTITION OF audit_entry "
    f"FOR VALUES FROM ('{year}-01-01 00:00+00') TO ('{year + 1}-01-01 00:00+00');"
    for year in YEARS
)

TABLES = f"""
CREATE TABLE harapan.era (one boolean PRIMARY KEY DEFAULT true CHECK (one), era bigint NOT NULL);
-- 63 random bits: xid8 starts again after a logical restore, so every stored xid is qualified by its era
INSERT INTO harapan.era (era) VALUES (('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16))::bit(64)::bigint
                                      & 9223372036854775807);
CREATE FUNCTION harapan.era_now() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT era FROM harapan.era $$;
REVOKE ALL ON FUNCTION harapan.era_now() FROM PUBLIC;

CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY,
    era bigint NOT NULL DEFAULT harapan.era_now(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor bigint NOT NULL,
    on_behalf bigint,
    via text NOT NULL,
    verb text NOT NULL,
    subject_kind text,
    subject bigint,
    why text,
    body text,
    salt bytea DEFAULT decode(replace(gen_random_uuid()::text, '-', ''), 'hex'),
    redacted bytea  -- what body and salt hashed to before the law had them erased
) PARTITION BY RANGE (at);
CREATE INDEX audit_entry_xid ON audit_entry (xid, id);
CREATE INDEX audit_entry_subject ON audit_entry (subject_kind, subject, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor, id);
{PARTITIONS}
CREATE TABLE audit_entry_else PARTITION OF audit_entry DEFAULT;

CREATE TABLE audit_seal (
    no bigint PRIMARY KEY, era bigint NOT NULL, after_xid xid8 NOT NULL, upto_xid xid8 NOT NULL,
    entries bigint NOT NULL, leaves bytea NOT NULL, root bytea NOT NULL, prev bytea NOT NULL,
    hash bytea NOT NULL, signature bytea NOT NULL, at timestamptz NOT NULL
);

CREATE FUNCTION harapan.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused. Record a new entry instead.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION harapan.refuse_change();
"""

FUNCTIONS = """
-- What a statement changed, a thousand rows to an entry. Arguments: the subject's kind, columns not to repeat.
-- A subject is a number; rows with another key (files) stand in the body only.
-- SECURITY DEFINER: the changing role may lack the right to insert; who acted stands in the signed settings, which only
-- the owner (migrations) may write by hand. Tables are named with their schema: a session's own temporary table of the
-- same name must not swallow entries.
CREATE OR REPLACE FUNCTION harapan.audit_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    kind text := TG_ARGV[0];
    hidden text[] := string_to_array(TG_ARGV[1], ',');
    acting bigint := nullif(current_setting('harapan.actor', true), '')::bigint;
    behalf bigint := nullif(current_setting('harapan.behalf', true), '')::bigint;
    through text := coalesce(nullif(current_setting('harapan.via', true), ''), 'sql');
    reason text := nullif(current_setting('harapan.why', true), '');
BEGIN
    IF acting IS NULL THEN
        RAISE EXCEPTION 'No actor: % on % needs a scope that says who acts (put_on).', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF session_user <> current_user AND NOT harapan.scope_is_signed() THEN
        RAISE EXCEPTION 'The actor of % on % is not signed, or the scope is too old: put_on again.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.audit_entry (actor, on_behalf, via, verb, subject_kind, subject, why, body)
        SELECT acting, behalf, through, kind || '.added', kind,
               CASE WHEN count(*) = 1 THEN min(id) END, reason, json_agg(row_)::text
        FROM (SELECT substring(to_jsonb(a) ->> 'id' FROM '^[0-9]+$')::bigint AS id,
                     jsonb_strip_nulls(to_jsonb(a) - hidden) AS row_,
                     (row_number() OVER () - 1) / 1000 AS pack FROM after a) rows
        GROUP BY pack ORDER BY pack;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.audit_entry (actor, on_behalf, via, verb, subject_kind, subject, why, body)
        SELECT acting, behalf, through, kind || '.removed', kind,
               CASE WHEN count(*) = 1 THEN min(id) END, reason, json_agg(row_)::text
        FROM (SELECT substring(to_jsonb(b) ->> 'id' FROM '^[0-9]+$')::bigint AS id,
                     jsonb_strip_nulls(to_jsonb(b) - hidden) AS row_,
                     (row_number() OVER () - 1) / 1000 AS pack FROM before b) rows
        GROUP BY pack ORDER BY pack;
    ELSE
        INSERT INTO public.audit_entry (actor, on_behalf, via, verb, subject_kind, subject, why, body)
        SELECT acting, behalf, through, kind || '.changed', kind,
               CASE WHEN count(*) = 1 THEN min(id) END, reason, json_agg(row_)::text
        FROM (
            SELECT id, jsonb_strip_nulls(jsonb_build_object('id', key, 'family_id', family_id)) || changed AS row_,
                   (row_number() OVER () - 1) / 1000 AS pack
            FROM (
                SELECT to_jsonb(a) -> 'id' AS key, substring(to_jsonb(a) ->> 'id' FROM '^[0-9]+$')::bigint AS id,
                       (to_jsonb(a) ->> 'family_id')::bigint AS family_id,
                       (SELECT jsonb_build_object('was', jsonb_object_agg(o.key, o.value),
                                                  'now', jsonb_object_agg(n.key, n.value))
                        FROM jsonb_each(to_jsonb(b) - hidden) o JOIN jsonb_each(to_jsonb(a) - hidden) n USING (key)
                        WHERE o.value IS DISTINCT FROM n.value) AS changed
                FROM after a JOIN before b ON (to_jsonb(a) ->> 'id') = (to_jsonb(b) ->> 'id')
            ) pairs WHERE changed -> 'was' <> 'null'::jsonb
        ) rows
        GROUP BY pack ORDER BY pack;
    END IF;
    RETURN NULL;
END $$;

-- Erasure under the law: the body goes, its hash stays, so that every seal still holds; who did it is an entry itself.
CREATE OR REPLACE FUNCTION harapan.redact(which bigint, who bigint, reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.audit_entry
    SET redacted = sha256(salt || convert_to(coalesce(body, ''), 'UTF8')), body = NULL, salt = NULL
    WHERE id = which AND redacted IS NULL;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO public.audit_entry (actor, via, verb, subject_kind, subject, why)
    VALUES (who, 'redaction', 'audit.redacted', 'audit', which, reason);
    RETURN true;
END $$;

-- Who looked at or changed one subject, for its page: the caller has shown that the subject is in its scope.
CREATE OR REPLACE FUNCTION harapan.audit_of(kind text, which bigint, rows_max int)
RETURNS TABLE (id bigint, at timestamptz, actor bigint, on_behalf bigint, via text, verb text, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.at, e.actor, e.on_behalf, e.via, e.verb, e.why FROM public.audit_entry e
    WHERE e.subject_kind = kind AND e.subject = which ORDER BY e.id DESC LIMIT least(rows_max, 500)
$$;
"""


def create(apps, schema_editor):
    prefix = settings.ROLE_PREFIX
    everybody = f"{everyone(prefix)}, {role(prefix, 'common')}"
    columns = "actor, on_behalf, via, verb, subject_kind, subject, why, body"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(FUNCTIONS)
        # id, xid, at and salt cannot be chosen; nobody but the sealer and the nation's auditors reads, nobody changes
        cursor.execute(f"GRANT INSERT ({columns}) ON audit_entry TO {everybody}")
        readers = f"{role(prefix, 'batch')}, {role(prefix, 'nation')}"
        cursor.execute(f"GRANT SELECT ON audit_entry, audit_seal TO {readers}")
        cursor.execute(f"GRANT INSERT ON audit_seal TO {role(prefix, 'batch')}")
        cursor.execute("REVOKE ALL ON FUNCTION harapan.redact(bigint, bigint, text) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.redact(bigint, bigint, text) TO {role(prefix, 'batch')}")
        cursor.execute("REVOKE ALL ON FUNCTION harapan.audit_of(text, bigint, int) FROM PUBLIC")
        cursor.execute(
            f"GRANT EXECUTE ON FUNCTION harapan.audit_of(text, bigint, int), harapan.era_now() TO {everybody}"
        )


class Migration(migrations.Migration):
    initial = True
    dependencies = [("database", "0001_roles_and_scope")]
    operations = [
        Statements(create, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True)),
                        ("at", models.DateTimeField()),
                        ("actor", models.BigIntegerField()),
                        ("on_behalf", models.BigIntegerField(null=True)),
                        ("via", models.TextField()),
                        ("verb", models.TextField()),
                        ("subject_kind", models.TextField(null=True)),
                        ("subject", models.BigIntegerField(null=True)),
                        ("why", models.TextField(null=True)),
                        ("body", models.TextField(null=True)),
                    ],
                    options={"managed": False, "db_table": "audit_entry", "ordering": ["-id"]},
                )
            ]
        ),
    ]
