"""Also finds what was changed of facilities' months, exemptions, verdicts and adjustments since a moment.

The kinds are those of `harapan.benefits.late_entries`; the index serves its questions and no other.
"""

from django.db import migrations

BEFORE = ("family", "member", "enrolment", "component", "account", "observation")
NOW = (*BEFORE, "sanction_notice", "adjustment", "facility_month", "declaration", "exemption")


def index(kinds: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"""
DROP INDEX audit_entry_read_by_rules;
CREATE INDEX audit_entry_read_by_rules ON audit_entry (xid, id) WHERE subject_kind IN ({listed});
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_read_by_rules")]
    operations = [migrations.RunSQL(index(NOW), index(BEFORE))]
