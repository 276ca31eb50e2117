"""A batch moved or cancelled: everybody who was invited is asked again, and letters get a new version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import IntegrityError

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.training.answering import CANCELLED
from harapan.training.doubts import elsewhere
from harapan.training.models import Batch, ClassAttendance, ClassSession, Enrolment
from harapan.training.models.classes import room_key
from harapan.training.planning import BatchFacts, check_days, locked_batch
from harapan.training.quotas import Places

AGAIN = (Enrolment.State.INVITED, Enrolment.State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Moved:
    """The batch as it stands now, how many were asked again, and which places of theirs elsewhere share its days."""

    batch: Batch
    asked: int
    clashes: list[Enrolment] = field(default_factory=list)


def move_batch(
    batch_id: int, *, begins: date, ends: date, place: str, why: str, by: User, on: date
) -> Moved:  # fmt: skip
    """Other days or another place. Who had agreed or was still asked is asked again; so is who could not come then, as
    long as their quota has places and no other batch has them meanwhile. The timetable moves by as many days.

    Refused once anybody's attendance is recorded, without a reason after invitations, or where a trainer or a room is
    taken on the new days. The same days and place again change nothing.
    """
    with atomic():
        batch = locked_batch(batch_id)
        place = place.strip() or batch.place
        if (begins, ends, place) == (batch.begins, batch.ends, batch.place):
            return Moved(batch, 0)
        invited = batch.state != Batch.State.PLANNED
        _check_move(batch, begins, ends, place, why, on=on, invited=invited)
        shift = begins - batch.begins
        batch.begins, batch.ends, batch.place, batch.year = begins, ends, place, begins.year
        batch.changed_because = why.strip()[:200]
        batch.letter_version += int(invited)
        batch.save(update_fields=["begins", "ends", "place", "year", "changed_because", "letter_version"])
        _shift(batch, shift)
        asked = _ask_again(batch, on) if invited else 0
        coming = Enrolment.objects.filter(batch=batch, state__in=AGAIN).values_list("person", flat=True)
        clashes = elsewhere(batch, list(coming))
        body = {"begins": begins, "ends": ends, "version": batch.letter_version, "asked": asked}
        log.record("batch.moved", kind="batch", subject=batch.pk, why=why or None, body=body)
    return Moved(batch, asked, clashes)


def _check_move(batch: Batch, begins: date, ends: date, place: str, why: str, *, on: date, invited: bool) -> None:
    facts = BatchFacts(batch.course, batch.wave, begins, ends, place, batch.organiser, batch.number)
    check_days(facts, on=on)
    if begins < on:
        raise Refused("Hari {day} sudah lewat. Pindahkan angkatan ke hari yang akan datang.", day=format_date(begins))
    if invited and len(why.strip()) < 5:
        raise Refused("Tulis sebab perubahan; semua yang diundang membacanya. Contoh: balai dipakai pengungsi.")
    if ClassAttendance.objects.filter(batch=batch).exists():
        raise Refused("Kehadiran angkatan ini sudah tercatat, jadi hari dan tempatnya tidak diubah lagi.")


def _shift(batch: Batch, by: timedelta) -> None:
    """The timetable follows; what falls behind the last day goes. Rooms are those of the new place."""
    sessions = list(ClassSession.objects.filter(batch=batch))
    for each in sessions:
        each.day, each.room_key = each.day + by, room_key(batch, each.room)
    late = [each.pk for each in sessions if each.day > batch.ends]
    try:
        with atomic():
            ClassSession.objects.filter(pk__in=late).delete()
            kept = [each for each in sessions if each.pk not in late]
            ClassSession.objects.bulk_update(kept, ["day", "room_key"])
    except IntegrityError:
        raise Refused(
            "Pada hari yang baru, satu pelatih atau ruang dari jadwal ini sudah terpakai. Kosongkan jadwalnya dahulu, "
            "pindahkan angkatan, lalu susun lagi."
        ) from None


def _ask_again(batch: Batch, on: date) -> int:
    """Everybody who holds a place, then whoever could not come at the old time and has no other, while places last."""
    fresh = {"state": Enrolment.State.INVITED, "asked_version": batch.letter_version, "answered_on": None}
    asked = Enrolment.objects.filter(batch=batch, state__in=AGAIN).update(**fresh)
    places = Places.of(batch)
    declined = Enrolment.objects.filter(batch=batch, state=Enrolment.State.DECLINED)
    able, waiting = [], list(declined.filter(asked_version__lt=batch.letter_version).order_by("pk"))
    placed = _placed(batch, [row.person_id for row in waiting], on)
    for row in waiting:
        if row.person_id in placed:
            continue
        quota = next((each for each in places.quotas if each.pk == row.quota_id), None)
        if places.quotas and (quota is None or places.full(quota)):
            continue
        if quota is not None:
            places.put(quota)
        able.append(row.pk)
    return asked + Enrolment.objects.filter(pk__in=able).update(**fresh, why="")


def _placed(batch: Batch, people: Collection[int], on: date) -> set[int]:
    """Who has a place in another batch on its days, or in another one of its course that is not over."""
    others = Enrolment.objects.taking().filter(person__in=people, batch__course=batch.course, batch__ends__gte=on)
    others = others.exclude(batch=batch).exclude(batch__state=Batch.State.CANCELLED)
    return {row.person_id for row in elsewhere(batch, people)} | set(others.values_list("person", flat=True))


def cancel_batch(batch_id: int, *, why: str, by: User, on: date) -> Batch:
    """The batch does not take place; its people are free for another one. Refused once attendance is recorded."""
    if len(why.strip()) < 5:
        raise Refused("Tulis sebab angkatan dibatalkan; semua yang diundang membacanya.")
    with atomic():
        batch = locked_batch(batch_id)
        if ClassAttendance.objects.filter(batch=batch).exists():
            raise Refused("Kehadiran angkatan ini sudah tercatat, jadi tidak dibatalkan. Selesaikan angkatannya.")
        batch.state, batch.changed_because = Batch.State.CANCELLED, why.strip()[:200]
        batch.save(update_fields=["state", "changed_because"])
        ClassSession.objects.filter(batch=batch).delete()
        coming = Enrolment.objects.taking().filter(batch=batch)
        coming.update(state=Enrolment.State.DECLINED, why=str(CANCELLED), answered_on=on, training_class=None)
        log.record("batch.cancelled", kind="batch", subject=batch.pk, why=why)
    return batch
