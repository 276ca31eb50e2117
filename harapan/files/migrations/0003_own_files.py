"""Whoever stored a file sees it from any post, also when it carries no place of theirs."""

from django.db import migrations

from harapan.database.rls import Own


class Migration(migrations.Migration):
    dependencies = [("files", "0002_rights"), ("audit", "0002_databases_of_the_first_days")]
    operations = [Own("files_storedfile", column="owner", also=True)]
