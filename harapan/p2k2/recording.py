"""A meeting recorded, corrected, removed: one group changes, under its lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from django.db import IntegrityError
from django.db.models import Max

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.day import moment
from harapan.database.scope import atomic
from harapan.p2k2 import rules
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.errors import (
    EndsBeforeItBegan,
    GroupMetThen,
    MonthClosed,
    NotYetHeld,
    ReasonMissing,
    UnknownLesson,
)
from harapan.p2k2.law import law_on
from harapan.p2k2.models import Attendance, Photograph, Session
from harapan.policy.reasons import demand_reason
from harapan.registry.actions import NotYours
from harapan.registry.models import NO_GROUP, Group
from harapan.workforce.staff.beginning import mentor_of

FIRST_DAY = date(2007, 1, 1)  # no family was in the programme before


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A meeting as somebody tells it. `lesson`: a code of the curriculum; hours as on the wall there. `mentored`: the
    mentor of whoever records it sat beside them."""

    held_on: date
    begins: time
    ends: time
    lesson: str
    place: str
    speaker: str
    speaker_post: str = ""
    materials: str = ""
    minutes: str = ""
    late_because: str = ""
    mentored: bool = False


def record_session(group_id: int, facts: SessionFacts, *, by: User, on: date, completes: bool = False) -> Session:
    """A meeting that was held, without anybody's attendance yet.

    completes: the caller may write into closed months (`session.complete`). Raises NotYours outside the scope, else the
    refusals of `harapan.p2k2.errors`.
    """
    with atomic():
        group = _locked_group(group_id)
        _check(group, facts, on=on, completes=completes)
        session = Session(group=group, region_no=int(group.region_id or 0), recorded_by=by, recorded_at=moment(on))
        _take(session, facts)
        session.save()
        log.record(
            "session.recorded", kind="group", subject=group.pk, why=facts.late_because or None,
            body={"session": session.pk, "held_on": facts.held_on, "lesson": facts.lesson},
        )  # fmt: skip
    return session


def correct_session(session_id: int, facts: SessionFacts, *, by: User, on: date, completes: bool = False) -> Session:
    """Another telling of a meeting; who was there stays, and moves with it to another day or lesson.

    Refused like `record_session`, for the day it stood on and the day it moves to.
    """
    with atomic():
        session = locked_session(session_id)
        group = _locked_group(session.group_id)
        refuse_closed(session.held_on, on=on, completes=completes)
        _check(group, facts, on=on, completes=completes, but=session.pk)
        before = {"held_on": session.held_on, "lesson": session.lesson}
        _take(session, facts)
        session.save()
        log.record(
            "session.corrected", kind="group", subject=group.pk, why=facts.late_because or None,
            body={"session": session.pk, "was": before, "held_on": facts.held_on, "lesson": facts.lesson},
        )  # fmt: skip
    return session


def remove_session(session_id: int, *, by: User, on: date, why: str, completes: bool = False) -> None:
    """Take back a meeting recorded by mistake, with its attendance; the log keeps every row of it.

    Refused once it carries photographs, or a family that has moved to another group meanwhile.
    """
    way_out = Phrase("Tulis alasan menghapus pertemuan ini, misalnya: tercatat pada kelompok yang keliru.")
    demand_reason(why, way_out, on=on)
    with atomic():
        session = locked_session(session_id)
        refuse_closed(session.held_on, on=on, completes=completes)
        if Photograph.objects.filter(session=session).exists():
            raise Refused(
                "Pertemuan {day} sudah mempunyai foto, jadi tidak dihapus. Perbaiki isiannya.",
                day=format_date(session.held_on),
            )
        log.record(
            "session.removed", kind="group", subject=session.group_id, why=why, body={"session": session.pk}
        )  # fmt: skip
        Attendance.objects.filter(session=session).delete()
        try:
            with atomic():
                session.delete()
        except IntegrityError:
            raise Refused(
                "Pertemuan {day} memuat kehadiran keluarga yang sudah pindah kelompok, jadi tidak dihapus. "
                "Minta petugas data kab/kota menghapusnya.",
                day=format_date(session.held_on),
            ) from None


def locked_session(session_id: int) -> Session:
    """The meeting under its lock. Raises NotYours outside the scope."""
    session = Session.objects.select_for_update(of=("self",)).filter(pk=session_id).first()
    if session is None:
        raise NotYours(Phrase("Pertemuan"))
    return session


def refuse_closed(held_on: date, *, on: date, completes: bool) -> rules.Entry:
    """How an entry today stands to a meeting of that day. Raises MonthClosed."""
    entry = rules.entry(held_on, on=on, law=law_on(held_on))
    if entry.closed and not completes:
        raise MonthClosed(held_on, entry)
    return entry


def _locked_group(group_id: int) -> Group:
    group = Group.objects.select_for_update(of=("self",)).exclude(pk=NO_GROUP).filter(pk=group_id).first()
    if group is None:
        raise NotYours(Phrase("Kelompok"))
    return group


def _check(group: Group, facts: SessionFacts, *, on: date, completes: bool, but: int = 0) -> None:
    if facts.held_on > on:
        raise NotYetHeld(facts.held_on, on)
    if facts.held_on < FIRST_DAY:
        raise Refused("Tanggal {day} lebih dahulu daripada PKH. Periksa tahunnya.", day=format_date(facts.held_on))
    if facts.ends <= facts.begins:
        raise EndsBeforeItBegan(facts.begins, facts.ends)
    sets = default_curriculum().in_force(facts.held_on)
    if facts.lesson not in {lesson.code for each in sets for lesson in each.lessons}:
        raise UnknownLesson(facts.lesson, facts.held_on)
    for name, text in ((Phrase("tempat"), facts.place), (Phrase("narasumber"), facts.speaker)):
        if not text.strip():
            raise Refused("Isian {name} kosong. Tulis di mana dan oleh siapa pertemuannya.", name=name)
    entry = refuse_closed(facts.held_on, on=on, completes=completes)
    if entry.late and len(facts.late_because.strip()) < 5:
        raise ReasonMissing(facts.held_on, entry)
    for other in Session.objects.filter(group=group, held_on=facts.held_on).exclude(pk=but):
        if rules.overlaps((facts.begins, facts.ends), (other.begins, other.ends)):
            raise GroupMetThen(group.name, other.held_on, other.begins, other.ends)


def _take(session: Session, facts: SessionFacts) -> None:
    if session.year != facts.held_on.year:
        session.year = facts.held_on.year
        latest = Session.objects.filter(group=session.group_id, year=session.year).aggregate(Max("number"))
        session.number = (latest["number__max"] or 0) + 1
    session.beside = _mentor(session.recorded_by, facts.held_on) if facts.mentored else None
    session.held_on, session.begins, session.ends = facts.held_on, facts.begins, facts.ends
    session.lesson, session.minutes = facts.lesson, facts.minutes.strip()
    session.place, session.speaker = facts.place.strip()[:120], facts.speaker.strip()[:120]
    session.speaker_post, session.materials = facts.speaker_post.strip()[:120], facts.materials.strip()[:200]
    session.late_because = facts.late_because.strip()[:200]


def _mentor(user: User, held_on: date) -> User:
    found = mentor_of(user, held_on)
    if found is None:
        raise Refused(
            "{name} belum punya pembimbing pada {day}. Hapus tanda pembimbing hadir, atau minta pengelola SDM "
            "menunjuknya.",
            name=user.name, day=format_date(held_on),
        )  # fmt: skip
    return found
