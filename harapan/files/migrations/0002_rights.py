"""Files are read through pages that check their owner's scope; rows are protected like the people they concern."""

from django.db import migrations

from harapan.database.rls import Protect


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("audit", "0001_entries_and_seals")]
    operations = [Protect("files_storedfile", rights="SELECT, INSERT, DELETE", audited="file")]
