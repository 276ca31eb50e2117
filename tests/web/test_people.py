"""Users and their posts on a page: who manages, whom, and that every deed asks why and leaves its trace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Acting, Post, User
from harapan.audit.models import Entry
from harapan.database import day
from harapan.database.scope import Scope
from tests.benefits.world import HSS, TAPIN, regions
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words

TAPIN_TENGAH, TAPIN_SELATAN, ANGKINANG = 6305030000, 6305020000, 6306040000
WHY = "SK Dinas Sosial 12/2025"


@pytest.fixture(autouse=True)
def ground(system: Scope) -> None:
    regions()


@pytest.fixture
def officer() -> Post:
    return person("data_officer", regions=(TAPIN,), name="JUMBERI")


@pytest.fixture
def lead() -> Post:
    return person("district_lead", regions=(TAPIN_TENGAH,), username="katim-tengah", name="RAHMI")


def send(by: Post, page: str, /, *args: int, **given: Any) -> Any:
    return signed_in(by).post(reverse(page, args=args), {"why": WHY, **given})


def drawn(response: Any) -> str:
    """The password a page shows."""
    assert response.status_code == 200
    return str(response.context["password"])


def test_the_list_holds_whom_the_reader_manages(officer: Post, lead: Post) -> None:
    far = person("facilitator", regions=(ANGKINANG,), name="ORANG HSS")
    shown = signed_in(officer).get(reverse("people"))
    assert [user.name for user, *_rest in shown.context["rows"]] == ["RAHMI"]
    assert "<mark>1 pengguna</mark> di Kab. Tapin" in words(shown)
    assert "Ketua tim kecamatan Kec. Tapin Tengah" in words(shown)
    for name in ("person", "person_post", "person_password", "person_deactivate"):
        assert signed_in(officer).get(reverse(name, args=[far.user_id])).status_code == 404
    operator = person("operator")
    assert len(signed_in(operator).get(reverse("people")).context["rows"]) == 4


@pytest.mark.parametrize("role", ["facilitator", "district_lead", "regency_coordinator", "auditor"])
def test_only_who_manages_users_opens_it(role: str, lead: Post) -> None:
    stranger = signed_in(person(role, regions=(TAPIN,) if role == "regency_coordinator" else (TAPIN_TENGAH,)))
    assert stranger.get(reverse("people")).status_code == 404
    assert stranger.get(reverse("person", args=[lead.user_id])).status_code == 404
    assert stranger.post(reverse("person_password", args=[lead.user_id]), {"why": WHY}).status_code == 404
    assert "Pengguna dan jabatan" not in words(stranger.get(reverse("home")))


def test_the_list_is_narrowed_by_name_role_place_and_state(officer: Post, lead: Post) -> None:
    other = person("facilitator", regions=(TAPIN_SELATAN,), username="pendamping-salam", name="SALAM")
    User.objects.filter(pk=other.user_id).update(is_active=False)
    gone = person("facilitator", regions=(TAPIN_TENGAH,), name="SUDAH BERAKHIR")
    Post.objects.filter(pk=gone.pk).update(until=day.today())

    def found(**query: str) -> list[str]:
        return [user.name for user, *_rest in signed_in(officer).get(reverse("people"), query).context["rows"]]

    assert found() == ["RAHMI", "SALAM", "SUDAH BERAKHIR"]
    assert found(q="rah") == ["RAHMI"]
    assert found(q="pendamping-sal") == ["SALAM"]
    assert found(role="facilitator") == ["SALAM"]
    assert found(region=str(TAPIN_TENGAH)) == ["RAHMI"]
    assert found(state="inactive") == ["SALAM"]
    assert found(state="idle") == ["SUDAH BERAKHIR"]
    nobody = signed_in(officer).get(reverse("people"), {"q": "tidak ada"})
    assert "Tidak ada yang cocok" in words(nobody)


def test_somebody_new_gets_a_post_and_a_password_told_once(officer: Post) -> None:
    given = {"username": "siti-tengah", "name": "Siti Mila", "role": "facilitator", "regions": [str(TAPIN_TENGAH)]}
    shown = send(officer, "person_new", since="2025-01-02", letter="SK 12/2025", **given)
    siti = User.objects.get(username="siti-tengah")
    password = drawn(shown)
    assert siti.check_password(password)
    assert password in words(shown)
    assert "no-store" in shown["Cache-Control"]
    assert password not in words(signed_in(officer).get(reverse("person", args=[siti.pk])))
    post = siti.posts.get()
    assert (post.role_code, post.region_nos, post.since) == ("facilitator", [TAPIN_TENGAH], date(2025, 1, 2))
    entries = Entry.objects.filter(subject_kind__in=("user", "post"), actor=officer.user_id, why=WHY)
    assert {entry.subject_kind for entry in entries} == {"user", "post"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"why": ""}, "Alasan"),
        ({"username": "katim-tengah"}, "sudah dipakai"),
        ({"username": "dua kata"}, "memuat spasi"),
        ({"role": "auditor"}, "Peran"),
        ({"regions": [str(ANGKINANG)]}, "Kecamatan"),
        ({"since": "2025-06-02", "until": "2025-06-01"}, "tidak sesudah tanggal mulai"),
    ],
)
def test_what_cannot_be_is_refused_whole_and_what_was_typed_stays(
    officer: Post, lead: Post, given: dict[str, Any], said: str
) -> None:
    good = {"username": "siti", "name": "Siti Mila", "role": "facilitator", "regions": [str(TAPIN_TENGAH)]}
    people = User.objects.count()
    refused = send(officer, "person_new", **{**good, "since": "2025-01-02", **given})
    assert refused.status_code == 422
    assert said in words(refused)
    assert 'value="Siti Mila"' in words(refused)
    assert User.objects.count() == people


def test_the_nation_types_names_or_codes_and_incompatible_roles_are_refused_in_words() -> None:
    operator, rahmi = person("operator"), person("commitment_officer", name="RAHMI")
    refused = send(operator, "person_post", rahmi.user_id, role="treasurer", regions="", since="2025-01-02")
    assert refused.status_code == 422
    assert "RAHMI memegang peran PPK, yang tidak boleh dirangkap dengan Bendahara" in words(refused)
    wrong = send(operator, "person_post", rahmi.user_id, role="data_officer", regions="63.99", since="2025-01-02")
    assert "63.99 tidak ada dalam daftar" in words(wrong)
    for typed in ("63.05, 63.06", "tapin\n\nKab. Hulu Sungai Selatan", "Tapin, Kalimantan Selatan; 63.06"):
        new = person("commitment_officer")
        given = {"role": "data_officer", "regions": typed, "since": "2025-01-02"}
        assert send(operator, "person_post", new.user_id, **given).status_code == 303
        assert new.user.posts.get(role_code="data_officer").region_nos == [TAPIN, HSS]
    unknown = send(
        operator, "person_post", rahmi.user_id, role="data_officer", regions="Tapin\nTapn", since="2025-01-02"
    )
    assert "Wilayah “Tapn” tidak ditemukan" in words(unknown)
    assert send(operator, "person_post", operator.user_id, role="auditor", since="2025-01-02").status_code == 422


def test_a_post_ends_with_a_reason(officer: Post, lead: Post) -> None:
    assert send(officer, "person_post_end", lead.user_id, lead.pk, on="2020-01-01").status_code == 422
    assert send(officer, "person_post_end", lead.user_id, lead.pk, on="2025-01-02").status_code == 303
    lead.refresh_from_db()
    assert lead.until == date(2025, 1, 2)
    assert Entry.objects.filter(subject_kind="post", subject=lead.pk, actor=officer.user_id, why=WHY).exists()
    other = person("facilitator", regions=(TAPIN_TENGAH,))
    assert send(officer, "person_post_end", lead.user_id, other.pk, on="2025-01-02").status_code == 404


def test_another_acts_under_a_letter_between_two_dates(officer: Post, lead: Post) -> None:
    yuni = person("facilitator", regions=(TAPIN_TENGAH,), username="yuni", name="YUNI")
    asked = {"form": "plh", "since": str(day.today()), "until": str(day.today() + timedelta(14)), "letter": "800/12"}
    let = send(officer, "person_acting", lead.user_id, lead.pk, substitute="yuni", **asked)
    assert let.status_code == 303
    acting = Acting.objects.get()
    assert (acting.post, acting.substitute, acting.form, acting.letter) == (lead, yuni.user, "plh", "800/12")
    client = signed_in(officer)
    assert "Plh. YUNI" in words(client.get(reverse("person", args=[lead.user_id])))
    assert "Plh. Ketua tim kecamatan Kec. Tapin Tengah" in words(client.get(reverse("person", args=[yuni.user_id])))
    far = person("facilitator", regions=(ANGKINANG,), username="jauh")
    for substitute in ("jauh", "tidak-ada"):
        refused = send(officer, "person_acting", lead.user_id, lead.pk, substitute=substitute, **asked)
        assert "di luar wilayah kerja Anda" in words(refused)
    assert not Acting.objects.filter(substitute=far.user).exists()


def test_a_forgotten_password_is_given_anew_and_told_once(officer: Post, lead: Post) -> None:
    client = signed_in(lead)
    assert client.get(reverse("home")).status_code == 200
    password = drawn(send(officer, "person_password", lead.user_id))
    lead.user.refresh_from_db()
    assert lead.user.check_password(password)
    assert client.get(reverse("home")).status_code == 302  # sessions that were open have ended
    entry = Entry.objects.get(verb="user.password_given")
    assert (entry.actor, entry.subject, entry.why) == (officer.user_id, lead.user_id, WHY)
    assert password not in str(Entry.objects.filter(subject=lead.user_id).values_list("body", flat=True))


def test_a_lost_second_factor_is_forgotten(officer: Post, lead: Post) -> None:
    refused = send(officer, "person_second_factor", lead.user_id)
    assert "belum memasang langkah kedua" in words(refused)
    Authenticator.objects.create(user=lead.user, type="totp", data={})
    assert "terpasang" in words(signed_in(officer).get(reverse("people")))
    assert send(officer, "person_second_factor", lead.user_id).status_code == 303
    assert not Authenticator.objects.exists()


def test_somebody_is_shut_out_and_let_in(officer: Post, lead: Post) -> None:
    client: Client = signed_in(lead)
    assert send(officer, "person_deactivate", lead.user_id).status_code == 303
    assert client.get(reverse("home")).status_code == 302
    assert "tidak dapat masuk" in words(signed_in(officer).get(reverse("person", args=[lead.user_id])))
    assert send(officer, "person_activate", lead.user_id).status_code == 303
    lead.user.refresh_from_db()
    assert lead.user.is_active
    operator = person("operator")
    refused = send(operator, "person_deactivate", operator.user_id)
    assert "tidak dapat menonaktifkan diri sendiri" in words(refused)


def test_looking_at_a_person_leaves_a_trace(officer: Post, lead: Post) -> None:
    signed_in(officer).get(reverse("person", args=[lead.user_id]))
    assert Entry.objects.filter(verb="user.looked", subject=lead.user_id, actor=officer.user_id).exists()


def test_pages_go_on_by_key_and_their_statements_do_not_grow(officer: Post, lead: Post) -> None:
    def more(*numbers: int) -> None:
        until = day.today() + timedelta(1)
        for number in numbers:
            post = person("facilitator", regions=(TAPIN_TENGAH,), name=f"PENDAMPING {number:02}")
            Acting.objects.create(
                post=lead, substitute=post.user, form="an", since=day.today(), until=until, letter="1"
            )

    client = signed_in(officer)
    addresses = [reverse("people"), reverse("person", args=[lead.user_id])]
    more(0)
    before = [queries(client, address) for address in addresses]
    more(*range(1, 60))
    assert [queries(client, address) for address in addresses] == before
    first = client.get(reverse("people"))
    second = client.get(reverse("people") + "?" + first.context["page"].next_query)
    names = [user.name for page in (first, second) for user, *_rest in page.context["rows"]]
    assert len(names) == len(set(names)) == 61
