"""People are seen from where they serve, and by themselves."""

from django.db import migrations

from harapan.database.rls import Protect
from harapan.workforce.scoping import OfMyself


class Migration(migrations.Migration):
    dependencies = [("workforce", "0003_person"), ("audit", "0001_entries_and_seals")]
    operations = [
        Protect("workforce_person", group=None, audited="person", secret=("nik",)),
        OfMyself("workforce_person"),
    ]
