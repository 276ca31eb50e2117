"""Who may see that families were told anew of a payout day: those of the group and of its place."""

from django.db import migrations

from harapan.registry.scoping import group_child


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_parts_and_days"), ("registry", "0002_scope")]
    operations = [*group_child("payments_payouttelling", audited="payout_telling")]
