"""Commitments that are asked about, and behaviours asked twice so that change is a figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.p2k2.behaviours import Answer, answer_behaviours, asked_on, changes, due_again, load, rounds_of
from harapan.p2k2.committing import (
    OPEN_MAX,
    answer_commitment,
    commitments_of,
    due_by_default,
    make_commitment,
    open_commitments,
)
from harapan.p2k2.curriculum import FOLDER, BadCurriculum
from harapan.p2k2.models import BehaviourAnswer, Commitment, CommitmentAnswer
from harapan.registry.actions import NotYours
from harapan.registry.models import Family
from tests.benefits.world import CEMPAKA, World
from tests.p2k2.conftest import TODAY

MADE, DUE = date(2025, 4, 20), date(2025, 5, 20)


@pytest.fixture
def family(world: World) -> Family:
    return world.family()


@pytest.fixture
def make(world: World, family: Family) -> Callable[..., Commitment]:
    def made(text: str = "Menimbang balita setiap bulan", **about: Any) -> Commitment:
        return make_commitment(
            family.pk, text, **{"due_on": DUE, "made_on": MADE, "by": world.user, "on": TODAY, **about}
        )

    return made


def test_a_commitment_is_asked_until_it_is_done(world: World, family: Family, make: Callable[..., Commitment]) -> None:
    made = make()
    assert open_commitments([family]) == {family.pk: [made]}
    told = {"by": world.user, "on": TODAY}
    answer_commitment(made.pk, done=False, why="posyandu tutup", asked_on=date(2025, 5, 1), **told)
    assert open_commitments([family]) == {family.pk: [made]}
    answer_commitment(made.pk, done=True, asked_on=TODAY, **told)
    assert open_commitments([family]) == {}
    (shown,) = commitments_of(family)
    assert [(each.done, each.why) for each in shown.answers.all()] == [(True, ""), (False, "posyandu tutup")]
    with pytest.raises(Refused, match="sudah selesai pada 20 Mei 2025"):
        answer_commitment(made.pk, done=False, why="keliru", asked_on=date(2025, 5, 19), **told)
    answer_commitment(made.pk, done=False, why="ternyata belum", asked_on=TODAY, **told)  # put right the same day
    assert CommitmentAnswer.objects.count() == 2
    assert open_commitments([family]) == {family.pk: [made]}


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"text": " "}, "satu kalimat"),
        ({"made_on": date(2025, 5, 21)}, "belum tiba"),
        ({"due_on": date(2025, 4, 1)}, "lebih dahulu"),
    ],
)
def test_a_commitment_that_cannot_be_is_refused(
    make: Callable[..., Commitment], about: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        make(**about)
    assert not Commitment.objects.exists()


def test_not_yet_says_why_and_days_fit(world: World, make: Callable[..., Commitment]) -> None:
    made = make()
    with pytest.raises(Refused, match="mengapa belum"):
        answer_commitment(made.pk, done=False, asked_on=TODAY, by=world.user, on=TODAY)
    for day in (date(2025, 4, 19), date(2025, 5, 21)):
        with pytest.raises(Refused, match="di luar itu"):
            answer_commitment(made.pk, done=True, asked_on=day, by=world.user, on=TODAY)


def test_said_twice_it_is_one_and_there_are_never_too_many(make: Callable[..., Commitment]) -> None:
    assert make() == make()
    for number in range(OPEN_MAX - 1):
        make(f"Komitmen nomor {number}")
    with pytest.raises(Refused, match="belum selesai"):
        make("Satu lagi")


def test_only_who_meets_the_family(world: World, family: Family, make: Callable[..., Commitment]) -> None:
    made = make()
    with put_on(Scope.of_groups((world.groups[CEMPAKA].pk,), actor=world.user.pk)):
        for refused in (
            lambda: make("Mencuci tangan"),
            lambda: answer_commitment(made.pk, done=True, asked_on=TODAY, by=world.user, on=TODAY),
            lambda: answer_behaviours(family.pk, {"saving": Answer.YES}, by=world.user, asked=TODAY, on=TODAY),
        ):
            with pytest.raises(NotYours):
                refused()


def test_the_term_is_policy() -> None:
    assert due_by_default(date(2025, 4, 20)) == DUE


def test_the_questions_are_eight_to_twelve_each_with_source_and_english() -> None:
    asked = asked_on(TODAY)
    assert 8 <= len(asked) <= 12
    assert [each.code for each in asked if not (each.source and each.text.english)] == []


GOOD = yaml.safe_load((FOLDER / "behaviours.yaml").read_text())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source": ""}, "sumber kosong"),
        ({"behaviours": GOOD["behaviours"][:7]}, "ada 7 perilaku"),
        ({"behaviours": GOOD["behaviours"] + GOOD["behaviours"][:1]}, "dua kali"),
        ({"behaviours": [{**GOOD["behaviours"][0], "theme": "x"}]}, "bukan sesi"),
        ({"extra": 1}, "isinya bukan"),
    ],
)
def test_questions_that_cannot_be_trusted_are_refused(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    file = tmp_path / "behaviours.yaml"
    file.write_text(yaml.safe_dump({**GOOD, **changed}))
    with pytest.raises(BadCurriculum, match=said):
        load(file)


def test_change_is_a_figure_over_families_asked_twice(world: World) -> None:
    better, same, once = (world.family() for _ in range(3))

    def ask(family: Family, day: date, **answers: Answer) -> None:
        answer_behaviours(family.pk, answers, by=world.user, asked=day, on=TODAY)

    ask(better, date(2024, 5, 1), saving=Answer.NO, latrine=Answer.NOT_APPLICABLE)
    ask(better, date(2025, 5, 1), saving=Answer.YES, latrine=Answer.YES)
    ask(same, date(2024, 5, 1), saving=Answer.YES)
    ask(same, date(2025, 5, 1), saving=Answer.YES)
    ask(once, date(2025, 5, 1), saving=Answer.NO)
    found = changes([better.pk, same.pk, once.pk])
    assert [(each.behaviour.code, each.first, each.latest, each.of) for each in found] == [("saving", 1, 2, 2)]
    assert list(rounds_of(better)) == [date(2024, 5, 1), date(2025, 5, 1)]


def test_answered_again_on_the_same_day_the_later_stands(world: World, family: Family) -> None:
    told = {"by": world.user, "asked": TODAY, "on": TODAY}
    assert answer_behaviours(family.pk, {"saving": Answer.NO, "latrine": Answer.YES}, **told) == 2
    assert answer_behaviours(family.pk, {"saving": Answer.YES, "latrine": Answer.YES}, **told) == 1
    assert BehaviourAnswer.objects.count() == 2
    for answers, asked in (({}, TODAY), ({"x": Answer.YES}, TODAY), ({"saving": Answer.YES}, date(2025, 5, 21))):
        with pytest.raises(Refused):
            answer_behaviours(family.pk, answers, by=world.user, asked=asked, on=TODAY)


@pytest.mark.parametrize(("latest", "expected"), [(None, True), (date(2024, 5, 1), True), (date(2025, 1, 1), False)])
def test_when_a_family_is_asked_again(latest: date | None, expected: bool) -> None:
    assert due_again(latest, on=TODAY) is expected
