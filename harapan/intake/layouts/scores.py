"""Scores of selection: each participant's score of one stage, answered line by line before anything counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from harapan.accounts.permission import allows
from harapan.core.phrases import Phrase
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.workforce.models import Application, Ranking, RecruitmentRound, SelectionStage, StageScore
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.recruitment.rules import HUNDREDTHS, RoundRules
from harapan.workforce.recruitment.scoring import Score, points, put_scores, still_in

TWICE = Phrase("Nomor peserta ini ada pada lebih dari satu baris untuk tahap yang sama. Sisakan satu baris yang benar.")
NO_ROUND = Phrase("Putaran dengan kode ini tidak ada. Periksa kode putarannya.")
NOT_YOURS = Phrase("Nilai putaran ini hanya dapat dibawa masuk oleh pengelolanya.")
NOT_NOW = Phrase("Putaran ini tidak sedang dinilai. Nilai dibawa masuk sesudah pendaftaran ditutup.")
FROZEN = Phrase(
    "Nilai putaran ini sudah dibekukan dan peringkatnya disusun; daftar yang datang kemudian tidak mengubahnya. Pakai "
    "koreksi nilai dengan alasan di halaman lamaran."
)
CALLED = Phrase(
    "Daftar panggilan wawancara sudah disusun dari nilai ini; daftar yang datang kemudian tidak mengubahnya. Pakai "
    "koreksi nilai dengan alasan di halaman lamaran."
)
CORRECTED = Phrase(
    "Nilai ini sudah dikoreksi seseorang dengan alasan, dan daftar tidak menggantinya. Keluarkan barisnya."
)
MARKED = Phrase("Peserta ini sudah dinilai pewawancara, dan daftar tidak menggantinya. Keluarkan barisnya.")
NO_STAGE = Phrase("Putaran ini tidak punya tahap tersebut. Periksa aturannya.")
UNKNOWN = Phrase(
    "Nomor peserta ini tidak ada di putaran ini, atau melamar di luar wilayah Anda. Cocokkan dengan kartu peserta."
)
_TOO_HIGH = Phrase("Nilai {score} di atas {most}, nilai tertinggi tahap ini. Periksa angkanya.")
_OUT = Phrase("Peserta ini tidak sampai ke tahap {stage}. Keluarkan barisnya.")

KEPT: dict[str, Phrase] = {
    StageScore.Source.CORRECTION: CORRECTED,
    StageScore.Source.MARKS: MARKED,
}  # what no list replaces
Row = dict[str, Any]
Rows = dict[int, Row]


def take(errand: Errand) -> None:
    """Write each score once: the same again is unchanged, a later list changes it until it is frozen, never after.

    Whoever runs the round brings in all of it; a province's coordinator of a round of the nation the own province.
    """
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    _refuse_twice(errand, rows)
    for (code, stage), lines in _by_stage(errand, rows).items():
        # held, so that a ranking made at the same moment has these scores in it or they are refused
        found = RecruitmentRound.objects.select_for_update(of=("self",)).filter(code__iexact=code).first()
        reason = _refusal(errand, found, stage)
        if found is None or reason:
            for line in lines:
                errand.answers.refuse(line, reason or NO_ROUND, "round")
        else:
            _take_stage(errand, found, stage, {line: rows[line] for line in lines})


def _refuse_twice(errand: Errand, rows: Rows) -> None:
    counted = Counter((row["round"].lower(), row["stage"], row["participant_no"]) for row in rows.values())
    for line, row in rows.items():
        if counted[row["round"].lower(), row["stage"], row["participant_no"]] > 1:
            errand.answers.refuse(line, TWICE, "participant_no")


def _by_stage(errand: Errand, rows: Rows) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line, row in rows.items():
        if errand.answers.open(line):
            found[row["round"].lower(), str(row["stage"])].append(line)
    return found


def _refusal(errand: Errand, found: RecruitmentRound | None, stage: str) -> Phrase | None:
    if found is None:
        return NO_ROUND
    if not allows(errand.post, "recruitment.manage") or not found.touches(errand.post):
        return NOT_YOURS
    if found.state != RecruitmentRound.State.CLOSED:
        return NOT_NOW
    made = Ranking.objects.filter(round=found)
    if made.results().exists():
        return FROZEN
    if stage != SelectionStage.INTERVIEW and made.shortlists().exists():
        return CALLED
    return None if stage in {each.stage for each in rules_of(found).stages} else NO_STAGE


def _take_stage(errand: Errand, found: RecruitmentRound, stage: str, rows: Rows) -> None:
    rules = rules_of(found)
    numbers = [row["participant_no"] for row in rows.values()]
    asked = Application.objects.counted().visible_to(errand.post).filter(round=found, participant_no__in=numbers)
    known = {no: (pk, region) for no, pk, region in asked.values_list("participant_no", "pk", "region_no")}
    in_it = set(still_in(found.pk, stage, rules).filter(participant_no__in=numbers).values_list("pk", flat=True))
    kept = StageScore.objects.filter(application__in=in_it, stage=stage)
    before = {pk: (score, source) for pk, score, source in kept.values_list("application", "score", "source")}
    scores: list[Score] = []
    for line, row in rows.items():
        errand.advance(len(scores), len(rows), Phrase("Mencatat nilai"))
        place = known.get(row["participant_no"])
        stands = before.get(place[0]) if place else None
        reason, column = _fault(row, place, in_it, stage, rules)
        if not reason and stands and stands[1] in KEPT and stands[0] != row["score"]:
            reason, column = KEPT[stands[1]], "score"
        if reason or place is None:
            errand.answers.refuse(line, reason or UNKNOWN, column)
            continue
        if not stands or stands[0] != row["score"]:
            scores.append(Score(*place, row["score"]))
        errand.answers.settle(line, _verdict(stands, row["score"]), region_no=place[1])
    put_scores(scores, stage=stage, source=StageScore.Source.FILE, by=errand.by)


def _fault(
    row: Row, place: tuple[int, int] | None, in_it: set[int], stage: str, rules: RoundRules
) -> tuple[Phrase | None, str]:
    most = rules.stage(stage).most
    if place is None:
        return UNKNOWN, "participant_no"
    if place[0] not in in_it:
        return _OUT.filled(stage=SelectionStage(stage).label), "participant_no"
    if row["score"] > most * HUNDREDTHS:
        return _TOO_HIGH.filled(score=points(row["score"]), most=most), "score"
    return None, ""


def _verdict(stands: tuple[int, str] | None, score: int) -> Verdict:
    if stands is None:
        return Verdict.ACCEPTED
    return Verdict.UNCHANGED if stands[0] == score else Verdict.CHANGED
