"""Questions show pictures: read by everybody, added with a question and never changed."""

import django.db.models.deletion
from django.db import migrations, models

from harapan.database.rls import Open


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0006_learning_scope"),
        ("training", "0010_presence_booked"),
        ("files", "0001_initial"),
        ("audit", "0001_entries_and_seals"),
    ]
    operations = [
        migrations.CreateModel(
            name="QuestionPicture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.SmallIntegerField(verbose_name="urutan")),
                ("name", models.CharField(max_length=80, verbose_name="nama berkas")),
                ("alt", models.CharField(blank=True, max_length=200, verbose_name="keterangan")),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.IntegerField(verbose_name="ukuran (bita)")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pictures", to="training.question"
                    ),
                ),
            ],
            options={
                "verbose_name": "gambar soal",
                "constraints": [
                    models.UniqueConstraint(fields=("question", "place"), name="question_picture_place_once")
                ],
            },
        ),
        Open("training_questionpicture", rights="SELECT, INSERT", audited="question"),
    ]
