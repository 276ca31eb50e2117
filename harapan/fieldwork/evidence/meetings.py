"""P2K2: meetings held, commitments asked about, behaviours asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from harapan.fieldwork.evidence.showing import Deed, Evidence, Picture
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.models import BehaviourAnswer, CommitmentAnswer, Mark, Photograph, Session
from harapan.p2k2.models.attendance import THERE
from harapan.p2k2.papers.report import caption
from harapan.p2k2.queries import marks_in

PICTURES_A_SESSION = 2


def _sessions(users: Collection[int]) -> QuerySet[Any]:
    rows = Session.objects.filter(group__facilitator__in=list(users))
    return rows.annotate(whose=F("group__facilitator"), day=F("held_on"))


def _told_sessions(users: Collection[int], first: date, after: date) -> list[Deed]:
    """Three queries."""
    rows = _sessions(users).filter(held_on__gte=first, held_on__lt=after).select_related("group", "group__region")
    held = list(rows.order_by("held_on", "begins", "pk"))
    marks, curriculum = marks_in(session.pk for session in held), default_curriculum()
    pictures = pictures_of(session.pk for session in held)
    return [
        Deed(
            session.whose, session.held_on, _told(session, marks.get(session.pk, {}), curriculum), session.begins,
            session.ends, session.place, pictures=tuple(pictures.get(session.pk, ())[:PICTURES_A_SESSION]),
        )
        for session in held
    ]  # fmt: skip


def _told(session: Session, marks: dict[int, int], curriculum: Any) -> str:
    lesson = curriculum.lesson(session.lesson)
    about = f"{lesson.title} ({lesson.short})" if lesson else session.lesson
    said = sum(marks.values())
    there = sum(marks.get(int(mark), 0) for mark in THERE)
    attended = f"hadir atau diwakili {there} dari {said} keluarga, alpa {marks.get(int(Mark.ABSENT), 0)}"
    return f"P2K2 {session.group.called}: {about}; " + (attended if said else "kehadiran belum dicatat")


def pictures_of(sessions: Any) -> dict[int, list[Picture]]:
    """Meeting -> its photographs in order. One query."""
    found: dict[int, list[Picture]] = {}
    for each in Photograph.objects.filter(session__in=list(sessions)).select_related("shown").order_by("pk"):
        picture = Picture(each.shown_id, each.shown.digest, caption(each))
        found.setdefault(each.session_id, []).append(picture)
    return found


def _asked(users: Collection[int]) -> QuerySet[Any]:
    rows = CommitmentAnswer.objects.filter(said_by__in=list(users))
    return rows.annotate(whose=F("said_by"), day=F("asked_on"))


def _told_asked(users: Collection[int], first: date, after: date) -> list[Deed]:
    rows = _asked(users).filter(day__gte=first, day__lt=after).order_by().values_list("whose", "day", "done")
    found: dict[tuple[int, date], list[int]] = {}
    for user, day, done, number in rows.annotate(Count("pk")):
        sums = found.setdefault((user, day), [0, 0])
        sums[0] += number
        sums[1] += number if done else 0
    return [
        Deed(user, day, f"Menanyakan komitmen {asked} keluarga; {done} sudah dilaksanakan")
        for (user, day), (asked, done) in sorted(found.items())
    ]


def _behaviours(users: Collection[int]) -> QuerySet[Any]:
    rows = BehaviourAnswer.objects.filter(said_by__in=list(users))
    return rows.annotate(whose=F("said_by"), day=F("asked_on"))


def _told_behaviours(users: Collection[int], first: date, after: date) -> list[Deed]:
    rows = _behaviours(users).filter(day__gte=first, day__lt=after).order_by().values_list("whose", "day")
    counted = rows.annotate(families=Count("family", distinct=True)).order_by("whose", "day")
    return [Deed(user, day, f"Menanyakan perilaku {families} keluarga") for user, day, families in counted]


SESSIONS = Evidence("sessions", 2, "Pertemuan P2K2 terlaksana", _sessions, _told_sessions)
COMMITMENTS = Evidence("commitments", 2, "Komitmen keluarga ditanyakan", _asked, _told_asked, counted=None)
BEHAVIOURS = Evidence("behaviours", 2, "Jawaban perilaku keluarga dicatat", _behaviours, _told_behaviours, counted=None)
