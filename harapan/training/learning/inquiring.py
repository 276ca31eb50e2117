"""The question list of a batch: participants ask, the coach answers, everybody in the batch reads."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.training.learning.attempting import refuse_not_open
from harapan.training.models import Enrolment, Inquiry

TEXT_MIN, TEXT_MAX, ANSWER_MAX = 10, 1000, 2000  # letters


def inquiries_of(batch_id: int) -> QuerySet[Inquiry]:
    """Those without answer first, then the latest. Who asked is not looked up: participants do not see each other."""
    found = Inquiry.objects.filter(batch=batch_id).select_related("answered_by")
    return found.order_by(F("answered_at").desc(nulls_first=True), "-asked_at", "-pk")


def ask(enrolment: Enrolment, text: str, *, on: date, now: datetime) -> Inquiry:
    """The same words again from the same person are the question that stands. Raises Refused, BatchNotOpen."""
    text = " ".join(text.split())
    if not TEXT_MIN <= len(text) <= TEXT_MAX:
        raise Refused(
            "Pertanyaan Anda {count} huruf; tulis antara {least} dan {most} huruf, satu hal setiap pertanyaan.",
            count=len(text), least=TEXT_MIN, most=TEXT_MAX,
        )  # fmt: skip
    refuse_not_open(enrolment, on=on)
    with atomic():
        asked, _new = Inquiry.objects.get_or_create(
            batch_id=enrolment.batch_id, person_id=enrolment.person_id, text=text,
            defaults={"region_no": enrolment.region_no, "asked_at": now},
        )  # fmt: skip
    return asked


def answer(inquiry_id: int, text: str, *, by: User, now: datetime) -> Inquiry:
    """The coach's answer; again, it is corrected. Raises Refused without one."""
    text = text.strip()
    if not 2 <= len(text) <= ANSWER_MAX:
        raise Refused(
            "Jawaban {count} huruf; tulis antara 2 dan {most} huruf.", count=len(text), most=ANSWER_MAX
        )  # fmt: skip
    with atomic():
        inquiry = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry_id)
        if inquiry.answer == text:
            return inquiry
        inquiry.answer, inquiry.answered_by, inquiry.answered_at = text, by, now
        inquiry.save(update_fields=["answer", "answered_by", "answered_at"])
        log.record("inquiry.answered", kind="inquiry", subject=inquiry.pk, body={"batch": inquiry.batch_id})
    return inquiry
