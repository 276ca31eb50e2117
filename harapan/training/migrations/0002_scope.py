"""The catalogue and the batches are for everybody to read; who takes part is seen from where they serve."""

from django.db import migrations

from harapan.database.rls import Open
from harapan.workforce.scoping import person_child


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_courses"),
        ("workforce", "0004_person_scope"),
        ("audit", "0001_entries_and_seals"),
    ]
    operations = [
        Open("training_course", rights="SELECT, INSERT, UPDATE", audited="course"),
        Open("training_batch", rights="SELECT, INSERT, UPDATE", audited="batch"),
        *person_child("training_enrolment", audited="enrolment", rights="SELECT, INSERT, UPDATE"),
    ]
