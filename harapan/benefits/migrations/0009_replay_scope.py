"""Replays and packs are the nation's: their findings name families by number, and only the nation reaches region 0."""

from django.db import migrations

from harapan.database.rls import Protect


class Migration(migrations.Migration):
    dependencies = [("benefits", "0008_replays"), ("audit", "0001_entries_and_seals")]
    operations = [
        Protect("benefits_replay", group=None, rights="SELECT, INSERT, UPDATE", audited="replay"),
        Protect("benefits_pack", group=None, rights="SELECT, INSERT, UPDATE", audited="pack"),
    ]
