"""Those who run a round, check documents, and interview: each their own pages, and interviewers never a name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.database import day
from harapan.database.scope import Scope
from harapan.exchange.scores import codec as scores
from harapan.workforce.models import InterviewMark, RecruitmentRound, StageScore
from harapan.workforce.recruitment import checking, freezing, marking, objecting, offering, rounds
from harapan.workforce.recruitment.notices import notices_of
from tests.web.signing import person, signed_in
from tests.workforce.recruiting import AFTER, BEGINS, KALSEL, Running, make_running

TAPIN, HSS = 6305000000, 6306000000
SETTLED = AFTER + timedelta(days=10)


@pytest.fixture
def running(system: Scope, monkeypatch: pytest.MonkeyPatch) -> Running:
    monkeypatch.setattr(day, "today", lambda: AFTER)
    return make_running()


def interviewed(running: Running, count: int = 2) -> list[Any]:
    people = [running.apply() for _ in range(count)]
    running.close()
    checking.check_all(running.round.pk, **running.who)
    for stage in ("psychological", "competence"):
        running.score(stage, dict.fromkeys(people, 70))
    running.call()
    return [running.again(each) for each in people]


def test_a_round_is_planned_and_walked_through_by_its_buttons(system: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: date(2025, 3, 3))
    client = signed_in(person("province_coordinator", regions=(KALSEL,)))
    told = {
        "name": "Rekrutmen 2025", "code": "2025-a", "cohort": "2025", "opens_on": "2025-03-03",
        "closes_on": "2025-03-14", "begins_on": "2025-06-02", "region": str(KALSEL),
    }  # fmt: skip
    assert client.post(reverse("round_new"), told).status_code == 303
    found = RecruitmentRound.objects.get()
    client.post(reverse("round_step", args=[found.pk, "buka"]))
    found.refresh_from_db()
    assert found.state == "planned"  # no places yet: the page says so
    place = {"region": "63.05.03", "position": "facilitator", "quota": "2"}
    assert client.post(reverse("round_formation", args=[found.pk]), place).status_code == 303
    weights = {"administration_weight": 0, "administration_pass": 100, "psychological_weight": 40,
               "psychological_pass": 50, "competence_weight": 40, "competence_pass": 55, "interview_weight": 30,
               "interview_pass": 50}  # fmt: skip
    refused = client.post(reverse("round_rules", args=[found.pk]), weights)
    assert "110 persen" in refused.content.decode()
    assert client.post(reverse("round_rules", args=[found.pk]), weights | {"interview_weight": 20}).status_code == 303
    client.post(reverse("round_step", args=[found.pk, "buka"]))
    found.refresh_from_db()
    assert found.state == "open"
    assert rounds.rules_of(found).stage("competence").pass_mark == 55
    assert "menerima lamaran" in client.get(reverse("round", args=[found.pk])).content.decode()


@pytest.mark.parametrize("role", ["facilitator", "regency_coordinator", "regency_office"])
def test_names_of_applicants_are_not_for_everybody(running: Running, role: str) -> None:
    one = running.apply()
    client = signed_in(person(role, regions=(TAPIN,)))
    for address in (reverse("applications", args=[running.round.pk]), reverse("application", args=[one.pk])):
        assert client.get(address).status_code in (403, 404)


def test_an_officer_sees_the_own_kabupaten_alone(running: Running) -> None:
    one = running.apply()
    here = signed_in(person("data_officer", regions=(TAPIN,)))
    there = signed_in(person("data_officer", regions=(HSS,)))
    address = reverse("applications", args=[running.round.pk])
    assert one.name in here.get(address).content.decode()
    assert one.name not in there.get(address).content.decode()
    assert there.get(reverse("application", args=[one.pk])).status_code == 404


def test_an_officer_decides_on_documents_with_a_reason(running: Running) -> None:
    one = running.apply()
    running.close()
    client = signed_in(person("data_officer", regions=(TAPIN,)))
    address = reverse("application_check", args=[one.pk])
    assert client.post(address, {"p-passes": "0", "p-reason": ""}).status_code == 422
    assert client.post(address, {"p-passes": "0", "p-reason": "Ijazah tidak terbaca"}).status_code == 303
    assert StageScore.objects.get().score == 0
    document = one.applicationdocuments.first()
    answer = client.get(reverse("application_document", args=[one.pk, document.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    page = client.get(reverse("application", args=[one.pk])).content.decode()
    assert "Ijazah tidak terbaca" in page
    assert one.nik.open() not in page


def test_interviewers_see_a_number_and_no_name(running: Running) -> None:
    one, two = interviewed(running)
    client = signed_in(person("regency_coordinator", regions=(TAPIN,)))
    pages = [
        client.get(reverse("interviews")),
        client.get(reverse("interview_list", args=[running.round.pk])),
        client.get(reverse("interview_mark", args=[running.round.pk, one.participant_no])),
    ]
    for page in pages:
        assert page.status_code == 200
        assert one.name not in page.content.decode()
        assert two.name not in page.content.decode()
    answer = client.post(
        reverse("interview_mark", args=[running.round.pk, one.participant_no]), {"score": "81,5", "note": ""}
    )
    assert answer.status_code == 303
    assert InterviewMark.objects.get().score == 8150
    refused = client.post(reverse("interview_mark", args=[running.round.pk, one.participant_no]), {"score": "101"})
    assert refused.status_code == 422


def test_the_ranking_is_listed_and_handed_out(running: Running) -> None:
    people = interviewed(running, 3)
    running.score("interview", {each: 60 + place for place, each in enumerate(people)})
    client = signed_in(running.post)
    shortlist = client.get(reverse("round_ranked", args=[running.round.pk]))
    assert "Panggilan wawancara dari <mark>3 peserta</mark>" in shortlist.content.decode()
    assert [str(said) for _no, said in shortlist.context["filters"].fields["outcome"].choices][1:3] == [
        "dipanggil", "tidak dipanggil"
    ]  # fmt: skip
    told = client.get(reverse("round_ranked_file", args=[running.round.pk, "csv"]))
    said = b"".join(told.streaming_content).decode("utf-8-sig")
    assert ("Nilai sebelum wawancara" in said, said.count("dipanggil")) == (True, 3)
    client.post(reverse("round_step", args=[running.round.pk, "urutkan"]))
    page = client.get(reverse("round_ranked", args=[running.round.pk])).content.decode()
    assert all(each.name in page for each in people)
    file = client.get(reverse("round_ranked_file", args=[running.round.pk, "csv"]))
    assert b"".join(file.streaming_content).decode("utf-8-sig").count("\n") == 4
    assert client.get(reverse("round", args=[running.round.pk])).status_code == 200


def test_a_session_is_planned_people_invited_and_their_texts_handed_out(running: Running) -> None:
    one, two = interviewed(running)
    client = signed_in(running.post)
    list_page = reverse("stage_sessions", args=[running.round.pk])
    assert "Belum ada sesi" in client.get(list_page).content.decode()
    told = {"stage": "interview", "region": str(TAPIN), "place": "Aula Dinsos", "begins_at": "2025-03-20T08:30",
            "seats": "1", "note": "KTP asli"}  # fmt: skip
    past = client.post(reverse("stage_session_new", args=[running.round.pk]), told | {"begins_at": "2025-03-01T08:30"})
    assert past.status_code == 422
    assert "sudah lewat" in past.content.decode()
    made = client.post(reverse("stage_session_new", args=[running.round.pk]), told)
    assert made.status_code == 303
    page = client.post(made.url + "undang/", follow=True).content.decode()
    assert "1 peserta diundang." in page
    assert "Kursinya penuh; <b>1 peserta</b> yang masih lulus di wilayah ini belum diundang." in page
    assert "Anda diundang ke Wawancara: 20 Maret 2025 pukul 08.30 WITA di Aula Dinsos. Bawa KTP asli." in page
    file = client.post(made.url + "teks/csv/")
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert "+628115000001" in text
    assert one.nik.open() not in text
    sheet = scores.parse(client.get(made.url + "lembar-nilai/").content, name="nilai.xlsx")
    assert sheet["participant_no"] == [min(one.participant_no, two.participant_no)]
    assert client.post(made.url, told | {"place": "SMKN 1"}).status_code == 303
    assert "Berubah: Wawancara" in client.get(made.url).content.decode()
    assert "Aula" not in client.get(list_page).content.decode()
    other = signed_in(person("data_officer", regions=(HSS,)))
    assert "PELAMAR" not in other.get(made.url).content.decode()
    assert other.post(made.url + "undang/").status_code in (403, 404)


def test_whoever_runs_the_round_sees_the_marks_and_their_spread(running: Running) -> None:
    one, _two = interviewed(running)
    for marker, score in (
        (person("regency_coordinator", regions=(TAPIN,)), 6000),
        (person("regency_office", regions=(TAPIN,)), 9000),
    ):
        marking.mark(one.pk, score, by=marker.user, post=marker)
    page = signed_in(running.post).get(reverse("application", args=[one.pk])).content.decode()
    assert "Selisih 30,00; di atas 15 diminta satu pewawancara lagi." in page
    officer = signed_in(person("data_officer", regions=(TAPIN,)))
    assert "Penilaian wawancara" not in officer.get(reverse("application", args=[one.pk])).content.decode()


def test_home_tells_what_recruitment_waits_for(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = interviewed(running)
    marker = person("regency_office", regions=(TAPIN,))
    elsewhere = person("regency_office", regions=(HSS,))

    def tasks(post: Post) -> dict[str, int]:
        told = signed_in(post).get(reverse("home")).context
        return {str(task.what): task.count for task in (*told["tasks"], *told["rest"])}

    assert tasks(marker)["Peserta wawancara menunggu nilai Anda"] == 2
    assert "Peserta wawancara menunggu nilai Anda" not in tasks(elsewhere)
    marking.mark(one.pk, 7000, by=marker.user, post=marker)
    assert tasks(marker)["Peserta wawancara menunggu nilai Anda"] == 1
    round_page = reverse("round", args=[running.round.pk])
    assert signed_in(running.post).get(round_page).context["unscored"] == 2  # one of its marks alone is no score
    running.score("interview", dict.fromkeys((one, two), 70))
    assert signed_in(running.post).get(round_page).context["unscored"] == 0
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=AFTER)
    assert "Putaran rekrutmen menunggu langkah berikutnya" not in tasks(running.post)
    objecting.object_to_result(one.pk, "Jawaban saya nomor 12 belum dinilai.", on=AFTER)
    assert tasks(running.post)["Sanggah pelamar belum dijawab"] == 1
    monkeypatch.setattr(day, "today", lambda: AFTER + timedelta(days=30))
    assert tasks(running.post)["Putaran rekrutmen menunggu langkah berikutnya"] == 1


def test_whoever_accepted_is_found_before_the_first_day_and_given_an_account(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the offers to the record and the account; a place that nobody answered for is asked about."""
    officer = person("data_officer", regions=(TAPIN,))
    taken, late = settled_with_offers(running)
    offering.accept(taken.pk, on=SETTLED)
    monkeypatch.setattr(day, "today", lambda: SETTLED)
    told = signed_in(officer).get(reverse("home")).context
    (task,) = [each for each in (*told["tasks"], *told["rest"]) if str(each.what) == "SDM PKH belum punya akun"]
    assert task.count == 1
    assert taken.name in signed_in(officer).get(task.url).content.decode()
    assert taken.name in signed_in(officer).get(reverse("staff_people"), {"state": "coming"}).content.decode()
    offers = reverse("place_offers", args=[running.round.pk])
    record = reverse("staff_person", args=[taken.placeoffers.get().person_id])
    assert record in signed_in(running.post).get(offers).content.decode()
    assert "mulai bertugas <mark>2 Juni 2025</mark>" in signed_in(officer).get(record).content.decode()
    form = signed_in(officer).get(reverse("staff_account", args=[taken.placeoffers.get().person_id])).context["form"]
    assert (form["role"].value(), form["since"].value()) == ("facilitator", BEGINS)
    asked = reverse("application", args=[taken.pk])
    assert "Catat pengunduran diri" in signed_in(running.post).get(asked).content.decode()
    assert "Catat pengunduran diri" not in signed_in(officer).get(asked).content.decode()
    assert "lewat batas, belum dicabut" not in signed_in(running.post).get(offers).content.decode()
    monkeypatch.setattr(day, "today", lambda: SETTLED + timedelta(days=30))
    assert "lewat batas, belum dicabut" in signed_in(running.post).get(offers).content.decode()
    told = signed_in(running.post).get(reverse("home")).context
    (due,) = [each for each in (*told["tasks"], *told["rest"]) if "menunggu langkah berikutnya" in str(each.what)]
    assert due.url == reverse("round", args=[running.round.pk])
    told = [str(each.text) for each in notices_of(late, on=SETTLED + timedelta(days=30))]
    assert any(each.startswith("Tawaran tempat berakhir") for each in told)
    gives_up = reverse("application_gives_up", args=[taken.pk])
    assert signed_in(running.post).post(gives_up, {"m-why": ""}).status_code == 422
    assert signed_in(officer).post(gives_up, {"m-why": "Pindah kota"}).status_code == 404
    assert signed_in(running.post).post(gives_up, {"m-why": "Pindah kota"}).status_code == 303
    assert "Pindah kota" in signed_in(running.post).get(offers).content.decode()


def settled_with_offers(running: Running) -> tuple[Any, Any]:
    """One place of each kecamatan, offered; the one applicant of each."""
    people = [running.apply(place) for place in (running.tengah, running.selatan)]
    running.close()
    checking.check_all(running.round.pk, **running.who)
    running.score_all(dict.fromkeys(people, 80))
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=AFTER)
    rounds.settle(running.round.pk, **running.who, on=SETTLED)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED)
    return people[0], people[1]


def test_an_objection_is_answered_on_its_page(running: Running) -> None:
    (one,) = interviewed(running, 1)
    running.score("interview", {one: 70})
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=AFTER)
    made = objecting.object_to_result(one.pk, "Jawaban saya nomor 12 belum dinilai.", on=AFTER)
    client = signed_in(running.post)
    assert one.name in client.get(reverse("objections", args=[running.round.pk])).content.decode()
    address = reverse("objection", args=[made.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"upheld": "0", "answer": "pendek"}).status_code == 422
    told = {"upheld": "0", "answer": "Lembar jawaban diperiksa ulang; nilainya tetap."}
    assert client.post(address, told).status_code == 303
    made.refresh_from_db()
    assert made.upheld is False


def test_the_pages_speak_english_to_who_asks(running: Running) -> None:
    people = interviewed(running)
    running.score("interview", dict.fromkeys(people, 70))
    freezing.make_ranking(running.round.pk, **running.who)
    client = signed_in(running.post)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("round_ranked", args=[running.round.pk])).content.decode()
    assert "equal totals, decided by" in page
    assert "score of Field competence" not in page  # the two are equal there as well: the lot or the birth decides
    round_page = client.get(reverse("round", args=[running.round.pk])).content.decode()
    assert "Publish the result" in round_page
    assert "lahir lebih dahulu" not in round_page


@pytest.mark.parametrize("name", ["applications", "round", "round_ranked"])
def test_statements_do_not_grow_with_the_applicants(running: Running, name: str) -> None:
    people = [running.apply() for _ in range(2)]
    client = signed_in(running.post)
    address = reverse(name, args=[running.round.pk])

    def statements() -> int:
        client.get(address)
        with CaptureQueriesContext(connections["default"]) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few = statements()
    for _ in range(6):
        running.apply()
    assert statements() == few
    assert people
