"""Pages about staff: who may, whose record, deeds from plan to exit, the public check, statements that do not grow."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from harapan.accounts.models import Acting, Post, User
from harapan.audit.models import Entry
from harapan.database import day
from harapan.workforce.models import Badge, Contract, Departure, Establishment, Person, Portrait
from harapan.workforce.staff import badges, contracts
from harapan.workforce.staff.contracts import Terms
from harapan.workforce.taking_on import take_on
from tests.benefits.world import HSS, TAPIN
from tests.web.signing import person as post_of
from tests.web.signing import signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers
from tests.workforce.conftest import TAPIN_SELATAN, TAPIN_TENGAH, TODAY, Team, team, uneven
from tests.workforce.test_staff import photograph

__all__ = ["team", "uneven"]

SINCE = date(2024, 1, 8)
NIK = "6305014107900001"
SK = {
    "form": "pppk", "position": "penata_layanan_operasional", "number": "SPK/1/2025", "dated": "2025-01-02",
    "since": "2025-02-01", "until": "2025-07-01", "basis": "",
}  # fmt: skip
PAGES = ("staff", "staff_people", "staff_establishment", "staff_contracts", "staff_newcomers", "departures")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


@pytest.fixture
def people(uneven: Team) -> dict[str, Person]:
    return {
        name: take_on(name, region_no=post.region_nos[0], since=SINCE, user=post.user, cohort=2017)
        for name, post in uneven.posts.items()
    }


def page(post: Post, name: str, /, *args: Any, **asked: Any) -> str:
    answer = signed_in(post).get(reverse(name, args=args), asked)
    assert answer.status_code == 200, answer.status_code
    return words(answer)


def sent(post: Post, name: str, /, *args: Any, **given: Any) -> Any:
    return signed_in(post).post(reverse(name, args=args), given)


def bound(team: Team, *people: Person) -> None:
    terms = Terms(Contract.Form.PPPK, "SPK/0", date(2025, 1, 2), date(2025, 1, 2), date(2025, 7, 1),
                  "penata_layanan_operasional")  # fmt: skip
    who = {"post": team.coordinator, "by": team.coordinator.user, "on": TODAY}
    contracts.sign_many([each.pk for each in people], terms, **who)


def test_who_sees_the_roster(uneven: Team, people: dict[str, Person]) -> None:
    for name in PAGES:
        page(uneven.coordinator, name)
        page(post_of("operator"), name)
        assert signed_in(uneven.posts["ANI"]).get(reverse(name)).status_code == 404
    elsewhere = post_of("regency_coordinator", regions=(HSS,))
    assert "ANI" not in page(elsewhere, "staff_people")
    ani = people["ANI"].pk
    for name in ("staff_person", "staff_change", "staff_contract", "staff_mentor"):
        assert signed_in(elsewhere).get(reverse(name, args=[ani])).status_code == 404
    office = post_of("regency_office", regions=(TAPIN,))
    assert "Catat kontrak" not in page(office, "staff_person", ani)
    assert signed_in(office).get(reverse("staff_contract", args=[ani])).status_code == 404


def test_the_roster_tells_vacancies_and_cohorts(uneven: Team, people: dict[str, Person]) -> None:
    told = {"region": "63.05.03", "places": 6, "since": "2025-01-01", "source": "Surat Direktur 15/2025"}
    assert sent(uneven.coordinator, "staff_establishment", **told).status_code == 303
    assert Establishment.objects.get().places == 6
    shown = page(uneven.coordinator, "staff")
    assert "5 pendamping bertugas di Kab. Tapin; <mark>2 tempat kosong</mark>" in shown
    assert "2017" in shown
    assert "<mark>2 dari 6 tempat</mark> kosong" in page(uneven.coordinator, "staff_establishment")
    refused = sent(uneven.coordinator, "staff_establishment", **told | {"region": "63.06.04"})
    assert refused.status_code == 422
    assert "berada di luar wilayah kerja Anda" in words(refused)


def test_the_list_is_narrowed_and_downloaded_without_numbers_of_persons(
    uneven: Team, people: dict[str, Person]
) -> None:
    take_on("WULAN", region_no=TAPIN_SELATAN, since=SINCE, nik=NIK, kind=Person.Kind.TKSK)
    assert "WULAN" in page(uneven.coordinator, "staff_people", kind="tksk")
    assert "ANI</a>" not in page(uneven.coordinator, "staff_people", kind="tksk")
    assert "ANI</a>" in page(uneven.coordinator, "staff_people", cohort=2017)
    answer = signed_in(uneven.coordinator).get(reverse("staff_people"), {"unduh": 1})
    assert answer.status_code == 200
    assert NIK not in answer.getvalue().decode("latin-1")


def test_somebody_is_taken_on_and_given_an_account(uneven: Team) -> None:
    officer = post_of("data_officer", regions=(TAPIN,))
    told = {
        "kind": "pkh", "name": "FITRI", "nik": NIK, "region": "63.05.03", "since": "2025-05-02",
        "education": "bachelor", "cohort": 2025,
    }  # fmt: skip
    made = sent(officer, "staff_new", **told)
    person = Person.objects.get(name="FITRI")
    assert made.url == reverse("staff_person", args=[person.pk])
    assert sent(officer, "staff_new", **told).url == made.url  # the same NIK is the same record
    shown = page(officer, "staff_person", person.pk)
    assert NIK not in shown
    assert "tanpa akun" in shown
    account = {"username": "fitri-tapin", "role": "facilitator", "region": "63.05.03", "since": "2025-05-02",
               "why": "SK Dinas Sosial 12/2025"}  # fmt: skip
    answer = sent(officer, "staff_account", person.pk, **account)
    assert "fitri-tapin" in words(answer)
    assert User.objects.get(username="fitri-tapin").check_password(answer.context["password"])
    wider = sent(officer, "staff_account", person.pk, **account | {"role": "regency_coordinator"})
    assert wider.status_code == 422
    assert signed_in(uneven.coordinator).get(reverse("staff_account", args=[person.pk])).status_code == 404


def test_a_decree_renews_those_picked(uneven: Team, people: dict[str, Person]) -> None:
    bound(uneven, people["ANI"], people["BUDI"])
    assert "2 kontrak</mark> berakhir dalam 60 hari" in page(uneven.coordinator, "staff_contracts")
    again = SK | {"number": "SPK/2", "since": "2025-07-01", "until": "2026-07-01", "position": ""}
    chosen = {"person": [people["ANI"].pk, people["BUDI"].pk]}
    overlap = sent(uneven.coordinator, "staff_contracts", **chosen, **again | {"since": "2025-06-01"})
    assert overlap.status_code == 422
    assert "sudah terikat SPK/0 sampai 1 Juli 2025" in words(overlap)
    assert sent(uneven.coordinator, "staff_contracts", **chosen, **again).status_code == 303
    assert Contract.objects.filter(number="SPK/2").count() == 2
    assert "Tidak ada kontrak" in page(uneven.coordinator, "staff_contracts")


def test_from_plan_to_exit(uneven: Team, people: dict[str, Person]) -> None:
    lead, ani = uneven.coordinator, people["ANI"]
    going = {"leaves_on": "2025-05-20", "letter": "800/7/2025", "why": "mengundurkan diri"}
    planned = sent(lead, "departure_plan", ani.pk, "exit", **going)
    departure = Departure.objects.get()
    assert planned.url == reverse("departure", args=[departure.pk])
    shown = page(lead, "departure", departure.pk)
    assert "Masih ada kelompok" in shown
    assert "Kelompok yang didampingi" in shown
    assert "Laksanakan</button>" not in shown
    near = post_of("district_lead", regions=(TAPIN_TENGAH,))  # sees the plan from a narrower place, and only looks
    assert "Batalkan rencana" not in page(near, "departure", departure.pk)
    assert sent(near, "departure_settle", departure.pk).status_code == 404
    refused = sent(lead, "departure_settle", departure.pk)
    assert refused.status_code == 422
    assert "ANI masih mendampingi 2 kelompok" in words(refused)
    groups = {f"group_{uneven.groups[name].pk}": uneven.user("CICI").pk for name in ("Melati 1", "Melati 2")}
    unsigned = sent(lead, "departure_hand_over", departure.pk, **groups, number="", dated="2025-05-20")
    assert unsigned.status_code == 422
    assert f'value="{uneven.user("CICI").pk}" selected' in words(unsigned)  # what was chosen stays
    given = sent(lead, "departure_hand_over", departure.pk, **groups, number="SK/7/2025", dated="2025-05-20")
    assert given.status_code == 303
    assert "Laksanakan" in page(lead, "departure", departure.pk)
    assert sent(lead, "departure_settle", departure.pk).status_code == 303
    assert "berhenti 20 Mei 2025" in page(lead, "staff_person", ani.pk)
    assert signed_in(uneven.posts["ANI"]).get(reverse("home")).status_code == 302  # no longer let in


def test_leave_with_cover_and_back_early(uneven: Team, people: dict[str, Person]) -> None:
    lead = uneven.coordinator
    going = {
        "leaves_on": "2025-05-18", "back_on": "2025-08-01", "cover": uneven.user("BUDI").pk, "letter": "800/8/2025",
        "why": "cuti melahirkan",
    }  # fmt: skip
    assert sent(lead, "departure_plan", people["ANI"].pk, "leave", **going | {"cover": ""}).status_code == 422
    sent(lead, "departure_plan", people["ANI"].pk, "leave", **going)
    departure = Departure.objects.get()
    assert sent(lead, "departure_settle", departure.pk).status_code == 303
    assert Acting.objects.get().substitute == uneven.user("BUDI")
    assert "Kembali bertugas hari ini" in page(lead, "departure", departure.pk)
    assert sent(lead, "departure_come_back", departure.pk).status_code == 303
    assert Acting.objects.get().until == TODAY


def test_an_acting_post_is_ended_on_the_page_of_users(uneven: Team) -> None:
    officer = post_of("data_officer", regions=(TAPIN,))
    acting = Acting.objects.create(
        post=uneven.posts["ANI"], substitute=uneven.user("BUDI"), form="plh", since=SINCE, until=date(2026, 1, 1),
        letter="ST/1",
    )  # fmt: skip
    user = uneven.user("ANI").pk
    assert "Akhiri penggantian" in page(officer, "person", user)
    told = {"on": "2025-05-20", "why": "kembali lebih awal"}
    assert sent(officer, "person_acting_end", user, acting.pk, **told).status_code == 303
    acting.refresh_from_db()
    assert acting.until == TODAY
    other = post_of("data_officer", regions=(HSS,))
    assert sent(other, "person_acting_end", user, acting.pk, **told).status_code == 404


def test_everybody_reads_their_own_record_and_nobody_elses(uneven: Team, people: dict[str, Person]) -> None:
    bound(uneven, people["ANI"])
    shown = page(uneven.posts["ANI"], "my_record")
    assert "Anda bertugas di <mark>Kec. Tapin Tengah, Kab. Tapin</mark>" in shown
    assert "SPK/0" in shown
    assert "Catat kontrak" not in shown
    assert signed_in(uneven.posts["BUDI"]).get(reverse("staff_person", args=[people["ANI"].pk])).status_code == 404
    assert "Catatan Anda belum dibuat" in page(uneven.coordinator, "my_record")


def test_a_badge_is_checked_by_anybody(uneven: Team, people: dict[str, Person]) -> None:
    bound(uneven, people["ANI"])
    lead, ani = uneven.coordinator, people["ANI"]
    sent(lead, "badge_issue", ani.pk)
    badge = Badge.objects.get()
    paper = signed_in(uneven.posts["ANI"]).get(reverse("badge_paper", args=[ani.pk, badge.pk]))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert signed_in(uneven.posts["BUDI"]).get(reverse("badge_paper", args=[ani.pk, badge.pk])).status_code == 404
    checked = words(Client().get(reverse("badge_checked", args=[badge.code])))
    assert "Kartu ini berlaku" in checked
    assert "ANI" in checked
    sent(lead, "badge_revoke", ani.pk, badge.pk, why="hilang di jalan")
    assert "Kartu ini tidak berlaku lagi" in words(Client().get(reverse("badge_check"), {"kode": badge.code.upper()}))
    assert Client().get(reverse("badge_checked", args=["0" * 20])).status_code == 404
    typed = " ".join(badge.code[at : at + 4] for at in range(0, 20, 4)).upper()  # as it is printed
    assert typed.lower() in PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "Kartu ini tidak berlaku lagi" in words(Client().get(reverse("badge_check"), {"kode": typed}))
    number = words(Client().get(reverse("badge_check"), {"kode": badge.number}))
    assert "mungkin ini nomor kartunya" in number
    assert "tidak dikenal" not in number


def test_a_face_is_on_the_card_and_on_the_page_that_checks_it(uneven: Team, people: dict[str, Person]) -> None:
    bound(uneven, people["ANI"])
    lead, ani, own = uneven.coordinator, people["ANI"], uneven.posts["ANI"]
    wrong = SimpleUploadedFile("foto.jpg", b"bukan foto", content_type="image/jpeg")
    refused = signed_in(own).post(reverse("my_portrait"), {"photo": wrong})
    assert refused.status_code == 422
    assert "bukan foto yang dapat dibuka" in words(refused)
    photo = SimpleUploadedFile("KTP saya.jpg", photograph(), content_type="image/jpeg")
    assert signed_in(own).post(reverse("my_portrait"), {"photo": photo}).status_code == 303
    mine = Portrait.objects.select_related("file").get()
    assert mine.file.name == "foto-petugas.jpg"
    picture = reverse("portrait", args=[ani.pk, mine.pk])
    for post, status in ((own, 200), (lead, 200), (uneven.posts["BUDI"], 404)):
        assert signed_in(post).get(picture).status_code == status
    sent(lead, "badge_issue", ani.pk)
    badge = Badge.objects.get()
    paper = signed_in(own).get(reverse("badge_paper", args=[ani.pk, badge.pk])).content
    assert len(list(PdfReader(io.BytesIO(paper)).pages[0].images)) == 1
    checked = words(Client().get(reverse("badge_checked", args=[badge.code])))
    face = reverse("badge_face", args=[badge.code])
    assert face in checked
    assert "no-store" in Client().get(face)["Cache-Control"]
    # nothing beyond what the card says
    for beyond in (NIK, uneven.user("ANI").username, "2017", "SPK/0"):
        assert beyond not in re.sub(r"<[^>]*>", "", checked)
    sent(lead, "badge_revoke", ani.pk, badge.pk, why="hilang di jalan")
    assert Client().get(face).status_code == 404
    assert face not in words(Client().get(reverse("badge_checked", args=[badge.code])))


def test_what_is_printed_names_both_where_somebody_acts(uneven: Team, people: dict[str, Person]) -> None:
    bound(uneven, people["ANI"])
    lead = uneven.coordinator
    sent(lead, "badge_issue", people["ANI"].pk)
    acting = post_of("data_officer", regions=(TAPIN,), name="YUNI")
    Acting.objects.create(
        post=lead, substitute=acting.user, form="plh", since=SINCE, until=date(2026, 1, 1), letter="ST/1"
    )
    client = signed_in(acting)
    session = client.session
    session["post"] = lead.pk
    session.save()
    paper = client.get(reverse("badge_paper", args=[people["ANI"].pk, Badge.objects.get().pk])).content
    assert "Dicetak oleh YUNI, untuk KATIM TAPIN" in PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    entry = Entry.objects.filter(verb="person.looked").latest("pk")
    assert (entry.actor, entry.on_behalf) == (acting.user_id, lead.user_id)


def test_no_page_ends_a_post_while_groups_are_met(uneven: Team, people: dict[str, Person]) -> None:
    officer = post_of("data_officer", regions=(TAPIN,))
    ani = uneven.posts["ANI"]
    told = {"on": "2025-05-20", "why": "SK Dinas Sosial 12/2025"}
    refused = sent(officer, "person_post_end", ani.user_id, ani.pk, **told)
    assert refused.status_code == 422
    assert "ANI masih mendampingi 2 kelompok: Melati 1, Melati 2" in words(refused)
    assert "rencana cuti, pindah, atau berhenti" in words(refused)
    ani.refresh_from_db()
    assert ani.until is None
    assert reverse("staff_person", args=[people["ANI"].pk]) in page(officer, "person", ani.user_id)
    dedi = uneven.posts["DEDI"]
    assert sent(officer, "person_post_end", dedi.user_id, dedi.pk, **told).status_code == 303


def test_leave_is_asked_for_and_answered(uneven: Team, people: dict[str, Person]) -> None:
    lead, ani = uneven.coordinator, uneven.posts["ANI"]
    wish = {"leaves_on": "2025-05-26", "back_on": "2025-06-09", "why": "menjenguk orang tua"}
    assert sent(ani, "my_leave", **wish | {"back_on": "2025-05-26"}).status_code == 422
    assert sent(ani, "my_leave", **wish).status_code == 303
    sent(uneven.posts["BUDI"], "my_leave_back", Departure.objects.get().pk)
    found = Departure.objects.get()
    assert found.asked  # nobody takes back what another has asked for
    assert "Batalkan permintaan" in page(ani, "my_record")
    assert "Permintaan cuti belum dijawab" in page(lead, "home")
    assert "1 permintaan cuti</mark> menunggu jawaban" in page(lead, "departures")
    shown = page(lead, "departure", found.pk)
    assert "Setujui cuti" in shown
    assert "Laksanakan</button>" not in shown
    near = post_of("district_lead", regions=(TAPIN_TENGAH,))
    assert "Setujui cuti" not in page(near, "departure", found.pk)
    assert sent(near, "departure_grant", found.pk, letter="1", cover=ani.user_id).status_code == 404
    assert sent(lead, "departure_grant", found.pk, letter="", cover=uneven.user("BUDI").pk).status_code == 422
    assert sent(lead, "departure_withdraw", found.pk, why="penyaluran pekan itu").status_code == 303
    assert "penyaluran pekan itu" in page(ani, "my_record")
    assert "Tidak ada yang cuti" in page(lead, "departures")


def test_who_should_have_left_is_on_the_home_page_until_it_is_carried_out(
    uneven: Team, people: dict[str, Person]
) -> None:
    lead, person, told = uneven.coordinator, people["DEDI"], "belum dilaksanakan"
    going = {"leaves_on": TODAY + timedelta(days=1), "letter": "SK/7/2025", "why": "mengundurkan diri"}
    assert sent(lead, "departure_plan", person.pk, "exit", **going).status_code == 303
    assert told not in page(lead, "home")
    Departure.objects.update(leaves_on=TODAY)
    assert "Cuti, pindah, atau berhenti belum dilaksanakan" in page(lead, "home")
    assert sent(lead, "departure_settle", Departure.objects.get().pk).status_code == 303
    assert told not in page(lead, "home")


def test_first_days_on_the_page(uneven: Team, people: dict[str, Person]) -> None:
    new = take_on("FITRI", region_no=TAPIN_TENGAH, since=TODAY - timedelta(days=20))
    lead = uneven.coordinator
    assert "1 dari 1 orang baru</mark> tertinggal" in page(lead, "staff_newcomers")
    given = {"mentor": uneven.user("ANI").pk, "since": "2025-05-20", "why": "pembimbing awal"}
    assert sent(lead, "staff_mentor", new.pk, **given).status_code == 303
    assert reverse("staff_step", args=[new.pk, "introduced"]) in page(lead, "staff_person", new.pk)
    told = {"done_on": "2025-05-19", "words": "Diperkenalkan ketua tim kepada camat dan kepala desa."}
    assert sent(lead, "staff_step", new.pk, "introduced", **told | {"words": "ok"}).status_code == 422
    assert sent(lead, "staff_step", new.pk, "introduced", **told).status_code == 303
    shown = page(lead, "staff_person", new.pk)
    assert told["words"] in shown
    assert "19 Mei 2025" in shown
    assert "2 dari 7 langkah selesai" in page(lead, "staff_person", new.pk)
    assert "FITRI" in page(uneven.posts["ANI"], "my_record")


def test_a_contract_that_never_stood_says_so(uneven: Team, people: dict[str, Person]) -> None:
    bound(uneven, people["ANI"])
    assert "tidak pernah berlaku" not in page(uneven.coordinator, "staff_person", people["ANI"].pk)
    Contract.objects.update(until=F("since"))
    assert "tidak pernah berlaku" in page(uneven.coordinator, "staff_person", people["ANI"].pk)


def test_looking_at_a_record_is_written_down(uneven: Team, people: dict[str, Person]) -> None:
    page(uneven.coordinator, "staff_person", people["ANI"].pk)
    assert Entry.objects.filter(verb="person.looked", subject=people["ANI"].pk).exists()


def test_statements_do_not_grow(uneven: Team, people: dict[str, Person]) -> None:
    client = signed_in(uneven.coordinator)
    take_on("BARU", region_no=TAPIN_TENGAH, since=TODAY, cohort=2018)
    bound(uneven, *people.values())
    before = {name: queries(client, reverse(name)) for name in PAGES}
    for number in range(12):
        take_on(f"BARU {number}", region_no=TAPIN_TENGAH if number % 2 else TAPIN_SELATAN, since=TODAY, cohort=2018)
    bound(uneven, *Person.objects.filter(cohort=2018, user=None))
    assert {name: queries(client, reverse(name)) for name in PAGES} == before


def test_the_pages_speak_english(uneven: Team, people: dict[str, Person]) -> None:
    bound(uneven, people["ANI"])
    badges.issue(people["ANI"].pk, post=uneven.coordinator, by=uneven.coordinator.user, on=TODAY)
    addresses = [reverse(name) for name in PAGES]
    addresses += [reverse("staff_person", args=[people["ANI"].pk]), reverse("staff_new")]
    for address in addresses:
        assert leftovers(english(uneven.coordinator).get(address)) == [], address
