"""Marks and children without a school follow their family; a link is seen in its place, and opened by its secret alone.

Whoever holds a link has no account and so no scope. The function tells them under whose post it stands only where the
nonce fits; everything else is read under that post's scope afterwards.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import Open, Protect
from harapan.database.roles import role
from harapan.database.together import Statements
from harapan.registry.scoping import family_child

FUNCTION = """
CREATE FUNCTION harapan.confirmation_link(link bigint, said text)
RETURNS TABLE (post_id bigint, made_by_id bigint, region_nos bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.post_id, l.made_by_id::bigint, l.region_nos FROM public.verification_confirmationlink l
    WHERE l.id = link AND l.nonce = said
$$
"""
SIGNATURE = "harapan.confirmation_link(bigint, text)"


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        cursor.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {role(settings.ROLE_PREFIX, 'common')}")


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DROP FUNCTION {SIGNATURE}")


class Migration(migrations.Migration):
    dependencies = [("verification", "0007_obligations_and_links"), ("registry", "0002_scope")]
    operations = [
        *family_child("verification_caremark", audited="care_mark"),
        *family_child("verification_unplacedpupil", audited="unplaced_pupil"),
        Open("verification_schoolweek", rights="SELECT, INSERT, UPDATE", audited="school_week"),
        Protect(
            "verification_confirmationlink", group=None, audited="confirmation_link", secret=("nonce",),
            rights="SELECT, INSERT, UPDATE",
        ),
        Statements(create, drop),
    ]  # fmt: skip
