"""Observations are about members and follow their family; a facility's month names nobody and is open."""

from django.db import migrations

from harapan.database.rls import Open
from harapan.registry.scoping import family_child


class Migration(migrations.Migration):
    dependencies = [("verification", "0001_initial"), ("registry", "0002_scope")]
    operations = [
        Open("verification_facilitymonth", rights="SELECT, INSERT, UPDATE", audited="facility_month"),
        *family_child("verification_observation", audited="observation"),
    ]
