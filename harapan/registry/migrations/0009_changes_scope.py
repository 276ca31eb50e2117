"""Requests and their proofs follow their family's place; nobody deletes one."""

from django.db import migrations

from harapan.registry.scoping import family_child

RIGHTS = "SELECT, INSERT, UPDATE"


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_changes"), ("audit", "0001_entries_and_seals")]
    operations = [
        *family_child("registry_change", audited="change", secret=("numbers", "undo"), rights=RIGHTS),
        *family_child("registry_changeproof", audited="change_proof", rights=RIGHTS),
    ]
