"""What pages read of a round: figures, lists, one applicant's own result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet, Sum

from harapan.accounts.models import Post
from harapan.workforce.models import (
    Application,
    Formation,
    Objection,
    Person,
    PlaceOffer,
    RankedApplication,
    Ranking,
    RecruitmentRound,
    SelectionStage,
    StageScore,
)
from harapan.workforce.models.recruitment import inside
from harapan.workforce.recruitment.rules import HUNDREDTHS, INTERVIEW, PARTS, RoundRules


@dataclass(frozen=True, slots=True)
class Figures:
    """A round counted, inside the reader's reach. quota: all places of the round."""

    quota: int
    formations: int
    drafts: int
    sent: int
    set_aside: int
    objections_open: int
    offers_open: int
    accepted: int

    @property
    def counted(self) -> int:
        return self.sent - self.set_aside


def figures(found: RecruitmentRound, post: Post) -> Figures:
    """Four statements, whatever the size."""
    applied = Application.objects.visible_to(post).filter(round=found)
    sent = Q(state=Application.State.SUBMITTED)
    counts = applied.aggregate(
        drafts=Count("pk", filter=Q(state=Application.State.DRAFT)), sent=Count("pk", filter=sent),
        aside=Count("pk", filter=sent & Q(set_aside_on__isnull=False)),
    )  # fmt: skip
    places = found.formations.aggregate(quota=Sum("quota"), n=Count("pk"))
    offers = PlaceOffer.objects.filter(formation__round=found).aggregate(
        open=Count("pk", filter=Q(state="open")), accepted=Count("pk", filter=Q(state="accepted"))
    )
    waiting = Objection.objects.filter(application__round=found, answered_at__isnull=True).count()
    return Figures(
        places["quota"] or 0, places["n"], counts["drafts"], counts["sent"], counts["aside"], waiting, offers["open"],
        offers["accepted"],
    )  # fmt: skip


def quota_of(found: RecruitmentRound) -> int:
    """All places of a round."""
    places: int | None = found.formations.aggregate(quota=Sum("quota"))["quota"]
    return places or 0


def rounds_seen() -> QuerySet[RecruitmentRound]:
    """All of them: rounds are public; who applied is not."""
    return RecruitmentRound.objects.select_related("region")


def rounds_taking(on: date) -> QuerySet[RecruitmentRound]:
    """Those that take applications on a day."""
    return rounds_seen().filter(state=RecruitmentRound.State.OPEN, opens_on__lte=on, closes_on__gte=on)


def applicants_of(formations: Iterable[Formation]) -> dict[int, int]:
    """How many applications count for each formation, as far as the reader sees. One statement."""
    counted = Application.objects.counted().filter(formation__in=list(formations)).order_by()
    return dict(counted.values_list("formation").annotate(Count("pk")))


def ranked_rows(ranking: Ranking | None, post: Post) -> QuerySet[RankedApplication]:
    """A ranking inside the reader's reach; without one nothing."""
    rows = RankedApplication.objects.filter(ranking=ranking).filter(inside(post))
    return rows.prefetch_related("application", "formation")  # of a page's rows alone, whatever the planner thinks


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage of an applicant's own result. score, most, pass_mark, part: points; score None: none recorded."""

    stage: str
    score: float | None
    most: int
    pass_mark: int
    weight: int
    part: float
    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What is published to one applicant: the own scores and place, and nobody else's but the last total that got in.

    total, cut_off: points.
    """

    row: RankedApplication
    stages: tuple[StageResult, ...]
    total: float
    cut_off: float | None
    quota: int
    of: int

    @property
    def not_called(self) -> bool:
        """Passed everything before the interview, and was not among those called to it."""
        last = self.stages[-1]
        return last.stage == INTERVIEW == self.row.failed_stage and last.score is None


def published(found: RecruitmentRound) -> Ranking | None:
    """The ranking that applicants see."""
    return Ranking.objects.results().filter(round=found).announced()


def own_result(asked: Application, ranking: Ranking, rules: RoundRules) -> OwnResult | None:
    """None for whoever did not take part. Three statements."""
    rows = RankedApplication.objects.filter(ranking=ranking)
    row = rows.select_related("formation").filter(application=asked).first()
    if row is None:
        return None
    scores = _as_frozen(row, {each.stage: each for each in asked.stagescores.all()})
    mine = rows.filter(formation=row.formation_id)
    around = mine.aggregate(of=Count("pk"), cut_off=Min("total", filter=Q(outcome=RankedApplication.Outcome.SELECTED)))
    return OwnResult(
        row, stages_of(scores, rules), row.total / PARTS,
        None if around["cut_off"] is None else around["cut_off"] / PARTS, row.formation.quota, around["of"],
    )  # fmt: skip


def _as_frozen(row: RankedApplication, live: Mapping[str, StageScore]) -> dict[str, StageScore]:
    """The scores the ranking was made from; a reason belongs to the score it was given for."""
    frozen = {}
    for stage, score in zip(SelectionStage.values, row.scores, strict=True):
        if score is not None:
            kept = live.get(stage)
            reason = kept.reason if kept is not None and kept.score == score else ""
            frozen[stage] = StageScore(stage=stage, score=score, reason=reason)
    return frozen


def stages_of(scores: Mapping[str, StageScore], rules: RoundRules) -> tuple[StageResult, ...]:
    """A line for each stage of the rules."""
    lines = []
    for each in rules.stages:
        kept = scores.get(each.stage)
        score = kept.score / HUNDREDTHS if kept else None
        part = (kept.score if kept else 0) * each.weight * PARTS // (each.most * HUNDREDTHS) / PARTS
        lines.append(
            StageResult(
                each.stage, score, each.most, each.pass_mark, each.weight, part,
                score is not None and score >= each.pass_mark, kept.reason if kept else "",
            )
        )  # fmt: skip
    return tuple(lines)


def position_taken(person: Person) -> str:
    """The position of the place somebody accepted; "" for who came another way."""
    taken = PlaceOffer.objects.filter(person=person).order_by("-pk")
    return taken.values_list("formation__position", flat=True).first() or ""


def cohorts(low: int, high: int, *, on: date) -> dict[int, int]:
    """How many people each year's recruitment brought who serve in this range of regions on the day."""
    there = Person.objects.filter(region_no__gte=low, region_no__lt=high, cohort__isnull=False, since__lte=on)
    serving = there.filter(Q(until__isnull=True) | Q(until__gt=on))
    return dict(serving.order_by("cohort").values_list("cohort").annotate(Count("pk")))
