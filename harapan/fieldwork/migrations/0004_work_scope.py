"""Whose work rows are: the owner's from any post, and the leads' of its place. A report is checked by its code alone."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Own, Protect
from harapan.database.roles import everyone
from harapan.database.together import Statements
from harapan.registry.scoping import family_child

OWN = {
    "fieldwork_workplan": "work_plan",
    "fieldwork_planitem": "plan_item",
    "fieldwork_duty": "duty",
    "fieldwork_activity": "activity",
    "fieldwork_activityphotograph": "photograph",
    "fieldwork_report": "report",
    "fieldwork_reportversion": "report",
}

# Whoever holds the paper has its code: 80 bits that nobody guesses. It names no family.
CHECKED = """
CREATE FUNCTION harapan.report_checked(asked text)
RETURNS TABLE (number_text text, rhk int, month int, supervision bool, name text, staff_number text,
               version int, latest int, made_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT lpad(r.number::text, greatest(3, length(r.number::text)), '0') || '/RHK-' || r.rhk || '/' || r.user_id || '/' || r.year,
           r.rhk::int, r.month, r.supervision, u.name::text, u.staff_number::text, v.version::int,
           (SELECT max(o.version)::int FROM public.fieldwork_reportversion o WHERE o.report_id = r.id), v.made_on
    FROM public.fieldwork_reportversion v
    JOIN public.fieldwork_report r ON r.id = v.report_id JOIN public.accounts_user u ON u.id = r.user_id
    WHERE v.code = asked
$$
"""


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CHECKED)
        cursor.execute("REVOKE ALL ON FUNCTION harapan.report_checked(text) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.report_checked(text) TO {everyone(settings.ROLE_PREFIX)}")


class Migration(migrations.Migration):
    dependencies = [
        ("fieldwork", "0003_work"),
        ("p2k2", "0002_scope"),
        ("registry", "0002_scope"),
        ("audit", "0001_entries_and_seals"),
    ]
    operations = [
        *family_child("fieldwork_taskanswer", audited="task_answer"),
        *(Protect(table, group=None, audited=kind) for table, kind in OWN.items()),
        *(Own(table, column="user_id", also=True, behalf=True) for table in OWN),
        Statements(create, migrations.RunPython.noop),
    ]
