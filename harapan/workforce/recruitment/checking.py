"""Administration: what the records alone decide is decided for all at once; the rest by a person who looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.workforce.models import (
    Application,
    ApplicationDocument,
    Ranking,
    RecruitmentRound,
    SelectionStage,
    StageScore,
)
from harapan.workforce.recruitment.rounds import locked, rules_of
from harapan.workforce.recruitment.rules import HUNDREDTHS, MISFITS, Applicant, misfits
from harapan.workforce.recruitment.scoring import Score, put_scores

State = RecruitmentRound.State


def check_all(
    round_id: int, *, by: User, post: Post, told: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, int]:
    """Pass whoever fits the requirements, fail who does not; what a person has decided stays. Counts by result.

    Set-based: a few statements whatever the number. Raises Forbidden, Refused.
    """
    with atomic():
        found = locked(round_id, State.CLOSED, post=post)
        rules = rules_of(found)
        most = rules.stage(SelectionStage.ADMINISTRATION).most * HUNDREDTHS
        if Ranking.objects.filter(round=found).exists():
            raise Refused("Administrasi sudah dibekukan dalam peringkat. Putuskan satu per satu di halaman lamaran.")
        asked = Application.objects.counted().filter(round=found)
        decided = StageScore.objects.filter(application__round=found, stage=SelectionStage.ADMINISTRATION)
        open_ones = asked.exclude(pk__in=decided.values("application"))
        documents = _documents(found)
        scores: list[Score] = []
        total = open_ones.count()
        rows = open_ones.values_list(
            "pk", "region_no", "formation__position", "education", "born_on", "lives_in"
        ).order_by("pk")
        for pk, region, position, education, born_on, lives_in in rows.iterator(chunk_size=10_000):
            who = Applicant(position, region, education, born_on, lives_in, frozenset(documents.get(pk, ())))
            wrong = misfits(who, rules, on=found.closes_on)
            reason = " ".join(str(MISFITS[code]) for code in wrong)
            scores.append(Score(pk, region, 0 if wrong else most, reason))
            told(len(scores), 2 * total)  # the other half is writing
        put_scores(scores, stage=SelectionStage.ADMINISTRATION, source=StageScore.Source.CHECK, by=by)
        failed = sum(not score.score for score in scores)
        said = {"passed": len(scores) - failed, "failed": failed}
        log.record("applications.checked", kind="round", subject=found.pk, body=said)
    return said


def misfitting(asked: Application) -> list[Phrase]:
    """Which requirements an application fails as it stands: told to its applicant and to whoever checks."""
    who = Applicant(
        asked.formation.position, asked.region_no, asked.education, asked.born_on, asked.lives_in_id,
        frozenset(asked.applicationdocuments.values_list("kind", flat=True)),
    )  # fmt: skip
    return [MISFITS[code] for code in misfits(who, rules_of(asked.round), on=asked.round.closes_on)]


def _documents(found: RecruitmentRound) -> dict[int, set[str]]:
    kept: dict[int, set[str]] = defaultdict(set)
    rows = ApplicationDocument.objects.filter(application__round=found).values_list("application", "kind")
    for pk, kind in rows.iterator(chunk_size=10_000):
        kept[pk].add(kind)
    return kept


def decide(application_id: int, *, passes: bool, reason: str, by: User, post: Post) -> StageScore:
    """What a person sees in the documents stands over what the records said. Raises Refused without a reason."""
    reason = " ".join(reason.split())[:300]
    with atomic():
        asked: Application = Application.objects.visible_to(post).select_for_update().get(pk=application_id)
        found: RecruitmentRound = RecruitmentRound.objects.get(pk=asked.round_id)
        if found.state != State.CLOSED:
            raise Refused("Administrasi diperiksa sesudah pendaftaran ditutup dan sebelum diumumkan.")
        if not passes:
            way_out = Phrase("Tulis alasan tidak lulus; pelamar akan membacanya. Contoh: ijazah tidak terbaca.")
            demand_reason(reason, way_out, on=today())
        most = rules_of(found).stage(SelectionStage.ADMINISTRATION).most * HUNDREDTHS
        made, _fresh = StageScore.objects.update_or_create(
            application=asked, stage=SelectionStage.ADMINISTRATION,
            defaults={
                "region_no": asked.region_no, "score": most if passes else 0, "reason": reason,
                "source": StageScore.Source.CHECK, "recorded_by": by,
            },
        )  # fmt: skip
        log.record("application.checked", kind="application", subject=asked.pk, body={"passes": passes})
    return made
