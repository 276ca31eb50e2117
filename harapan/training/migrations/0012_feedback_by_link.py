"""Participants without an account answer the feedback form by a signed link; the database tells it no name."""

from django.conf import settings
from django.db import migrations

from harapan.database.roles import role
from harapan.database.together import Statements

# Whoever holds the link has its signature, which is checked before this is asked.
ASKED = """
CREATE FUNCTION harapan.feedback_asked(asked bigint)
RETURNS TABLE (course text, organiser text, begins date, ends date, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.name::text, b.organiser::text, b.begins, b.ends, e.state::text
    FROM public.training_enrolment e
    JOIN public.training_batch b ON b.id = e.batch_id
    JOIN public.training_course c ON c.id = b.course_id
    WHERE harapan.scope_is_signed() AND e.id = asked AND b.state <> 'cancelled'
      AND e.state NOT IN ('declined', 'substituted', 'absent')
      AND NOT EXISTS (SELECT FROM public.training_feedbackgiven g
                      WHERE g.batch_id = e.batch_id AND g.person_id = e.person_id)
$$
"""
# Once for each place, however it was answered: by the link or, by who has come to an account since, on their own page.
ANSWERED = """
CREATE FUNCTION harapan.feedback_answered(asked bigint, there text[], form bigint, answers jsonb, remark text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT harapan.scope_is_signed() THEN RETURN false; END IF;
    INSERT INTO public.training_feedbackgiven (person_id, region_no, batch_id)
    SELECT e.person_id, e.region_no, e.batch_id FROM public.training_enrolment e
    WHERE e.id = asked AND e.state = ANY (there)
    ON CONFLICT (person_id, batch_id) DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO public.training_feedback (id, batch_id, region_no, answers, remark)
    SELECT form, b.id, b.region_no, feedback_answered.answers, feedback_answered.remark
    FROM public.training_enrolment e JOIN public.training_batch b ON b.id = e.batch_id WHERE e.id = asked;
    RETURN true;
END $$
"""
SIGNATURES = (
    "harapan.feedback_asked(bigint)",
    "harapan.feedback_answered(bigint, text[], bigint, jsonb, text)",
)


def create(apps, schema_editor):
    for statement in (ASKED, ANSWERED):
        schema_editor.execute(statement, params=None)
    for signature in SIGNATURES:
        schema_editor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC", params=None)
        common = role(settings.ROLE_PREFIX, "common")
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {common}", params=None)


def drop(apps, schema_editor):
    for signature in SIGNATURES:
        schema_editor.execute(f"DROP FUNCTION {signature}", params=None)


class Migration(migrations.Migration):
    dependencies = [("training", "0011_question_pictures"), ("training", "0008_certificates_scope")]
    operations = [Statements(create, drop)]
