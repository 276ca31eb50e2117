"""Finds what was changed of people and their accounts since a moment, among all the looks and deeds of the log.

The kinds are those of `harapan.benefits.after_freeze`; the index serves its question and no other.
"""

from django.db import migrations

INDEX = """
CREATE INDEX audit_entry_read_by_rules ON audit_entry (xid, id)
    WHERE subject_kind IN ('family', 'member', 'enrolment', 'component', 'account', 'observation');
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_databases_of_the_first_days")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX audit_entry_read_by_rules;")]
