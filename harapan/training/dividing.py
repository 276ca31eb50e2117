"""A batch divided into classes: everybody who is expected, the same people always into the same classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.training.law import law_on
from harapan.training.models import Batch, ClassAttendance, ClassSession, Enrolment, TrainingClass
from harapan.training.planning import locked_batch
from harapan.training.rules import Division, divided


def divide(batch_id: int, *, how: Division, rooms: Sequence[str], by: User, on: date) -> list[TrainingClass]:
    """Classes anew for everybody who is expected. rooms: where each class sits, the first class first.

    Classes that stay keep their timetable; those no longer needed go with theirs. Refused once attendance is recorded,
    without people, with too few rooms, or with one room for two classes.
    """
    with atomic():
        batch = locked_batch(batch_id)
        if ClassAttendance.objects.filter(batch=batch).exists():
            raise Refused("Kehadiran angkatan ini sudah tercatat, jadi kelasnya tidak dibagi ulang.")
        people = list(
            Enrolment.objects.coming().filter(batch=batch).select_related("person")
            .order_by("region_no", "person__name", "person_id")
        )  # fmt: skip
        if not people:
            raise Refused("Belum ada peserta untuk dibagi. Undang peserta dahulu.")
        classes = divided(people, size_max=law_on("class_size_max", batch.begins), how=how)
        named = _rooms(rooms, len(classes))
        made = []
        for number, (room, members) in enumerate(zip(named, classes, strict=True), 1):
            each, _new = TrainingClass.objects.update_or_create(batch=batch, number=number, defaults={"room": room})
            for member in members:
                member.training_class = each
            made.append(each)
        Enrolment.objects.filter(batch=batch).exclude(training_class=None).update(training_class=None)
        Enrolment.objects.bulk_update(people, ["training_class"])
        gone = TrainingClass.objects.filter(batch=batch, number__gt=len(classes))
        ClassSession.objects.filter(training_class__in=gone).delete()
        gone.delete()
        body = {"classes": len(classes), "how": how.value, "people": len(people)}
        log.record("batch.divided", kind="batch", subject=batch.pk, body=body)
    return made


def _rooms(rooms: Sequence[str], classes: int) -> list[str]:
    named = [" ".join(room.split())[:60] for room in rooms if room.strip()]
    if len(named) < classes:
        raise Refused(
            "Peserta menjadi {classes} kelas, ruang yang disebut {rooms}. Tulis satu ruang untuk tiap kelas.",
            classes=classes, rooms=len(named),
        )  # fmt: skip
    named = named[:classes]
    if twice := next((room for room in named if [each.lower() for each in named].count(room.lower()) > 1), ""):
        raise Refused("Ruang {room} disebut dua kali. Tiap kelas memerlukan ruang sendiri.", room=twice)
    return named


def place_late(batch: Batch, rows: Sequence[Enrolment]) -> None:
    """Those who come after the division go into the smallest class each; nothing where there are no classes yet."""
    classes = list(TrainingClass.objects.filter(batch=batch).order_by("number"))
    late = [row for row in rows if row.training_class_id is None]
    if not classes or not late:
        return
    sitting = Enrolment.objects.coming().filter(batch=batch, training_class__isnull=False)
    members = Counter(sitting.values_list("training_class", flat=True))
    for row in late:
        row.training_class = min(classes, key=lambda each: (members[each.pk], each.number))
        members[row.training_class.pk] += 1
    Enrolment.objects.bulk_update(late, ["training_class"])
