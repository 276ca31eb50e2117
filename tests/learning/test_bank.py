"""The bank: questions change by their next version, files come in once and go out whole."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from harapan.core.errors import Refused, Unreadable
from harapan.exchange.questions import gift, moodle_writing
from harapan.exchange.questions.item import Item, picture_of
from harapan.training.learning import bank, lines
from harapan.training.learning.items import item_of
from harapan.training.learning.question_pictures import with_contents
from harapan.training.models import Answer, Question, QuestionPicture
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


def _png(colour: str, *, side: int = 1600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), colour).save(out, "PNG")
    return out.getvalue()


def _with_pictures(number: int, *contents: bytes) -> Item:
    shown = tuple(picture_of(f"peta {at}.png", f"peta {at}", each) for at, each in enumerate(contents))
    return replace(question(number), pictures=shown)


def test_a_question_keeps_its_pictures_light_and_from_version_to_version(school: School) -> None:
    made = bank.add_question(school.course.pk, _with_pictures(50, _png("red"), _png("blue")), by=school.author)
    item = item_of(made)
    assert [(each.name, each.alt) for each in item.pictures] == [("peta-0-1.jpg", "peta 0"), ("peta-1-2.jpg", "peta 1")]
    (opened,) = with_contents([item])
    with Image.open(io.BytesIO(opened.pictures[0].contents)) as image:
        assert (image.format, image.width) == ("JPEG", 1080)
    changed = bank.change_question(made.pk, replace(item, text="Desa mana?"), by=school.author)
    assert item_of(changed).pictures == item.pictures
    assert QuestionPicture.objects.count() == 4
    assert QuestionPicture.objects.values("file").distinct().count() == 2
    bare = bank.change_question(changed.pk, replace(item_of(changed), pictures=()), by=school.author)
    assert (bare.version, item_of(bare).pictures) == (3, ())


def test_questions_with_pictures_go_out_and_come_back_once(school: School) -> None:
    bank.add_question(school.course.pk, _with_pictures(51, _png("red")), by=school.author)
    bank.add_question(school.course.pk, _with_pictures(51, _png("blue")), by=school.author)  # asks of another picture
    raw = bank.bring_out(school.course.pk, form="moodle")
    again = bank.bring_in(school.course.pk, raw, form="moodle", by=school.author)
    assert (again.added, again.left_out) == (0, 8)
    Question.objects.filter(course=school.course).update(current=False)
    fresh = bank.bring_in(school.course.pk, raw, form="moodle", by=school.author)
    assert (fresh.added, fresh.remarks) == (8, [])
    last = item_of(bank.questions_of(school.course.pk).last())  # type: ignore[arg-type]
    assert [each.name for each in last.pictures] == ["peta-0-1.jpg"]


def test_pictures_of_options_are_kept_and_stay_with_their_words(school: School) -> None:
    asked = _with_pictures(52, _png("red"), _png("blue"), _png("green"))
    wrong, *others = asked.choices
    pictured = replace(asked, choices=(replace(wrong, picture=1), replace(others[0], picture=2), *others[1:]))
    made = bank.add_question(school.course.pk, pictured, by=school.author)
    item = item_of(made)
    assert [each.name for each in item.own_pictures] == ["peta-0-1.jpg"]
    assert [(words, each.alt) for words, each in item.pictured] == [(wrong.text, "peta 1"), (others[0].text, "peta 2")]
    assert lines.fits(item)
    typed = lines.parse(replace(item, choices=(), pictures=item.own_pictures), f"* {wrong.text}\nyang baru")
    changed = bank.change_question(made.pk, lines.with_pictures_of(typed, item), by=school.author)
    assert [(words, each.alt) for words, each in item_of(changed).pictured] == [(wrong.text, "peta 1")]
    assert len(item_of(changed).pictures) == 2
    raw = bank.bring_out(school.course.pk, form="moodle")
    assert bank.bring_in(school.course.pk, raw, form="moodle", by=school.author).added == 0


def test_what_is_no_picture_or_too_heavy_is_refused_alone(school: School) -> None:
    noisy = Image.effect_noise((1080, 1080), 90).convert("RGB")
    out = io.BytesIO()
    noisy.save(out, "PNG")
    raw = moodle_writing.render(
        [_with_pictures(60, b"GIF89a"), _with_pictures(61, *[out.getvalue()] * 4), _with_pictures(62, _png("red"))]
    )
    brought = bank.bring_in(school.course.pk, raw, form="moodle", by=school.author)
    assert (brought.added, brought.left_out) == (1, 2)
    told = [str(each.said) for each in brought.remarks]
    assert "peta 0.png bukan foto yang dapat dibuka" in told[0]
    assert "memuat 4 gambar" in told[1]
    assert "paling banyak 8 gambar dan 0,50 MB" in told[1]


def test_a_file_that_is_none_leaves_the_bank_alone(school: School) -> None:
    before = Question.objects.count()
    with pytest.raises(Unreadable):
        bank.bring_in(school.course.pk, b"<quiz>", form="moodle", by=school.author)
    assert Question.objects.count() == before
