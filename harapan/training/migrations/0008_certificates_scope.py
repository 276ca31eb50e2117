"""Certificates are seen from the place and by their owner; feedback names nobody; a paper is checked by its code alone.

People write about their own course: that they answered, what they answered, their plan and how far it has come.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, Open, Protect
from harapan.database.roles import everyone, role
from harapan.database.together import Statements
from harapan.workforce.scoping import ACTOR, person_child

ADD, WRITE = "SELECT, INSERT", "SELECT, INSERT, UPDATE"
MINE = f"person_id IN (SELECT p.id FROM workforce_person p WHERE p.user_id = {ACTOR})"
OF_MINE = {  # what somebody writes about themselves hangs on a row of their own
    "training_feedbackgiven": "batch_id IN (SELECT e.batch_id FROM training_enrolment e WHERE e.{mine})",
    "training_followupplan": "enrolment_id IN (SELECT e.id FROM training_enrolment e WHERE e.{mine})",
    "training_followupcheck": "plan_id IN (SELECT f.id FROM training_followupplan f WHERE f.{mine})",
}

# Whoever holds the paper has its code: 80 bits that nobody guesses. It tells the words of the paper and what became
# of it, nothing else about the person.
CHECKED = """
CREATE FUNCTION harapan.certificate_checked(asked text)
RETURNS TABLE (number_text text, name text, course text, issued_on date, expires_on date, revoked_on date,
               revoked_reason text, version int, latest int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT v.printed ->> 'number', v.printed ->> 'name', v.printed ->> 'course', c.issued_on, c.expires_on,
           c.revoked_on, c.revoked_reason::text, v.version::int,
           (SELECT max(o.version)::int FROM public.training_certificateversion o WHERE o.certificate_id = c.id)
    FROM public.training_certificateversion v JOIN public.training_certificate c ON c.id = v.certificate_id
    WHERE v.code = asked
$$
"""


def create(apps, schema_editor):
    placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
    mine = f"{SIGNED} AND {MINE}"
    statements = [
        CHECKED,
        "REVOKE ALL ON FUNCTION harapan.certificate_checked(text) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION harapan.certificate_checked(text) TO {everyone(settings.ROLE_PREFIX)}",
        *(
            f"CREATE POLICY own_added ON {table} FOR INSERT TO {placed}"
            f" WITH CHECK ({mine} AND {hangs.format(mine=MINE)})"
            for table, hangs in OF_MINE.items()
        ),
        f"CREATE POLICY own_changed ON training_followupplan FOR UPDATE TO {placed} USING ({mine}) WITH CHECK ({mine})",
        f"CREATE POLICY own_added ON training_feedback FOR INSERT TO {placed} WITH CHECK ({SIGNED} AND batch_id IN"
        f" (SELECT e.batch_id FROM training_enrolment e WHERE e.{MINE}))",
    ]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0007_certificates"),
        ("training", "0002_scope"),
        ("workforce", "0004_person_scope"),
        ("audit", "0001_entries_and_seals"),
    ]
    operations = [
        *person_child("training_certificate", audited="certificate", rights=WRITE),
        *person_child("training_certificateversion", audited="certificate_version", rights=ADD),
        *person_child("training_externalcertificate", audited="external_certificate", rights=ADD),
        *person_child("training_feedbackgiven", audited="feedback_given", rights=ADD),
        *person_child("training_followupplan", audited="follow_up", rights=WRITE),
        *person_child("training_followupcheck", audited="follow_up_check", rights=ADD),
        Protect("training_feedback", group=None, rights=ADD),  # not in the log row by row: it would name who said what
        Open("training_fieldproblem", rights=WRITE, audited="field_problem"),
        Open("training_practice", rights=WRITE, audited="practice"),
        Open("training_practicecopy", rights=ADD, audited="practice_copy"),
        Open("training_certificateseries", rights=WRITE),
        Open("training_placeplan", rights=ADD, audited="place_plan"),
        Statements(create, migrations.RunPython.noop),
    ]
