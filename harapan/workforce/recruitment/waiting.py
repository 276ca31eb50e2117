"""What waits of recruitment: numbers to mark, steps whose day has come, objections without an answer."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from harapan.accounts.models import Post, User
from harapan.workforce.models import (
    Application,
    InterviewMark,
    Objection,
    PlaceOffer,
    RankedApplication,
    Ranking,
    RecruitmentRound,
    SelectionStage,
    StageScore,
)
from harapan.workforce.models.recruitment import inside
from harapan.workforce.recruitment.queries import rounds_seen
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.recruitment.scoring import still_in

State = RecruitmentRound.State
_SCORED = StageScore.objects.filter(application=OuterRef("pk"), stage=SelectionStage.INTERVIEW)


def to_mark(user: User, post: Post) -> QuerySet[Application]:
    """Called to an interview in the reader's reach, whose score still lacks marks, and not marked by the reader."""
    ranked = Ranking.objects.results().filter(round=OuterRef("round"))
    called = RankedApplication.objects.filter(
        application=OuterRef("pk"), outcome=RankedApplication.Outcome.SELECTED,
        ranking__kind=Ranking.Kind.SHORTLIST, ranking__published_on__isnull=False,
    )  # fmt: skip
    mine = InterviewMark.objects.filter(application=OuterRef("pk"), marker=user)
    scored = Application.objects.counted().visible_to(post).filter(round__state=State.CLOSED)
    return scored.filter(Exists(called), ~Exists(ranked), ~Exists(mine), ~Exists(_SCORED))


def unscored(found: RecruitmentRound) -> QuerySet[Application]:
    """Who is called to an interview and would be ranked without its score, and so fail."""
    return still_in(found.pk, SelectionStage.INTERVIEW, rules_of(found)).filter(~Exists(_SCORED))


def rounds_due(post: Post, *, on: date) -> list[RecruitmentRound]:
    """Rounds the post runs whose next step has had its day: to open, to close, to settle, to offer a place on.

    One statement.
    """
    late = PlaceOffer.objects.filter(formation__round=OuterRef("pk"), state=PlaceOffer.State.OPEN, answer_by__lt=on)
    running = rounds_seen().filter(
        Q(state__in=(State.PLANNED, State.OPEN, State.PUBLISHED)) | Q(Exists(late), state=State.SETTLED)
    )
    days = {
        State.PLANNED: lambda each: each.opens_on <= on,
        State.OPEN: lambda each: each.closes_on < on,
        State.PUBLISHED: lambda each: each.objections_until is not None and each.objections_until < on,
        State.SETTLED: lambda each: True,
    }
    return [each for each in running.order_by("closes_on") if days[State(each.state)](each) and each.run_by(post)]


def unanswered(post: Post) -> QuerySet[Objection]:
    return Objection.objects.filter(inside(post), answered_at__isnull=True)
