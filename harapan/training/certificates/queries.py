"""What pages ask of certificates: a constant number of queries, whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.training.models import Batch, Certificate, CertificateVersion, Enrolment


def certificates_in_reach() -> QuerySet[Certificate]:
    """With the words of the latest version as `printed`; row-level security narrows to the reader."""
    latest = CertificateVersion.objects.filter(certificate=OuterRef("pk")).order_by("-version")
    return Certificate.objects.select_related("course").annotate(
        printed=Subquery(latest.values("printed")[:1]), version=Subquery(latest.values("version")[:1])
    )


def counting(rows: QuerySet[Certificate], on: date) -> QuerySet[Certificate]:
    return rows.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on), revoked_on__isnull=True)


def batches_in_hand(post: Post) -> QuerySet[Batch]:
    """Batches that the post may certify: a place its own, the nation all."""
    rows = Batch.objects.select_related("course")
    if post.role.reach is Reach.NATION:
        return rows
    wanted = Q(pk__in=())
    for low, high in post.ranges:
        wanted |= Q(region_no__gte=low, region_no__lt=high)
    return rows.filter(wanted)


def with_counts(rows: QuerySet[Batch]) -> QuerySet[Batch]:
    """`passed` and, of them, `certified`, as far as the reader sees the people."""
    passed = Q(enrolments__state=Enrolment.State.PASSED)
    return rows.annotate(
        passed=Count("enrolments", filter=passed),
        certified=Count("enrolments", filter=passed & Q(enrolments__certificate__isnull=False)),
    )


def uncertified(post: Post) -> QuerySet[Batch]:
    """Batches in hand with somebody who passed and has no paper."""
    without = Enrolment.objects.filter(batch=OuterRef("pk"), state=Enrolment.State.PASSED, certificate=None)
    return batches_in_hand(post).filter(Exists(without))


@dataclass(frozen=True, slots=True)
class Series:
    """A number series: course and year, how many were issued and how many of them revoked."""

    course: str
    year: int
    last: int
    revoked: int


def series() -> list[Series]:
    """As far as the reader sees."""
    rows = Certificate.objects.values(name=F("course__name"), of=F("year")).order_by("-of", "name")
    counted = rows.annotate(count=Count("pk"), revoked=Count("pk", filter=Q(revoked_on__isnull=False)))
    return [Series(row["name"], row["of"], row["count"], row["revoked"]) for row in counted]
