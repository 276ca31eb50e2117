"""Objections to a published result: made until their last day, answered each, upheld ones ranked again."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.workforce.models import Application, Objection, RecruitmentRound
from harapan.workforce.models.selection import Ranking
from harapan.workforce.recruitment import rounds

TEXT_MIN = 20  # letters: fewer say nothing


def hearings(asked: Application) -> list[tuple[Ranking, date | None]]:
    """Every published result, the first one first, with the last day to object that it gave this applicant.

    The first gives everybody the round's days; a later one only whoever stands worse in it than in the one before, for
    what brought them down could not be objected to until then. A statement for each publication and one.
    """
    rows = Ranking.objects.results().filter(round=asked.round_id, published_on__isnull=False)
    known = list(rows.order_by("version"))
    found = []
    for before, ranking in zip([None, *known], known, strict=False):
        hears = before is None or ranking.worsened(before).filter(application=asked).exists()
        found.append((ranking, rounds.heard_until(asked.round, ranking) if hears else None))
    return found


def last_day(asked: Application) -> date | None:
    """The last day on which this applicant may object; None before anything is published."""
    return max((until for _ranking, until in hearings(asked) if until is not None), default=None)


def object_to_result(application_id: int, text: str, *, on: date) -> Objection:
    """What an applicant objects to; one at a time. Raises Refused after the last day."""
    text = " ".join(text.split())[:1000]
    with atomic():
        asked: Application = Application.objects.select_for_update().get(pk=application_id)
        found: RecruitmentRound = RecruitmentRound.objects.get(pk=asked.round_id)
        until = last_day(asked)
        if found.state != RecruitmentRound.State.PUBLISHED or until is None:
            raise Refused("Sanggah hanya dapat diajukan sesudah hasil diumumkan dan sebelum ditetapkan.")
        if on > until:
            raise Refused("Masa sanggah Anda berakhir {day}.", day=format_date(until))
        if len(text) < TEXT_MIN:
            raise Refused("Tulis apa yang Anda sanggah dan alasannya, paling sedikit satu kalimat.")
        if asked.objections.filter(answered_at__isnull=True).exists():
            raise Refused("Sanggah Anda sebelumnya sedang diperiksa. Tunggu jawabannya.")
        made: Objection = Objection.objects.create(application=asked, region_no=asked.region_no, text=text, made_on=on)
        log.record("objection.made", kind="application", subject=asked.pk)
    return made


def answer_objection(objection_id: int, *, upheld: bool, answer: str, by: User, post: Post) -> Objection:
    """Answered once; correcting scores is a deed of its own (`scoring.correct`). Raises Forbidden, Refused."""
    answer = " ".join(answer.split())[:1000]
    with atomic():
        found: Objection = Objection.objects.select_for_update().select_related("application").get(pk=objection_id)
        rounds.locked(found.application.round_id, RecruitmentRound.State.PUBLISHED, post=post)
        if found.answered_at is not None:
            raise Refused("Sanggah ini sudah dijawab.")
        if len(answer) < TEXT_MIN:
            raise Refused("Tulis jawabannya, paling sedikit satu kalimat; pelamar akan membacanya.")
        found.upheld, found.answer, found.answered_by, found.answered_at = upheld, answer, by, timezone.now()
        found.save()
        log.record("objection.answered", kind="application", subject=found.application_id, body={"upheld": upheld})
    return found
