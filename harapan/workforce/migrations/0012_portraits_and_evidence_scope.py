"""Who sees a portrait and a file of evidence; who asks for leave; how many reports an address may file in an hour."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED
from harapan.database.roles import everyone, quoted, role
from harapan.database.together import Statements
from harapan.workforce.scoping import ACTOR, person_child

MINE = f"person_id IN (SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR})"
UNANSWERED = "kind = 'leave' AND asked_on IS NOT NULL AND letter = '' AND cover_id IS NULL AND settled_on IS NULL"

# A report's files come in with its number and word, under the report's own name and nobody's account.
ATTACHED = """
CREATE FUNCTION harapan.ethics_attached(asked text, word bytea, files jsonb, day date, most int) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told record;
    before int;
BEGIN
    IF NOT harapan.scope_is_signed() THEN RETURN false; END IF;
    SELECT r.id, c.id AS case_id INTO told
    FROM public.workforce_ethicsreport r JOIN public.workforce_ethicscase c ON c.id = r.case_id
    WHERE r.number = asked AND r.word_ix = word AND c.step NOT IN ('final', 'closed') FOR UPDATE OF r;
    IF NOT FOUND THEN RETURN false; END IF;
    SELECT count(*) INTO before FROM public.workforce_ethicsevidence e WHERE e.report_id = told.id;
    IF before + jsonb_array_length(files) > most THEN RETURN false; END IF;
    INSERT INTO public.files_storedfile (id, name, kind, media_type, size, digest, owner, region_no, group_id, stored_at)
    SELECT (f ->> 'id')::uuid, 'bukti-' || (before + n) || '.jpg', 'ethics', 'image/jpeg', (f ->> 'size')::bigint,
           f ->> 'digest', 0, 0, 0, date_trunc('day', now())
    FROM jsonb_array_elements(files) WITH ORDINALITY AS each(f, n);
    INSERT INTO public.workforce_ethicsevidence (case_id, report_id, kind, words, file_id, added_on)
    SELECT told.case_id, told.id, 'brought', '', (f ->> 'id')::uuid, day FROM jsonb_array_elements(files) AS each(f);
    RETURN true;
END $$;
"""

# How many reports an address filed in this hour, under a keyed word that leads back to neither. Only this hour is kept.
COUNTED = """
CREATE UNLOGGED TABLE harapan.ethics_intake (caller bytea PRIMARY KEY, hour bigint NOT NULL, reports int NOT NULL);
CREATE FUNCTION harapan.ethics_counted(who bytea, now_hour bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    reached int;
BEGIN
    IF NOT harapan.scope_is_signed() THEN RETURN NULL; END IF;
    DELETE FROM harapan.ethics_intake i WHERE i.hour < now_hour;
    INSERT INTO harapan.ethics_intake AS i (caller, hour, reports) VALUES (who, now_hour, 1)
    ON CONFLICT (caller) DO UPDATE SET reports = i.reports + 1 RETURNING i.reports INTO reached;
    RETURN reached;
END $$;
"""

# The face beside the code, as long as the card holds: what the card itself shows to whoever is handed it.
FACE = """
CREATE FUNCTION harapan.badge_portrait(asked text, day date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT f.digest::text FROM public.workforce_badge b
    JOIN public.workforce_person p ON p.id = b.person_id
    JOIN public.workforce_portrait t ON t.id = b.portrait_id
    JOIN public.files_storedfile f ON f.id = t.file_id
    WHERE b.code = asked AND b.issued_on <= day AND day < b.until
      AND (b.revoked_on IS NULL OR day < b.revoked_on) AND (p.until IS NULL OR day < p.until)
$$;
"""
FUNCTIONS = (
    "ethics_attached(text, bytea, jsonb, date, int)",
    "ethics_counted(bytea, bigint)",
    "badge_portrait(text, date)",
)


def create(apps, schema_editor):
    prefix = settings.ROLE_PREFIX
    for statement in (*_portraits(prefix), *_leave(prefix), *_evidence(prefix), ATTACHED, COUNTED, FACE):
        schema_editor.execute(statement, params=None)
    for name in FUNCTIONS:
        schema_editor.execute(f"REVOKE ALL ON FUNCTION harapan.{name} FROM PUBLIC", params=None)
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION harapan.{name} TO {everyone(prefix)}", params=None)


def _portraits(prefix):
    placed = ", ".join(role(prefix, name) for name in ("region", "regions", "groups"))
    yield (
        f"CREATE POLICY adds ON workforce_portrait FOR INSERT TO {placed}"
        f" WITH CHECK ({SIGNED} AND added_by_id = {ACTOR} AND {MINE})"
    )
    yield (
        f"CREATE POLICY portrait ON {quoted('files_storedfile')} FOR SELECT TO {placed} USING ({SIGNED}"
        " AND kind = 'portrait' AND EXISTS (SELECT FROM workforce_portrait p WHERE p.file_id = files_storedfile.id))"
    )


def _leave(prefix):
    """Somebody asks for their own leave, and takes the wish back until it is answered; granting it is for others."""
    placed = ", ".join(role(prefix, name) for name in ("region", "regions", "groups"))
    yield (
        f"CREATE POLICY asks ON workforce_departure FOR INSERT TO {placed} WITH CHECK"
        f" ({SIGNED} AND planned_by_id = {ACTOR} AND withdrawn_on IS NULL AND {UNANSWERED} AND {MINE})"
    )
    yield (
        f"CREATE POLICY takes_back ON workforce_departure FOR UPDATE TO {placed}"
        f" USING ({SIGNED} AND withdrawn_on IS NULL AND {UNANSWERED} AND {MINE})"
        f" WITH CHECK ({SIGNED} AND withdrawn_on IS NOT NULL AND {UNANSWERED} AND {MINE})"
    )


def _evidence(prefix):
    """A file of a case is seen by whoever sees its evidence: its handler, and the nation unless it is about them."""
    handlers = ", ".join(role(prefix, name) for name in ("region", "regions"))
    seen = "EXISTS (SELECT FROM workforce_ethicsevidence e WHERE e.file_id = files_storedfile.id)"
    yield (
        f"CREATE POLICY ethics ON {quoted('files_storedfile')} FOR SELECT TO {handlers}"
        f" USING ({SIGNED} AND kind = 'ethics' AND {seen})"
    )
    yield (
        f"CREATE POLICY ethics_not_theirs ON {quoted('files_storedfile')} AS RESTRICTIVE FOR SELECT"
        f" TO {role(prefix, 'nation')} USING (kind <> 'ethics' OR {seen})"
    )


class Migration(migrations.Migration):
    dependencies = [("workforce", "0011_portraits_and_evidence"), ("files", "0004_work_on_behalf")]
    operations = [
        *person_child("workforce_portrait", audited="portrait", rights="SELECT, INSERT"),
        Statements(create, migrations.RunPython.noop),
    ]
