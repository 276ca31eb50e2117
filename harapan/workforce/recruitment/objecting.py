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
from harapan.workforce.recruitment.rounds import locked

TEXT_MIN = 20  # letters: fewer say nothing


def object_to_result(application_id: int, text: str, *, on: date) -> Objection:
    """What an applicant objects to; one at a time. Raises Refused after the last day."""
    text = " ".join(text.split())[:1000]
    with atomic():
        asked: Application = Application.objects.select_for_update().get(pk=application_id)
        found: RecruitmentRound = RecruitmentRound.objects.get(pk=asked.round_id)
        if found.state != RecruitmentRound.State.PUBLISHED or found.objections_until is None:
            raise Refused("Sanggah hanya dapat diajukan sesudah hasil diumumkan dan sebelum ditetapkan.")
        if on > found.objections_until:
            raise Refused("Masa sanggah berakhir {day}.", day=format_date(found.objections_until))
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
        locked(found.application.round_id, RecruitmentRound.State.PUBLISHED, post=post)
        if found.answered_at is not None:
            raise Refused("Sanggah ini sudah dijawab.")
        if len(answer) < TEXT_MIN:
            raise Refused("Tulis jawabannya, paling sedikit satu kalimat; pelamar akan membacanya.")
        found.upheld, found.answer, found.answered_by, found.answered_at = upheld, answer, by, timezone.now()
        found.save()
        log.record("objection.answered", kind="application", subject=found.application_id, body={"upheld": upheld})
    return found
