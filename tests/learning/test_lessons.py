"""Lessons: safe text, light parts, drafts and editions, and the package that a phone carries."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date
from random import Random
from typing import Any

import pytest
from PIL import Image

from harapan.accounts.models import User
from harapan.core.errors import Refused, Unreadable
from harapan.database.scope import Scope, put_on
from harapan.training.learning import editing, markdown, packages
from harapan.training.learning.editing import LessonFacts, NotADraft, QuizFacts
from harapan.training.learning.packages import LessonTooHeavy
from harapan.training.learning.parts import LESSON_BYTES_MAX, SIDE_MAX, read_part
from harapan.training.learning.publishing import publish
from harapan.training.models import Course, Edition, Lesson, LessonPart, Quiz

PAPER = b"%PDF-1.7\n" + b"x" * 1000
FILM = b"\0\0\0\x18ftypmp42" + b"y" * 5000


def photograph(width: int = 3000, height: int = 2000) -> bytes:
    """Noise: as heavy as a picture can be."""
    noise = Random(1).randbytes(width * height // 100 * 3)
    image = Image.frombytes("RGB", (width // 10, height // 10), noise).resize((width, height))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.fixture
def draft(system: Any) -> Edition:
    author = User.objects.create(username="endang", name="Ibu Endang")
    course = Course.objects.create(code="etik", name="Kode etik", kind="elearning", days=1, hours=2)
    return editing.draft_of(course.pk, by=author)


def written(draft: Edition, text: str = "Isi.", title: str = "Kartu") -> Lesson:
    return editing.write_lesson(draft.pk, LessonFacts(title, text, 5))


def add(lesson: Lesson, raw: bytes, name: str) -> LessonPart:
    return editing.add_part(lesson.pk, raw, name=name, by=User.objects.get(username="endang"))


# --- text ------------------------------------------------------------------------------------------------------------

HOSTILE = """# Judul <script>alert(1)</script>

<img src=x onerror=alert(1)>

[klik](javascript:alert(1)) [data](data:text/html,x) ![x](https://jauh.example/pelacak.gif)

[web](https://kemensos.go.id/?a=1&b="2") **tebal** *miring*

| a | b |
|---|---|
| 1 | 2 |
"""


def test_html_stays_text_and_nothing_runs() -> None:
    shown = markdown.render(HOSTILE, {}, {})
    assert "<script" not in shown
    assert "<img" not in shown
    assert "javascript:" not in shown.split("[klik]")[0]
    assert 'href="javascript' not in shown
    assert 'href="data' not in shown
    assert "jauh.example" not in shown.replace("&lt;", "")
    assert "<h2>Judul &lt;script&gt;" in shown
    assert 'href="https://kemensos.go.id/?a=1&amp;b=%222%22" rel="noopener noreferrer"' in shown
    assert "<strong>tebal</strong>" in shown
    assert '<table class="tbl">' in shown


def test_a_picture_from_elsewhere_and_a_missing_part_are_refused_with_their_line(draft: Edition) -> None:
    with pytest.raises(Refused, match=r"Baris 3 menunjuk “https://jauh.example/a.jpg”"):
        written(draft, "Satu.\n\n![a](https://jauh.example/a.jpg)")
    with pytest.raises(Refused, match=r"Baris 1 menunjuk “kartu\.pdf”"):
        written(draft, "[Kartu](kartu.pdf)")
    assert not Lesson.objects.exists()


def test_parts_named_in_the_text_stand_in_it(draft: Edition) -> None:
    lesson = written(draft)
    add(lesson, photograph(400, 300), "Foto Posyandu.JPG")
    add(lesson, PAPER, "saku.pdf")
    add(lesson, FILM, "contoh.mp4")
    text = "![Ibu menimbang](foto-posyandu.jpg)\n\n[Kartu saku](saku.pdf)"
    lesson = editing.write_lesson(draft.pk, LessonFacts("Kartu", text, 5), lesson_id=lesson.pk)
    parts = {part.name: part for part in lesson.parts.all()}
    shown = markdown.render(lesson.text, parts, {name: f"/x/{name}" for name in parts})
    assert '<img src="/x/foto-posyandu.jpg" alt="Ibu menimbang" loading="lazy">' in shown
    assert '<a href="/x/saku.pdf">Kartu saku</a>' in shown
    assert [part.name for part in packages.unnamed(lesson, parts)] == ["contoh.mp4"]


# --- weight ----------------------------------------------------------------------------------------------------------


def test_a_picture_is_shrunk_and_says_no_more_where_it_was_taken() -> None:
    raw = photograph()
    made = read_part(raw, name="Besar sekali.jpeg")
    with Image.open(io.BytesIO(made.contents)) as image:
        assert max(image.size) == SIDE_MAX
        assert not image.getexif()
    assert len(made.contents) < len(raw) / 3
    assert (made.name, made.kind) == ("besar-sekali.jpg", LessonPart.Kind.PICTURE)


def test_contents_say_what_a_file_is_not_its_name() -> None:
    assert read_part(PAPER, name="film.mp4").media_type == "application/pdf"
    with pytest.raises(Unreadable, match="bukan gambar, video, atau PDF"):
        read_part(b"<html><script>", name="gambar.jpg")
    with pytest.raises(Unreadable):
        read_part(b"\xff\xd8\xff cut off", name="gambar.jpg")


def test_a_lesson_too_heavy_is_refused_with_what_weighs_how_much(draft: Edition) -> None:
    lesson = written(draft)
    add(lesson, PAPER + b"p" * 1_200_000, "buku.pdf")
    with pytest.raises(LessonTooHeavy) as refusal:
        add(lesson, FILM + b"v" * 900_000, "film.mp4")
    said = str(refusal.value)
    assert "menjadi 2,11 MB" in said
    assert said.index("buku.pdf 1,20 MB") < said.index("film.mp4 0,91 MB")
    assert "di bawah 2,00 MB" in said
    assert [part.name for part in lesson.parts.all()] == ["buku.pdf"]
    with pytest.raises(Refused, match=r"film\.mp4 berukuran 2,01 MB"):
        add(lesson, FILM + b"v" * LESSON_BYTES_MAX, "film.mp4")


def test_text_weighs_too(draft: Edition) -> None:
    lesson = written(draft)
    add(lesson, PAPER + b"p" * 1_950_000, "buku.pdf")
    with pytest.raises(LessonTooHeavy):
        editing.write_lesson(draft.pk, LessonFacts("Kartu", "kata " * 12_000, 5), lesson_id=lesson.pk)
    lesson.refresh_from_db()
    assert lesson.text == "Isi."


# --- the package -----------------------------------------------------------------------------------------------------


def test_a_package_has_all_it_needs_and_is_the_same_each_time(draft: Edition) -> None:
    lesson = written(draft)
    add(lesson, PAPER, "saku.pdf")
    add(lesson, photograph(400, 300), "foto.jpg")
    lesson = editing.write_lesson(draft.pk, LessonFacts("Kartu & PIN", "![a](foto.jpg)", 7), lesson_id=lesson.pk)
    made, again = packages.package(lesson), packages.package(Lesson.objects.get(pk=lesson.pk))
    assert made.digest == again.digest == hashlib.sha256(made.contents).hexdigest()
    assert lesson.size == made.size < LESSON_BYTES_MAX
    with zipfile.ZipFile(io.BytesIO(made.contents)) as opened:
        told = json.loads(opened.read("lesson.json"))
        page = opened.read("index.html").decode()
        assert told["title"] == "Kartu & PIN"
        assert {each["name"] for each in told["files"]} == {"index.html", "foto.jpg", "saku.pdf"}
        for each in told["files"]:
            raw = opened.read(each["name"])
            assert (len(raw), hashlib.sha256(raw).hexdigest()) == (each["size"], each["sha256"])
    assert '<img src="foto.jpg"' in page
    assert '<a href="saku.pdf">' in page
    assert "http" not in page


# --- editions --------------------------------------------------------------------------------------------------------


def test_lessons_keep_their_order_when_moved_and_removed(draft: Edition) -> None:
    one, two, three = (written(draft, title=f"P{number}") for number in (1, 2, 3))
    editing.move_lesson(three.pk, "up")
    editing.move_lesson(one.pk, "up")  # at the end it stays
    order = draft.lessons.order_by("place").values_list("title", "place")
    assert list(order) == [("P1", 1), ("P3", 2), ("P2", 3)]
    editing.remove_lesson(three.pk)
    assert list(order.all()) == [("P1", 1), ("P2", 2)]
    assert two.key != one.key


def test_a_published_edition_is_not_changed_and_the_next_begins_from_it(draft: Edition) -> None:
    by = User.objects.get(username="endang")
    lesson = written(draft)
    add(lesson, PAPER, "saku.pdf")
    publish(draft.pk, by=by, on=date(2025, 5, 1))
    with pytest.raises(NotADraft, match="Versi 1 sudah terbit"):
        editing.write_lesson(draft.pk, LessonFacts("Lain", "Lain.", 5), lesson_id=lesson.pk)
    with pytest.raises(NotADraft):
        add(lesson, PAPER, "lain.pdf")
    second = editing.draft_of(draft.course_id, by=by)
    assert second.number == 2
    assert editing.draft_of(draft.course_id, by=by) == second
    copied = second.lessons.get()
    assert (copied.key, copied.title) == (lesson.key, "Kartu")
    assert copied.parts.get().digest == lesson.parts.get().digest
    publish(second.pk, by=by, on=date(2025, 6, 1))
    assert [each.state for each in Edition.objects.order_by("number")] == ["retired", "published"]


def test_what_cannot_be_learned_is_not_published(draft: Edition) -> None:
    by = User.objects.get(username="endang")
    with pytest.raises(Refused, match="belum punya pelajaran"):
        publish(draft.pk, by=by, on=date(2025, 5, 1))
    written(draft, text="")
    with pytest.raises(Refused, match="masih kosong"):
        publish(draft.pk, by=by, on=date(2025, 5, 1))


def test_a_quiz_needs_questions_to_draw_from(draft: Edition) -> None:
    with pytest.raises(Refused, match="meminta 3 soal, tetapi bank soal hanya punya 0"):
        editing.write_quiz(draft.pk, QuizFacts("Kuis", 3, 70))
    assert not Quiz.objects.exists()


def test_learners_read_parts_though_the_file_is_its_authors(draft: Edition) -> None:
    part = add(written(draft), PAPER, "saku.pdf")
    with put_on(Scope.of_groups((99,), actor=1, via="test")):
        assert packages.package(Lesson.objects.get()).size > len(PAPER)
        assert part.digest
