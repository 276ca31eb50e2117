"""Places of a round of recruitment, before it opens: each line a quota of one position in one region."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from harapan.accounts.permission import allows
from harapan.core.phrases import Phrase
from harapan.intake.errand import Errand
from harapan.intake.layouts.scores import NO_ROUND, NOT_YOURS
from harapan.intake.models import Verdict
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.workforce.models import RecruitmentRound
from harapan.workforce.recruitment.rounds import rules_of, set_formations

TWICE = Phrase("Wilayah dan jabatan ini ada pada lebih dari satu baris. Gabungkan kuotanya.")
FROZEN = Phrase("Formasi putaran ini sudah dibekukan sejak dibuka.")
OUTSIDE = Phrase("Wilayah ini tidak ada di dalam putaran. Periksa kodenya.")
NO_RULE = Phrase("Putaran ini tidak punya syarat untuk jabatan tersebut. Pilih jabatan lain.")
VERDICTS = {"added": Verdict.ACCEPTED, "changed": Verdict.CHANGED, "same": Verdict.UNCHANGED}

Row = dict[str, Any]


def take(errand: Errand) -> None:
    """Set the quotas of each round named in the file; formations it does not name stay."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    counted = Counter((row["round"].lower(), row["region"], row["position"]) for row in rows.values())
    by_round: dict[str, list[int]] = defaultdict(list)
    for line, row in rows.items():
        if counted[row["round"].lower(), row["region"], row["position"]] > 1:
            errand.answers.refuse(line, TWICE, "region")
        else:
            by_round[row["round"].lower()].append(line)
    for code, lines in by_round.items():
        _take_round(errand, RecruitmentRound.objects.filter(code__iexact=code).first(), {n: rows[n] for n in lines})


def _take_round(errand: Errand, found: RecruitmentRound | None, rows: dict[int, Row]) -> None:
    reason = _refusal(errand, found)
    if found is None or reason:
        for line in rows:
            errand.answers.refuse(line, reason or NO_ROUND, "round")
        return
    known = set(Region.objects.filter(no__in=[row["region"] for row in rows.values()]).values_list("no", flat=True))
    asked, wanted = rules_of(found).requirements, {}
    for line, row in rows.items():
        outside = found.region_id is not None and not codes.contains(found.region_id, row["region"])
        if row["region"] not in known or outside:
            errand.answers.refuse(line, OUTSIDE, "region")
        elif row["position"] not in asked:
            errand.answers.refuse(line, NO_RULE, "position")
        else:
            wanted[line] = (row["region"], str(row["position"]))
    said = set_formations(found.pk, {key: rows[line]["quota"] for line, key in wanted.items()}, post=errand.post)
    for line, key in wanted.items():
        errand.answers.settle(line, VERDICTS[said[key]], region_no=key[0])


def _refusal(errand: Errand, found: RecruitmentRound | None) -> Phrase | None:
    if found is None:
        return NO_ROUND
    if not allows(errand.post, "recruitment.manage") or not found.run_by(errand.post):
        return NOT_YOURS
    return None if found.state == RecruitmentRound.State.PLANNED else FROZEN
