"""Points of tests and of practice teaching, typed or from a file; what does not fit is refused alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.training.catalogue import rubric_on
from harapan.training.errors import ScoreTooHigh
from harapan.training.inviting import enrolment_for_change
from harapan.training.law import law_on
from harapan.training.models import COMING, Batch, ClassSession, Enrolment, PracticeScore, TestScore
from harapan.training.models.enrolment import EnrolmentQuerySet
from harapan.training.planning import locked_batch
from harapan.training.rules import plain
from harapan.training.teaching import refuse_early


@dataclass(slots=True)
class Scored:
    """How many points were written; enrolment number -> why not."""

    saved: int = 0
    refused: dict[int, Refused] = field(default_factory=dict)


def record_scores(
    batch_id: int, kind: TestScore.Kind, points: Mapping[int, Decimal], *, by: User, on: date,
    session: ClassSession | None = None,
) -> Scored:  # fmt: skip
    """Enrolment number -> points. The same points again write nothing; others replace them. Three statements.

    session: told by its trainer, of its class alone and from its day on.
    """
    with atomic():
        batch = locked_batch(batch_id)
        _refuse_before(batch, on=on)
        most = law_on("score_max", batch.begins)
        if kind == TestScore.Kind.POST and not batch.course.tested:
            raise Refused("{course} tanpa pre dan post-test, jadi nilainya tidak dicatat.", course=batch.course.name)
        rows = {row.pk: row for row in _members(batch, session, on=on).filter(pk__in=points)}
        known = {row.enrolment_id: row for row in TestScore.objects.filter(enrolment__in=rows, kind=kind)}
        found, fresh, changed = Scored(), [], []
        for pk, told in points.items():
            if pk not in rows:
                found.refused[pk] = Refused("Peserta itu tidak ada dalam angkatan ini, atau sudah digantikan.")
            elif not 0 <= told <= most:
                found.refused[pk] = ScoreTooHigh(plain(told), most)
            elif pk not in known:
                row = rows[pk]
                fresh.append(TestScore(person_id=row.person_id, region_no=row.region_no, enrolment=row, kind=kind,
                                       points=told, said_by=by))  # fmt: skip
            elif known[pk].points != told:
                known[pk].points, known[pk].said_by = told, by
                changed.append(known[pk])
        for each, number in zip(fresh, draw_ids(TestScore, len(fresh)), strict=True):
            each.pk = number
        TestScore.objects.bulk_create(fresh)
        TestScore.objects.bulk_update(changed, ["points", "said_by", "said_at"])
        found.saved = len(fresh) + len(changed)
        if found.saved:
            body = {"kind": kind.value, "people": found.saved}
            log.record("batch.scored", kind="batch", subject=batch.pk, body=body)
    return found


def _refuse_before(batch: Batch, *, on: date) -> None:
    if on < batch.begins:
        raise Refused("Angkatan ini baru mulai {day}, jadi belum ada nilai.", day=format_date(batch.begins))


def _members(batch: Batch, session: ClassSession | None, *, on: date) -> EnrolmentQuerySet:
    """Whose points may be told: the batch's people, or those of the session's class."""
    rows = Enrolment.objects.coming().filter(batch=batch)
    if session is None:
        return rows
    refuse_early(session, on=on)
    return rows.filter(training_class=session.training_class_id)


def record_practice(
    enrolment_id: int, points: Mapping[str, int], *, by: User, on: date, session: ClassSession | None = None
) -> float:
    """Every criterion of the rubric in force when the batch began. Gives the percent reached.

    session: told by its trainer: practice, of its class alone and from its day on.
    """
    with atomic():
        row = enrolment_for_change(enrolment_id)
        _refuse_before(row.batch, on=on)
        if session is not None:
            _refuse_outside(session, row, on=on)
        if not row.batch.course.practised:
            raise Refused("{course} tanpa praktik mengajar, jadi tidak dinilai.", course=row.batch.course.name)
        if row.state not in COMING:  # in a reopened batch also who has a result
            raise Refused("{name} tidak mengikuti angkatan ini, jadi tidak dinilai.", name=row.person.name)
        rubric = rubric_on(row.batch.begins)
        for criterion in rubric.criteria:
            given = points.get(criterion.code)
            if given is None:
                raise Refused("Unsur {text} belum dinilai. Nilai semua unsur sebelum menyimpan.", text=criterion.text)
            if not 0 <= given <= criterion.points:
                raise ScoreTooHigh(given, criterion.points)
        for criterion in rubric.criteria:
            PracticeScore.objects.update_or_create(
                enrolment=row, criterion=criterion.code,
                defaults={"points": points[criterion.code], "rubric": rubric.version, "said_by": by},
                create_defaults={
                    "points": points[criterion.code], "rubric": rubric.version, "said_by": by,
                    "person_id": row.person_id, "region_no": row.region_no,
                },
            )  # fmt: skip
        percent = rubric.percent(points) or 0.0
        log.record("enrolment.practice_scored", kind="batch", subject=row.batch_id, body={"enrolment": row.pk})
    return percent


def _refuse_outside(session: ClassSession, row: Enrolment, *, on: date) -> None:
    refuse_early(session, on=on)
    if not session.topic.practice:
        raise Refused("Sesi {topic} bukan praktik mengajar, jadi tidak dinilai di sini.", topic=session.topic.title)
    if row.training_class_id != session.training_class_id:
        raise Refused("{name} bukan peserta kelas ini, atau sudah digantikan.", name=row.person.name)
