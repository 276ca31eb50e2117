"""Work is seen by whoever asked for it; the batch login, which does it, sees all."""

from django.db import migrations

from harapan.database.rls import Own


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_work"), ("database", "0001_roles_and_scope")]
    operations = [Own("jobs_work", column="asked_by", rights="SELECT, INSERT, UPDATE, DELETE")]
