"""An online course of a demonstration: three lessons and a quiz on the code of ethics, and how far people are in it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from harapan.accounts.models import User
from harapan.database.fields import draw_ids
from harapan.demo.clock import NOW, noon
from harapan.demo.province import FOLDER
from harapan.demo.staff import Worker
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.exchange.questions.item import Item, Kind
from harapan.files.documents import FONTS
from harapan.training.learning import bank, editing, rules
from harapan.training.learning.editing import LessonFacts, QuizFacts
from harapan.training.learning.items import item_of
from harapan.training.learning.publishing import publish
from harapan.training.models import Answer, Attempt, Batch, Course, Edition, Enrolment, Inquiry, Question, Quiz, Reading
from harapan.workforce.models.person import NATION

SOURCE = FOLDER / "kode-etik"
BEGINS, ENDS, PUBLISHED = date(2025, 7, 7), date(2025, 7, 31), date(2025, 6, 30)
LEARN = ("facilitator", "district_lead")
PICTURE = "empat-pertanyaan.jpg"
ASKED = (
    "Apakah ini milik keluarga?", "Apakah ada yang terpotong?", "Apakah rahasianya terjaga?",
    "Beranikah saya bila dilihat semua orang?",
)  # fmt: skip
INQUIRIES = (
    ("Bolehkah saya menyimpan kartu seorang nenek yang hidup sendiri?",
     "Tidak. Ajak keluarga terdekatnya mendampingi, dan catat sebagai keadaan khusus supaya dikunjungi lebih sering."),
    ("Ketua kelompok meminta iuran untuk tikar pertemuan. Apakah itu potongan?",
     "Iuran yang diambil dari uang bantuan saat pencairan adalah potongan. Tikar dapat dipinjam dari balai desa."),
    ("Apakah foto pertemuan boleh saya kirim ke grup tim kecamatan?", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """How far somebody is: lessons read, the share of questions they know, questions answered of an open attempt."""

    read: int
    known: float = 0
    answered: int | None = None


PATHS = (Way(2, 0.8, 6), Way(3, 0.9), Way(1), Way(3, 0.95), Way(0), Way(3, 0.75), Way(3, 0.3))


@dataclass(slots=True)
class _Rows:
    """Columns of what learners did, on their way into the tables."""

    enrolments: list[tuple[Any, ...]] = field(default_factory=list)
    readings: list[tuple[Any, ...]] = field(default_factory=list)
    attempts: list[tuple[Any, ...]] = field(default_factory=list)
    answers: list[tuple[Any, ...]] = field(default_factory=list)


def write_learning(world: World, staffed: Staffed, persons: Mapping[str, int]) -> None:
    """The course by the very actions that its author's pages call; what learners did in a few statements."""
    author = User.objects.get(pk=next(staffed.of(each) for each in world.staff if each.role == "training_centre"))
    edition = _course(author)
    batch = Batch.objects.create(
        course=edition.course, year=2025, organiser="BBPPKS Banjarmasin", region_no=NATION, place="Daring",
        begins=BEGINS, ends=ENDS, state=Batch.State.RUNNING, made_by=author,
    )  # fmt: skip
    learners = [each for each in world.staff if each.role in LEARN]
    _write_work(learners, persons, batch, edition, seed=world.seed)
    _write_inquiries(learners, persons, batch, author)


def _course(author: User) -> Edition:
    course = Course.objects.create(
        code="kode-etik-p2k2", name="Kode etik SDM PKH dalam P2K2", kind=Course.Kind.ELEARNING, days=1, hours=4,
        validity_months=12,
    )  # fmt: skip
    bank.bring_in(course.pk, (SOURCE / "soal.gift.txt").read_bytes(), form="gift", by=author)
    draft = editing.draft_of(course.pk, by=author)
    editing.describe(
        draft.pk, "Menjaga kartu, uang, dan rahasia keluarga; netral dan jujur; menghormati keluarga di P2K2."
    )
    for path in sorted(SOURCE.glob("*.md")):
        _lesson(draft, path, author)
    editing.write_quiz(draft.pk, QuizFacts("Kuis kode etik", drawn=10, pass_percent=70, attempts_max=3))
    return publish(draft.pk, by=author, on=PUBLISHED)


def _lesson(draft: Edition, path: Path, author: User) -> None:
    title, _empty, text = path.read_text(encoding="utf-8").partition("\n")
    facts = LessonFacts(title.removeprefix("# "), text, minutes=8)
    if PICTURE not in text:
        editing.write_lesson(draft.pk, facts)
        return
    made = editing.write_lesson(draft.pk, LessonFacts(facts.title, "", 8))
    editing.add_part(made.pk, _poster(), name=PICTURE, title="Empat pertanyaan sebelum bertindak", by=author)
    editing.write_lesson(draft.pk, facts, lesson_id=made.pk)


def _poster() -> bytes:
    """Four questions, one below the other, large enough for a phone."""
    image = Image.new("RGB", (1080, 760), (245, 247, 242))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONTS / "SourceSans3-Semibold.otf"), 44)
    for number, line in enumerate(ASKED):
        top = 40 + number * 175
        draw.rounded_rectangle(
            (40, top, 1040, top + 145), radius=24, fill=(255, 255, 255), outline=(20, 92, 76), width=4
        )
        draw.ellipse((70, top + 32, 150, top + 112), fill=(20, 92, 76))
        draw.text((110, top + 72), str(number + 1), font=font, fill=(255, 255, 255), anchor="mm")
        draw.text((185, top + 72), line, font=font, fill=(30, 41, 39), anchor="lm")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _write_work(
    learners: list[Worker], persons: Mapping[str, int], batch: Batch, edition: Edition, *, seed: int
) -> None:
    keys = list(edition.lessons.order_by("place").values_list("key", flat=True))
    quiz = edition.quizzes.get()
    items = {each: item_of(each) for each in bank.questions_of(edition.course_id)}
    numbers, tries = draw_ids(Enrolment, len(learners)), iter(draw_ids(Attempt, len(learners)))
    rows = _Rows()
    for place, (worker, enrolment) in enumerate(zip(learners, numbers, strict=True)):
        path, chance = PATHS[place % len(PATHS)], Random(f"learning {seed} {worker.username}")
        day = BEGINS + timedelta(days=chance.randrange((NOW - BEGINS).days))
        whose = (persons[worker.username], worker.region_no)
        rows.readings += [(*whose, enrolment, key, day) for key in keys[: path.read]]
        passed = _try(rows, path, chance, day, whose, (enrolment, next(tries)), quiz, items) if path.known else False
        state = Enrolment.State.PASSED if passed and path.read == len(keys) else Enrolment.State.CONFIRMED
        rows.enrolments.append((enrolment, *whose, batch.pk, state, day if state == Enrolment.State.PASSED else None))
    whose_names = ("person_id", "region_no")
    write(Enrolment, _columns(("id", *whose_names, "batch_id", "state", "ended_on"), rows.enrolments))
    write(Reading, _columns((*whose_names, "enrolment_id", "lesson", "read_on"), rows.readings))
    tried = ("id", *whose_names, "enrolment_id", "seed", "began_at", "ended_at", "ended_on", "score", "passed")
    write(Attempt, _columns(tried, rows.attempts), quiz_id=quiz.pk, quiz_key=quiz.key, number=1, set_aside_because="")
    said = (*whose_names, "attempt_id", "place", "question_id", "order", "given", "credit")
    write(Answer, _columns(said, rows.answers))


def _try(
    rows: _Rows, path: Way, chance: Random, day: date, whose: tuple[int, int], numbers: tuple[int, int], quiz: Quiz,
    items: Mapping[Question, Item],
) -> bool:  # fmt: skip
    """One attempt, handed in unless the path leaves it open. Returns whether it was passed."""
    enrolment, attempt = numbers
    draw = chance.getrandbits(62)
    credits: list[Fraction] = []
    is_open = path.answered is not None
    for place, question in enumerate(rules.drawn(list(items), quiz.drawn, seed=draw), start=1):
        item = items[question]
        given = _answer(item, known=chance.random() < path.known)
        credit = rules.credit(item, given)
        credits.append(credit)
        left = path.answered is not None and place > path.answered
        rows.answers.append((
            *whose, attempt, place, question.pk, json.dumps(rules.order_of(item, seed=draw, place=place)),
            None if left else json.dumps(given), None if is_open else rules.hundredths(credit),
        ))  # fmt: skip
    share = rules.score(credits, partial=quiz.partial)
    passed = not is_open and rules.passes(share, quiz.pass_percent)
    ended = (None, None, None, None) if is_open else (noon(day), day, rules.hundredths(share), passed)
    rows.attempts.append((attempt, *whose, enrolment, draw, noon(day) - timedelta(minutes=14), *ended))
    return passed


def _answer(item: Item, *, known: bool) -> Any:
    """What somebody says who knows, or who does not."""
    if item.kind == Kind.SINGLE:
        shares = [choice.share for choice in item.choices]
        return shares.index(max(shares) if known else min(shares))
    if item.kind == Kind.MULTIPLE:
        right = [number for number, choice in enumerate(item.choices) if choice.share > 0]
        return right if known else right[:1]
    if item.kind == Kind.MATCH:
        rights = [item.rights.index(pair.right) for pair in item.asked]
        return rights if known else rights[::-1]
    if item.kind == Kind.ORDER:
        places = list(range(1, len(item.steps) + 1))
        return places if known else places[::-1]
    if item.kind == Kind.NUMBER:
        return f"{item.values[0].value:f}" if known else "21"
    return item.choices[0].text if known else "terbuka"


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Columns:
    return dict(zip(names, map(list, zip(*rows, strict=True)) if rows else [[]] * len(names), strict=True))


def _write_inquiries(learners: list[Worker], persons: Mapping[str, int], batch: Batch, author: User) -> None:
    asked = list(zip(learners, INQUIRIES, strict=False))
    columns: Columns = {
        "person_id": [persons[worker.username] for worker, _said in asked],
        "region_no": [worker.region_no for worker, _said in asked],
        "text": [question for _worker, (question, _answer) in asked],
        "answer": [answer for _worker, (_question, answer) in asked],
        "answered_by_id": [author.pk if answer else None for _worker, (_question, answer) in asked],
        "answered_at": [noon(NOW - timedelta(days=1)) if answer else None for _worker, (_question, answer) in asked],
        "asked_at": [noon(NOW - timedelta(days=3 + place)) for place, _asked in enumerate(asked)],
    }
    write(Inquiry, columns, batch_id=batch.pk)
