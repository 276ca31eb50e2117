"""Interviews: two people mark a number, each without the other's mark; the spread decides whether a third is asked."""

from __future__ import annotations

from dataclasses import dataclass

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.workforce.models import (
    Application,
    InterviewMark,
    Ranking,
    RecruitmentRound,
    SelectionStage,
    StageScore,
)
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.recruitment.rules import HUNDREDTHS, settled_mark
from harapan.workforce.recruitment.scoring import ScoreTooHigh, still_in


@dataclass(frozen=True, slots=True)
class Marked:
    """A participant as an interviewer sees one. mine, spread, settled: hundredths; None where not there yet.

    `spread` and `settled` are told only to who has given a mark, or may see them without marking. `closed`: the reader
    may give or change none, because the marks are enough, or because theirs is given and the spread told.
    """

    application: int
    participant_no: int
    marks: int
    mine: int | None
    spread: int | None
    settled: int | None
    wants_more: bool
    closed: bool


def marked_of(applications: list[Application], *, by: User, sees_all: bool = False) -> list[Marked]:
    """What stands on each participant, in their order. Three queries at most."""
    if not applications:
        return []
    rules = rules_of(applications[0].round)
    given: dict[int, dict[int, int]] = {each.pk: {} for each in applications}
    rows = InterviewMark.objects.filter(application__in=given)
    for application, marker, score in rows.values_list("application", "marker", "score"):
        given[application][marker] = score
    found = []
    for each in applications:
        marks = given[each.pk]
        mine, told = marks.get(by.pk), sees_all or by.pk in marks
        settled = settled_mark(list(marks.values()), marks_min=rules.interviewers_min, spread_max=rules.spread_max)
        spread = max(marks.values()) - min(marks.values()) if len(marks) > 1 else None
        found.append(
            Marked(
                each.pk, each.participant_no or 0, len(marks), mine, spread if told else None,
                settled if told else None, settled is None and len(marks) >= rules.interviewers_min,
                settled is not None if mine is None else len(marks) > 1,
            )
        )  # fmt: skip
    return found


def mark(application_id: int, score: int, *, note: str = "", by: User, post: Post) -> InterviewMark:
    """Give one's own mark, in hundredths; change it as long as nobody else has marked. Raises Refused.

    Once another has marked, the spread is told: a mark changed after that would no longer be given blind.
    """
    with atomic():
        asked: Application = Application.objects.visible_to(post).select_for_update().get(pk=application_id)
        # held, so that a ranking made at the same moment has this mark in it or refuses it
        found: RecruitmentRound = RecruitmentRound.objects.select_for_update().get(pk=asked.round_id)
        rules = rules_of(found)
        rule = rules.stage(SelectionStage.INTERVIEW)
        if found.state != RecruitmentRound.State.CLOSED or Ranking.objects.results().filter(round=found).exists():
            raise Refused("Wawancara dinilai sesudah pendaftaran ditutup dan sebelum peringkat disusun.")
        if not 0 <= score <= rule.most * HUNDREDTHS:
            raise ScoreTooHigh(score, rule.most * HUNDREDTHS)
        if not still_in(found.pk, SelectionStage.INTERVIEW, rules).filter(pk=asked.pk).exists():
            raise Refused("Peserta {no} tidak sampai ke tahap wawancara.", no=asked.participant_no)
        marks = dict(asked.interviewmarks.values_list("marker", "score"))
        mine = marks.pop(by.pk, None)
        enough = {"marks_min": rules.interviewers_min, "spread_max": rules.spread_max}
        if mine is None and settled_mark(list(marks.values()), **enough) is not None:
            raise Refused("Peserta {no} sudah dinilai cukup pewawancara.", no=asked.participant_no)
        _refuse_changed(asked, mine, score, others=bool(marks))
        made, _fresh = InterviewMark.objects.update_or_create(
            application=asked, marker=by,
            defaults={"score": score, "note": note.strip()[:300], "region_no": asked.region_no},
        )  # fmt: skip
        settled = settled_mark([*marks.values(), score], **enough)
        _settle(asked, settled, by)
        log.record("interview.marked", kind="application", subject=asked.pk)
    return made


def _refuse_changed(asked: Application, mine: int | None, score: int, *, others: bool) -> None:
    """A mark whose spread has been told stands, and so does a score that is no interviewer's."""
    if others and mine not in (None, score):
        raise Refused(
            "Nilai Anda untuk peserta {no} tetap, karena pewawancara lain sudah menilai dan selisihnya terbaca. "
            "Bila keliru, minta pengelola putaran mengoreksinya dengan alasan.", no=asked.participant_no,
        )  # fmt: skip
    kept = StageScore.objects.filter(application=asked, stage=SelectionStage.INTERVIEW)
    if kept.exclude(source=StageScore.Source.MARKS).exists():
        raise Refused(
            "Nilai wawancara peserta {no} sudah dibawa masuk dari daftar atau dikoreksi, jadi tidak dinilai lagi.",
            no=asked.participant_no,
        )


def _settle(asked: Application, settled: int | None, by: User) -> None:
    """The score follows the marks; where they no longer agree there is none."""
    kept = StageScore.objects.filter(application=asked, stage=SelectionStage.INTERVIEW)
    if settled is None:
        kept.delete()
        return
    StageScore.objects.update_or_create(
        application=asked, stage=SelectionStage.INTERVIEW,
        defaults={
            "region_no": asked.region_no, "score": settled, "reason": "", "source": StageScore.Source.MARKS,
            "recorded_by": by,
        },
    )  # fmt: skip
