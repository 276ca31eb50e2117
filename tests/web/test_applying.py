"""An applicant without an account: begins, goes on later, sends, sees the own result, objects, takes the place."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from harapan.database import day
from harapan.database.scope import Scope
from harapan.workforce.models import Application, Objection, Person, RecruitmentRound
from harapan.workforce.recruitment import applying, checking, freezing, offering, rounds
from tests.workforce.recruiting import OPENS, TENGAH, Running, make_running

NIK = "6305034101950001"
PUBLISHED_ON = date(2025, 4, 1)
SETTLED_ON = date(2025, 4, 5)


@pytest.fixture
def running(system: Scope, monkeypatch: pytest.MonkeyPatch) -> Running:
    monkeypatch.setattr(day, "today", lambda: OPENS)
    return make_running()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def begin(running: Running, client: Client, **about: str) -> Application:
    told = {"name": "RAHMI HIDAYATI", "nik": NIK} | about
    answer = client.post(reverse("application_begin", args=["uji", running.tengah.pk]), told)
    assert answer.status_code == 303, answer.content.decode()
    return Application.objects.latest("id")


def whole(running: Running, client: Client) -> Application:
    """Everything filled in and sent through the pages."""
    made = begin(running, client)
    client.post(
        reverse("application_fill", args=["diri"]),
        {"name": "RAHMI HIDAYATI", "sex": "2", "born_on": "1995-01-01", "lives_in": str(TENGAH),
         "address": "Jl. Hiyung 1", "phone": "0811 5000 001", "email": ""},
    )  # fmt: skip
    client.post(
        reverse("application_fill", args=["pendidikan"]),
        {"education": "bachelor", "study": "Sosiologi", "experience_years": "2"},
    )
    for kind in ("identity", "diploma"):
        file = SimpleUploadedFile(f"{kind}.jpg", picture(), content_type="image/jpeg")
        answer = client.post(reverse("application_documents"), {"kind": kind, "file": file})
        assert answer.status_code == 303, answer.content.decode()
    client.post(reverse("application_send"))
    made.refresh_from_db()
    return made


def look_up(client: Client, number: str, nik: str) -> Any:
    return client.post(reverse("application_status"), {"number": number, "nik": nik})


def test_anybody_reads_the_rules_and_the_places(running: Running) -> None:
    client = Client()
    assert "Rekrutmen uji" in client.get(reverse("applying")).content.decode()
    page = client.get(reverse("applying_round", args=["uji"])).content.decode()
    assert "Tapin Tengah" in page
    assert "50%" in page
    assert "paling tua 35 tahun" in page


def test_a_planned_round_is_not_shown(running: Running) -> None:
    RecruitmentRound.objects.create(
        code="nanti", name="Nanti", cohort=2026, opens_on=date(2026, 1, 1), closes_on=date(2026, 1, 9),
        begins_on=date(2026, 3, 1), rules=running.round.rules, rules_digest=running.round.rules_digest,
        made_by=running.post.user,
    )  # fmt: skip
    assert Client().get(reverse("applying_round", args=["nanti"])).status_code == 404


def test_it_is_saved_as_one_goes_and_sent_when_whole(running: Running) -> None:
    client = Client()
    begin(running, client)
    client.post(reverse("application_send"))
    assert Application.objects.get().state == "draft"
    page = client.get(reverse("application_own")).content.decode()
    assert "masih kurang sebelum dikirim" in page
    client.get(reverse("application_fill", args=["diri"]))


def test_what_is_right_is_kept_while_somebody_is_still_typing(running: Running) -> None:
    client = Client()
    made = begin(running, client)
    typed = {"name": "RAHMI HIDAYATI", "address": "Jl. Hiyung 1", "phone": "0811", "born_on": ""}
    answer = client.post(reverse("application_fill", args=["diri"]), typed, headers={"HX-Request": "true"})
    assert answer.content.decode() == "Tersimpan sampai di sini."
    made.refresh_from_db()
    assert (made.address, made.phone, made.born_on) == ("Jl. Hiyung 1", None, None)


def test_a_whole_one_is_sent_and_its_numbers_are_masked(running: Running) -> None:
    client = Client()
    made = whole(running, client)
    assert made.state == "submitted"
    page = client.get(reverse("application_own"))
    assert NIK not in page.content.decode()
    assert f"{made.number[:5]}-{made.number[5:]}" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"


def test_a_requirement_missed_is_told_before_it_is_sent(running: Running) -> None:
    client = Client()
    made = begin(running, client)
    told = {"sex": 2, "born_on": date(1995, 1, 1), "lives_in": running.tengah.region, "address": "Jl. Hiyung 1"}
    applying.fill_in(made.pk, on=OPENS, phone="+628115000001", education="senior", experience_years=2, **told)
    for kind in ("identity", "diploma"):
        applying.add_document(made.pk, kind, picture(), name="a.jpg", media_type="image/jpeg", on=OPENS)
    page = client.get(reverse("application_own")).content.decode()
    assert "Pendidikan tidak termasuk yang diminta" in page
    applying.fill_in(made.pk, on=OPENS, education="bachelor")
    assert "Pendidikan tidak termasuk" not in client.get(reverse("application_own")).content.decode()


def test_the_next_document_wanted_is_offered_first(running: Running) -> None:
    client = Client()
    made = begin(running, client)
    assert client.get(reverse("application_documents")).context["form"]["kind"].value() == "identity"
    applying.add_document(made.pk, "identity", picture(), name="a.jpg", media_type="image/jpeg", on=OPENS)
    assert client.get(reverse("application_documents")).context["form"]["kind"].value() == "diploma"


def test_a_refused_step_keeps_what_is_right(running: Running) -> None:
    client = Client()
    made = begin(running, client)
    answer = client.post(reverse("application_fill", args=["diri"]), {"name": "RAHMI", "address": "Jl. Hiyung 1"})
    assert "Isian yang lain sudah tersimpan." in answer.content.decode()
    made.refresh_from_db()
    assert made.address == "Jl. Hiyung 1"


def test_going_on_later_takes_number_and_nik(running: Running) -> None:
    made = begin(running, Client())
    later = Client()
    assert later.get(reverse("application_own")).url == reverse("application_status")
    assert look_up(later, made.number, NIK).status_code == 303
    assert "RAHMI" in later.get(reverse("application_own")).content.decode()


def test_a_wrong_number_and_a_wrong_nik_are_answered_alike(running: Running) -> None:
    made = begin(running, Client())
    wrong_nik = look_up(Client(), made.number, "6305034101950002")
    wrong_number = look_up(Client(), "AAAAAAAAAA", NIK)
    assert (wrong_nik.status_code, wrong_number.status_code) == (422, 422)
    told = "Nomor lamaran dan NIK ini tidak cocok"
    assert told in wrong_nik.content.decode()
    assert told in wrong_number.content.decode()


def test_guessing_is_slowed_down(running: Running) -> None:
    client = Client()
    for letter in "BCDF":
        look_up(client, letter * 10, NIK)
    assert "Terlalu banyak percobaan" in look_up(client, "GGGGGGGGGG", NIK).content.decode()


def test_beginning_with_a_nik_that_has_applied_tells_nothing(running: Running) -> None:
    first, second = Client(), Client()
    one, two = begin(running, first), begin(running, second)
    assert one.number != two.number
    pages = [client.get(reverse("application_own")).content.decode() for client in (first, second)]
    assert one.number[:5] not in pages[1]


def test_one_application_is_held_and_no_other(running: Running) -> None:
    mine, other = Client(), Client()
    whole(running, other)
    assert "RAHMI" not in mine.get(reverse("application_own"), follow=True).content.decode()
    other.post(reverse("application_leave"))
    assert other.get(reverse("application_own")).url == reverse("application_status")


def test_it_closes_by_itself_after_an_hour(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    begin(running, client)
    session = client.session
    pk, region, at = session["application"]
    session["application"] = [pk, region, at - 3601]
    session.save()
    assert client.get(reverse("application_own")).url == reverse("application_status")


def test_what_is_no_picture_is_refused(running: Running) -> None:
    client = Client()
    begin(running, client)
    for raw in (b"MZ program", b"\xff\xd8\xff bukan foto"):
        answer = client.post(
            reverse("application_documents"), {"kind": "identity", "file": SimpleUploadedFile("ktp.jpg", raw)}
        )
        assert answer.status_code == 422


@pytest.fixture
def told(running: Running, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, Application]:
    """Sent through the pages, beside a better one; published, and back by number and NIK."""
    client = Client()
    mine = whole(running, client)
    better = running.apply()
    running.close()
    checking.check_all(running.round.pk, **running.who)
    running.score_all({mine: 65.5, better: 80})
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    monkeypatch.setattr(day, "today", lambda: PUBLISHED_ON)
    return client, mine


def test_the_own_result_tells_scores_place_and_the_last_that_got_in(told: tuple[Client, Application]) -> None:
    client, _mine = told
    page = client.get(reverse("application_own")).content.decode()
    assert "Anda masuk daftar cadangan" in page
    assert "65,50" in page
    assert "urutan 2 dari 2" in page
    assert "terendah yang lulus 80,00" in page
    assert "PELAMAR" not in page


def test_before_publication_nothing_is_told(running: Running) -> None:
    client = Client()
    mine = whole(running, client)
    running.close()
    checking.check_all(running.round.pk, **running.who)
    running.score_all({mine: 90})
    freezing.make_ranking(running.round.pk, **running.who)
    page = client.get(reverse("application_own")).content.decode()
    assert "Hasil, nilai tiap tahap" in page
    assert "90,00" not in page


def test_an_objection_is_made_once_at_a_time(told: tuple[Client, Application]) -> None:
    client, mine = told
    text = {"text": "Jawaban saya nomor 12 belum dinilai."}
    assert client.post(reverse("application_object"), text).status_code == 303
    assert client.post(reverse("application_object"), text).status_code == 422
    assert Objection.objects.get().application_id == mine.pk


def test_the_place_is_taken_or_given_up_on_the_page(
    told: tuple[Client, Application], running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, mine = told
    rounds.settle(running.round.pk, **running.who, on=SETTLED_ON)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    better = Application.objects.exclude(pk=mine.pk).get()
    offering.decline(better.pk, on=SETTLED_ON)
    monkeypatch.setattr(day, "today", lambda: SETTLED_ON + timedelta(days=1))
    assert "Satu tempat ditawarkan" in client.get(reverse("application_own")).content.decode()
    client.post(reverse("application_answer"), {"jawaban": "terima"})
    assert Person.objects.get(cohort=2025).name == "RAHMI HIDAYATI"
    assert "Anda menerima tempat ini" in client.get(reverse("application_own")).content.decode()
