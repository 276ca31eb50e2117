"""A round of Kalimantan Selatan with two kecamatan of Tapin, and people who apply for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from harapan.accounts.models import Post
from harapan.database.scope import Scope, put_on
from harapan.regions.models import Region
from harapan.workforce.models import Application, Formation, RecruitmentRound, StageScore
from harapan.workforce.recruitment import applying, freezing, rounds, scoring
from harapan.workforce.recruitment.scoring import Score
from tests.web.signing import person

KALSEL, TENGAH, SELATAN = 6300000000, 6305030000, 6305020000
OPENS, CLOSES, AFTER, BEGINS = date(2025, 3, 3), date(2025, 3, 14), date(2025, 3, 15), date(2025, 6, 2)
PDF = b"%PDF-1.7 contoh"
_serials = count(1)


@dataclass
class Running:
    """The round, who runs it, and its two formations."""

    round: RecruitmentRound
    post: Post
    tengah: Formation
    selatan: Formation

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.post.user, "post": self.post}

    def apply(self, formation: Formation | None = None, **about: Any) -> Application:
        """Somebody who fits and has sent everything; `about` changes what they tell."""
        return applying.submit(self.draft(formation, **about).pk, on=OPENS)

    def draft(self, formation: Formation | None = None, **about: Any) -> Application:
        """The same, whole and not yet sent."""
        place = formation or self.tengah
        number = next(_serials)
        told: dict[str, Any] = {
            "born_on": date(1995, 1, 1) + timedelta(days=number), "education": "bachelor", "address": "Jl. Hiyung 1",
            "lives_in": place.region, "phone": "+628115000001", "sex": 2,
        } | about  # fmt: skip
        nik = told.pop("nik", f"6305030101951{number:03d}")
        made = applying.begin(place, name=told.pop("name", f"PELAMAR {number}"), nik=nik, on=OPENS)
        applying.fill_in(made.pk, on=OPENS, **told)
        for kind in ("identity", "diploma"):
            applying.add_document(made.pk, kind, PDF, name=f"{kind}.pdf", media_type="application/pdf", on=OPENS)
        return made

    def score(self, stage: str, points: dict[Application, float]) -> None:
        scores = [Score(each.pk, each.region_no, round(score * 100)) for each, score in points.items()]
        scoring.put_scores(scores, stage=stage, source=StageScore.Source.FILE, by=self.post.user)

    def score_all(self, totals: dict[Application, float]) -> None:
        """The same points in each of the three stages, so that the total is these points."""
        for stage in ("psychological", "competence", "interview"):
            self.score(stage, totals)

    def close(self) -> None:
        rounds.close_applications(self.round.pk, on=AFTER, **self.who)

    def call(self) -> None:
        """The shortlist of whoever is interviewed, made and announced."""
        freezing.make_shortlist(self.round.pk, **self.who)
        rounds.announce_shortlist(self.round.pk, **self.who, on=AFTER)

    def again(self, asked: Application) -> Application:
        asked.refresh_from_db()
        return asked


def make_running(*, quota: int = 1) -> Running:
    post = person("province_coordinator", regions=(KALSEL,), name="KATIM KALSEL")
    made = rounds.plan_round(
        "uji", "Rekrutmen uji", cohort=2025, opens_on=OPENS, closes_on=CLOSES, begins_on=BEGINS,
        region=Region.objects.get(no=KALSEL), by=post.user, post=post,
    )  # fmt: skip
    places = {(TENGAH, "facilitator"): quota, (SELATAN, "facilitator"): 1}
    rounds.set_formations(made.pk, places, post=post)
    rounds.open_round(made.pk, by=post.user, post=post, on=OPENS)
    made.refresh_from_db()
    tengah, selatan = (Formation.objects.get(round=made, region=no) for no in (TENGAH, SELATAN))
    return Running(made, post, tengah, selatan)


def in_place(region: int) -> Any:
    """The scope of a kecamatan, as an officer of it has."""
    return put_on(Scope.of_ranges(((region, region + 10**4),), actor=7, via="test"))
