"""A facilitator of Tapin Tengah with everybody above, two members of the commission, and a case walked to a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from harapan.accounts.models import Post
from harapan.database.scope import SYSTEM, Scope, put_on
from harapan.workforce.ethics import deciding, handling
from harapan.workforce.ethics.deciding import Verdict
from harapan.workforce.ethics.reporting import Receipt, Told, file_report
from harapan.workforce.models import EthicsCase, Person, Step
from harapan.workforce.taking_on import take_on
from tests.web.signing import person

PROVINCE, TAPIN, TAPIN_TENGAH, HSS = 6300000000, 6305000000, 6305030000, 6306000000
DAY = date(2025, 5, 5)
STORY = "Setiap pencairan ia menahan kartu keluarga dan memotong lima puluh ribu."
CHARGE = "Memegang kartu keluarga dampingan pada April 2025."
WHY = "Keterangan tiga keluarga saling menguatkan."


@dataclass
class Court:
    """Posts by what they do here. `person`: the facilitator's record."""

    ani: Post
    lead: Post
    katim: Post
    province: Post
    office: Post
    judge: Post
    second: Post
    operator: Post
    person: Person

    @contextmanager
    def acting(self, post: Post) -> Iterator[Post]:
        """In the post's own scope, as its page would."""
        with put_on(post.scope(actor=post.user_id, via="test")):
            yield post

    def file(self, **told: object) -> tuple[Receipt, EthicsCase]:
        """As the form does, with the case as the system sees it."""
        given = {"offence": "holding_cards", "name": "ANI", "told": STORY, "region_no": TAPIN, **told}
        with put_on(Scope.common(actor=SYSTEM, via="report")):
            receipt = file_report(Told(**given), on=DAY)  # type: ignore[arg-type]
        return receipt, EthicsCase.objects.latest("pk")

    def walk(self, until: Step, *, handler: Post | None = None, level: str = "medium") -> EthicsCase:
        """A case brought to a step by a handler (the regency's lead), decided by the commission; no step is late."""
        _receipt, case = self.file()
        post = handler or self.katim
        by = {"by": post.user}
        day = DAY
        with self.acting(post):
            handling.take(case.pk, on=day, **by)
            steps = {
                Step.VERIFIED: lambda on: handling.verify(case.pk, note="", on=on, **by),
                Step.EXAMINED: lambda on: handling.examine(case.pk, charge=CHARGE, note="", on=on, **by),
                Step.SUMMONED: lambda on: handling.summon(
                    case.pk, hearing_on=on + timedelta(days=3), place="Aula", on=on, **by
                ),
                Step.HEARD: lambda on: handling.hear(
                    case.pk, heard="Ia datang dan menjelaskan.", on=on + timedelta(days=2), **by
                ),
            }
            for step, take_step in steps.items():
                if case.step == until:
                    break
                day += timedelta(days=1)
                take_step(day)
                case.step = step
        if until == Step.DECIDED:
            with self.acting(self.judge):
                deciding.decide(
                    case.pk, self.verdict(level), post=self.judge, by=self.judge.user, on=DAY + timedelta(days=10)
                )
        case.refresh_from_db()
        return case

    def verdict(self, level: str) -> Verdict:
        measures = {"light": ["written_reprimand"], "medium": ["warning"], "heavy": ["dismissal"]}.get(level, [])
        return Verdict("KE/1/2025", WHY, level, measures, self.operator.user if level == "heavy" else None)


def make_court() -> Court:
    posts = {
        "ani": person("facilitator", regions=(TAPIN_TENGAH,), name="ANI"),
        "lead": person("district_lead", regions=(TAPIN_TENGAH,), name="KETUA TENGAH"),
        "katim": person("regency_coordinator", regions=(TAPIN,), name="KATIM TAPIN"),
        "province": person("province_coordinator", regions=(PROVINCE,), name="KATIM KALSEL"),
        "office": person("province_office", regions=(PROVINCE,), name="DINSOS KALSEL"),
        "judge": person("ethics_commission", name="HAKIM SATU"),
        "second": person("ethics_commission", name="HAKIM DUA"),
        "operator": person("operator", name="OPERATOR"),
    }
    since = date(2024, 1, 1)
    for name in ("lead", "katim", "province"):
        post = posts[name]
        take_on(post.user.name, region_no=post.region_nos[0], since=since, user=post.user)
    about = take_on("ANI", region_no=TAPIN_TENGAH, since=since, user=posts["ani"].user)
    return Court(**posts, person=about)
