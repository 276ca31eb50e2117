"""What pages ask about findings and check visits: a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from harapan.accounts.models import Post, User
from harapan.core.phrases import Phrase
from harapan.database.counting import Waiting, waiting
from harapan.performance import words
from harapan.performance.models import (
    CheckVisit,
    Finding,
    FindingAnswer,
    FindingRecord,
    IntegrityRun,
    PersonMonth,
    Result,
)
from harapan.registry.models import Facility, Family, Group


def findings_of(post: Post) -> QuerySet[Any]:
    """Findings the post sees, each with `answered`, and `result` of the check visit of its month (None: none yet)."""
    visits = CheckVisit.objects.filter(person=OuterRef("person"), month=OuterRef("month")).exclude(result="")
    return (
        Finding.objects.visible_to(post)
        .select_related("person", "facility")
        .annotate(
            answered=Exists(FindingAnswer.objects.filter(finding=OuterRef("pk"))),
            result=Subquery(visits.order_by("-visited_on", "-pk").values("result")[:1]),
        )
    )


def in_state(found: QuerySet[Any], state: str) -> QuerySet[Any]:
    """state: open (nobody answered, nobody visited), answered, checked, gone."""
    match state:
        case "gone":
            return found.filter(gone_on__isnull=False)
        case "checked":
            return found.filter(gone_on__isnull=True, result__isnull=False)
        case "answered":
            return found.filter(gone_on__isnull=True, result__isnull=True, answered=True)
        case "open":
            return found.filter(gone_on__isnull=True, result__isnull=True, answered=False)
    return found.filter(gone_on__isnull=True)


def latest_run() -> IntegrityRun | None:
    return IntegrityRun.objects.order_by("-month").first()


def runs() -> list[int]:
    """Months that were looked at (yyyymm), the latest first."""
    return list(IntegrityRun.objects.order_by("-month").values_list("month", flat=True)[:24])


def unanswered_by(user: User) -> Waiting:
    """Findings that wait for the person's own word."""
    return waiting(_unanswered(user), since="found_on")


def months_unanswered(user: User) -> list[tuple[int, int]]:
    """(month, how many findings of it wait for the person's own word), the latest first. One query."""
    counted = _unanswered(user).order_by("-month").values_list("month").annotate(Count("pk"))
    return list(counted)


def _unanswered(user: User) -> QuerySet[Finding]:
    """Once a check visit has a result, nothing waits for a word any more."""
    answers = FindingAnswer.objects.filter(finding=OuterRef("pk"))
    results = CheckVisit.objects.filter(person=OuterRef("person"), month=OuterRef("month")).exclude(result="")
    return Finding.objects.filter(~Exists(answers), ~Exists(results), person=user, gone_on__isnull=True)


def unvisited(post: Post) -> Waiting:
    """Check visits that were drawn and not made."""
    return waiting(CheckVisit.objects.visible_to(post).filter(result=""))


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one month and place: facilitators with records, those with something to check, findings, and answered ones."""

    people: int
    concerned: int
    findings: int
    answered: int

    @property
    def unanswered(self) -> int:
        return self.findings - self.answered


def totals(post: Post, month: int) -> Totals:
    """Three queries over rows gathered by the monthly run."""
    found = Finding.objects.visible_to(post).filter(month=month, gone_on__isnull=True)
    counted = found.aggregate(findings=Count("pk"), concerned=Count("person", distinct=True))
    answered = found.filter(Exists(FindingAnswer.objects.filter(finding=OuterRef("pk")))).count()
    people = PersonMonth.objects.visible_to(post).filter(month=month).count()
    return Totals(people, counted["concerned"], counted["findings"], answered)


@dataclass(frozen=True, slots=True)
class Shown:
    """A record that shows a finding: of which group, family or facility, when, and what is odd about it."""

    row: FindingRecord
    name: str
    odd: str


def records_of(finding: Finding) -> list[Shown]:
    """The oddest first. Four queries at most."""
    rows = list(finding.records.order_by("place"))
    names = {
        model: _names(model, (row.subject for row in rows if _MODEL_OF.get(row.kind, Facility) is model))
        for model in (Group, Family, Facility)
    }
    return [
        Shown(
            row,
            names[_MODEL_OF.get(row.kind, Facility)].get(row.subject, ""),
            words.of_record(finding.indicator, row.figure),
        )
        for row in rows
    ]


_MODEL_OF: dict[str, Any] = {FindingRecord.Kind.SESSION: Group, FindingRecord.Kind.VISIT: Family}


def _names(model: Any, numbers: Iterable[int]) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=set(numbers)).values_list("pk", "name"))


def seen(finding: Finding) -> Phrase:
    return words.seen(finding.indicator, finding.value, finding.n)


def result_of(code: str | None) -> Phrase | str:
    return Result(code).label if code else ""


def checks_of(post: Post) -> QuerySet[CheckVisit]:
    return CheckVisit.objects.visible_to(post).select_related("person", "visited_by")


def own_check(finding: Finding) -> CheckVisit | None:
    """The check visit of the finding's month with a result, the latest."""
    done = CheckVisit.objects.filter(person=finding.person_id, month=finding.month).exclude(result="")
    return done.select_related("visited_by").order_by("-visited_on", "-pk").first()


def private_days_left(finding: Finding, *, on: date) -> int:
    """How many days, today included, only the person concerned still sees it; 0 once others do."""
    return 0 if finding.released else max(0, (finding.private_until - on).days + 1)
