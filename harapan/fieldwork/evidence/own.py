"""What is recorded here: answers to tasks, questions decided, activities, extra duties."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, QuerySet
from django.db.models.functions import TruncDate

from harapan.core.periods import format_date
from harapan.fieldwork.evidence.families import recorded_elsewhere
from harapan.fieldwork.evidence.showing import Deed, Evidence, Picture
from harapan.fieldwork.models import Activity, ActivityPhotograph, TaskAnswer
from harapan.fieldwork.results import MONTHLY, NUMBERS, action_named
from harapan.fieldwork.task_kinds import default_kinds, kind_named
from harapan.p2k2.papers.report import caption
from harapan.registry.models import Question
from harapan.workforce.duties import purpose
from harapan.workforce.duty_kinds import default_duty_kinds
from harapan.workforce.models import ExtraDuty

Tell = Callable[[Collection[int], date, date], list[Deed]]
WEIGHING = (1, 5)  # results of which a task answered is a piece; meetings and months have records of their own


def _decided(users: Collection[int]) -> QuerySet[Any]:
    rows = Question.objects.filter(decided_by__in=list(users))
    return rows.annotate(whose=F("decided_by"), day=TruncDate("decided_at"))


def _told_decided(users: Collection[int], first: date, after: date) -> list[Deed]:
    rows = _decided(users).filter(day__gte=first, day__lt=after).order_by().values_list("whose", "day")
    counted = rows.annotate(number=Count("pk")).order_by("whose", "day")
    return [Deed(user, day, f"Memutuskan {number} pertanyaan data keluarga") for user, day, number in counted]


def _answers(users: Collection[int], *, rhk: int) -> QuerySet[Any]:
    codes = [kind.code for kind in default_kinds() if kind.rhk == rhk]
    rows = TaskAnswer.objects.filter(by__in=list(users), kind__in=codes)
    return rows.annotate(whose=F("by"), day=F("on"))


def _told_answers(users: Collection[int], first: date, after: date, *, rhk: int) -> list[Deed]:
    rows = _answers(users, rhk=rhk).filter(day__gte=first, day__lt=after).order_by().values_list("whose", "day", "kind")
    return [
        Deed(user, day, f"Menindaklanjuti “{_title(kind)}” pada {number} keluarga")
        for user, day, kind, number in rows.annotate(number=Count("pk")).order_by("whose", "day", "kind")
    ]


def _title(code: str) -> str:
    kind = kind_named(code)
    return str(kind.title) if kind else code


def _activities(users: Collection[int], *, rhk: int) -> QuerySet[Any]:
    """Those that no other record shows as well: the same work counts once."""
    return _all_activities(users, rhk=rhk).exclude(recorded_elsewhere())


def _all_activities(users: Collection[int], *, rhk: int) -> QuerySet[Any]:
    rows = Activity.objects.filter(user__in=list(users), rhk=rhk)
    return rows.annotate(whose=F("user"), day=F("held_on"))


def _told_activities(users: Collection[int], first: date, after: date, *, rhk: int) -> list[Deed]:
    """Two queries."""
    rows = _all_activities(users, rhk=rhk).filter(day__gte=first, day__lt=after).order_by("held_on", "begins", "pk")
    done = list(rows.annotate(elsewhere=ExpressionWrapper(recorded_elsewhere(), output_field=BooleanField())))
    pictures: dict[int, list[Picture]] = {}
    photographs = ActivityPhotograph.objects.filter(activity__in=[each.pk for each in done]).select_related("shown")
    for photograph in photographs.order_by("pk"):
        picture = Picture(photograph.shown_id, photograph.shown.digest, caption(photograph))
        pictures.setdefault(photograph.activity_id, []).append(picture)
    return [
        Deed(
            each.user_id, each.held_on, _told(each), each.begins, each.ends, each.place, each.settled,
            tuple(pictures.get(each.pk, ())),
        )
        for each in done
    ]  # fmt: skip


def _told(activity: Any) -> str:
    action = action_named(activity.action)
    ending = "" if activity.settled else " (belum selesai)"
    ending += " (dihitung pada kunjungan atau pemutakhirannya)" if activity.elsewhere else ""
    return f"{action.title if action else activity.action}: {activity.text}{ending}"


def _duties(users: Collection[int], *, rhk: int) -> QuerySet[Any]:
    """One's own: what a whole region was told to do shows nobody's work."""
    codes = [kind.code for kind in default_duty_kinds() if kind.rhk == rhk]
    rows = ExtraDuty.objects.filter(user__in=list(users), kind__in=codes, cancelled_on__isnull=True)
    return rows.annotate(whose=F("user"), day=F("first_on"))


def _told_duties(users: Collection[int], first: date, after: date, *, rhk: int) -> list[Deed]:
    rows = _duties(users, rhk=rhk).filter(day__gte=first, day__lt=after).order_by("first_on", "pk")
    return [Deed(each.whose, each.first_on, told_duty(each), place=each.place) for each in rows]


def told_duty(duty: ExtraDuty) -> str:
    """ "Ground check DTSEN, 4 hari sebulan sejak 2 Juni 2025, menurut surat 400.9/12 tanggal ... dari ..."."""
    if duty.minutes_a_day:
        days = str(format_date(duty.first_on))
        days += f" sampai {format_date(duty.last_on)}" if duty.last_on and duty.last_on != duty.first_on else ""
    else:
        days = f"{duty.days_per_month} hari sebulan sejak {format_date(duty.first_on)}"
    letter = f", menurut surat {duty.letter_no}" if duty.letter_no else ""
    letter += f" tanggal {format_date(duty.letter_on)}" if duty.letter_on else ""
    letter += f" dari {duty.letter_by_post}" if duty.letter_by_post else ""
    return f"{purpose(duty)}, {days}{letter}"


DECIDED = Evidence("decided", 5, "Pertanyaan data diputuskan", _decided, _told_decided)
ANSWERS = tuple(
    Evidence(
        f"answers-{rhk}", rhk, "Tugas ditindaklanjuti", partial(_answers, rhk=rhk), partial(_told_answers, rhk=rhk),
        counted=() if rhk in WEIGHING else None,
    )
    for rhk in sorted({kind.rhk for kind in default_kinds() if kind.answerable})
)  # fmt: skip
ACTIVITIES = tuple(
    Evidence(
        f"activities-{rhk}", rhk, "Kegiatan tercatat", partial(_activities, rhk=rhk), partial(_told_activities, rhk=rhk)
    )
    for rhk in NUMBERS
    if rhk != MONTHLY
)
DUTIES = tuple(
    Evidence(f"duties-{rhk}", rhk, "Tugas tambahan", partial(_duties, rhk=rhk), partial(_told_duties, rhk=rhk))
    for rhk in sorted({kind.rhk for kind in default_duty_kinds()})
)
