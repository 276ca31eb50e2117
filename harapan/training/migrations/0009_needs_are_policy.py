"""Who must have a course is told once, by policy (`needs.within_months`); the copy beside the course goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0004_course_days_scope"), ("training", "0008_certificates_scope")]
    operations = [migrations.DeleteModel("CourseNeed")]
