"""Activities that no other record shows: recorded, corrected, removed, photographed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date, month_of
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.fieldwork.agenda import month_end_deadline
from harapan.fieldwork.errors import NotYetDone, TooLate
from harapan.fieldwork.law import evidence_days
from harapan.fieldwork.models import Activity, ActivityPhotograph
from harapan.fieldwork.results import results_on
from harapan.fieldwork.workers import Worker
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.registry.actions import NotYours

PHOTOGRAPHS_MAX = 6  # of one activity
TEXT_MIN = 10


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What was done, as somebody tells it. `action`: a code of data/fieldwork/results.yaml under `rhk`."""

    rhk: int
    action: str
    held_on: date
    begins: time
    ends: time
    place: str
    text: str
    settled: bool = True


def record_activity(
    worker: Worker, facts: ActivityFacts, *, by: User, on: date, activity_id: int | None = None
) -> Activity:
    """Keep what was done; with a number correct it. Raises NotYours, NotYetDone, TooLate, and Refused."""
    _check(worker, facts, on=on, for_other=by.pk != worker.pk)
    with atomic():
        if activity_id is None:
            activity = Activity(user=worker.user, region_no=worker.region_no, recorded_by=by)
        else:
            activity = _locked(activity_id)
            _refuse_late(activity.held_on, on=on, for_other=by.pk != activity.user_id)
        same = Activity.objects.filter(
            user=activity.user_id, held_on=facts.held_on, begins=facts.begins, action=facts.action
        )
        if same.exclude(pk=activity.pk).exists():
            raise Refused("Kegiatan yang sama pada {day} sudah dicatat.", day=format_date(facts.held_on))
        for name in facts.__slots__:
            setattr(activity, name, getattr(facts, name))
        activity.save()
        verb = "activity.recorded" if activity_id is None else "activity.corrected"
        log.record(verb, kind="user", subject=activity.user_id, body={"activity": activity.pk, "rhk": facts.rhk})
    return activity


def remove_activity(activity_id: int, *, by: User, on: date) -> None:
    """Take it back with its photographs. Raises NotYours, TooLate."""
    with atomic():
        activity = _locked(activity_id)
        _refuse_late(activity.held_on, on=on, for_other=by.pk != activity.user_id)
        body = {"activity": activity.pk, "rhk": activity.rhk, "held_on": activity.held_on}
        log.record("activity.removed", kind="user", subject=activity.user_id, body=body)
        activity.delete()


def add_photograph(activity_id: int, raw: bytes, *, name: str, by: User, on: date) -> ActivityPhotograph:
    """Keep a photograph of an activity; the same one twice is one. Raises Unreadable, NotYours, TooLate, Refused."""
    taken = pictures.read(raw, name=name)
    with atomic():
        activity = _locked(activity_id)
        _refuse_late(activity.held_on, on=on, for_other=by.pk != activity.user_id)
        original = _store(activity, name, raw)
        known = ActivityPhotograph.objects.filter(activity=activity, original=original).first()
        if known:
            return known
        if activity.photographs.count() >= PHOTOGRAPHS_MAX:
            raise Refused(
                "Satu kegiatan menyimpan paling banyak {most} foto. Pilih yang terbaik.", most=PHOTOGRAPHS_MAX
            )
        made = ActivityPhotograph.objects.create(
            activity=activity, user_id=activity.user_id, region_no=activity.region_no, original=original,
            shown=_store(activity, f"kegiatan-{activity.pk}.jpg", taken.shown), taken_on=taken.taken_on,
            taken_time=taken.taken_time, latitude=taken.latitude, longitude=taken.longitude, recorded_by=by,
        )  # fmt: skip
        body = {"activity": activity.pk}
        log.record("activity.photographed", kind="user", subject=activity.user_id, body=body)
    return made


def _store(activity: Activity, name: str, raw: bytes) -> StoredFile:
    return storage.store(name, kind="photograph", contents=raw, owner=activity.user_id, region_no=activity.region_no)


def _locked(activity_id: int) -> Activity:
    activity = Activity.objects.select_for_update().filter(pk=activity_id).first()
    if activity is None:
        raise NotYours(Phrase("Kegiatan"))
    return activity


def _check(worker: Worker, facts: ActivityFacts, *, on: date, for_other: bool) -> None:
    result = results_on(facts.held_on).get(facts.rhk)
    action = result.action(facts.action) if result else None
    if action is None or (action.supervision and not worker.lead):
        raise Refused(
            "Kegiatan {action} bukan bagian RHK {rhk} bagi peran ini pada {day}. Pilih dari daftarnya.",
            action=facts.action, rhk=facts.rhk, day=format_date(facts.held_on),
        )  # fmt: skip
    if facts.held_on > on:
        raise NotYetDone(facts.held_on, on)
    if facts.ends <= facts.begins:
        raise Refused("Jam selesai harus sesudah jam mulai.")
    if len(facts.text.strip()) < TEXT_MIN:
        raise Refused("Uraian terlalu pendek. Tulis dalam satu kalimat apa yang dikerjakan dan hasilnya.")
    _refuse_late(facts.held_on, on=on, for_other=for_other)


def _refuse_late(held_on: date, *, on: date, for_other: bool) -> None:
    """After its month has been closed only a lead writes for somebody else."""
    closes = month_end_deadline(month_of(held_on), evidence_days(held_on))
    if on > closes and not for_other:
        raise TooLate(held_on, closes)
