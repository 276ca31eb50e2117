"""Lessons and quizzes are for everybody to read; what a learner does is theirs to write, its result is the database's.

A learner may write attempts and readings, never the training record. `learning_booked` looks at what stands and writes the
result that follows from it, whoever asks.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open
from harapan.database.roles import everyone
from harapan.database.together import Statements
from harapan.training.learning.scoping import OfMyBatch, OwnWork
from harapan.workforce.scoping import person_child

CHANGED = "SELECT, INSERT, UPDATE, DELETE"
BOOKED = """
CREATE FUNCTION harapan.learning_booked(asked bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taught bigint;
    had text;
    booked text;
    unread boolean;
    all_passed boolean;
    used_up boolean;
    last_day date;
BEGIN
    IF NOT harapan.scope_is_signed() THEN
        RETURN NULL;
    END IF;
    SELECT d.id, e.state INTO taught, had
    FROM public.training_enrolment e
    JOIN public.training_batch b ON b.id = e.batch_id
    JOIN public.training_course c ON c.id = b.course_id AND c.kind = 'elearning'
    JOIN public.training_edition d ON d.course_id = c.id AND d.state = 'published'
    WHERE e.id = asked AND e.state IN ('invited', 'confirmed', 'present', 'failed')
    FOR UPDATE OF e;
    IF taught IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT EXISTS (
        SELECT FROM public.training_lesson l WHERE l.edition_id = taught AND NOT EXISTS (
            SELECT FROM public.training_reading r WHERE r.enrolment_id = asked AND r.lesson = l.key))
    INTO unread;
    SELECT coalesce(bool_and(coalesce(t.passed, false)), true),
           coalesce(bool_or(NOT coalesce(t.passed, false) AND t.tried >= q.attempts_max), false)
    INTO all_passed, used_up
    FROM public.training_quiz q CROSS JOIN LATERAL (
        SELECT count(*) AS tried,
               CASE q.counts WHEN 'best' THEN bool_or(a.passed) ELSE (array_agg(a.passed ORDER BY a.number DESC))[1] END
               AS passed
        FROM public.training_attempt a
        WHERE a.enrolment_id = asked AND a.quiz_key = q.key AND a.ended_at IS NOT NULL
            AND a.set_aside_because = '') t
    WHERE q.edition_id = taught;
    booked := CASE WHEN NOT unread AND all_passed THEN 'passed' WHEN used_up THEN 'failed' END;
    IF booked IS NULL OR booked = had THEN
        RETURN NULL;
    END IF;
    SELECT max(day) INTO last_day FROM (
        SELECT read_on AS day FROM public.training_reading WHERE enrolment_id = asked
        UNION ALL SELECT ended_on FROM public.training_attempt WHERE enrolment_id = asked) days;
    UPDATE public.training_enrolment SET state = booked, ended_on = last_day WHERE id = asked;
    RETURN booked;
END
$$
"""
SIGNATURE = "harapan.learning_booked(bigint)"


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BOOKED)
        cursor.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {everyone(settings.ROLE_PREFIX)}")


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DROP FUNCTION {SIGNATURE}")


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0005_learning"),
        ("workforce", "0004_person_scope"),
        ("audit", "0001_entries_and_seals"),
    ]
    operations = [
        Open("training_edition", rights=CHANGED, audited="edition"),
        Open("training_lesson", rights=CHANGED, audited="lesson"),
        Open("training_lessonpart", rights=CHANGED, audited="lesson_part"),
        Open("training_quiz", rights=CHANGED, audited="quiz"),
        Open("training_question", rights="SELECT, INSERT, UPDATE", audited="question"),
        *person_child("training_reading", audited="reading", rights="SELECT, INSERT", own=False),
        *person_child("training_attempt", audited="attempt", rights="SELECT, INSERT, UPDATE", own=False),
        *person_child("training_answer", audited="answer", rights="SELECT, INSERT, UPDATE", own=False),
        *person_child("training_inquiry", audited="inquiry", rights="SELECT, INSERT, UPDATE", own=False),
        *(OwnWork(f"training_{name}") for name in ("reading", "attempt", "answer", "inquiry")),
        OfMyBatch("training_inquiry"),
        Statements(create, drop),
    ]
