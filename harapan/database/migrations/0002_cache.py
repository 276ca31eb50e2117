"""The cache lives in the database: what one web process remembers (a used code, a counted guess) all must remember."""

from django.db import migrations

from harapan.database.rls import Open

TABLE = """
CREATE TABLE harapan_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX harapan_cache_expires ON harapan_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("database", "0001_roles_and_scope")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE harapan_cache"),
        Open("harapan_cache", rights="SELECT, INSERT, UPDATE, DELETE"),
    ]
