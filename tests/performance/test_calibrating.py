"""Weights follow check visits, openly: dated rows, scores with them, and never on a few visits."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts.models import Post
from harapan.core.errors import Refused
from harapan.performance.calibrating import WEIGHT_UNKNOWN, calibrate, calibration, weights_on
from harapan.performance.drawing import draw_checks, drawn_again
from harapan.performance.errors import DrawnBefore, NobodyToDraw
from harapan.performance.law import law_on
from harapan.performance.models import CheckDraw, CheckVisit, Finding, IndicatorWeight, Result
from harapan.performance.running import run
from harapan.performance.visiting import Found, record_visit
from tests.performance.ground import AFTER, MONTH, RUN_ON, Field
from tests.web.signing import person

WHY = "sesudah kunjungan cek semester pertama"


def visited(post: Post, wrong: bool, *, probability: float, draw: CheckDraw, indicator: str | None) -> None:
    CheckVisit.objects.create(
        draw=draw, person=post.user, region_no=6305030000, month=MONTH, probability=probability,
        result=Result.MADE_UP if wrong else Result.TRUE, notes="Dilihat di tempat.", visited_on=AFTER,
        visited_by=draw.drawn_by,
    )  # fmt: skip
    if indicator:
        Finding.objects.create(
            person=post.user, region_no=6305030000, month=MONTH, indicator=indicator, n=20, value=0.9, usual=0.1,
            strength=4, rarity=0.001, score=2, found_on=RUN_ON, private_until=RUN_ON, released=True,
        )  # fmt: skip


@pytest.fixture
def draw(field: Field) -> CheckDraw:
    made: CheckDraw = CheckDraw.objects.create(
        region_no=6305000000, month=MONTH, seed=1, size=12, random_percent=50, chances={}, drawn_by=field.lead.user,
        drawn_on=AFTER,
    )  # fmt: skip
    return made


def test_precision_is_weighed_by_the_chance_of_the_draw(field: Field, draw: CheckDraw) -> None:
    told = ((True, 0.5, "night"), (False, 0.1, "night"), (True, 1.0, None))
    for post, (wrong, probability, indicator) in zip(field.facilitators, told, strict=False):
        visited(post, wrong, probability=probability, draw=draw, indicator=indicator)
    everybody, rows = calibration(on=AFTER)
    night = next(row for row in rows if row.indicator == "night")
    assert (night.precision.checked, night.precision.share) == (2, pytest.approx(2 / 12))
    assert everybody.share == pytest.approx(3 / 13)
    assert next(row for row in rows if row.indicator == "speed").precision.checked == 0


def test_a_weight_changes_after_enough_visits_with_a_date_and_a_reason(field: Field, draw: CheckDraw) -> None:
    operator = person("operator").user
    with pytest.raises(Refused, match="Tidak ada bobot"):
        calibrate(why=WHY, by=operator, on=AFTER)
    for number, post in enumerate(field.facilitators):
        visited(post, number < 3, probability=1.0, draw=draw, indicator="night")
    assert law_on(AFTER).checked_min <= len(field.facilitators)
    with pytest.raises(Refused, match="Tulis alasan"):
        calibrate(why="", by=operator, on=AFTER)
    [made] = calibrate(why=WHY, by=operator, on=AFTER)
    assert (made.indicator, made.percent, made.checked) == ("night", round(100 * 4 / 14), 12)
    assert (weights_on(AFTER)["night"], weights_on(date(2025, 7, 19))["night"]) == (made.percent, WEIGHT_UNKNOWN)
    assert set(Finding.objects.filter(indicator="night").values_list("score", flat=True)) == {4 * made.percent / 100}
    with pytest.raises(Refused):
        calibrate(why=WHY, by=operator, on=AFTER)
    assert IndicatorWeight.objects.count() == 1


def test_a_draw_stands_by_its_seed_and_leans_only_on_what_is_released(field: Field) -> None:
    run("2025-06", actor=0, on=RUN_ON)
    told = {"size": 3, "random_percent": 50, "by": field.lead.user}
    with pytest.raises(NobodyToDraw):
        draw_checks(202401, post=field.lead, on=RUN_ON, **told)  # type: ignore[arg-type]
    made = draw_checks(MONTH, post=field.lead, on=RUN_ON, seed=42, **told)  # type: ignore[arg-type]
    assert set(made.chances.values()) == {0.5}  # nothing is released yet
    drawn = sorted(made.visits.values_list("person", flat=True))
    assert drawn == drawn_again(made)
    with pytest.raises(DrawnBefore):
        draw_checks(MONTH, post=field.lead, on=AFTER, seed=43, **told)  # type: ignore[arg-type]
    Finding.objects.update(released=True)
    leaning = draw_checks(MONTH, post=field.coordinator, on=AFTER, seed=42, **told)  # type: ignore[arg-type]
    chances = leaning.chances
    assert max(chances, key=chances.__getitem__) == str(field.copier.user_id)
    assert min(chances.values()) >= 0.5 * 3 / len(chances)


def test_nobody_visits_oneself(field: Field, draw: CheckDraw) -> None:
    visit = CheckVisit.objects.create(
        draw=draw, person=field.lead.user, region_no=6305030000, month=MONTH, probability=1
    )
    found = Found(Result.TRUE, AFTER, "Semua benar menurut saya.")
    with pytest.raises(Refused, match="orang lain"):
        record_visit(visit.pk, found, by=field.lead.user, on=AFTER)
    made = record_visit(visit.pk, found, by=field.coordinator.user, on=AFTER)
    assert made.visited_by_id == field.coordinator.user_id
    with pytest.raises(Refused, match="sudah dicatat"):
        record_visit(visit.pk, found, by=field.coordinator.user, on=AFTER)
