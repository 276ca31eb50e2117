"""Rounds, places and rankings are public; who applied is seen from the place applied for, and by number and NIK.

The database keeps what was promised when a round opened: its rules and places no longer change, a ranking is never
rewritten, and no row about an application lies about its place.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open, Protect
from harapan.database.roles import everyone
from harapan.database.together import Statements

CHILDREN = {
    "workforce_applicationdocument": "application_document",
    "workforce_stagescore": "stage_score",
    "workforce_interviewmark": "interview_mark",
    "workforce_rankedapplication": None,  # sealed as a whole: the log has the fingerprint of every ranking
    "workforce_objection": "objection",
    "workforce_placeoffer": "place_offer",
}
RIGHTS = {"workforce_rankedapplication": "SELECT, INSERT"}


def of_application(table):
    return migrations.RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_of_application" FOREIGN KEY (application_id, region_no)'
        " REFERENCES workforce_application (id, region_no)",
        migrations.RunSQL.noop,
    )


TIED = """
ALTER TABLE workforce_application ADD CONSTRAINT application_of_formation
    FOREIGN KEY (formation_id, region_no) REFERENCES workforce_formation (id, region_id)
"""

FROZEN = """
CREATE FUNCTION harapan.recruitment_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'workforce_recruitmentround' THEN
        IF OLD.state <> 'planned' AND (NEW.rules, NEW.rules_digest, NEW.opens_on, NEW.closes_on, NEW.cohort)
            IS DISTINCT FROM (OLD.rules, OLD.rules_digest, OLD.opens_on, OLD.closes_on, OLD.cohort) THEN
            RAISE EXCEPTION 'The rules of round % are frozen since it opened.', OLD.code USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.lot_seed <> '' AND NEW.lot_seed <> OLD.lot_seed THEN
            RAISE EXCEPTION 'The lot of round % has been drawn.', OLD.code USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM FROM public.workforce_recruitmentround r
    WHERE r.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.round_id ELSE NEW.round_id END) AND r.state = 'planned';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The places of a round are frozen since it opened.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON workforce_recruitmentround
    FOR EACH ROW EXECUTE FUNCTION harapan.recruitment_frozen();
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON workforce_formation
    FOR EACH ROW EXECUTE FUNCTION harapan.recruitment_frozen();

CREATE FUNCTION harapan.place_within_quota() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.place_no NOT BETWEEN 1 AND (SELECT quota FROM public.workforce_formation WHERE id = NEW.formation_id) THEN
        RAISE EXCEPTION 'Formation % has no place %.', NEW.formation_id, NEW.place_no USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER within_quota BEFORE INSERT OR UPDATE ON workforce_placeoffer
    FOR EACH ROW EXECUTE FUNCTION harapan.place_within_quota();
"""

# Whoever has the number, which is drawn, and the NIK is the applicant. Answers both or nothing, and names nobody.
FOUND = """
CREATE FUNCTION harapan.application_found(asked text, asked_ix bytea) RETURNS TABLE (id bigint, region_no bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.id, a.region_no FROM public.workforce_application a WHERE a.number = asked AND a.nik_ix = asked_ix
$$
"""


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FOUND)
        cursor.execute("REVOKE ALL ON FUNCTION harapan.application_found(text, bytea) FROM PUBLIC")
        cursor.execute(
            f"GRANT EXECUTE ON FUNCTION harapan.application_found(text, bytea) TO {everyone(settings.ROLE_PREFIX)}"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0009_recruitment"),
        ("audit", "0001_entries_and_seals"),
        ("files", "0003_own_files"),
    ]
    operations = [
        Open("workforce_recruitmentround", rights="SELECT, INSERT, UPDATE", audited="round"),
        Open("workforce_formation", rights="SELECT, INSERT, UPDATE, DELETE", audited="formation"),
        Open("workforce_ranking", rights="SELECT, INSERT, UPDATE", audited="ranking"),
        migrations.RunSQL(TIED, migrations.RunSQL.noop),
        *(of_application(table) for table in CHILDREN),
        Protect("workforce_application", group=None, audited="application", secret=("nik", "phone")),
        *(
            Protect(table, group=None, audited=kind, rights=RIGHTS.get(table, "SELECT, INSERT, UPDATE, DELETE"))
            for table, kind in CHILDREN.items()
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
        Statements(create, migrations.RunPython.noop),
    ]
