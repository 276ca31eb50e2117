"""Who was marked present takes part, and the batch runs: booked from the marks, whoever wrote them.

A participant who says so with the session's code may write their own mark, never their place in the batch.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.roles import everyone
from harapan.database.together import Statements

BOOKED = """
CREATE FUNCTION harapan.presence_booked(asked bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT harapan.scope_is_signed() THEN
        RETURN;
    END IF;
    UPDATE public.training_enrolment e SET state = 'present'
    FROM public.training_classattendance a
    WHERE a.session_id = asked AND a.mark = 'present' AND e.id = a.enrolment_id
        AND e.state IN ('invited', 'confirmed');
    UPDATE public.training_batch b SET state = 'running'
    FROM public.training_classsession s
    WHERE s.id = asked AND b.id = s.batch_id AND b.state IN ('planned', 'invited')
        AND EXISTS (SELECT FROM public.training_classattendance a WHERE a.session_id = s.id);
END
$$
"""
SIGNATURE = "harapan.presence_booked(bigint)"


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BOOKED)
        cursor.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {everyone(settings.ROLE_PREFIX)}")


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DROP FUNCTION {SIGNATURE}")


class Migration(migrations.Migration):
    dependencies = [("training", "0004_course_days_scope"), ("training", "0009_needs_are_policy")]
    operations = [Statements(create, drop)]
