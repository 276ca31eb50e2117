"""Scores and places of a round by file: every line answered, nothing above the maximum, nobody unknown."""

from __future__ import annotations

from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.core.errors import Forbidden
from harapan.database.scope import Scope, put_on
from harapan.exchange.formations import codec as formations
from harapan.exchange.scores import codec as scores
from harapan.intake.actions import bring_in
from harapan.intake.models import ImportRun
from harapan.workforce.models import Application, Formation, RecruitmentRound, StageScore
from harapan.workforce.recruitment import checking, freezing, rounds, scoring
from tests.intake.conftest import TODAY, answers
from tests.web.signing import person
from tests.workforce.recruiting import BEGINS, CLOSES, OPENS, SELATAN, TENGAH, Running, make_running


@pytest.fixture
def running(system: Scope) -> Running:
    return make_running()


def bring(layout: str, raw: bytes, post: Post, *, commit: bool = True) -> ImportRun:
    return bring_in(raw, name=f"{layout}.xlsx", layout=layout, commit=commit, by=post.user, post=post, on=TODAY)


def line(asked: Application | int, score: int, stage: str = "psychological", **about: Any) -> dict[str, Any]:
    number = asked if isinstance(asked, int) else asked.participant_no
    return {"round": "uji", "stage": stage, "participant_no": number, "score": score} | about


def closed(running: Running, count: int) -> list[Application]:
    people = [running.apply() for _ in range(count)]
    running.close()
    checking.check_all(running.round.pk, **running.who)
    return [running.again(each) for each in people]


def test_each_line_has_its_answer(running: Running, operator: Post) -> None:
    one, two, three = closed(running, 3)
    rows = [
        line(one, 8125), line(two, 10_001), line(999, 7000), line(three, 7000, stage="competence"),
        line(three, 7000, round="lain"),
    ]  # fmt: skip
    run = bring("scores", scores.render(rows), operator)
    said = answers(run)
    assert said[2] == "diterima: "
    assert "Nilai 100,01 di atas 100" in said[3]
    assert "Nomor peserta ini tidak ada" in said[4]
    assert "tidak sampai ke tahap" in said[5]
    assert "Putaran dengan kode ini tidak ada" in said[6]
    assert list(StageScore.objects.filter(stage="psychological").values_list("application", "score")) == [
        (one.pk, 8125)
    ]


def test_the_same_again_is_unchanged_and_another_value_is_changed(running: Running, operator: Post) -> None:
    one, two = closed(running, 2)
    bring("scores", scores.render([line(one, 8000), line(two, 7000)]), operator)
    again = bring("scores", scores.render([line(one, 8000), line(two, 7100)]), operator)
    assert (again.unchanged, again.changed) == (1, 1)


def test_a_participant_twice_is_refused_both_times(running: Running, operator: Post) -> None:
    (one,) = closed(running, 1)
    run = bring("scores", scores.render([line(one, 8000), line(one, 9000)]), operator)
    assert run.refused == 2
    assert not StageScore.objects.filter(stage="psychological").exists()


def test_a_rehearsal_writes_nothing(running: Running, operator: Post) -> None:
    (one,) = closed(running, 1)
    assert bring("scores", scores.render([line(one, 8000)]), operator, commit=False).accepted == 1
    assert not StageScore.objects.filter(stage="psychological").exists()


def test_a_regency_cannot_bring_scores_in(running: Running, officer: Post) -> None:
    (one,) = closed(running, 1)
    with pytest.raises(Forbidden):
        bring("scores", scores.render([line(one, 8000)]), officer)


def test_a_province_brings_in_its_own_scores_and_no_lists_of_families(running: Running) -> None:
    """Of its own round, and of the nation's the participants of its places alone."""
    one, two = closed(running, 2)
    assert bring("scores", scores.render([line(one, 8000)]), running.post).accepted == 1
    RecruitmentRound.objects.update(region=None)
    elsewhere = person("province_coordinator", regions=(6200000000,))
    with put_on(elsewhere.scope(actor=elsewhere.user_id, via="test")):
        run = bring("scores", scores.render([line(two, 8000)]), elsewhere)
        assert "melamar di luar wilayah Anda" in answers(run)[2]
    assert bring("scores", scores.render([line(two, 8000)]), running.post).accepted == 1
    with pytest.raises(Forbidden):
        bring("beneficiaries", b"x", running.post)


def test_a_round_of_another_province_is_none_of_its_business(running: Running) -> None:
    (one,) = closed(running, 1)
    elsewhere = person("province_coordinator", regions=(6200000000,))
    with put_on(elsewhere.scope(actor=elsewhere.user_id, via="test")):
        run = bring("scores", scores.render([line(one, 8000)]), elsewhere)
        assert "hanya dapat dibawa masuk oleh pengelolanya" in answers(run)[2]


def test_a_later_list_changes_a_score_until_it_is_frozen(running: Running, operator: Post) -> None:
    """Not one that somebody corrected with a reason, nor an interview that was marked, nor what the shortlist is of."""
    one, two = closed(running, 2)
    for stage in ("psychological", "competence"):
        bring("scores", scores.render([line(one, 8000, stage), line(two, 7000, stage)]), operator)
    scoring.correct(two.pk, "competence", 7500, reason="Lembar jawaban dinilai ulang", **running.who)
    later = bring("scores", scores.render([line(one, 8500, "competence"), line(two, 6000, "competence")]), operator)
    assert (later.changed, later.refused) == (1, 1)
    assert "sudah dikoreksi seseorang" in answers(later)[3]
    running.call()
    told = answers(bring("scores", scores.render([line(one, 9900, "competence")]), operator))[2]
    assert "Daftar panggilan wawancara sudah disusun" in told
    assert StageScore.objects.get(application=one, stage="competence").score == 8500


def test_after_the_ranking_no_file_touches_a_score(running: Running, operator: Post) -> None:
    (one,) = closed(running, 1)
    running.score_all({one: 70})
    freezing.make_ranking(running.round.pk, **running.who)
    run = bring("scores", scores.render([line(one, 9000)]), operator)
    assert "daftar yang datang kemudian tidak mengubahnya" in answers(run)[2]


def test_quotas_come_by_file_until_the_round_opens(running: Running, operator: Post) -> None:
    made = rounds.plan_round(
        "baru", "Putaran baru", cohort=2025, opens_on=OPENS, closes_on=CLOSES, begins_on=BEGINS,
        region=running.round.region, **running.who,
    )  # fmt: skip
    rows = [
        {"round": "baru", "region": TENGAH, "position": "facilitator", "quota": 3},
        {"round": "baru", "region": SELATAN, "position": "supervisor", "quota": 1},
        {"round": "baru", "region": 6101010000, "position": "facilitator", "quota": 1},
        {"round": "uji", "region": SELATAN, "position": "facilitator", "quota": 9},
    ]
    said = answers(bring("formations", formations.render(rows), operator))
    assert (said[2], said[3]) == ("diterima: ", "diterima: ")
    assert "tidak ada di dalam putaran" in said[4]
    assert "dibekukan sejak dibuka" in said[5]
    assert dict(Formation.objects.filter(round=made).values_list("region", "quota")) == {TENGAH: 3, SELATAN: 1}
    assert RecruitmentRound.objects.get(code="uji").formations.get(region=SELATAN).quota == 1
