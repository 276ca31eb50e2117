"""Candidates and visits carry their family's place, quotas and first meetings their village's: no row can lie about it."""

from django.db import migrations

from harapan.registry.scoping import family_child, group_child

_OF_MEETING = """
    ALTER TABLE fieldwork_invitation ADD CONSTRAINT fieldwork_invitation_of_meeting
    FOREIGN KEY (meeting_id, held_on) REFERENCES fieldwork_firstmeeting (id, held_on) ON UPDATE CASCADE"""


class Migration(migrations.Migration):
    dependencies = [
        ("fieldwork", "0001_road"),
        ("registry", "0007_group_meets_somewhere"),
        ("p2k2", "0002_scope"),  # the key of a group that its rows refer to
    ]
    operations = [
        *group_child("fieldwork_villagequota", audited="quota"),
        *group_child("fieldwork_firstmeeting", audited="first_meeting"),
        *family_child("fieldwork_candidacy", audited="candidacy"),
        *family_child("fieldwork_invitation", audited="invitation"),
        *family_child("fieldwork_homevisit", audited="visit"),
        *family_child("fieldwork_foundcomponent", audited="found_component"),
        *family_child("fieldwork_visitphotograph", audited="visit_photograph"),
        *family_child("fieldwork_endproposal", audited="end_proposal"),
        migrations.RunSQL(_OF_MEETING, migrations.RunSQL.noop),
    ]
