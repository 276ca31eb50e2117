"""Meetings carry their group's place, attendance its family's and its meeting's: no row can lie about either."""

from django.db import migrations

from harapan.registry.scoping import family_child, group_child

_OF_SESSION = """
    ALTER TABLE p2k2_attendance ADD CONSTRAINT p2k2_attendance_of_session
    FOREIGN KEY (session_id, held_on, begins, ends, lesson)
    REFERENCES p2k2_session (id, held_on, begins, ends, lesson) ON UPDATE CASCADE"""


class Migration(migrations.Migration):
    dependencies = [("p2k2", "0001_initial"), ("registry", "0002_scope"), ("audit", "0001_entries_and_seals")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE registry_group ADD CONSTRAINT registry_group_scope UNIQUE (id, region_no)",
            migrations.RunSQL.noop,
        ),
        *group_child("p2k2_session", audited="session"),
        *group_child("p2k2_photograph", audited="photograph"),
        *group_child("p2k2_plannedsession", audited="plan"),
        *family_child("p2k2_attendance", audited="attendance"),
        *family_child("p2k2_commitment", audited="commitment"),
        *family_child("p2k2_commitmentanswer", audited="commitment_answer"),
        *family_child("p2k2_behaviouranswer", audited="behaviour"),
        migrations.RunSQL(_OF_SESSION, migrations.RunSQL.noop),
    ]
