"""Moves carry their group's place; decrees and duties their own; what concerns all of a region everybody there reads."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, Open, Own, Protect
from harapan.database.roles import role
from harapan.database.together import Statements
from harapan.registry.scoping import group_child

ACTOR = "nullif(current_setting('harapan.actor', true), '')::bigint"


def read_beyond_the_place(apps, schema_editor):
    """A duty of a whole province lowers the band in each kecamatan of it; a facilitator reads the own decrees."""
    groups = role(settings.ROLE_PREFIX, "groups")
    placed = ", ".join(role(settings.ROLE_PREFIX, name) for name in ("region", "regions", "groups"))
    for statement in (
        f"CREATE POLICY everybodys ON workforce_extraduty FOR SELECT TO {placed} USING (user_id IS NULL)",
        f"CREATE POLICY own ON workforce_extraduty FOR SELECT TO {placed} USING ({SIGNED} AND user_id = {ACTOR})",
        f"CREATE POLICY own ON workforce_decree FOR SELECT TO {groups} USING ({SIGNED} AND EXISTS"
        " (SELECT FROM workforce_caseloadmove m WHERE m.decree_id = workforce_decree.id"
        f" AND {ACTOR} IN (m.giver_id, m.taker_id)))",
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial"), ("p2k2", "0002_scope"), ("audit", "0001_entries_and_seals")]
    operations = [
        Open("workforce_terrain", rights="SELECT, INSERT, UPDATE", audited="terrain"),
        Protect("workforce_extraduty", group=None, rights="SELECT, INSERT, UPDATE", audited="duty"),
        Protect("workforce_decree", group=None, rights="SELECT, INSERT", audited="decree"),
        *group_child("workforce_caseloadmove", audited="caseload_move"),
        Own("workforce_caseloadmove", column="giver_id", also=True),
        Statements(read_beyond_the_place, migrations.RunPython.noop),
    ]
