"""Commitments of families: made in one sentence, asked about until they are done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.p2k2.models import Commitment, CommitmentAnswer, Session
from harapan.policy.reader import default_policy
from harapan.registry.actions import NotYours
from harapan.registry.models import Family

OPEN_MAX = 5  # of one family: more is a list, not a commitment


def due_by_default(on: date) -> date:
    """The day a commitment made today is due, as policy proposes it."""
    return on + timedelta(days=int(default_policy().value("sessions.commitment_days", on=on).value))


def make_commitment(
    family_id: int, text: str, *, due_on: date, made_on: date, by: User, on: date, session: Session | None = None
) -> Commitment:
    """What a family means to do. The same sentence of the same day is one commitment.

    Raises NotYours, and Refused for a blank sentence, days that cannot be, or too many still open.
    """
    text = " ".join(text.split())[:200]
    if len(text) < 5:
        raise Refused("Tulis komitmennya dalam satu kalimat, misalnya: menimbang balita setiap bulan.")
    if made_on > on:
        raise Refused("Tanggal {day} belum tiba. Tulis hari komitmen itu dibuat.", day=format_date(made_on))
    if due_on < made_on:
        raise Refused(
            "Batas waktu {due} lebih dahulu daripada hari dibuatnya, {made}. Periksa kedua tanggalnya.",
            due=format_date(due_on), made=format_date(made_on),
        )  # fmt: skip
    with atomic():
        family = Family.objects.select_for_update(of=("self",)).filter(pk=family_id).first()
        if family is None:
            raise NotYours(Phrase("Keluarga"))
        known = Commitment.objects.filter(family=family, made_on=made_on, text=text).first()
        if known:
            return known
        if Commitment.objects.filter(family=family, done_on__isnull=True).count() >= OPEN_MAX:
            raise Refused(
                "{name} masih mempunyai {most} komitmen yang belum selesai. Tanyakan dahulu yang lama.",
                name=family.name, most=OPEN_MAX,
            )  # fmt: skip
        made = Commitment.objects.create(
            family=family, region_no=family.region_id, group_no=family.group_id or 0, text=text, due_on=due_on,
            made_on=made_on, session=session, recorded_by=by,
        )  # fmt: skip
        log.record("commitment.made", kind="family", subject=family.pk, body={"commitment": made.pk, "due_on": due_on})
    return made


def answer_commitment(
    commitment_id: int, *, done: bool, why: str = "", asked_on: date, by: User, on: date
) -> CommitmentAnswer:
    """What the family answered. Asked twice on a day, the later answer stands; what is done is not asked again.

    Raises NotYours, and Refused for a day that cannot be, "not yet" without why, or one already done.
    """
    why = " ".join(why.split())[:200]
    if not done and len(why) < 3:
        raise Refused("Tulis mengapa belum, misalnya: posyandu tutup bulan ini.")
    with atomic():
        commitment = Commitment.objects.select_for_update(of=("self",)).filter(pk=commitment_id).first()
        if commitment is None:
            raise NotYours(Phrase("Komitmen"))
        if not commitment.made_on <= asked_on <= on:
            raise Refused(
                "Komitmen yang dibuat {made} ditanyakan sejak hari itu sampai hari ini; {day} di luar itu.",
                made=format_date(commitment.made_on), day=format_date(asked_on),
            )  # fmt: skip
        if commitment.done_on is not None and commitment.done_on != asked_on:
            raise Refused("Komitmen itu sudah selesai pada {day}.", day=format_date(commitment.done_on))
        place = {"region_no": commitment.region_no, "group_no": commitment.group_no, "family_id": commitment.family_id}
        said = {"done": done, "why": "" if done else why, "said_by": by}
        answer, _new = CommitmentAnswer.objects.update_or_create(
            commitment=commitment, asked_on=asked_on, defaults=said, create_defaults={**said, **place}
        )
        commitment.done_on = asked_on if done else None
        commitment.save(update_fields=["done_on"])
        body = {"commitment": commitment.pk, "done": done}
        log.record("commitment.answered", kind="family", subject=commitment.family_id, body=body)
    return answer


def commitments_of(family: Family) -> QuerySet[Commitment]:
    """All of a family's, open ones first, each with its answers."""
    answers = CommitmentAnswer.objects.order_by("-asked_on").select_related("said_by")
    rows = Commitment.objects.filter(family=family).select_related("recorded_by")
    return rows.prefetch_related(Prefetch("answers", queryset=answers)).order_by("-done_on", "due_on", "pk")


def open_commitments(families: Iterable[Family]) -> dict[int, list[Commitment]]:
    """Family -> what is still to be asked, the oldest first. One query."""
    found: dict[int, list[Commitment]] = {}
    rows = Commitment.objects.filter(family__in=[family.pk for family in families], done_on__isnull=True)
    for each in rows.order_by("due_on", "pk"):
        found.setdefault(each.family_id, []).append(each)
    return found
