"""The rules of one round, as they are published and frozen: stages, ties, requirements. Plain values, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase

HUNDREDTHS = 100  # of a point: what scores are kept in
PARTS = 10_000  # of a point: what totals are kept in
STAGES = ("administration", "psychological", "competence", "interview")  # in their order
TIES = (*STAGES, "lives_here", "older", "lot")
EDUCATIONS = ("senior", "diploma", "bachelor", "master")
LIVES_IN = ("district", "regency", "anywhere")
WHOLE_PERCENT = 100
INTERVIEW = STAGES[-1]


@dataclass(frozen=True, slots=True)
class StageRule:
    """weight: percent of the total. most: points one can reach. pass_mark: points one must reach."""

    stage: str
    weight: int
    most: int
    pass_mark: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a position asks. age_max: in whole years on the last day of applying; None: no bar."""

    education: tuple[str, ...]
    age_max: int | None
    lives_in: str


@dataclass(frozen=True, slots=True)
class RoundRules:
    """All that decides a round. `ties`: what is looked at, in order, where totals are equal."""

    stages: tuple[StageRule, ...]
    ties: tuple[str, ...]
    reserve_percent: int  # of the quota, rounded up
    requirements: Mapping[str, Requirement]
    documents: tuple[str, ...]
    interviewers_min: int
    spread_max: int  # points between two interviewers; beyond it a third one is asked
    objection_days: int
    offer_days: int
    double_counts: str  # which of several applications of a person: latest or first
    interview_per_place: int | None = None  # so many of the best for each place are interviewed; None: all still in

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> RoundRules:
        """From the JSON of a round."""
        told = dict(stored)
        return cls(
            stages=tuple(StageRule(**each) for each in told.pop("stages")),
            ties=tuple(told.pop("ties")),
            requirements={
                code: Requirement(tuple(each["education"]), each["age_max"], each["lives_in"])
                for code, each in told.pop("requirements").items()
            },
            documents=tuple(told.pop("documents")),
            **told,
        )

    def stored(self) -> dict[str, Any]:
        """As JSON; `of` reads it back the same. A rule that rounds did not have then is left out: digests stay."""
        value: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        if self.interview_per_place is None:
            del value["interview_per_place"]
        return value

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.stored(), sort_keys=True).encode()).hexdigest()

    def stage(self, code: str) -> StageRule:
        """Raises Refused for a stage that the round does not have."""
        for each in self.stages:
            if each.stage == code:
                return each
        raise Refused("Putaran ini tidak punya tahap {code}. Periksa aturannya.", code=code)

    def with_stages(self, stages: tuple[StageRule, ...], *, interview_per_place: int | None) -> RoundRules:
        """The same with other weights, pass marks and length of the shortlist. Raises Refused where they are none."""
        for each in stages:
            if not 0 <= each.pass_mark <= each.most or each.weight < 0:
                raise Refused(
                    "Batas lulus {mark} harus di antara 0 dan nilai tertinggi {most}. Perbaiki angkanya.",
                    mark=each.pass_mark, most=each.most,
                )  # fmt: skip
        weights = sum(each.weight for each in stages)
        if weights != WHOLE_PERCENT:
            raise Refused("Jumlah bobot {weights} persen, seharusnya 100. Perbaiki bobotnya.", weights=weights)
        return replace(self, stages=stages, interview_per_place=interview_per_place)

    @property
    def shortlists(self) -> bool:
        """Whether only some of those still in are interviewed."""
        return self.interview_per_place is not None and any(each.stage == INTERVIEW for each in self.stages)

    def before_interview(self) -> RoundRules:
        """What decides who is interviewed: the same stages and ties without the interview, and no reserve."""
        stages = tuple(each for each in self.stages if each.stage != INTERVIEW)
        ties = tuple(tie for tie in self.ties if tie != INTERVIEW)
        return replace(self, stages=stages, ties=ties, reserve_percent=0)

    def reserve(self, quota: int) -> int:
        """How long the reserve list of so many places is."""
        return -(-quota * self.reserve_percent // WHOLE_PERCENT)


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the requirements look at. lives_in: region of the kecamatan lived in; region: the one applied for."""

    position: str
    region: int
    education: str
    born_on: date | None
    lives_in: int | None
    documents: frozenset[str]


MISFITS = {
    "education": Phrase("Pendidikan tidak termasuk yang diminta untuk jabatan ini."),
    "age": Phrase("Usia melewati batas pada hari terakhir pendaftaran."),
    "residence": Phrase("Tempat tinggal di luar wilayah yang diminta."),
    "documents": Phrase("Berkas wajib belum lengkap."),
}


def misfits(who: Applicant, rules: RoundRules, *, on: date) -> list[str]:
    """Codes of MISFITS, in their order; `on`: the last day of applying."""
    asked = rules.requirements[who.position]
    young = asked.age_max is None or (who.born_on is not None and age_on(who.born_on, on) <= asked.age_max)
    met = {
        "education": who.education in asked.education,
        "age": young,
        "residence": _near(who, asked.lives_in),
        "documents": set(rules.documents) <= who.documents,
    }
    return [code for code, fine in met.items() if not fine]


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _near(who: Applicant, asked: str) -> bool:
    if asked == "anywhere":
        return True
    if who.lives_in is None:
        return False
    width = 10**4 if asked == "district" else 10**6
    # a formation may be wider than the bar: whoever lives anywhere in it is near
    width = max(width, _width(who.region))
    return who.lives_in // width == who.region // width


def _width(region: int) -> int:
    return next((width for width in (10**8, 10**6, 10**4) if region % width == 0), 1)


def settled_mark(marks: list[int], *, marks_min: int, spread_max: int) -> int | None:
    """The score of an interview from its marks, in hundredths, or None while more are needed.

    Marks that lie within the spread give their mean, rounded down. Beyond it one more interviewer is asked than the
    least, and the middle mark holds: one alone can no longer pull it.
    """
    if len(marks) < marks_min:
        return None
    if max(marks) - min(marks) <= spread_max * HUNDREDTHS:
        return sum(marks) // len(marks)
    if len(marks) <= marks_min:
        return None
    ranked = sorted(marks)
    low, high = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    return (low + high) // 2
