"""Invitations are seen from the place applied for; what one person sends twice is settled across places."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open, Protect
from harapan.database.roles import everyone
from harapan.database.together import Statements

TIED = """
ALTER TABLE workforce_stageinvitation ADD CONSTRAINT workforce_stageinvitation_of_application
    FOREIGN KEY (application_id, region_no) REFERENCES workforce_application (id, region_no);
ALTER TABLE workforce_stageinvitation ADD CONSTRAINT workforce_stageinvitation_of_session
    FOREIGN KEY (session_id, stage) REFERENCES workforce_stagesession (id, stage);
"""

# Whoever sends an application works under the place applied for, and the same person may have applied elsewhere: these
# two see it, change which of them counts and nothing else, and tell nobody. One person's come one after the other.
DOUBLES = """
CREATE FUNCTION harapan.application_makes_way(asked bigint, day date) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine public.workforce_application;
    rule text;
BEGIN
    SELECT * INTO mine FROM public.workforce_application WHERE id = asked AND state = 'draft';
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(mine.round_id || encode(mine.nik_ix, 'hex'), 0));
    SELECT rules ->> 'double_counts' INTO rule FROM public.workforce_recruitmentround WHERE id = mine.round_id;
    IF rule = 'first' THEN
        RETURN (SELECT day FROM public.workforce_application a WHERE a.round_id = mine.round_id
                AND a.nik_ix = mine.nik_ix AND a.state = 'submitted' AND a.set_aside_on IS NULL);
    END IF;
    UPDATE public.workforce_application a SET set_aside_on = day WHERE a.round_id = mine.round_id
        AND a.nik_ix = mine.nik_ix AND a.state = 'submitted' AND a.set_aside_on IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION harapan.application_gives_way(asked bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine public.workforce_application;
    rule text;
BEGIN
    SELECT * INTO mine FROM public.workforce_application WHERE id = asked AND state = 'withdrawn';
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(mine.round_id || encode(mine.nik_ix, 'hex'), 0));
    SELECT rules ->> 'double_counts' INTO rule FROM public.workforce_recruitmentround WHERE id = mine.round_id;
    UPDATE public.workforce_application SET set_aside_on = NULL WHERE id = (
        SELECT a.id FROM public.workforce_application a
        WHERE a.round_id = mine.round_id AND a.nik_ix = mine.nik_ix AND a.state = 'submitted'
        ORDER BY a.set_aside_on IS NOT NULL, CASE WHEN rule = 'first' THEN a.submitted_at END, a.submitted_at DESC,
                 a.id DESC LIMIT 1) AND set_aside_on IS NOT NULL;
END $$;
"""
FUNCTIONS = ("harapan.application_makes_way(bigint, date)", "harapan.application_gives_way(bigint)")

# A ranking just written is paged at once: the planner must know how many rows there are.
COUNTED = """
CREATE FUNCTION harapan.recruitment_counted() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    ANALYZE public.workforce_stagescore, public.workforce_rankedapplication;
END $$;
"""


def create(apps, schema_editor):
    everybody = everyone(settings.ROLE_PREFIX)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(DOUBLES)
        cursor.execute(COUNTED)
        for function in (*FUNCTIONS, "harapan.recruitment_counted()"):
            cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {everybody}")


class Migration(migrations.Migration):
    dependencies = [("workforce", "0013_shortlist")]
    operations = [
        Open("workforce_stagesession", rights="SELECT, INSERT, UPDATE", audited="stage_session"),
        migrations.RunSQL(TIED, migrations.RunSQL.noop),
        Protect("workforce_stageinvitation", group=None, audited="stage_invitation"),
        Statements(create, migrations.RunPython.noop),
    ]
