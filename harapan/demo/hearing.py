"""Families of 2024-4 who missed a month: told before anything is cut, heard, and judged, each in another way.

One silent notice in four stands by lapse, one answer is accepted and one is not, and one family in four does not know
yet, so that nothing is cut of hers.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from harapan.accounts.models import Post, User
from harapan.benefits import sanctions
from harapan.benefits.models import SanctionNotice, Stage, Verdict
from harapan.demo.ministry import MAKER, Ministry
from harapan.demo.staffing import DEMO_ADDRESS
from harapan.regions import codes

TOLD_AFTER_DAYS, ANSWERED_AFTER_DAYS, DECIDED_AFTER_DAYS = 1, 5, 16
SILENT, EXCUSED, NOT_EXCUSED, UNTOLD = range(4)
ANSWERS = {
    EXCUSED: "Anak dirawat di puskesmas dua minggu; suratnya menyusul.",
    NOT_EXCUSED: "Anak ikut membantu panen.",
}
VERDICTS = {
    EXCUSED: (Verdict.ACCEPTED, "Surat rawat dari puskesmas sudah dilihat pendamping."),
    NOT_EXCUSED: (Verdict.UPHELD, "Membantu panen bukan alasan yang dikecualikan; sekolahnya buka."),
}


def hear(ministry: Ministry, name: str, *, on: date) -> None:
    """Give notices on that day, and bring each to its end; once."""
    with ministry.acting(MAKER) as officer:
        stage = Stage.objects.get(name=name)
        if SanctionNotice.objects.filter(stage=stage).exists():
            return
        sanctions.give_notices(stage, by=officer, on=on)
        coordinators = {no: post.user for post in _coordinators() for no in post.region_nos}
        given = SanctionNotice.objects.filter(stage=stage).select_related("family__group__facilitator").order_by("pk")
        for place, notice in enumerate(given):
            coordinator = coordinators[codes.ancestor(notice.region_no, codes.Level.REGENCY)]
            _hear(notice, place % 4, decided_by=coordinator, on=on)
        sanctions.lapse(stage, by=officer, on=on + timedelta(days=DECIDED_AFTER_DAYS))


def _coordinators() -> QuerySet[Post]:
    posts = Post.objects.filter(user__email__endswith=DEMO_ADDRESS, role_code="regency_coordinator")
    return posts.select_related("user")


def _hear(notice: SanctionNotice, fate: int, *, decided_by: User, on: date) -> None:
    facilitator = notice.family.group.facilitator
    if facilitator is None or fate == UNTOLD:
        return
    told_on = on + timedelta(days=TOLD_AFTER_DAYS)
    sanctions.tell([notice.pk], how=SanctionNotice.Told.VISIT, by=facilitator, on=told_on)
    if fate == SILENT:
        return
    sanctions.record_answer(
        notice, answer=ANSWERS[fate], answer_from=SanctionNotice.Answerer.FAMILY, by=facilitator,
        on=on + timedelta(days=ANSWERED_AFTER_DAYS),
    )  # fmt: skip
    verdict, why = VERDICTS[fate]
    decided_on = on + timedelta(days=DECIDED_AFTER_DAYS)
    sanctions.decide([notice.pk], verdict=verdict, why=why, by=decided_by, on=decided_on)
