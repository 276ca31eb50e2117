"""Runs and answers are seen by whoever's scope holds their region; opening figures follow their family."""

from django.db import migrations

from harapan.database.rls import Protect
from harapan.registry.scoping import family_child


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("registry", "0004_registered_elsewhere")]
    operations = [
        Protect("intake_importrun", rights="SELECT, INSERT, UPDATE", group=None, audited="import"),
        # answers are as many as the rows of a list: no trigger, their run carries the counts
        Protect("intake_importrow", rights="SELECT, INSERT, DELETE", group=None),
        Protect("intake_otherprogrammerow", rights="SELECT, INSERT, UPDATE", group=None),
        *family_child("intake_openingfigure", audited="opening_figure"),
    ]
