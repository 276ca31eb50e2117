"""E-learning pages: without a script, own work only, what is typed never lost, statements that do not grow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from harapan.accounts.models import Post
from harapan.database import day
from harapan.exchange.questions import gift
from harapan.training.learning import bank, editing
from harapan.training.learning.items import item_of
from harapan.training.models import Attempt, Edition, Enrolment, Inquiry, Lesson, LessonPart, Question, Quiz
from tests.ground import TAPIN, TAPIN_TENGAH
from tests.learning import ground
from tests.learning.ground import RIGHT, TODAY, School
from tests.learning.test_lessons import FILM, PAPER, photograph
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers

SAMPLES = Path(__file__).parents[1] / "exchange" / "samples" / "questions"
HSS = (6306000000, 6307000000)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


@pytest.fixture
def school(system: Any) -> School:
    return ground.make_school()


def author(school: School) -> Post:
    return Post.objects.get(user=school.author)


def begin(school: School, post: Post) -> Attempt:
    page = signed_in(post).post(reverse("learning_quiz", args=[school.enrolment(post).pk, school.quiz.pk]))
    assert page.status_code == 303
    return Attempt.objects.get(person__user=post.user, ended_at=None)


def give(attempt: Attempt, post: Post, place: int, **sent: Any) -> Any:
    return signed_in(post).post(reverse("learning_attempt", args=[attempt.pk, place]), sent)


def right(attempt: Attempt, place: int) -> str:
    """Where on the page the right option stands."""
    return str(attempt.answers.get(place=place).order.index(RIGHT))


# --- the learner -----------------------------------------------------------------------------------------------------


def test_a_learner_reads_tries_passes_and_it_stands_in_the_record(school: School) -> None:
    post = school.learner()
    page = signed_in(post)
    enrolment = school.enrolment(post)
    assert "1 pelatihan</mark> menunggu" in words(page.get(reverse("learning")))
    one, two = school.lessons
    lesson = words(page.get(reverse("learning_lesson", args=[enrolment.pk, one.pk])))
    assert "Isi <strong>1</strong>." in lesson
    went = page.post(reverse("learning_lesson", args=[enrolment.pk, one.pk]))
    assert went.url == reverse("learning_lesson", args=[enrolment.pk, two.pk])
    assert page.post(went.url).url == reverse("learning_course", args=[enrolment.pk])
    attempt = begin(school, post)
    for place in range(1, 5):
        went = give(attempt, post, place, a=right(attempt, place), to=str(place + 1))
    assert went.url == reverse("learning_review", args=[attempt.pk])
    assert "Semua 4 soal</mark> sudah dijawab" in words(page.get(went.url))
    result = words(page.post(went.url, follow=True))
    assert "Nilai Anda <mark>100%</mark>, lulus" in result
    assert "Seluruh pelatihan ini selesai." in result
    assert school.enrolment(post).state == Enrolment.State.PASSED
    assert "<mark>lulus</mark>" in words(page.get(reverse("learning_course", args=[enrolment.pk])))


def test_a_closed_tab_goes_on_at_the_first_question_without_answer(school: School) -> None:
    post = school.learner()
    attempt = begin(school, post)
    give(attempt, post, 1, a=right(attempt, 1), to="3")
    went = signed_in(post).post(reverse("learning_quiz", args=[school.enrolment(post).pk, school.quiz.pk]))
    assert went.url == reverse("learning_attempt", args=[attempt.pk, 2])
    first = words(signed_in(post).get(reverse("learning_attempt", args=[attempt.pk, 1])))
    assert f'value="{right(attempt, 1)}" checked' in first


def test_what_the_page_says_does_not_tell_the_answer(school: School) -> None:
    post = school.learner()
    attempt = begin(school, post)
    seen = set()
    for place in range(1, 5):
        shown = words(signed_in(post).get(reverse("learning_attempt", args=[attempt.pk, place])))
        assert shown.index('name="a" value="0"') < shown.index('name="a" value="1"')
        seen.add(attempt.answers.get(place=place).order[0])
    handed = signed_in(post).post(reverse("learning_review", args=[attempt.pk]), follow=True)
    assert "Yang benar:" not in words(handed)


def test_right_answers_are_told_once_no_attempt_is_left(system: Any) -> None:
    school = ground.make_school(attempts_max=1)
    post = school.learner()
    attempt = begin(school, post)
    shown = words(signed_in(post).post(reverse("learning_review", args=[attempt.pk]), follow=True))
    assert "Yang benar:" in shown
    assert "Coba lagi" not in shown
    refused = signed_in(post).post(reverse("learning_quiz", args=[school.enrolment(post).pk, school.quiz.pk]))
    assert refused.status_code == 422
    assert "sudah dicoba 1 kali" in words(refused)


def test_time_that_is_up_saves_nothing_and_shows_the_result(system: Any) -> None:
    school = ground.make_school(minutes=10)
    post = school.learner()
    attempt = begin(school, post)
    assert "tersisa 9 menit" in words(signed_in(post).get(reverse("learning_attempt", args=[attempt.pk, 1])))
    give(attempt, post, 1, a=right(attempt, 1), to="2")
    Attempt.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    shown = words(signed_in(post).get(reverse("learning_attempt", args=[attempt.pk, 2]), follow=True))
    assert "Waktu kuis sudah" in shown
    assert Attempt.objects.get().ended_at is None  # looking writes nothing
    late = give(attempt, post, 2, a=right(attempt, 2), to="3")
    assert late.url == reverse("learning_result", args=[attempt.pk])
    assert Attempt.objects.get().score == 2500


def test_six_kinds_are_answered_without_a_script(system: Any) -> None:
    school = ground.make_school()
    for each in Question.objects.all():
        bank.take_out(each.pk)
    raw = (SAMPLES / "soal.gift.txt").read_bytes()
    bank.bring_in(school.course.pk, raw, form="gift", by=school.author)
    school.quiz.drawn = len(gift.parse(raw).items)
    school.quiz.save()
    post = school.learner()
    attempt = begin(school, post)
    for answer in attempt.answers.select_related("question"):
        page = signed_in(post).get(reverse("learning_attempt", args=[attempt.pk, answer.place]))
        assert page.status_code == 200
        give(attempt, post, answer.place, **_right(answer), to="review")
    signed_in(post).post(reverse("learning_review", args=[attempt.pk]))
    attempt.refresh_from_db()
    assert attempt.score == 10_000


def _right(answer: Any) -> dict[str, Any]:
    """The right answer to a question of the sample, as the form would send it."""
    body, order = answer.question.body, answer.order
    kind = answer.question.kind
    if kind == "single":
        return {"a": order.index(next(n for n, (_t, share, _f) in enumerate(body["choices"]) if share == "1"))}
    if kind == "multiple":
        return {"a": [order.index(n) for n, (_t, share, _f) in enumerate(body["choices"]) if not share.startswith("-")]}
    if kind == "match":
        return {f"a-{n}": order.index(n) for n in range(3)}
    if kind == "order":
        return {f"a-{at}": number + 1 for at, number in enumerate(order)}
    return {"a": body["values"][0][0] if kind == "number" else "keluarga"}


def test_an_answer_that_is_none_is_said_and_kept_on_the_page(system: Any) -> None:
    school = ground.make_school()
    for each in Question.objects.all():
        bank.take_out(each.pk)
    bank.bring_in(school.course.pk, b"::A::Berapa? {#4}", form="gift", by=school.author)
    school.quiz.drawn = 1
    school.quiz.save()
    post = school.learner()
    attempt = begin(school, post)
    refused = give(attempt, post, 1, a="empat", to="review")
    assert refused.status_code == 422
    assert "“empat” bukan angka" in words(refused)
    assert 'value="empat"' in words(refused)
    assert give(attempt, post, 1, a="4", to="review").status_code == 303


def test_an_option_that_no_form_sends_is_refused(school: School) -> None:
    post = school.learner()
    attempt = begin(school, post)
    for sent in ("7", "-1", "²", "x" * 400):
        assert give(attempt, post, 1, a=sent, to="2").status_code == 422
    assert attempt.answers.get(place=1).given is None


def test_nobody_opens_the_work_of_another(school: School) -> None:
    one, other = school.learner(), school.learner("LAIN")
    attempt = begin(school, one)
    lead = school.learner("KETUA TIM", role="regency_coordinator", region_no=TAPIN[0])
    for stranger in (other, lead, author(school)):
        for name, args in (
            ("learning_course", [school.enrolment(one).pk]), ("learning_attempt", [attempt.pk, 1]),
            ("learning_review", [attempt.pk]), ("learning_result", [attempt.pk]),
        ):  # fmt: skip
            assert signed_in(stranger).get(reverse(name, args=args)).status_code == 404
        assert give(attempt, stranger, 1, a="0", to="2").status_code == 404


def test_who_is_in_no_batch_is_told_so(school: School) -> None:
    nobody = person("facilitator", regions=(TAPIN_TENGAH[0],), groups=(1,))
    assert "Belum ada pelatihan daring" in words(signed_in(nobody).get(reverse("learning")))


def test_parts_are_given_by_range_and_a_draft_only_to_its_authors(school: School) -> None:
    draft = editing.draft_of(school.course.pk, by=school.author)
    lesson = draft.lessons.order_by("place")[0]
    part = editing.add_part(lesson.pk, FILM, name="contoh.mp4", by=school.author)
    address = reverse("learning_part", args=[part.pk, part.digest[:12]])
    post = school.learner()
    assert signed_in(post).get(address).status_code == 404
    assert signed_in(author(school)).get(address).status_code == 200
    Edition.objects.filter(pk=draft.pk).update(state=Edition.State.RETIRED, published_on=TODAY)
    whole = signed_in(post).get(address)
    assert b"".join(whole.streaming_content) == FILM  # type: ignore[attr-defined]
    assert "immutable" in whole["Cache-Control"]
    some = signed_in(post).get(address, headers={"Range": "bytes=10-19"})
    assert (some.status_code, some["Content-Range"]) == (206, f"bytes 10-19/{len(FILM)}")
    assert b"".join(some.streaming_content) == FILM[10:20]  # type: ignore[attr-defined]
    last = signed_in(post).get(address, headers={"Range": "bytes=-5"})
    assert b"".join(last.streaming_content) == FILM[-5:]  # type: ignore[attr-defined]
    carried = signed_in(post).get(reverse("learning_package", args=[lesson.pk]))
    assert carried.content[:2] == b"PK"
    assert signed_in(post).get(reverse("learning_part", args=[part.pk, "0" * 12])).status_code == 404


# --- the coach -------------------------------------------------------------------------------------------------------


def test_a_question_reaches_the_coach_and_the_answer_the_batch(school: School) -> None:
    one, other = school.learner("PENANYA"), school.learner("LAIN")
    said = {"text": "Bolehkah kartu disimpan ketua kelompok?"}
    asked = signed_in(one).post(reverse("learning_ask", args=[school.enrolment(one).pk]), said, follow=True)
    assert "menunggu jawaban" in words(asked)
    coached = reverse("learning_inquiries", args=[school.batch.pk])
    assert coached in signed_in(author(school)).get(reverse("home")).content.decode()
    listed = words(signed_in(author(school)).get(coached))
    assert "PENANYA" in listed
    inquiry = Inquiry.objects.get()
    address = reverse("learning_answer", args=[school.batch.pk, inquiry.pk])
    assert signed_in(other).post(address, {"answer": "Boleh."}).status_code == 404
    signed_in(author(school)).post(address, {"answer": "Tidak boleh."})
    read = words(signed_in(other).get(reverse("learning_course", args=[school.enrolment(other).pk])))
    assert "Tidak boleh." in read
    assert "PENANYA" not in read


def test_a_batch_is_followed_within_ones_regions_and_statements_do_not_grow(school: School) -> None:
    for number in range(3):
        school.attempt(school.learner(f"NAMA {number}"), RIGHT)
    here = person("regency_coordinator", regions=(TAPIN[0],))
    there = person("regency_coordinator", regions=(HSS[0],))
    address = reverse("learning_batch", args=[school.batch.pk])
    few = queries(signed_in(here), address)
    for number in range(3, 9):
        school.attempt(school.learner(f"NAMA {number}"), RIGHT, RIGHT)
    assert queries(signed_in(here), address) == few
    assert "0 dari 9</mark> sudah lulus" in words(signed_in(here).get(address))
    elsewhere = words(signed_in(there).get(address))
    assert "NAMA" not in elsewhere
    assert "Belum ada peserta di wilayah Anda" in elsewhere
    file = signed_in(here).get(reverse("learning_batch_file", args=[school.batch.pk, "xlsx"]))
    assert b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert "9" in words(signed_in(here).get(reverse("learning_batches")))
    facilitator = school.learner("SENDIRI")
    assert signed_in(facilitator).get(address).status_code == 404


def test_a_coach_sets_an_attempt_aside_with_a_reason(school: School) -> None:
    post = school.learner("SITI")
    attempt = school.attempt(post, RIGHT)
    enrolment = school.enrolment(post)
    lead = person("regency_coordinator", regions=(TAPIN[0],))
    there = person("regency_coordinator", regions=(HSS[0],))
    page = reverse("learning_learner", args=[enrolment.pk])
    address = reverse("learning_set_aside", args=[enrolment.pk, attempt.pk])
    assert "25%" in words(signed_in(lead).get(page))
    assert signed_in(there).get(page).status_code == 404
    assert signed_in(lead).post(address, {"why": "Listrik padam"}).status_code == 404
    assert signed_in(author(school)).post(address, {"why": ""}).status_code == 422
    told = words(signed_in(author(school)).post(address, {"why": "Listrik padam"}, follow=True))
    assert "disisihkan: Listrik padam (ENDANG)" in told


# --- the author ------------------------------------------------------------------------------------------------------


def test_an_author_writes_a_draft_with_parts_and_publishes_it(school: School) -> None:
    page = signed_in(author(school))
    page.post(reverse("learning_draft", args=[school.course.pk]))
    draft = Edition.objects.get(state=Edition.State.DRAFT)
    sent = {"title": "Netral", "minutes": "8", "text": "![x](tidak-ada.jpg)"}
    refused = page.post(reverse("learning_lesson_new", args=[draft.pk]), sent)
    assert refused.status_code == 422
    assert "Baris 1 menunjuk “tidak-ada.jpg”" in words(refused)
    made = page.post(reverse("learning_lesson_new", args=[draft.pk]), {**sent, "text": "Isi."})
    lesson = Lesson.objects.get(edition=draft, title="Netral")
    assert made.url == reverse("learning_lesson_change", args=[lesson.pk])
    files = [
        SimpleUploadedFile("foto.png", photograph(600, 400)), SimpleUploadedFile("saku.pdf", PAPER),
        SimpleUploadedFile("berat.mp4", FILM + b"v" * 2_000_000), SimpleUploadedFile("lain.exe", b"MZ"),
    ]  # fmt: skip
    shown = words(page.post(reverse("learning_part_new", args=[lesson.pk]), {"files": files}, follow=True))
    assert "2 berkas disimpan." in shown
    assert "berat.mp4 berukuran 2,01 MB" in shown
    assert "bukan gambar, video, atau PDF" in shown
    assert {part.name for part in LessonPart.objects.filter(lesson=lesson)} == {"foto.jpg", "saku.pdf"}
    page.post(reverse("learning_lesson_move", args=[lesson.pk]), {"way": "up"})
    assert "Versi 2 terbit" in words(page.post(reverse("learning_publish", args=[draft.pk]), follow=True))
    changed = page.post(reverse("learning_lesson_change", args=[lesson.pk]), {**sent, "text": "Lain."})
    assert "sudah terbit" in words(changed)
    assert Lesson.objects.get(pk=lesson.pk).text == "Isi."


def test_an_author_composes_a_quiz_and_is_told_when_the_bank_is_too_small(school: School) -> None:
    page = signed_in(author(school))
    draft = editing.draft_of(school.course.pk, by=school.author)
    sent = {"title": "Kuis", "drawn": "60", "pass_percent": "70", "counts": "last", "lesson": "", "topic": ""}
    refused = page.post(reverse("learning_quiz_new", args=[draft.pk]), sent)
    assert refused.status_code == 422
    assert "bank soal hanya punya 6" in words(refused)
    page.post(reverse("learning_quiz_new", args=[draft.pk]), {**sent, "drawn": "5", "minutes": "15"})
    made = draft.quizzes.get(title="Kuis")
    assert (made.minutes, made.attempts_max, made.counts, made.partial) == (15, None, "last", False)
    changing = page.get(reverse("learning_quiz_change", args=[draft.pk, made.pk]))
    assert 'value="15"' in words(changing)


@pytest.mark.parametrize(
    ("kind", "lines"),
    [("single", "* a\nb"), ("multiple", "* a\n* b\nc"), ("match", "a = 1\nb = 2"), ("order", "a\nb"),
     ("number", "2,5 +- 0,5"), ("text", "kartu*")],
)  # fmt: skip
def test_every_kind_is_typed_and_comes_back_to_be_changed(school: School, kind: str, lines: str) -> None:
    page = signed_in(author(school))
    sent = {"text": "Apa?", "lines": lines, "topic": "Etik", "feedback": ""}
    assert page.post(reverse("learning_question_new", args=[school.course.pk, kind]), sent).status_code == 303
    made = Question.objects.get(topic="Etik")
    address = reverse("learning_question", args=[school.course.pk, made.pk])
    assert page.get(address).context["form"].initial["lines"] == lines
    assert page.post(address, {**sent, "text": "Apa lagi?"}).status_code == 303
    assert Question.objects.get(topic="Etik", current=True).version == 2
    refused = page.post(reverse("learning_question_new", args=[school.course.pk, kind]), {**sent, "lines": "x"})
    assert refused.status_code == (303 if kind == "text" else 422)


def test_a_question_gets_a_picture_that_learners_see(school: School) -> None:
    page = signed_in(author(school))
    address = reverse("learning_question_new", args=[school.course.pk, "single"])
    sent = {"text": "Alat apa ini?", "lines": "* a\nb", "topic": "Gambar", "feedback": "", "alt": ""}
    upload = lambda raw: {"picture": SimpleUploadedFile("alat.jpg", raw)}  # noqa: E731
    assert "Tulis apa yang tampak" in words(page.post(address, {**sent, **upload(photograph())}))
    broken = words(page.post(address, {**sent, **upload(b"bukan gambar"), "alt": "timbangan"}))
    assert "bukan foto yang dapat dibuka" in broken
    assert page.post(address, {**sent, **upload(photograph()), "alt": "timbangan dacin"}).status_code == 303
    made = Question.objects.get(topic="Gambar")
    Question.objects.filter(course=school.course).exclude(pk=made.pk).update(current=False)
    Quiz.objects.filter(pk=school.quiz.pk).update(drawn=1)
    learner = school.learner()
    attempt = begin(school, learner)
    shown = words(signed_in(learner).get(reverse("learning_attempt", args=[attempt.pk, 1])))
    picture = reverse("learning_picture", args=[made.pictures.get().digest])
    assert f'src="{picture}" alt="timbangan dacin"' in shown
    answer = signed_in(learner).get(picture)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer).startswith(b"\xff\xd8")  # type: ignore[arg-type]
    assert signed_in(learner).get(reverse("learning_picture", args=["0" * 64])).status_code == 404
    body = {**made.body, "choices": [[*made.body["choices"][0], 0], *made.body["choices"][1:]]}
    Question.objects.filter(pk=made.pk).update(body=body)  # as a file says that it belongs to the first option
    shown = words(signed_in(learner).get(reverse("learning_attempt", args=[attempt.pk, 1])))
    assert f'a<img src="{picture}" alt="timbangan dacin"></span></label>' in shown
    assert shown.count(picture) == 1
    Question.objects.filter(pk=made.pk).update(body=made.body)
    change = reverse("learning_question", args=[school.course.pk, made.pk])
    assert page.post(change, {**sent, "alt": "timbangan", "without_picture": "on"}).status_code == 303
    assert not Question.objects.get(topic="Gambar", current=True).pictures.exists()


def test_options_get_pictures_in_the_form(school: School) -> None:
    page = signed_in(author(school))
    address = reverse("learning_question_new", args=[school.course.pk, "single"])
    sent = {
        "text": "Mana yang dacin?",
        "lines": "* yang kiri\nyang kanan",
        "topic": "Pilihan",
        "feedback": "",
        "alt": "",
    }
    photo = lambda: SimpleUploadedFile("foto.jpg", photograph())  # noqa: E731
    assert "Gambar pilihan 3 tidak punya pilihan" in words(page.post(address, {**sent, "option_3": photo()}))
    broken = words(page.post(address, {**sent, "option_1": SimpleUploadedFile("x.jpg", b"bukan gambar")}))
    assert "bukan foto yang dapat dibuka" in broken
    assert page.post(address, {**sent, "option_2": photo()}).status_code == 303
    made = Question.objects.get(topic="Pilihan")
    assert [(told, each.alt) for told, each in item_of(made).pictured] == [("yang kanan", "yang kanan")]
    change = reverse("learning_question", args=[school.course.pk, made.pk])
    turned = {**sent, "lines": "yang kanan\n* yang kiri"}
    assert page.post(change, {**turned, "option_2": photo()}).status_code == 303
    made = Question.objects.get(topic="Pilihan", current=True)
    assert [told for told, _picture in item_of(made).pictured] == ["yang kanan", "yang kiri"]
    change = reverse("learning_question", args=[school.course.pk, made.pk])
    assert page.post(change, {**turned, "bare": ["yang kanan"]}).status_code == 303
    made = Question.objects.get(topic="Pilihan", current=True)
    assert [told for told, _picture in item_of(made).pictured] == ["yang kiri"]
    order = words(page.get(reverse("learning_question_new", args=[school.course.pk, "order"])))
    assert "Gambar pada pilihan" not in order


def test_a_file_of_questions_is_answered_line_by_line(school: School) -> None:
    page = signed_in(author(school))
    address = reverse("learning_bank_import", args=[school.course.pk])
    raw = (SAMPLES / "rusak.gift.txt").read_bytes()
    shown = words(page.post(address, {"file": SimpleUploadedFile("soal.txt", raw)}))
    assert "<mark>1 soal</mark> masuk, 7 tidak" in shown
    assert "Soal uraian belum dapat dibawa masuk." in shown
    bomb = b'<!DOCTYPE quiz [<!ENTITY a "aa">]><quiz>&a;</quiz>'
    refused = page.post(address, {"file": SimpleUploadedFile("soal.xml", bomb)})
    assert refused.status_code == 422
    assert "DOCTYPE" in words(refused)
    out = page.get(reverse("learning_bank_file", args=[school.course.pk, "gift"]))
    assert len(gift.parse(out.content).items) == 7


def test_only_authors_write(school: School) -> None:
    learner, lead = school.learner(), person("regency_coordinator", regions=(TAPIN[0],))
    for post in (learner, lead):
        for name, args in (
            ("learning_materials", []), ("learning_material", [school.course.pk]),
            ("learning_bank", [school.course.pk]), ("learning_lesson_change", [school.lessons[0].pk]),
            ("learning_bank_file", [school.course.pk, "gift"]),
        ):  # fmt: skip
            assert signed_in(post).get(reverse(name, args=args)).status_code == 404


# --- in English ------------------------------------------------------------------------------------------------------


def test_no_page_leaves_a_word_of_ours_indonesian(school: School) -> None:
    post = school.learner()
    attempt = begin(school, post)
    enrolment = school.enrolment(post)
    draft = editing.draft_of(school.course.pk, by=school.author)
    mine = [
        reverse("learning"), reverse("learning_course", args=[enrolment.pk]),
        reverse("learning_lesson", args=[enrolment.pk, school.lessons[0].pk]),
        reverse("learning_quiz", args=[enrolment.pk, school.quiz.pk]),
        reverse("learning_attempt", args=[attempt.pk, 1]),
        reverse("learning_review", args=[attempt.pk]),
    ]  # fmt: skip
    theirs = [
        reverse("learning_batches"), reverse("learning_batch", args=[school.batch.pk]),
        reverse("learning_inquiries", args=[school.batch.pk]), reverse("learning_materials"),
        reverse("learning_learner", args=[enrolment.pk]),
        reverse("learning_material", args=[school.course.pk]), reverse("learning_bank", args=[school.course.pk]),
        reverse("learning_bank_import", args=[school.course.pk]), reverse("learning_lesson_new", args=[draft.pk]),
        reverse("learning_lesson_change", args=[draft.lessons.all()[0].pk]),
        reverse("learning_quiz_new", args=[draft.pk]),
        *(reverse("learning_question_new", args=[school.course.pk, kind]) for kind in Question.Kind.values),
    ]  # fmt: skip
    found = {}
    for reader, addresses in ((post, mine), (author(school), theirs)):
        for address in addresses:
            page = english(reader).get(address)
            assert page.status_code == 200, address
            found[address] = leftovers(page)
    assert {address: left for address, left in found.items() if left} == {}
