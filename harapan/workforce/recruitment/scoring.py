"""Scores of a stage, written many at once, and corrected one by one with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.scope import atomic
from harapan.database.staging import staged
from harapan.policy.reasons import demand_reason
from harapan.workforce.models import (
    Application,
    RankedApplication,
    Ranking,
    RecruitmentRound,
    SelectionStage,
    StageScore,
)
from harapan.workforce.models.recruitment import ApplicationQuerySet
from harapan.workforce.recruitment.rounds import locked, rules_of
from harapan.workforce.recruitment.rules import HUNDREDTHS, RoundRules


@dataclass(frozen=True, slots=True)
class Score:
    """score: in hundredths of a point."""

    application: int
    region_no: int
    score: int
    reason: str = ""


_COLUMNS = {"application_id": "bigint", "region_no": "bigint", "score": "int", "reason": "text"}
_PUT = """
    INSERT INTO workforce_stagescore
        (application_id, region_no, stage, score, reason, source, recorded_by_id, recorded_at)
    SELECT application_id, region_no, %(stage)s, score, reason, %(source)s, %(by)s, now() FROM scored
    ON CONFLICT (application_id, stage) DO UPDATE SET score = excluded.score, reason = excluded.reason,
        source = excluded.source, recorded_by_id = excluded.recorded_by_id, recorded_at = excluded.recorded_at
    WHERE workforce_stagescore.score <> excluded.score OR workforce_stagescore.reason <> excluded.reason"""


def put_scores(scores: Sequence[Score], *, stage: str, source: str, by: User) -> int:
    """Write the scores of one stage in one statement; the same again changes nothing. Returns how many changed."""
    with atomic():
        rows = ((each.application, each.region_no, each.score, each.reason) for each in scores)
        with staged("scored", _COLUMNS, rows) as cursor:
            cursor.execute(_PUT, {"stage": stage, "source": source, "by": by.pk})
            count: int = cursor.rowcount
    return count


def still_in(round_id: int, stage: str, rules: RoundRules) -> ApplicationQuerySet:
    """The applications that passed every stage before this one, and for the interview stand on its shortlist."""
    rows = Application.objects.counted().filter(round=round_id)
    order = list(SelectionStage.values)
    for each in rules.stages:
        if order.index(each.stage) < order.index(stage):
            reached = StageScore.objects.filter(stage=each.stage, score__gte=each.pass_mark * HUNDREDTHS)
            rows = rows.filter(pk__in=reached.values("application"))
    if stage == SelectionStage.INTERVIEW and rules.shortlists:
        called = RankedApplication.objects.filter(
            ranking=Ranking.objects.shortlists().filter(round=round_id).announced(),
            outcome=RankedApplication.Outcome.SELECTED,
        )
        rows = rows.filter(pk__in=called.values("application"))
    return rows


def correct(application_id: int, stage: str, score: int, *, reason: str, by: User, post: Post) -> StageScore:
    """Another score for one applicant, after closing and before the result stands. Raises Forbidden, Refused."""
    reason = " ".join(reason.split())[:300]
    way_out = Phrase("Tulis alasan koreksi; pelamar dan auditor membacanya. Contoh: lembar jawaban dinilai ulang.")
    demand_reason(reason, way_out, on=today())
    with atomic():
        asked: Application = Application.objects.visible_to(post).select_for_update().get(pk=application_id)
        found = locked(asked.round_id, RecruitmentRound.State.CLOSED, RecruitmentRound.State.PUBLISHED, post=post)
        most = rules_of(found).stage(stage).most * HUNDREDTHS
        if not 0 <= score <= most:
            raise ScoreTooHigh(score, most)
        made, _fresh = StageScore.objects.update_or_create(
            application=asked, stage=stage,
            defaults={
                "region_no": asked.region_no, "score": score, "reason": reason,
                "source": StageScore.Source.CORRECTION, "recorded_by": by,
            },
        )  # fmt: skip
        log.record("score.corrected", kind="application", subject=asked.pk, why=reason, body={"stage": stage})
    return made


class ScoreTooHigh(Refused):
    """A score that the stage does not have; in hundredths."""

    def __init__(self, score: int, most: int) -> None:
        super().__init__(
            "Nilai {score} di luar 0 sampai {most}, nilai tertinggi tahap ini. Periksa angkanya.",
            score=points(score), most=points(most),
        )  # fmt: skip


def points(hundredths: int) -> str:
    """ "81,25"; whole points without a comma."""
    whole, rest = divmod(abs(hundredths), HUNDREDTHS)
    text = str(whole) if not rest else f"{whole},{rest:02d}".rstrip("0")
    return f"−{text}" if hundredths < 0 else text
