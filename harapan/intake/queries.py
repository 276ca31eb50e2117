"""What pages ask about files brought in: a constant number of queries, whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Func, Min, QuerySet, TextField, Value

from harapan.accounts.models import User
from harapan.intake.models import ImportRow, ImportRun, Verdict
from harapan.registry.models import Group

REASONS_MAX = 8


@dataclass(frozen=True, slots=True)
class Said:
    """What several rows of a file were answered with: one of their sentences, which differ only in values."""

    words: str
    rows: int


def runs_listed() -> QuerySet[ImportRun]:
    """The files brought in inside the scope that is on, with their name and who brought them."""
    return ImportRun.objects.select_related("file", "by")


def waiting_to_be_written() -> int:
    """How many rehearsed files nobody has committed yet."""
    return ImportRun.objects.filter(state=ImportRun.State.REHEARSED).count()


def answers_of(run: ImportRun, verdict: Verdict | None) -> QuerySet[ImportRow]:
    """The answers row by row, with the family where one is known and reachable."""
    answers = ImportRow.objects.filter(run=run).select_related("family")
    return answers if verdict is None else answers.filter(verdict=verdict)


def refused_because(run: ImportRun) -> list[Said]:
    """The reasons of the refused rows, the most frequent first, at most eight."""
    return _said(ImportRow.objects.filter(run=run, verdict=Verdict.REFUSED))


def remarked(run: ImportRun) -> list[Said]:
    """What was repaired or warned about on rows that were taken, the most frequent first, at most eight."""
    return _said(ImportRow.objects.filter(run=run).exclude(verdict=Verdict.REFUSED).exclude(words=""))


def _said(rows: QuerySet[ImportRow]) -> list[Said]:
    pattern, mark, everywhere = (Value(text, TextField()) for text in ("“[^”]*”|[0-9]+", "…", "g"))
    shape = Func(F("words"), pattern, mark, everywhere, function="regexp_replace", output_field=TextField())
    counted = rows.annotate(shape=shape).values("shape").annotate(said=Min("words"), rows=Count("pk"))
    return [Said(row["said"], row["rows"]) for row in counted.order_by("-rows", "said")[:REASONS_MAX]]


def facilitators() -> QuerySet[User]:
    """Whoever has groups in the scope that is on: a workbook may be brought in for them."""
    return User.objects.filter(pk__in=Group.objects.exclude(facilitator=None).values("facilitator")).order_by("name")
