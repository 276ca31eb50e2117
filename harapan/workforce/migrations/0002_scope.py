"""Moves carry their group's place; whoever gave families away still sees that they did."""

from django.db import migrations

from harapan.database.rls import Open, Own
from harapan.registry.scoping import group_child


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial"), ("p2k2", "0002_scope"), ("audit", "0001_entries_and_seals")]
    operations = [
        Open("workforce_terrain", rights="SELECT, INSERT, UPDATE", audited="terrain"),
        Open("workforce_extraduty", rights="SELECT, INSERT, UPDATE", audited="duty"),
        Open("workforce_decree", rights="SELECT, INSERT", audited="decree"),
        *group_child("workforce_caseloadmove", audited="caseload_move"),
        Own("workforce_caseloadmove", column="giver_id", also=True),
    ]
