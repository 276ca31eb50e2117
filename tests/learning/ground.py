"""An online course of two lessons and a quiz of four, a batch in May 2025, and people in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from harapan.accounts.models import Post, User
from harapan.database.scope import put_on
from harapan.exchange.questions.item import Choice, Item, Kind
from harapan.training.learning import attempting, bank, editing
from harapan.training.learning.editing import LessonFacts, QuizFacts
from harapan.training.learning.publishing import publish
from harapan.training.models import Attempt, Batch, Course, Edition, Enrolment, Lesson, Quiz
from harapan.workforce.models.person import NATION
from harapan.workforce.taking_on import take_on
from tests.ground import HIYUNG, TAPIN_TENGAH, village
from tests.web.signing import person

TODAY = date(2025, 5, 20)
NOW = datetime(2025, 5, 20, 2, 0, tzinfo=UTC)
RIGHT, WRONG = 0, 1  # of every question's two options


def question(number: int, *, topic: str = "") -> Item:
    choices = (Choice(f"benar {number}", Fraction(1)), Choice(f"salah {number}"))
    return Item(Kind.SINGLE, f"soal {number}", f"Berapa {number}?", topic, choices=choices)


@dataclass
class School:
    """Who writes, who learns, and what."""

    author: User
    course: Course
    batch: Batch
    edition: Edition
    lessons: list[Lesson] = field(default_factory=list)
    quiz: Quiz = field(default_factory=Quiz)

    def learner(
        self, name: str = "SITI RAHMAH", *, region_no: int = TAPIN_TENGAH[0], role: str = "facilitator"
    ) -> Post:
        """Somebody with an account, a person's record and a place in the batch."""
        regions = () if role == "training_centre" else (region_no,)
        post = person(role, regions=regions, groups=(1,) if role == "facilitator" else (), name=name)
        taken = take_on(name, region_no=region_no, since=date(2024, 1, 1), user=post.user)
        Enrolment.objects.create(person=taken, batch=self.batch, state=Enrolment.State.CONFIRMED)
        return post

    def enrolment(self, post: Post) -> Enrolment:
        return Enrolment.objects.select_related("batch__course", "person").get(person__user=post.user)

    def attempt(self, post: Post, *given: int, now: datetime = NOW, on: date = TODAY) -> Attempt:
        """Begun, answered in order and handed in by the learner, in their own scope."""
        with put_on(post.scope(actor=post.user_id, via="test")):
            attempt = attempting.begin(self.enrolment(post), self.quiz, on=on, now=now)
            for place, answer in enumerate(given, start=1):
                attempting.save(attempt.pk, place, answer, on=on, now=now)
            return attempting.hand_in(attempt.pk, on=on, now=now)

    def read_all(self, post: Post, *, on: date = TODAY) -> None:
        with put_on(post.scope(actor=post.user_id, via="test")):
            for lesson in self.lessons:
                attempting.read_lesson(self.enrolment(post), lesson, on=on)


def make_school(**facts: Any) -> School:
    """A school whose quiz has the facts given otherwise. Needs a scope that sees everything."""
    village(HIYUNG)
    author = person("training_centre", name="ENDANG").user
    course = Course.objects.create(code="kode-etik", name="Etika PKH", kind="elearning", days=1, hours=4)
    batch = Batch.objects.create(
        course=course, year=2025, organiser="BBPPKS Banjarmasin", region_no=NATION, begins=date(2025, 5, 5),
        ends=date(2025, 5, 30), state=Batch.State.RUNNING,
    )  # fmt: skip
    for number in range(1, 7):
        bank.add_question(course.pk, question(number), by=author)
    draft = editing.draft_of(course.pk, by=author)
    lessons = [
        editing.write_lesson(draft.pk, LessonFacts(f"Bab {number}", f"Isi **{number}**.", 5)) for number in (1, 2)
    ]
    told = {"title": "Post-test", "drawn": 4, "pass_percent": 75, **facts}
    quiz = editing.write_quiz(draft.pk, QuizFacts(**told))
    return School(author, course, batch, publish(draft.pk, by=author, on=date(2025, 5, 1)), lessons, quiz)
