"""Batches are written by their own place alone; marks and points are about people, costs about a place.

Who was invited answers for themselves, and says with a session's code that they are there: nothing else.
"""

from django.db import migrations

from harapan.database.rls import Open, Protect
from harapan.training.scoping import MyOwnDeed, WrittenByPlace
from harapan.workforce.scoping import person_child

WRITE = "SELECT, INSERT, UPDATE"

# nobody and nothing is in two places at once; checked when a statement ends, so that a whole timetable can move
ONCE = """
    ALTER TABLE training_classsession
    ADD CONSTRAINT class_session_once_a_trainer EXCLUDE USING gist
        (trainer_id WITH =, tsrange(day + begins, day + ends) WITH &&) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT class_session_once_a_room EXCLUDE USING gist
        (room_key WITH =, tsrange(day + begins, day + ends) WITH &&) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT class_session_once_a_class EXCLUDE USING gist
        (training_class_id WITH =, tsrange(day + begins, day + ends) WITH &&) DEFERRABLE INITIALLY IMMEDIATE"""

# a mark belongs to a participant and a session of one batch
SAME_BATCH = """
    ALTER TABLE training_classattendance
    ADD CONSTRAINT class_attendance_of_enrolment FOREIGN KEY (enrolment_id, batch_id)
        REFERENCES training_enrolment (id, batch_id),
    ADD CONSTRAINT class_attendance_of_session FOREIGN KEY (session_id, batch_id)
        REFERENCES training_classsession (id, batch_id)"""


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0003_course_days"),
        ("training", "0002_scope"),
        ("workforce", "0004_person_scope"),
        ("audit", "0001_entries_and_seals"),
    ]
    operations = [
        WrittenByPlace("training_batch"),
        Open("training_coursetopic", rights="SELECT, INSERT", audited="course"),
        Open("training_courseneed", rights="SELECT, INSERT", audited="course"),
        Open("training_quota", rights=f"{WRITE}, DELETE", audited="batch_quota"),
        Open("training_trainer", rights=WRITE, audited="trainer"),
        Open("training_trainingclass", rights=f"{WRITE}, DELETE", audited="training_class"),
        Open("training_classsession", rights=f"{WRITE}, DELETE", audited="class_session"),
        Open("training_orderletter", rights="SELECT, INSERT", audited="order_letter"),
        Protect("training_budget", group=None, rights=WRITE, audited="training_budget"),
        Protect("training_costitem", group=None, rights="SELECT, INSERT, DELETE", audited="training_cost"),
        *person_child("training_classattendance", audited="class_attendance", rights=WRITE),
        *person_child("training_testscore", audited="test_score", rights=WRITE),
        *person_child("training_practicescore", audited="practice_score", rights=WRITE),
        MyOwnDeed(
            "training_enrolment",
            deed="UPDATE",
            before="state IN ('invited', 'confirmed')",
            after="state IN ('confirmed', 'declined')",
        ),
        MyOwnDeed("training_classattendance", deed="INSERT", after="mark = 'present' AND via = 'code'"),
        migrations.RunSQL(ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(SAME_BATCH, migrations.RunSQL.noop),
    ]
