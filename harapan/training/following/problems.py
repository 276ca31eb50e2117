"""Problems of the field and the answers agreed: raised by anybody, published to all staff with owner and date."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.training.models import Batch, FieldProblem

WORDS = ("title", "detail", "answer")


def raise_problem(title: str, detail: str, *, batch: Batch | None, by: User, on: date) -> FieldProblem:
    """Raised once: the same words of the same person give the one that stands."""
    with atomic():
        made, fresh = FieldProblem.objects.get_or_create(
            title=title.strip(), raised_by=by, batch=batch, defaults={"detail": detail.strip(), "raised_on": on}
        )
        if fresh:
            log.record("field_problem.raised", kind="field_problem", subject=made.pk)
    return made


def answer(
    problem: FieldProblem, text: str, *, owner: str, agreed_on: date, publish: bool, by: User, on: date
) -> FieldProblem:
    """Write what was agreed, and publish it to all staff. A published answer may be mended; its date is the new one.

    Raises Refused without answer or owner, and for an agreement of tomorrow or before the question.
    """
    if not text.strip() or not owner.strip():
        raise Refused("Jawaban diumumkan bersama penanggung jawabnya. Isi keduanya.")
    if not problem.raised_on <= agreed_on <= on:
        raise Refused(
            "Tanggal sepakat {day} di luar masa antara masalah diajukan ({raised}) dan hari ini.",
            day=format_date(agreed_on), raised=format_date(problem.raised_on),
        )  # fmt: skip
    with atomic():
        held = FieldProblem.objects.select_for_update().get(pk=problem.pk)
        held.answer, held.owner, held.agreed_on, held.answered_by = text.strip(), owner.strip(), agreed_on, by
        held.published_on = on if publish else held.published_on
        held.save(update_fields=["answer", "owner", "agreed_on", "answered_by", "published_on"])
        log.record(
            "field_problem.answered", kind="field_problem", subject=held.pk,
            body={"published": held.published_on is not None},
        )  # fmt: skip
    return held


def problems_for(user: User, *, answers: bool) -> QuerySet[FieldProblem]:
    """What a reader sees: what is published and what they raised; whoever answers, everything."""
    rows = FieldProblem.objects.select_related("raised_by", "batch__course")
    return rows if answers else rows.filter(Q(published_on__isnull=False) | Q(raised_by=user))


def searched(rows: QuerySet[FieldProblem], words: str) -> QuerySet[FieldProblem]:
    """Those with all of these words, whatever their endings ("membayar" finds "pembayaran")."""
    document = SearchVector(*WORDS, config="indonesian")
    return rows.annotate(document=document).filter(
        document=SearchQuery(words, config="indonesian", search_type="websearch")
    )
