"""Pages of certificates, needs and what follows a course: who may, whose region, what a forged code is answered."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.database import day
from harapan.database.scope import SYSTEM
from harapan.training.certificates.issuing import issue_batch
from harapan.training.certificates.revoking import revoke
from harapan.training.dated_data import statements
from harapan.training.following import linking
from harapan.training.following.feedback import last_day
from harapan.training.following.plans import write_plan
from harapan.training.models import (
    Batch,
    Certificate,
    Course,
    Enrolment,
    ExternalCertificate,
    Feedback,
    FeedbackGiven,
    FieldProblem,
    FollowUpCheck,
    FollowUpPlan,
    OrderLetter,
    Practice,
)
from harapan.workforce.taking_on import take_on
from tests.certificates.conftest import HSS, SIGNER, TAPIN, TODAY, School, school
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers

__all__ = ["school"]

SIGNED = {"signer": SIGNER.name, "title": SIGNER.title, "signer_number": SIGNER.staff_number}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


@pytest.fixture
def batch(school: School) -> Batch:
    for name in ("ANI", "BUDI"):
        school.staff(name, since=date(2022, 1, 3))
    school.staff("HASAN", region=HSS, since=date(2022, 1, 3))
    made = school.batch(ends=date(2025, 2, 20))
    school.enrol(made, ["ANI", "BUDI"])
    return made


def page(post: Post, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = signed_in(post).get(reverse(name, args=args), asked)
    assert answer.status_code == status, answer.status_code
    return words(answer)


def sent(post: Post, to: str, *args: Any, status: int = 303, **said: Any) -> str:
    answer = signed_in(post).post(reverse(to, args=args), said)
    assert answer.status_code == status, words(answer)[:2000]
    return words(answer)


def certified(school: School, batch: Batch) -> Certificate:
    return issue_batch(batch, signer=SIGNER, post=school.centre, by=school.centre.user, on=TODAY)[0]


def test_a_member_of_staff_sees_what_they_have_and_lack(school: School, batch: Batch) -> None:
    certified(school, batch)
    shown = page(school.posts["ANI"], "my_courses")
    assert "<mark>Bimtap SDM baru</mark> sudah lewat batas waktunya" in shown
    assert "Belum ada pekerjaan yang dibatasi" in shown
    assert "0001/STTPP/DIKLAT-P2K2/2025" in shown
    assert "Isi umpan balik" in shown
    assert "Tulis RTL" in shown
    assert "0002/STTPP" not in shown
    assert "Diklat wajib Anda lewat batas waktu" in page(school.posts["ANI"], "home")
    assert "belum punya catatan SDM" in page(person("facilitator", groups=(99,)), "my_courses")


def test_people_download_their_own_certificate_alone(school: School, batch: Batch) -> None:
    own = certified(school, batch)
    other = Certificate.objects.exclude(pk=own.pk).get()
    answer = signed_in(school.posts["ANI"]).get(reverse("my_certificate", args=[own.pk]))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    for address in ("my_certificate", "certificate"):
        assert signed_in(school.posts["ANI"]).get(reverse(address, args=[other.pk])).status_code == 404


def test_a_centre_certifies_a_batch_from_its_page(school: School, batch: Batch) -> None:
    assert "Angkatan yang lulus tanpa sertifikat" in page(school.centre, "home")
    OrderLetter.objects.create(
        batch=batch, organiser=batch.organiser, place_no=batch.region_no, year=batch.year, number=1, version=1,
        signer="Sri Lestari", signer_post="Kepala balai", basis="Rencana kerja", dated=batch.begins,
        made_by=school.centre.user,
    )  # fmt: skip
    shown = page(school.centre, "certificate_batch", batch.pk)
    assert 'value="Sri Lestari"' in shown
    assert "<mark>2 peserta</mark> lulus dan menunggu sertifikat" in shown
    sent(school.centre, "certificate_issue", batch.pk, status=422, signer="X")
    assert not Certificate.objects.exists()
    sent(school.centre, "certificate_issue", batch.pk, **SIGNED)
    assert Certificate.objects.count() == 2
    again = sent(school.centre, "certificate_issue", batch.pk, status=422, **SIGNED)
    assert "sudah bersertifikat" in again
    answer = signed_in(school.centre).get(reverse("certificate_batch_file", args=[batch.pk]))
    assert answer.content.startswith(b"%PDF-")


def test_only_whoever_may_issues_and_only_its_own(school: School, batch: Batch) -> None:
    sent(school.regency, "certificate_issue", batch.pk, status=404, **SIGNED)
    sent(school.province, "certificate_issue", batch.pk, status=404, **SIGNED)
    page(school.posts["ANI"], "certificates", status=404)
    assert not Certificate.objects.exists()


def test_anybody_checks_a_code_without_signing_in(school: School, batch: Batch) -> None:
    held = certified(school, batch)
    code = held.versions.get().code
    browser = Client()
    assert "asli dan berlaku" in words(browser.get(reverse("certificate_checked", args=[code])))
    shown = browser.get(reverse("certificate_check"), {"kode": f"{code[:10]} {code[10:]}"})
    assert "ANI" in words(shown)
    assert school.people["ANI"].staff_number not in words(shown)
    forged = browser.get(reverse("certificate_checked", args=["0123456789abcdef0123"]))
    assert forged.status_code == 404
    assert "mungkin salah ketik, mungkin palsu" in words(forged)
    revoke(held, letter="B/1", reason="Daftar hadir palsu", post=school.centre, by=school.centre.user, on=TODAY)
    shown = browser.get(reverse("certificate_checked", args=[code]))
    assert "sudah dicabut" in words(shown)
    assert "Daftar hadir palsu" in words(shown)


def test_a_certificate_is_mended_and_revoked_on_its_page(school: School, batch: Batch) -> None:
    held = certified(school, batch)
    told = {**SIGNED, "name": "ANI LESTARI", "staff_number": "", "why": "gelar belum ada"}
    sent(school.centre, "certificate_reissue", held.pk, **told)
    assert "versi 2" in page(school.centre, "certificates")
    sent(school.centre, "certificate_revoke", held.pk, status=422, letter="B/1", reason="")
    sent(school.centre, "certificate_revoke", held.pk, letter="B/1", reason="nilainya palsu")
    assert "<mark>sudah dicabut</mark>" in page(school.regency, "certificate", held.pk)
    assert "Dicabut" in page(school.regency, "certificates", state="revoked")
    assert "0001/STTPP" not in page(school.regency, "certificates", state="valid")


def test_leaders_see_who_lacks_what_in_their_region(school: School, batch: Batch) -> None:
    shown = page(school.regency, "needs")
    assert "Kec. Tapin Tengah" in shown
    assert "0 dari 2 memiliki" in shown  # Bimtap
    people = page(school.regency, "needs_people")
    assert "ANI" in people
    assert "HASAN" not in people
    assert "HASAN" in page(school.province, "needs_people")
    reader = signed_in(school.regency)
    assert b"".join(reader.get(reverse("needs_file", args=["xlsx"])).streaming_content).startswith(b"PK")
    lines = b"".join(reader.get(reverse("needs_file", args=["csv"])).streaming_content).decode().splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["ANI", "BUDI"]
    assert page(school.regency, "needs_people", state="had").count("Dimiliki") >= 2


def test_a_certificate_from_outside_is_recorded_with_its_scan(school: School, batch: Batch) -> None:
    ani = school.people["ANI"]
    told = {
        "competence": "social-worker", "title": "Peksos muda", "issuer": "LSPS", "number": "1/2024",
        "issued_on": "2024-05-01",
    }  # fmt: skip
    assert "bukan PDF" in sent(
        school.regency, "external_new", ani.pk, status=422, scan=SimpleUploadedFile("x.pdf", b"MZ..."), **told
    )
    sent(school.regency, "external_new", ani.pk, scan=SimpleUploadedFile("x.pdf", b"%PDF-1.4 ..."), **told)
    held = ExternalCertificate.objects.get()
    assert "Peksos muda" in page(school.posts["ANI"], "my_courses")
    answer = signed_in(school.posts["ANI"]).get(reverse("my_external", args=[held.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 ..."
    assert signed_in(school.posts["BUDI"]).get(reverse("my_external", args=[held.pk])).status_code == 404


def test_the_queue_shows_a_plan_and_accepts_what_was_shown(school: School, batch: Batch) -> None:
    shown = page(school.centre, "place_queue", course=school.bimtap.pk, month="2025-08")
    assert "<mark>3 orang</mark> mendapat tempat, yang terakhir Agustus 2025" in shown
    assert "Kelas baru di BBPPKS Banjarmasin, 4 Agustus 2025 sampai 6 Agustus 2025" in shown
    digest = shown.split('name="digest" value="')[1].split('"')[0]
    told = {"course": school.bimtap.pk, "month": "2025-08"}
    sent(school.centre, "place_plan_accept", status=422, digest="0" * 64, **told)
    assert Batch.objects.count() == 1
    sent(school.centre, "place_plan_accept", digest=digest, **told)
    assert Enrolment.objects.filter(state=Enrolment.State.INVITED).count() == 3
    after = page(school.centre, "place_queue", course=school.bimtap.pk)
    assert "Tidak ada yang menunggu" in after
    assert f'href="{reverse("batches")}?course={school.bimtap.pk}">1 angkatan</a>' in after


def test_the_plan_says_of_each_where_they_come_to(school: School, batch: Batch) -> None:
    """ANI cannot come to the batch that stands; the others take its free seats."""
    there = school.batch(school.bimtap, ends=date(2025, 8, 7))
    Batch.objects.filter(pk=there.pk).update(state=Batch.State.INVITED)
    school.enrol(there, ["ANI"], Enrolment.State.DECLINED)
    asked = {"course": school.bimtap.pk, "month": "2025-08"}
    shown = page(school.centre, "place_queue", **asked, q="ani")
    assert "Bukan yang lebih awal: tidak dapat mengikuti Bimtap SDM baru pada 5 Agustus 2025" in shown
    assert "BUDI" not in shown.split('id="h-placed"')[1]
    assert "Tidak ada nama seperti itu" in page(school.centre, "place_queue", **asked, q="zzz")
    answer = signed_in(school.centre).get(reverse("place_queue_file", args=["csv"]), asked)
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 4
    assert "Kursi kosong gelombang 1" in next(row for row in rows if row.startswith("BUDI"))
    assert "Kelas baru" in next(row for row in rows if row.startswith("ANI"))
    digest = page(school.centre, "place_queue", **asked).split('name="digest" value="')[1].split('"')[0]
    sent(school.centre, "place_plan_accept", digest=digest, **asked)
    assert there.enrolments.filter(state=Enrolment.State.INVITED).count() == 2
    assert 'data-label="Di wilayah Anda">2<' in page(school.regency, "place_queue", **asked)


def test_coordinators_see_what_the_plan_gives_their_own_people_and_decide_nothing(school: School, batch: Batch) -> None:
    asked = {"course": school.bimtap.pk, "month": "2025-08"}
    page(school.posts["ANI"], "place_queue", status=404)
    assert reverse("place_queue") in page(school.regency, "needs")
    shown = page(school.regency, "place_queue", **asked)
    assert "<mark>2 orang</mark> mendapat tempat" in shown  # HASAN serves elsewhere
    assert 'name="digest"' not in shown
    assert "<mark>3 orang</mark>" in page(school.province, "place_queue", **asked)
    digest = page(school.centre, "place_queue", **asked).split('name="digest" value="')[1].split('"')[0]
    sent(school.regency, "place_plan_accept", status=404, digest=digest, **asked)
    sent(school.centre, "place_plan_accept", digest=digest, **asked)
    after = page(school.regency, "place_queue", **asked)
    assert "Tidak ada yang menunggu" in after
    assert 'data-label="Di wilayah Anda">2<' in after


def test_feedback_and_plan_are_written_by_the_participant(school: School, batch: Batch) -> None:
    ani = school.posts["ANI"]
    place = Enrolment.objects.get(batch=batch, person=school.people["ANI"])
    foreign = Enrolment.objects.get(batch=batch, person=school.people["BUDI"])
    sent(ani, "feedback", place.pk, status=422, useful=3)
    sent(ani, "feedback", place.pk, remark="", **{each.code: 3 for each in statements(TODAY)})
    assert Feedback.objects.count() == 1
    sent(ani, "feedback", foreign.pk, status=404, **{each.code: 3 for each in statements(TODAY)})
    sent(ani, "follow_up", place.pk, aim="bertemu", steps="tiap bulan", support="")
    assert "menunggu <mark>evaluasi 3 bulan</mark>" in page(ani, "follow_up", place.pk)
    assert "RTL Anda menunggu evaluasi" in page(ani, "home")
    plan = FollowUpPlan.objects.get()
    assert "<mark>1 RTL</mark> menunggu evaluasi" in page(school.regency, "follow_ups")
    sent(ani, "follow_up_check", place.pk, after_months=3, outcome="partly", note="")
    assert FollowUpCheck.objects.get().outcome == "partly"
    sent(school.regency, "follow_up_one", plan.pk, status=422, after_months=6, outcome="done", note="")
    assert "2 jawaban" not in page(school.centre, "certificate_batch", batch.pk)
    assert "1 jawaban. Rekap ditunjukkan mulai 5" in page(school.centre, "certificate_batch", batch.pk)


@pytest.fixture
def guest(batch: Batch) -> Enrolment:
    """Somebody of a sister programme, without an account, who was there."""
    person = take_on("TAMU BPNT", region_no=TAPIN, since=TODAY, kind="bpnt")
    return Enrolment.objects.create(person=person, batch=batch, state="passed", ended_on=batch.ends)


def test_who_has_no_account_answers_by_a_link_once_and_without_a_name(school: School, guest: Enrolment) -> None:
    link, phone = reverse("feedback_linked", args=[linking.token_of(guest)]), Client()
    shown = words(phone.get(link))
    assert "Bagaimana <mark>Diklat P2K2/FDS</mark> menurut Anda?" in shown
    assert "TAMU" not in shown
    whole = {each.code: 3 for each in statements(TODAY)}
    assert phone.post(link, {"useful": 3}).status_code == 422
    assert not Feedback.objects.exists()
    assert "masuk tanpa nama" in words(phone.post(link, {**whole, "remark": "ruangannya panas"}))
    assert (Feedback.objects.get().remark, FeedbackGiven.objects.get().person) == ("ruangannya panas", guest.person)
    by_link = Entry.objects.filter(via=linking.VIA)
    assert {entry.actor for entry in by_link} == {SYSTEM}
    assert "ruangannya" not in " ".join(f"{entry.why} {entry.body}" for entry in by_link)
    closed = phone.get(link)
    assert phone.post(link, whole).status_code == closed.status_code == 404
    strange = phone.get(reverse("feedback_linked", args=["1-.tidak-pernah-ada"]))
    assert (strange.status_code, words(strange)) == (404, words(closed))  # whether it ever was is not told
    assert phone.get(link).status_code == 429
    assert Feedback.objects.count() == 1


def test_the_link_opens_with_their_presence_and_ends_with_the_form(
    school: School, guest: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = reverse("feedback_linked", args=[linking.token_of(guest)])
    for state in ("invited", "absent"):
        Enrolment.objects.filter(pk=guest.pk).update(state=state, ended_on=None)
        answer = Client().get(link)
        assert answer.status_code == 404
        assert ("sesudah kehadiran Anda" in words(answer)) is (state == "invited")
    Enrolment.objects.filter(pk=guest.pk).update(state="present")
    monkeypatch.setattr(day, "today", lambda: last_day(guest.batch.ends, on=TODAY))
    assert Client().get(link).status_code == 200
    monkeypatch.setattr(day, "today", lambda: last_day(guest.batch.ends, on=TODAY) + timedelta(days=1))
    assert Client().get(link).status_code == 404


def test_organisers_hand_the_link_out_on_paper_and_by_message(school: School, batch: Batch, guest: Enrolment) -> None:
    link = reverse("feedback_linked", args=[linking.token_of(guest)])
    assert "Lembar umpan balik tanpa akun (1)" in page(school.centre, "batch", batch.pk)
    assert link in page(school.centre, "enrolment", batch.pk, guest.pk)
    assert link not in page(school.regency, "enrolment", batch.pk, guest.pk)
    own = Enrolment.objects.get(batch=batch, person=school.people["ANI"])
    assert "umpan-balik/tautan" not in page(school.centre, "enrolment", batch.pk, own.pk)  # she has an account
    paper = signed_in(school.centre).get(reverse("batch_feedback_slips", args=[batch.pk])).content
    printed = PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    assert "TAMU BPNT" in printed
    assert "ANI" not in printed
    linking.answer(linking.token_of(guest), {each.code: 4 for each in statements(TODAY)}, remark="", on=TODAY)
    assert "Lembar umpan balik" not in page(school.centre, "batch", batch.pk)
    assert "masih dapat mengisi" in page(school.centre, "batch_feedback_slips", batch.pk, status=422)


def test_the_plan_of_somebody_without_account_is_noted_for_them(school: School, batch: Batch) -> None:
    guest = take_on("TAMU BPNT", region_no=TAPIN, since=TODAY, kind="bpnt")
    place = Enrolment.objects.create(person=guest, batch=batch, state="passed", ended_on=batch.ends)
    told = {"aim": "bertemu", "steps": "tiap bulan", "support": ""}
    own = Enrolment.objects.get(batch=batch, person=school.people["ANI"])
    sent(school.regency, "follow_up_of_guest", own.pk, status=404, **told)  # who has an account writes it themselves
    assert "Catat RTL" in page(school.centre, "enrolment", batch.pk, place.pk)
    sent(school.regency, "follow_up_of_guest", place.pk, **told)
    assert "menunggu <mark>evaluasi 3 bulan</mark>" in page(school.regency, "follow_up_one", place.follow_up.pk)


def test_problems_and_practices_go_their_way(school: School, batch: Batch) -> None:
    ani, budi = school.posts["ANI"], school.posts["BUDI"]
    sent(ani, "problem_new", title="Kartu tertelan", detail="Di kota", batch=batch.pk)
    problem = FieldProblem.objects.get()
    page(budi, "problem", problem.pk, status=404)
    told = {"answer": "Bank mengganti.", "owner": "Katim", "agreed_on": "2025-05-20", "publish": "on"}
    sent(ani, "problem", problem.pk, status=404, **told)
    sent(school.province, "problem", problem.pk, **told)
    assert "Bank mengganti." in page(budi, "problems", q="kartu")
    assert "Bank mengganti." not in page(budi, "problems", q="beras")
    sent(
        ani, "practice_new", kind="practice", title="Arisan", problem="Sepi", how="Arisan", result="Ramai",
        partners="PKK",
    )  # fmt: skip
    practice = Practice.objects.get()
    page(budi, "practice", practice.pk, status=404)
    empty = sent(school.province, "practice_review", practice.pk, status=422, verdict="return", remark=" ")
    assert 'id="id_remark_error"' in empty
    sent(school.province, "practice_review", practice.pk, verdict="return", remark="Sebut hasilnya dalam angka")
    assert "Sebut hasilnya dalam angka" in page(ani, "practice", practice.pk)
    back = "Praktik Anda dikembalikan untuk dilengkapi"
    assert reverse("practice", args=[practice.pk]) in page(ani, "home").split(back)[1]
    assert back not in page(budi, "home")
    told = {"kind": "practice", "title": "Arisan", "problem": "Sepi", "how": "Arisan", "partners": "PKK"}
    sent(budi, "practice_change", practice.pk, status=404, **told, result="30 hadir")
    sent(ani, "practice_change", practice.pk, **told, result="30 dari 32 hadir")
    page(ani, "practice_change", practice.pk, status=404)  # sent once, it waits
    assert back not in page(ani, "home")
    sent(school.province, "practice_review", practice.pk, verdict="approve", remark="")
    assert "PKK" in page(budi, "practices")
    sent(budi, "practice_copy", practice.pk, status=422, region="99.99", since="2025-05-01", outcome="x")
    sent(budi, "practice_copy", practice.pk, region="63.06", since="2025-05-01", outcome="Ramai juga")
    assert "Kab. Hulu Sungai Selatan" in page(ani, "practice", practice.pk)


def test_statements_do_not_grow_with_people(school: School, batch: Batch) -> None:
    certified(school, batch)
    write_plan(Enrolment.objects.filter(batch=batch)[0], aim="a", steps="b", support="", on=TODAY)
    readers = {
        "my_courses": school.posts["ANI"], "certificates": school.regency, "needs": school.regency,
        "needs_people": school.regency, "certificate_batches": school.centre, "follow_ups": school.regency,
        "place_queue": school.centre, "problems": school.regency, "practices": school.regency,
    }  # fmt: skip
    few = {name: queries(signed_in(post), reverse(name)) for name, post in readers.items()}
    names = [f"LAIN {number}" for number in range(4)]
    for name in names:
        school.staff(name, since=date(2022, 1, 3))
    further = school.batch(ends=date(2025, 2, 21))
    school.enrol(further, [*names, "ANI"])
    issue_batch(further, signer=SIGNER, post=school.centre, by=school.centre.user, on=TODAY)
    for each in Enrolment.objects.filter(batch=further):
        write_plan(each, aim="a", steps="b", support="", on=TODAY)
    assert {name: queries(signed_in(post), reverse(name)) for name, post in readers.items()} == few


def test_nothing_of_ours_is_left_indonesian(school: School, batch: Batch) -> None:
    for number, course in enumerate((school.bimtap, school.diklat)):  # names of courses are data: they stay as they are
        Course.objects.filter(pk=course.pk).update(name=f"COURSE {number}")
    held = certified(school, Batch.objects.select_related("course").get(pk=batch.pk))
    place = Enrolment.objects.get(batch=batch, person=school.people["ANI"])
    plan = write_plan(place, aim="AIM", steps="STEPS", support="", on=TODAY)
    pages: list[tuple[Post, str, list[Any]]] = [
        (school.posts["ANI"], "my_courses", []), (school.posts["ANI"], "feedback", [place.pk]),
        (school.posts["ANI"], "follow_up", [place.pk]), (school.posts["ANI"], "problem_new", []),
        (school.posts["ANI"], "problems", []), (school.posts["ANI"], "practices", []),
        (school.posts["ANI"], "practice_new", []), (school.regency, "certificates", []), (school.regency, "needs", []),
        (school.regency, "needs_people", []), (school.regency, "needs_person", [school.people["ANI"].pk]),
        (school.regency, "follow_ups", []), (school.regency, "follow_up_one", [plan.pk]),
        (school.centre, "certificate_batches", []), (school.centre, "certificate_batch", [batch.pk]),
        (school.centre, "certificate", [held.pk]), (school.centre, "place_queue", []),
    ]  # fmt: skip
    for post, name, args in pages:
        answer = english(post).get(reverse(name, args=args))
        assert answer.status_code == 200, name
        assert leftovers(answer) == [], name
