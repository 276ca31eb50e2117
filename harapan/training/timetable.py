"""The timetable of a batch: proposed whole from the curriculum, or put down hour by hour; nobody is in two places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import IntegrityError

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.training.catalogue import Block, blocks_on
from harapan.training.errors import Clash, OutsideBatch
from harapan.training.law import law_on
from harapan.training.models import Batch, ClassAttendance, ClassSession, CourseTopic, Trainer, TrainingClass
from harapan.training.models.classes import plus_minutes, room_key
from harapan.training.planning import locked_batch


@dataclass(frozen=True, slots=True)
class Slot:
    """One block of one day."""

    day: date
    begins: time
    hours: int


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One session as somebody puts it down."""

    class_id: int
    topic_id: int
    trainer_id: int | None
    day: date
    begins: time
    hours: int
    room: str = ""


def add_trainer(name: str, institution: str, *, by: User, user: User | None = None) -> Trainer:
    """A trainer, once for name and institution. `user`: the account that writes down their sessions; named again, it
    takes the place of the one before. Refused for an account that is another trainer's.
    """
    name, institution = " ".join(name.split()), " ".join(institution.split())
    if not name or not institution:
        raise Refused("Tulis nama pelatih dan lembaganya, misalnya Siti Rahmah, BBPPKS Banjarmasin.")
    with atomic():
        other = Trainer.objects.filter(user=user).first() if user else None
        if other is not None and (other.name, other.institution) != (name, institution):
            raise Refused(
                "Akun itu sudah milik pelatih {name}, {institution}. Pakai nama itu, atau sebut akun lain.",
                name=other.name, institution=other.institution,
            )  # fmt: skip
        made, new = Trainer.objects.get_or_create(name=name, institution=institution, defaults={"user": user})
        if new:
            log.record("trainer.added", kind="trainer", subject=made.pk)
        elif user is not None and made.user_id != user.pk:
            made.user = user
            made.save(update_fields=["user"])
            log.record("trainer.account_named", kind="trainer", subject=made.pk, body={"user": user.pk})
    return made


def slots_of(batch: Batch) -> Iterator[Slot]:
    """Every block of every day of the batch, in order."""
    blocks: Sequence[Block] = blocks_on(batch.begins)
    for number in range(batch.days):
        for block in blocks:
            yield Slot(batch.begins + timedelta(days=number), block.begins, block.hours)


def propose(batch_id: int, trainer_ids: Sequence[int], *, by: User, on: date) -> list[ClassSession]:
    """The whole timetable from the curriculum: each class hears the topics in order, block by block.

    A trainer keeps a topic of a class to its end where they are free. Replaces a timetable without attendance. Refused
    with too few trainers for the classes, too few hours in the days, or once attendance is recorded.
    """
    with atomic():
        batch = locked_batch(batch_id)
        _refuse_recorded(batch)
        classes = list(TrainingClass.objects.filter(batch=batch).order_by("number"))
        trainers = list(Trainer.objects.filter(pk__in=trainer_ids).order_by("pk"))
        topics = list(CourseTopic.objects.filter(course=batch.course).order_by("number"))
        slots = list(slots_of(batch))
        _check_enough(batch, classes, trainers, topics, slots)
        ClassSession.objects.filter(batch=batch).delete()
        sessions = list(_laid_out(batch, classes, trainers, topics, slots))
        written = _written(sessions)
        body = {"sessions": len(written), "trainers": len(trainers)}
        log.record("batch.scheduled", kind="batch", subject=batch.pk, body=body)
    return written


def _refuse_recorded(batch: Batch) -> None:
    if ClassAttendance.objects.filter(batch=batch).exists():
        raise Refused(
            "Kehadiran angkatan ini sudah tercatat, jadi jadwalnya tidak disusun ulang. Ubah sesi satu per satu."
        )


def _check_enough(
    batch: Batch, classes: list[TrainingClass], trainers: list[Trainer], topics: list[CourseTopic], slots: list[Slot]
) -> None:
    if not classes:
        raise Refused("Angkatan ini belum dibagi menjadi kelas. Bagi kelasnya dahulu.")
    if len(trainers) < len(classes):
        raise Refused(
            "{classes} kelas memerlukan {classes} pelatih sekaligus; yang dipilih {trainers}. Pilih pelatih lagi.",
            classes=len(classes), trainers=len(trainers),
        )  # fmt: skip
    hours, room = sum(topic.hours for topic in topics), sum(slot.hours for slot in slots)
    if hours > room:
        raise Refused(
            "{course} memuat {hours} JP, sedangkan {days} hari memuat {room} JP. Perpanjang angkatannya.",
            course=batch.course.name, hours=hours, days=batch.days, room=room,
        )  # fmt: skip


def _laid_out(
    batch: Batch, classes: list[TrainingClass], trainers: list[Trainer], topics: list[CourseTopic], slots: list[Slot]
) -> Iterator[ClassSession]:
    """Trainers taught elsewhere at that time are passed over; the next free one in the row takes the hour."""
    minutes = law_on("hour_minutes", batch.begins)
    busy = _busy(trainers, batch, minutes, slots)
    for place, each in enumerate(classes):
        for slot, topic, hours in _blocks(topics, slots):
            at = (place + topic.number - 1) % len(trainers)
            row = trainers[at:] + trainers[:at]
            trainer = next((one for one in row if one.pk not in busy[slot]), None)
            if trainer is None:
                raise Clash(_class_words(each), slot.day, f"{slot.begins:%H.%M}")
            busy[slot].add(trainer.pk)
            ends = plus_minutes(slot.begins, hours * minutes)
            yield ClassSession(
                batch=batch, training_class=each, topic=topic, trainer=trainer, day=slot.day, begins=slot.begins,
                ends=ends, hours=hours, room=each.room, room_key=room_key(batch, each.room),
            )  # fmt: skip


def _class_words(each: TrainingClass) -> Phrase:
    return Phrase("Kelas {name}", name=each.letter)


def _blocks(topics: list[CourseTopic], slots: list[Slot]) -> Iterator[tuple[Slot, CourseTopic, int]]:
    """The topics cut into the blocks in order; a block belongs to one topic, so that an odd hour leaves a pause."""
    free = iter(slots)
    for topic in topics:
        left = topic.hours
        while left > 0:
            slot = next(free, None)
            if slot is None:
                raise Refused(
                    "Mata diklat {title} tidak muat dalam hari-hari angkatan ini. Perpanjang angkatannya, atau susun "
                    "jadwal dengan tangan.",
                    title=topic.title,
                )
            yield slot, topic, min(left, slot.hours)
            left -= slot.hours


def _busy(trainers: list[Trainer], batch: Batch, minutes: int, slots: list[Slot]) -> dict[Slot, set[int]]:
    """Block -> trainers whom another batch has then."""
    elsewhere = defaultdict(list)
    rows = ClassSession.objects.filter(trainer__in=trainers, day__range=(batch.begins, batch.ends)).exclude(batch=batch)
    for day, begins, ends, trainer in rows.values_list("day", "begins", "ends", "trainer"):
        elsewhere[day].append((begins, ends, trainer))
    return {
        slot: {
            trainer
            for begins, ends, trainer in elsewhere[slot.day]
            if begins < plus_minutes(slot.begins, slot.hours * minutes) and slot.begins < ends
        }
        for slot in slots
    }


def put_down(batch_id: int, facts: SessionFacts, *, by: User, on: date) -> ClassSession:
    """One more session. Refused outside the batch's days, without a trainer, or where somebody or a room is taken."""
    with atomic():
        batch = locked_batch(batch_id)
        if not batch.begins <= facts.day <= batch.ends:
            raise OutsideBatch(facts.day, batch)
        each = TrainingClass.objects.filter(batch=batch, pk=facts.class_id).first()
        topic = CourseTopic.objects.filter(course=batch.course, pk=facts.topic_id).first()
        if each is None or topic is None:
            raise Refused("Kelas atau mata diklat itu tidak ada dalam angkatan ini. Pilih dari daftarnya.")
        trainer = Trainer.objects.filter(pk=facts.trainer_id).first() if facts.trainer_id else None
        if trainer is None:
            raise Refused(
                "Kelas {name} belum punya pelatih untuk {topic}. Pilih pelatihnya.", name=each.letter, topic=topic.title
            )
        room = " ".join(facts.room.split())[:60] or each.room
        ends = plus_minutes(facts.begins, facts.hours * law_on("hour_minutes", batch.begins))
        if ends <= facts.begins:
            raise Refused("Sesi itu melewati tengah malam. Mulai lebih pagi, atau bagi JP-nya.")
        made = ClassSession(
            batch=batch, training_class=each, topic=topic, trainer=trainer, day=facts.day, begins=facts.begins,
            ends=ends, hours=facts.hours, room=room, room_key=room_key(batch, room),
        )  # fmt: skip
        _written([made])
        log.record("class_session.added", kind="batch", subject=batch.pk, body={"session": made.pk})
    return made


def take_away(session_id: int, *, by: User, on: date) -> None:
    """A session that does not take place. Refused once attendance is recorded there."""
    with atomic():
        batch_id = ClassSession.objects.filter(pk=session_id).values_list("batch", flat=True).first()
        batch = locked_batch(batch_id or 0)
        if ClassAttendance.objects.filter(session=session_id).exists():
            raise Refused("Kehadiran sesi ini sudah tercatat, jadi sesinya tidak dihapus.")
        ClassSession.objects.filter(pk=session_id).delete()
        log.record("class_session.removed", kind="batch", subject=batch.pk, body={"session": session_id})


def _written(sessions: list[ClassSession]) -> list[ClassSession]:
    """Inserted; where the database refuses, said in words who or what is taken."""
    try:
        with atomic():
            return ClassSession.objects.bulk_create(sessions)
    except IntegrityError as error:
        raise _clash(sessions, str(error)) from None


def _clash(sessions: list[ClassSession], said: str) -> Refused:
    for each in sessions:
        same = ClassSession.objects.filter(day=each.day, begins__lt=each.ends, ends__gt=each.begins)
        for constraint, narrowed, what in (
            ("once_a_trainer", same.filter(trainer=each.trainer), each.trainer.name),
            ("once_a_room", same.filter(room_key=each.room_key), Phrase("Ruang {name}", name=each.room)),
            ("once_a_class", same.filter(training_class=each.training_class), _class_words(each.training_class)),
        ):
            if constraint in said and narrowed.exists():
                return Clash(what, each.day, f"{each.begins:%H.%M}–{each.ends:%H.%M}")
    return Refused("Satu pelatih, ruang, atau kelas dipakai dua kali pada jam yang sama. Periksa jadwalnya.")
