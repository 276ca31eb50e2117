"""Rows about a person follow the person; a mentor reads whom they stand beside; a badge is checked by its code alone."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, Protect
from harapan.database.roles import everyone, role
from harapan.database.together import Statements
from harapan.workforce.scoping import ACTOR, person_child

# Whoever holds the badge has its code: 80 bits that nobody guesses. It tells no NIK and no staff number.
CHECKED = """
CREATE FUNCTION harapan.badge_checked(asked text)
RETURNS TABLE (name text, title text, place text, issued_on date, until date, revoked_on date, left_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT b.name::text, b.title::text, b.place::text, b.issued_on, b.until, b.revoked_on, p.until
    FROM public.workforce_badge b JOIN public.workforce_person p ON p.id = b.person_id
    WHERE b.code = asked
$$
"""


def create(apps, schema_editor):
    placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
    for statement in (
        CHECKED,
        "REVOKE ALL ON FUNCTION harapan.badge_checked(text) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION harapan.badge_checked(text) TO {everyone(settings.ROLE_PREFIX)}",
        f"CREATE POLICY mentor ON workforce_mentorship FOR SELECT TO {placed} USING ({SIGNED} AND mentor_id = {ACTOR})",
    ):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    schema_editor.execute("DROP FUNCTION IF EXISTS harapan.badge_checked(text)", params=None)


class Migration(migrations.Migration):
    dependencies = [("workforce", "0007_staff"), ("audit", "0001_entries_and_seals")]
    operations = [
        *person_child("workforce_contract", audited="contract", rights="SELECT, INSERT, UPDATE"),
        *person_child("workforce_departure", audited="departure", rights="SELECT, INSERT, UPDATE"),
        *person_child("workforce_mentorship", audited="mentorship", rights="SELECT, INSERT, UPDATE"),
        *person_child("workforce_firststep", audited="first_step", rights="SELECT, INSERT"),
        *person_child("workforce_badge", audited="badge", secret=("code",), rights="SELECT, INSERT, UPDATE"),
        Protect("workforce_establishment", group=None, audited="establishment", rights="SELECT, INSERT, UPDATE"),
        Statements(create, drop),
    ]
