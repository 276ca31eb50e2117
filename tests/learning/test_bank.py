"""The bank: questions change by their next version, files come in once and go out whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harapan.core.errors import Refused, Unreadable
from harapan.exchange.questions import gift
from harapan.training.learning import bank
from harapan.training.learning.items import item_of
from harapan.training.models import Answer, Question
from tests.learning.ground import School, question

SAMPLES = Path(__file__).parents[1] / "exchange" / "samples" / "questions"


def test_a_changed_question_is_its_next_version_and_attempts_keep_theirs(school: School) -> None:
    post = school.learner()
    school.attempt(post, 0, 0, 0, 0)
    asked = Answer.objects.select_related("question").order_by("place")[0].question
    made = bank.change_question(asked.pk, replace(item_of(asked), text="Lain?"), by=school.author)
    assert (made.number, made.version) == (asked.number, 2)
    asked.refresh_from_db()
    assert (asked.current, asked.text.startswith("Berapa")) == (False, True)
    assert Answer.objects.get(attempt__person__user=post.user, place=1).question == asked
    with pytest.raises(Refused, match="sudah diubah atau dikeluarkan"):
        bank.change_question(asked.pk, replace(item_of(asked), text="Lagi?"), by=school.author)


def test_a_question_unchanged_makes_no_version(school: School) -> None:
    standing = Question.objects.filter(course=school.course)[0]
    assert bank.change_question(standing.pk, item_of(standing), by=school.author) == standing


def test_taken_out_is_no_longer_drawn(school: School) -> None:
    gone = Question.objects.filter(course=school.course)[0]
    bank.take_out(gone.pk)
    bank.take_out(gone.pk)
    assert gone not in bank.questions_of(school.course.pk)
    assert bank.add_question(school.course.pk, question(99), by=school.author).number == 7


def test_what_cannot_be_asked_is_not_kept(school: School) -> None:
    with pytest.raises(Refused, match="Pertanyaannya kosong"):
        bank.add_question(school.course.pk, replace(question(9), text=" "), by=school.author)


@pytest.mark.parametrize(("name", "form"), [("soal.gift.txt", "gift"), ("soal.xml", "moodle")])
def test_a_file_comes_in_once(school: School, name: str, form: str) -> None:
    raw = (SAMPLES / name).read_bytes()
    first = bank.bring_in(school.course.pk, raw, form=form, by=school.author)
    assert (first.added, first.remarks) == (9 if form == "gift" else 7, [])
    again = bank.bring_in(school.course.pk, raw, form=form, by=school.author)
    assert (again.added, again.left_out) == (0, first.added)
    assert "sudah ada di bank soal" in str(again.remarks[0].said)


@pytest.mark.parametrize("form", ["gift", "moodle"])
def test_the_bank_goes_out_and_into_another_whole(school: School, form: str) -> None:
    bank.bring_in(school.course.pk, (SAMPLES / "soal.gift.txt").read_bytes(), form="gift", by=school.author)
    raw = bank.bring_out(school.course.pk, form=form)
    found = bank.FORMS[form].parse(raw)
    here = sorted(bank.questions_of(school.course.pk), key=lambda each: (each.topic, each.number))
    assert [item for _line, item in found.items] == [item_of(each) for each in here]
    assert len(gift.parse(bank.bring_out(school.course.pk, form="gift", topic="P2K2")).items) == 5


def test_a_file_that_is_none_leaves_the_bank_alone(school: School) -> None:
    before = Question.objects.count()
    with pytest.raises(Unreadable):
        bank.bring_in(school.course.pk, b"<quiz>", form="moodle", by=school.author)
    assert Question.objects.count() == before
