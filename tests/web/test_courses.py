"""Pages of training: who may, whose batch, a batch from plan to result, and a participant's own way."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from harapan.accounts.models import Post
from harapan.database import day
from harapan.exchange.training_invitations import codec as invitations
from harapan.training.attending import show_code
from harapan.training.catalogue import CourseFacts, TopicFacts
from harapan.training.codes import code_of
from harapan.training.costs import CostFacts, add_cost
from harapan.training.models import (
    Batch,
    ClassAttendance,
    ClassSession,
    Course,
    Enrolment,
    Quota,
    TestScore,
    Trainer,
)
from harapan.training.moving import move_batch
from harapan.training.planning import add_course
from harapan.workforce.models import Person
from tests.training.conftest import BANJARMASIN, BEGINS, HSS, TAPIN, Training, training
from tests.web.signing import signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers

__all__ = ["training"]

CLOCK = time(8, 10)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, date]:
    """The day the pages live in; a test may move it."""
    lived = {"day": date(2023, 2, 1)}
    monkeypatch.setattr(day, "today", lambda: lived["day"])
    monkeypatch.setattr(day, "moment", lambda on: timezone.make_aware(datetime.combine(on, CLOCK)))
    return lived


def see(post: Post, name: str, *args: Any, **asked: Any) -> str:
    answer = signed_in(post).get(reverse(name, args=args), asked)
    assert answer.status_code == 200, (name, answer.status_code)
    return words(answer)


def send(post: Post, page: str, *args: Any, status: int = 303, **told: Any) -> Any:
    answer = signed_in(post).post(reverse(page, args=args), told)
    assert answer.status_code == status, (page, answer.status_code, words(answer)[-3000:])
    return answer


def test_a_batch_from_plan_to_result(training: Training, now: dict[str, date]) -> None:
    """As a provincial coordinator does it, page by page."""
    by = training.province
    course = Course.objects.get(code="bimtek")
    told = {
        "course": course.pk,
        "wave": 1,
        "begins": "2023-02-20",
        "ends": "2023-02-22",
        "place": "Hotel",
        "organiser": "Dinsos",
    }
    send(by, "batch_new", **told)
    batch = Batch.objects.get()
    send(by, "batch_quotas", batch.pk, **{f"q{TAPIN}": 2, f"q{HSS}": 1})
    assert sum(Quota.objects.values_list("places", flat=True)) == 3
    people = [*training.people(2, TAPIN), *training.people(1, HSS)]
    assert people[0].name in see(by, "batch_people", batch.pk, cari="PESERTA")
    send(by, "batch_invite", batch.pk, person=[each.pk for each in people])
    assert "<mark>3 dari 3 peserta</mark> belum menjawab" in see(by, "batch", batch.pk)
    letter = {"signer": "ZAINAL", "signer_post": "Kadis", "basis": "DPA", "dated": "2023-02-01"}
    send(by, "batch_letter", batch.pk, **letter)
    paper = signed_in(by).get(reverse("batch_order", args=[batch.pk, "wilayah"]))
    assert "ST-001/Diklat/2023/1" in PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    send(by, "batch_divide", batch.pk, how="mixed", rooms="Aula")
    send(by, "batch_trainer", batch.pk, **{"t-name": "SITI", "t-institution": "BBPPKS"})
    send(by, "batch_propose", batch.pk, **{"p-trainers": [Trainer.objects.get().pk]})
    assert "SITI" in see(by, "batch_classes", batch.pk)
    for session in ClassSession.objects.filter(batch=batch):
        now["day"] = session.day
        send(by, "class_session_mark", batch.pk, session.pk, rest="1")
    rows = list(Enrolment.objects.order_by("pk"))
    points = {f"post-{row.pk}": value for row, value in zip(rows, ("80", "59,5", "90"), strict=True)}
    send(by, "batch_scores_typed", batch.pk, **points)
    assert "<mark>2 dari 3 peserta</mark> memenuhi syarat" in see(by, "batch_scores", batch.pk)
    now["day"] = date(2023, 2, 22)
    send(by, "batch_conclude", batch.pk)
    shown = see(by, "batch_scores", batch.pk)
    assert "<mark>2 dari 3 peserta</mark> lulus" in shown
    assert "post-test 59,5, paling sedikit 60" in shown


def test_what_is_refused_is_told_where_it_was_typed(training: Training) -> None:
    by, batch = training.province, training.batch()
    training.quota(batch, {TAPIN: 1})
    people = training.people(2, TAPIN)
    course = Course.objects.get(code="bimtek")
    short = {
        "course": course.pk,
        "wave": 1,
        "begins": "2023-02-20",
        "ends": "2023-02-20",
        "place": "Hotel",
        "organiser": "A",
    }
    assert "memerlukan 3 hari" in words(send(by, "batch_new", status=422, **short))
    client = signed_in(by)
    client.post(reverse("batch_invite", args=[batch.pk]), {"person": [each.pk for each in people]})
    assert "1 kursi untuk Kab. Tapin sudah terisi" in words(client.get(reverse("batch_people", args=[batch.pk])))
    other = training.batch("bimtap", begins=batch.begins)
    sought = words(client.get(reverse("batch_people", args=[other.pk]), {"cari": people[0].name}))
    assert "Sudah diundang ke" in sought
    client.post(reverse("batch_invite", args=[other.pk]), {"person": [people[0].pk]})
    assert "bertumpang tindih" in words(client.get(reverse("batch_people", args=[other.pk])))
    row = Enrolment.objects.get(batch=batch)
    typed = send(by, "batch_scores_typed", batch.pk, status=422, **{f"post-{row.pk}": "101"})
    assert "baru mulai" in words(typed)
    assert f'name="post-{row.pk}" value="101"' in words(typed)
    move = {"begins": "2023-03-06", "ends": "2023-03-08", "place": "Hotel", "why": ""}
    assert 'id="id_why_error"' in words(send(by, "batch_move", batch.pk, status=422, **move))
    send(by, "batch_ceiling", batch.pk, **{"c-ceiling_idr": "1.000.000", "c-letter": "DPA"})
    cost = {"i-kind": "meals", "i-detail": "Makan", "i-units": 3, "i-unit_idr": "400.000"}
    assert "Rp200.000 di atas pagu" in words(send(by, "batch_cost", batch.pk, status=422, **cost))
    item = add_cost(batch.pk, CostFacts("meals", "Makan", 2, 400_000), by=by.user)
    assert "Catat pembayaran" in words(client.get(reverse("batch_costs", args=[batch.pk])))
    send(by, "batch_cost_paid", batch.pk, item.pk, spent_on="2023-02-01")
    shown = words(client.get(reverse("batch_costs", args=[batch.pk])))
    assert "dibayar 1 Februari 2023" in shown
    assert "Catat pembayaran" not in shown
    course_told = {"code": "baru", "name": "Baru", "kind": "bimtek", "days": 1, "topics": "tanpa jam", "source": "SK"}
    assert "tidak terbaca" in words(send(by, "course_new", status=422, **course_told))
    days = {"begins": batch.begins.isoformat(), "ends": batch.ends.isoformat()}
    client.post(reverse("batch_move", args=[batch.pk]), {**days, "place": "Hotel", "why": "gedung dipakai"})
    told = words(client.get(reverse("batch", args=[batch.pk])))
    assert f"{people[0].name} pada hari yang baru juga mendapat tempat di" in told


def test_a_course_is_added_and_read(training: Training) -> None:
    told = {
        "code": "bimtek-dtsen", "name": "Bimtek DTSEN", "kind": "bimtek", "days": 2, "source": "SK 1/2025",
        "topics": "Desil; 4\nGround check; 6; praktik", "tested": "on",
    }  # fmt: skip
    send(training.centre, "course_new", **told)
    made = Course.objects.get(code="bimtek-dtsen")
    assert (made.hours, made.topics.get(number=2).practice) == (10, True)
    shown = see(training.centre, "course", made.pk)
    assert "2 hari, 10 JP" in shown
    assert "tidak diwajibkan kebijakan" in shown
    demanded = see(training.centre, "course", Course.objects.get(code="diklat-p2k2").pk)
    assert "dalam 24 bulan" in demanded  # as policy says, with its source
    assert "Nilai baku Harapan, sumber resmi belum ditemukan</span> (L)" in demanded
    assert "6 diklat" in see(training.centre, "course_catalogue")


def test_a_list_is_answered_line_by_line(training: Training) -> None:
    by, batch = training.province, training.batch()
    (known,) = training.people(1, TAPIN)
    raw = invitations.render(
        [{"staff_number": known.staff_number, "name": known.name}, {"staff_number": "X9", "name": "ENTAH"}]
    )

    def upload(**more: str) -> Any:
        file = SimpleUploadedFile("daftar.xlsx", raw)
        return signed_in(by).post(reverse("batch_invite_list", args=[batch.pk]), {"file": file, **more})

    shown = words(upload())
    assert "1 dari 2 baris diterima" in shown
    assert "Nomor ini tidak dikenal" in shown
    answer = upload(answer="xlsx")
    back = invitations.parse(answer.content)
    assert back.grid.columns[-1][1] == "Sudah diundang sebelumnya."
    file = SimpleUploadedFile("foto.xlsx", b"%PDF-1.7")
    wrong = signed_in(by).post(reverse("batch_invite_list", args=[batch.pk]), {"file": file})
    assert wrong.status_code == 422


def test_a_guest_without_account_takes_a_place(training: Training) -> None:
    by, batch = training.province, training.batch()
    told = {"name": "Guest Bpnt", "kind": "bpnt", "region": "63.05", "sex": "2", "nik": "6305014107900001"}
    send(by, "batch_guest", batch.pk, **told)
    row = Enrolment.objects.select_related("person").get()
    assert (row.person.kind, row.person.user_id, row.person.region_no) == (Person.Kind.BPNT, None, TAPIN)
    assert "16 angka" in words(send(by, "batch_guest", batch.pk, status=422, **(told | {"nik": "63"})))


def test_somebody_invited_answers_attends_and_reads_their_result(training: Training, now: dict[str, date]) -> None:
    batch = training.batch()
    post, mine = training.with_account("facilitator", 6_305_030_000)
    (row,) = training.invite(batch, [mine]).done
    training.taught(batch)
    assert "<mark>1 undangan</mark> menunggu" in see(post, "courses")
    Enrolment.objects.filter(pk=row.pk).update(state=Enrolment.State.DECLINED)
    assert reverse("training_card", args=[row.pk]) not in see(post, "training_own")  # no trainer takes it
    Enrolment.objects.filter(pk=row.pk).update(state=Enrolment.State.INVITED)
    assert reverse("training_card", args=[row.pk]) in see(post, "training_own")
    move_batch(batch.pk, begins=BEGINS.replace(day=21), ends=BEGINS.replace(day=23), place="", why="aula dipakai",
               by=training.by, on=date(2023, 2, 2))  # fmt: skip
    late = send(post, "training_answer", row.pk, status=422, **{f"{row.pk}-coming": "1", "version": 1})
    assert "surat versi 2" in words(late)
    send(post, "training_answer", row.pk, **{f"{row.pk}-coming": "1", f"{row.pk}-travels_by": "own", "version": 2})
    row.refresh_from_db()
    assert row.state == Enrolment.State.CONFIRMED
    assert row.code in see(post, "training_card", row.pk)
    session = ClassSession.objects.order_by("day", "begins")[0]
    now["day"] = session.day
    moment = day.moment(session.day)
    shown = show_code(session.pk, by=training.by, on=session.day, now=moment)
    assert "Kelas hari ini" in see(post, "training_own")
    assert "tidak berlaku" in words(send(post, "attend_by_word", status=422, code="ZZZZZZ"))
    assert session.topic.title in see(post, "attend", session.pk, code_of(shown))
    send(post, "attend", session.pk, code_of(shown))
    send(post, "attend_by_word", code=code_of(shown).lower())
    assert ClassAttendance.objects.get().via == "code"
    read = see(post, "training_own")
    assert "2 dari 24" in read
    assert read.count("</svg>Hadir</span>") == 1, "only the lesson they attended says so"


def test_the_trainers_page_takes_cards_and_shows_the_code(training: Training, now: dict[str, date]) -> None:
    batch, by = training.batch(), training.province
    people = training.people(2, TAPIN)
    training.invite(batch, people)
    training.taught(batch)
    session = ClassSession.objects.order_by("day", "begins")[0]
    assert "Kehadiran dicatat mulai hari sesinya" in see(by, "class_session", batch.pk, session.pk)
    now["day"] = session.day
    rows = list(Enrolment.objects.order_by("pk"))
    send(by, "class_session_card", batch.pk, session.pk, code=rows[0].code)
    assert "Catat hadir" in see(by, "card_scanned", rows[1].code)
    send(by, "card_scanned", rows[1].code)
    assert set(ClassAttendance.objects.values_list("via", flat=True)) == {"card"}
    assert "tidak ada dalam angkatan" in words(
        send(by, "class_session_card", batch.pk, session.pk, status=422, code="X")
    )
    send(by, "class_session_code", batch.pk, session.pk)
    shown = see(by, "class_session", batch.pk, session.pk)
    assert code_of(ClassSession.objects.get(pk=session.pk)) in shown
    assert "<svg" in shown
    sheet = signed_in(by).get(reverse("class_session_sheet", args=[batch.pk, session.pk]))
    assert people[0].name in PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text()


def test_a_trainer_from_elsewhere_writes_down_their_own_session(training: Training, now: dict[str, date]) -> None:
    batch = training.batch("diklat-p2k2", post=training.centre)
    post, _own = training.with_account("regency_coordinator", HSS, name="PELATIH HSS")
    people = training.people(3, TAPIN)
    training.invite(batch, people)
    training.taught(batch)
    told = {"t-name": "PELATIH 0", "t-institution": "BBPPKS"}
    refused = send(training.centre, "batch_trainer", batch.pk, status=422, **told, **{"t-user": "tidak-ada"})
    assert "Akun “tidak-ada” tidak ada" in words(refused)
    send(training.centre, "batch_trainer", batch.pk, **told, **{"t-user": post.user.username})
    first = ClassSession.objects.order_by("day", "begins")[0]
    practice = ClassSession.objects.filter(topic__practice=True).order_by("day", "begins")[0]
    now["day"] = first.day
    assert "Sesi yang Anda ajar" in see(post, "training_own")
    assert people[0].name in see(post, "class_session", batch.pk, first.pk)
    assert people[0].name not in see(post, "batch_people", batch.pk)  # elsewhere they are not the trainer's to see
    rows = list(Enrolment.objects.order_by("pk"))
    assert "Catat hadir" in see(post, "card_scanned", rows[0].code)
    send(post, "card_scanned", rows[0].code)
    send(post, "class_session_mark", batch.pk, first.pk, **{f"m-{rows[1].pk}": "sick"}, rest="1")
    assert ClassAttendance.objects.filter(said_by=post.user).count() == 3
    send(post, "class_session_code", batch.pk, first.pk)
    for name in ("class_session_sheet", "class_session_blank"):
        assert signed_in(post).get(reverse(name, args=[batch.pk, first.pk])).status_code == 200
    points = {f"post-{rows[0].pk}": "80", f"post-{rows[1].pk}": "200"}
    assert 'value="200"' in words(send(post, "class_session_scores", batch.pk, first.pk, status=422, **points))
    assert TestScore.objects.get().said_by == post.user
    now["day"] = practice.day
    full = {"opening": 4, "mastery": 4, "method": 2, "media": 4, "manner": 4, "closing": 4}
    assert people[0].name in see(post, "class_session_practice", batch.pk, practice.pk, rows[0].pk)
    send(post, "class_session_practice", batch.pk, practice.pk, rows[0].pk, **full)
    assert "85" in see(post, "class_session_scores", batch.pk, practice.pk)
    other, _person = training.with_account("regency_coordinator", HSS, name="LAIN")
    for name in ("class_session_mark", "class_session_code", "class_session_scores"):
        answer = signed_in(other).post(reverse(name, args=[batch.pk, first.pk]), {"rest": "1"})
        assert "diajar pelatih lain" in words(answer)
    assert signed_in(other).get(reverse("class_session_scores", args=[batch.pk, first.pk])).status_code == 422
    assert signed_in(other).get(reverse("card_scanned", args=[rows[0].code])).status_code == 404


def test_a_substitute_and_a_told_answer(training: Training) -> None:
    batch, by = training.batch(), training.province
    first, second = training.people(2, TAPIN)
    (row,) = training.invite(batch, [first]).done
    assert "sebab berhalangan" in words(send(by, "enrolment_note", batch.pk, row.pk, status=422, coming="0"))
    send(by, "enrolment_note", batch.pk, row.pk, coming="1", travels_by="together")
    assert second.name in see(by, "enrolment", batch.pk, row.pk, cari=second.name)
    send(by, "enrolment_replace", batch.pk, row.pk, person=second.pk)
    shown = see(by, "batch_people", batch.pk)
    assert f"menggantikan {first.name}" in shown
    assert "Digantikan" in shown


def test_practice_is_judged_on_the_persons_page(training: Training, now: dict[str, date]) -> None:
    batch, by = training.batch("diklat-p2k2"), training.province
    (row,) = training.invite(batch, training.people(1, TAPIN)).done
    full = {"opening": 4, "mastery": 4, "method": 2, "media": 4, "manner": 4, "closing": 4}
    assert "Simpan penilaian" not in see(by, "enrolment", batch.pk, row.pk)
    assert "baru mulai" in words(send(by, "enrolment_practice", batch.pk, row.pk, status=422, **full))
    now["day"] = batch.begins
    assert send(by, "enrolment_practice", batch.pk, row.pk, status=422, **(full | {"method": 5}))
    send(by, "enrolment_practice", batch.pk, row.pk, **full)
    assert "85%" in see(by, "enrolment", batch.pk, row.pk)


@pytest.mark.parametrize("name", ["kamar", "angkutan", "peserta", "hasil"])
def test_lists_are_handed_out(training: Training, name: str) -> None:
    batch, by = training.batch(), training.province
    people = training.people(3, TAPIN)
    training.invite(batch, people)
    client = signed_in(by)
    file = client.get(reverse("batch_table", args=[batch.pk, name, "xlsx"]))
    assert file.status_code == 200
    assert file.getvalue().startswith(b"PK")  # type: ignore[attr-defined]
    paper = client.get(reverse("batch_table", args=[batch.pk, name, "pdf"]))
    assert paper.status_code == (200 if name in ("kamar", "angkutan") else 422)
    cards = client.get(reverse("batch_cards", args=[batch.pk]))
    assert people[0].name in PdfReader(io.BytesIO(cards.content)).pages[0].extract_text()


def test_only_who_organises_changes_a_batch(training: Training) -> None:
    national = training.batch("diklat-p2k2", post=training.centre)
    own = training.batch()
    (someone,) = training.people(1, TAPIN)
    training.invite(national, [someone])
    row = Enrolment.objects.get()
    post, _person = training.with_account("facilitator", 6_305_030_000)
    by = training.province
    assert someone.name in see(by, "batch_people", national.pk)  # people of one's place are seen there
    assert "Undang yang dicentang" not in see(by, "batch_people", national.pk, cari="PESERTA")
    for name, args in (
        ("batch_invite", [national.pk]), ("batch_conclude", [national.pk]), ("batch_cancel", [national.pk]),
        ("enrolment_withdraw", [national.pk, row.pk]), ("batch_ceiling", [national.pk]),
    ):  # fmt: skip
        assert signed_in(by).post(reverse(name, args=args), {"why": "karena", "person": someone.pk}).status_code == 422
        assert signed_in(post).post(reverse(name, args=args), {"why": "karena"}).status_code == 404
    assert signed_in(by).get(reverse("batch_costs", args=[national.pk])).status_code == 422
    assert signed_in(post).get(reverse("batch_costs", args=[own.pk])).status_code == 404
    assert someone.name not in see(post, "batch_people", national.pk)


def test_an_invitation_is_printed_for_those_without_an_account(training: Training) -> None:
    post, mine = training.with_account("facilitator", 6_305_030_000)
    batch, by = training.batch(), training.province
    training.invite(batch, [mine])
    assert "Tidak ada yang perlu dicetak" in words(
        signed_in(by).get(reverse("batch_printed_invitations", args=[batch.pk]))
    )
    someone, other = training.people(2, TAPIN)
    training.invite(batch, [someone, other])
    Enrolment.objects.filter(person=other).update(state=Enrolment.State.CONFIRMED, answered_on=date(2023, 2, 1))
    answer = signed_in(by).get(reverse("batch_printed_invitations", args=[batch.pk]))
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    told = pages[0].extract_text()
    assert someone.name in told
    assert "JAWABAN UNDANGAN" in told
    assert signed_in(post).get(reverse("batch_printed_invitations", args=[batch.pk])).status_code == 404


def test_home_asks_for_an_answer_and_leads_a_trainer_to_the_class(training: Training, now: dict[str, date]) -> None:
    post, mine = training.with_account("facilitator", 6_305_030_000)
    batch = training.batch()
    training.invite(batch, [mine, *training.people(2, TAPIN)])
    assert "Undangan diklat menunggu jawaban Anda" in see(post, "home")
    training.taught(batch)
    session = ClassSession.objects.select_related("trainer").order_by("day")[0]
    Trainer.objects.filter(pk=session.trainer_id).update(user=training.centre.user)
    assert "Sesi yang Anda ajar hari ini" not in see(training.centre, "home")
    now["day"] = session.day
    assert "Sesi yang Anda ajar hari ini" in see(training.centre, "home")
    over = "Angkatan sudah lewat, hasilnya belum ditetapkan"
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RUNNING)
    now["day"] = batch.ends
    assert over not in see(training.province, "home")
    now["day"] = batch.ends + timedelta(days=1)
    assert over in see(training.province, "home")
    assert over not in see(post, "home")


def test_pages_take_no_more_statements_with_more_people(training: Training) -> None:
    batch, by = training.batch(), training.province
    training.invite(batch, training.people(3, TAPIN))
    training.taught(batch)
    client = signed_in(by)
    urls = [reverse(name, args=[batch.pk]) for name in ("batch", "batch_people", "batch_classes", "batch_scores")]
    urls += [reverse("batches"), reverse("class_session", args=[batch.pk, ClassSession.objects.all()[0].pk])]
    before = [queries(client, url) for url in urls]
    training.invite(batch, [*training.people(20, TAPIN), *training.people(10, HSS), *training.people(5, BANJARMASIN)])
    training.batch(wave=2)
    assert [queries(client, url) for url in urls] == before


def test_pages_of_training_are_english_for_who_reads_english(training: Training) -> None:
    Course.objects.update(name="FDS", about="")  # names of courses stay as they are, and are of no interest here
    by = training.province
    add_course(CourseFacts("fds", "FDS", "diklat", 1, (TopicFacts("FDS", 2),), "SK", practised=True), by=by.user)
    batch = training.batch("fds")
    training.quota(batch, {TAPIN: 3})
    post, mine = training.with_account("facilitator", 6_305_030_000)
    training.invite(batch, [mine, *training.people(2, TAPIN)])
    training.taught(batch)
    TestScore.objects.create(
        person=mine, region_no=mine.region_no, enrolment=Enrolment.objects.get(person=mine), kind="post", points=50,
        said_by=by.user,
    )  # fmt: skip
    session, row = ClassSession.objects.all()[0], Enrolment.objects.get(person=mine)
    client, left = english(by), []
    for name, args in (
        ("batches", []), ("course_catalogue", []), ("course", [batch.course_id]), ("course_new", []), ("batch_new", []),
        ("batch", [batch.pk]), ("batch_people", [batch.pk]), ("batch_classes", [batch.pk]),
        ("batch_scores", [batch.pk]),
        ("batch_costs", [batch.pk]), ("batch_move", [batch.pk]), ("class_session", [batch.pk, session.pk]),
        ("enrolment", [batch.pk, row.pk]), ("card_scanned", [row.code]),
    ):  # fmt: skip
        left += [(name, each) for each in leftovers(client.get(reverse(name, args=args)))]
    assert left == []
    own = english(post)
    for name, args in (("training_own", []), ("training_card", [row.pk]), ("attend_by_word", [])):
        assert leftovers(own.get(reverse(name, args=args))) == [], name
