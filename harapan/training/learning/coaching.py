"""The coach helps where a quiz went wrong through nobody's fault: an attempt is set aside, and may be tried again."""

from __future__ import annotations

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.training.models import Attempt, Enrolment


def set_aside(attempt_id: int, *, why: str, by: User) -> Attempt:
    """It no longer counts, neither as a score nor as one of the attempts; who failed by it may go on.

    Raises Refused without a reason, while it is open, and after the course was passed. Set aside twice is once.
    """
    why = " ".join(why.split())[:200]
    way_out = Phrase("Tulis alasan menyisihkan percobaan ini, misalnya: listrik padam saat kuis.")
    demand_reason(why, way_out, on=today())
    with atomic():
        attempt = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt_id)
        enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=attempt.enrolment_id)
        if attempt.set_aside_because:
            return attempt
        if attempt.ended_at is None:
            raise Refused("Percobaan ini masih dikerjakan. Tunggu sampai dikumpulkan atau waktunya habis.")
        if enrolment.state == Enrolment.State.PASSED:
            raise Refused("Peserta ini sudah lulus, jadi percobaannya tidak disisihkan.")
        attempt.set_aside_because, attempt.set_aside_by = why, by
        attempt.save(update_fields=["set_aside_because", "set_aside_by"])
        if enrolment.state == Enrolment.State.FAILED:
            enrolment.state, enrolment.ended_on = Enrolment.State.CONFIRMED, None
            enrolment.save(update_fields=["state", "ended_on"])
        log.record("attempt.set_aside", kind="enrolment", subject=enrolment.pk, why=why, body={"attempt": attempt.pk})
    return attempt
