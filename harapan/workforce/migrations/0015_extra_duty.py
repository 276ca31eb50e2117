"""One home for extra duties: by named days or by days a month, of one person or of a whole region, with the letter."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from harapan.database.rls import Own
from harapan.database.together import Statements, Together


def last_day_instead_of_the_first_after(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true)")
        cursor.execute("UPDATE workforce_extraduty SET last_on = last_on - 1 WHERE last_on IS NOT NULL")


def own_rows_may_be_written(apps, schema_editor):
    """Until now somebody's own duties could only be read by them; `Own` gives them to whoever fills the post as well."""
    schema_editor.execute("DROP POLICY own ON workforce_extraduty", params=None)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("workforce", "0014_shortlist_scope"),
    ]
    operations = [
        Together(
            migrations.RemoveIndex("extraduty", "duty_region_since"),
            migrations.RemoveConstraint("extraduty", "duty_days_of_a_month"),
            migrations.RemoveConstraint("extraduty", "duty_ends_after_it_began"),
        ),
        Together(
            migrations.RenameField("extraduty", "since", "first_on"),
            migrations.RenameField("extraduty", "until", "last_on"),
            migrations.RenameField("extraduty", "duty", "title"),
            migrations.RenameField("extraduty", "letter", "letter_no"),
        ),
        Together(
            migrations.AlterField("extraduty", "title", models.CharField(max_length=160, verbose_name="untuk")),
            migrations.AlterField("extraduty", "first_on", models.DateField(verbose_name="dari")),
            migrations.AlterField(
                "extraduty", "letter_no", models.CharField(blank=True, max_length=120, verbose_name="nomor surat")
            ),
            migrations.AlterField(
                "extraduty",
                "days_per_month",
                models.SmallIntegerField(blank=True, null=True, verbose_name="hari sebulan"),
            ),
            migrations.AlterField(
                "extraduty",
                "user",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="petugas",
                ),
            ),
        ),
        Together(
            migrations.AddField(
                "extraduty", "kind", models.CharField(default="other", max_length=20, verbose_name="jenis"), False
            ),
            migrations.AddField(
                "extraduty",
                "place",
                models.CharField(blank=True, default="", max_length=120, verbose_name="tempat"),
                False,
            ),
            migrations.AddField(
                "extraduty", "letter_on", models.DateField(blank=True, null=True, verbose_name="tanggal surat")
            ),
            migrations.AddField(
                "extraduty",
                "letter_by",
                models.CharField(blank=True, default="", max_length=120, verbose_name="penanda tangan"),
                False,
            ),
            migrations.AddField(
                "extraduty",
                "letter_by_post",
                models.CharField(blank=True, default="", max_length=120, verbose_name="jabatan penanda tangan"),
                False,
            ),
            migrations.AddField(
                "extraduty",
                "minutes_a_day",
                models.SmallIntegerField(blank=True, null=True, verbose_name="menit sehari"),
            ),
            migrations.AddField(
                "extraduty",
                "recorded_at",
                models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now, verbose_name="dicatat"),
                False,
            ),
            migrations.AddField(
                "extraduty", "cancelled_on", models.DateField(blank=True, null=True, verbose_name="dibatalkan")
            ),
            migrations.AddField(
                "extraduty",
                "cancelled_because",
                models.CharField(blank=True, default="", max_length=200, verbose_name="sebab dibatalkan"),
                False,
            ),
        ),
        Statements(last_day_instead_of_the_first_after, migrations.RunPython.noop),
        Together(
            migrations.AddConstraint(
                "extraduty",
                models.UniqueConstraint(
                    condition=models.Q(("cancelled_on__isnull", True), ("user__isnull", False))
                    & models.Q(("letter_no", ""), _negated=True),
                    fields=("user", "letter_no", "first_on"),
                    name="extra_duty_once_a_letter",
                ),
            ),
            migrations.AddConstraint(
                "extraduty",
                models.CheckConstraint(
                    condition=models.Q(
                        ("last_on__isnull", True), ("last_on__gte", models.F("first_on")), _connector="OR"
                    ),
                    name="duty_ends_after_it_began",
                ),
            ),
            migrations.AddConstraint(
                "extraduty",
                models.CheckConstraint(
                    condition=models.Q(
                        ("days_per_month__isnull", True),
                        ("last_on__isnull", False),
                        ("minutes_a_day__range", (30, 720)),
                    )
                    | models.Q(("days_per_month__range", (1, 31)), ("minutes_a_day__isnull", True)),
                    name="duty_takes_days_or_minutes",
                ),
            ),
            migrations.AddConstraint(
                "extraduty",
                models.CheckConstraint(
                    condition=models.Q(("cancelled_because", ""), ("cancelled_on__isnull", True))
                    | models.Q(("cancelled_on__isnull", False), models.Q(("cancelled_because", ""), _negated=True)),
                    name="extra_duty_cancelled_when_and_why",
                ),
            ),
            migrations.AddIndex("extraduty", models.Index(fields=["region", "first_on"], name="duty_region_first")),
        ),
        Statements(own_rows_may_be_written, migrations.RunPython.noop),
        Own("workforce_extraduty", column="user_id", also=True, behalf=True),
    ]
