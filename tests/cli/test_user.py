"""`harapan user`: people are made, given posts and helped by who manages users, and by nobody else."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner, Result
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Post, User
from harapan.audit.models import Entry
from harapan.cli import user
from harapan.core.errors import Forbidden, HarapanError, Misuse, Refused
from harapan.database import day
from harapan.database.scope import Scope
from harapan.registry.actions import assign_facilitator
from harapan.registry.models import Group
from harapan.workforce.models import Person
from harapan.workforce.taking_on import take_on
from tests.ground import HIYUNG, village

NEW = ("add", "rahmi", "--name", "Rahmi Hidayati", "--role", "data_officer", "--region", "63.05")


@pytest.fixture(autouse=True)
def operator(system: Scope) -> User:
    village(HIYUNG)
    made = User.objects.create(username="operator", name="Operator sistem")
    Post.objects.create(user=made, role_code="operator", since=date(2007, 1, 1))
    return made


def run(*arguments: str) -> Any:
    """The JSON a command prints; what it refuses is raised."""
    found: Result = CliRunner().invoke(
        user.command, [*arguments, "--json"], catch_exceptions=False, standalone_mode=False
    )
    return json.loads(found.output)


def rahmi() -> User:
    return User.objects.get(username="rahmi")


def test_somebody_is_made_with_a_post_and_a_password_told_once() -> None:
    made = run(*NEW, "--since", "2025-01-02", "--letter", "SK 12/2025")
    assert rahmi().check_password(made["password"])
    assert made["post"] == {
        "role": "data_officer", "regions": ["63.05"], "since": "2025-01-02", "until": None, "letter": "SK 12/2025",
        "acting": [],
    }  # fmt: skip
    (row,) = [each for each in run("list") if each["username"] == "rahmi"]
    assert (row["name"], row["active"], row["second_factor"]) == ("Rahmi Hidayati", True, False)
    assert row["posts"] == [made["post"]]
    said = CliRunner().invoke(user.command, ["list"], catch_exceptions=False).output
    assert "data_officer, 63.05, sejak 2025-01-02" in said
    assert made["password"] not in said


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("add", "operator", *NEW[2:]), Refused, "sudah dipakai"),
        (("add", "ani", "--name", "Ani", "--role", "juru_kunci"), Refused, "tidak dikenal"),
        (("add", "ani", "--name", "Ani", "--role", "data_officer", "--region", "99.99"), HarapanError, "99.99"),
        (("add", "ani", "--name", "Ani", "--role", "auditor", "--since", "2/1/2025"), Misuse, "tidak terbaca"),
        (("password", "siapa"), Refused, "'siapa' tidak ada"),
        (("end", "operator", "--role", "auditor"), Refused, "tidak memegang auditor"),
        (("forget-second-factor", "operator"), Refused, "belum memasang"),
        (("disable", "operator"), Refused, "diri sendiri"),
    ],
)
def test_what_cannot_be_is_refused_in_words(arguments: tuple[str, ...], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        run(*arguments)
    assert not User.objects.filter(username="ani").exists()  # nobody is left without the post


def test_posts_are_given_and_ended() -> None:
    run(*NEW, "--since", "2025-01-02")
    given = run("post", "rahmi", "--role", "district_lead", "--region", "63.05.03", "--since", "2025-03-01")
    assert given["post"]["regions"] == ["63.05.03"]
    ended = run("end", "rahmi", "--role", "data_officer", "--on", "2025-04-01")
    assert ended["post"]["until"] == "2025-04-01"
    (row,) = [each for each in run("list") if each["username"] == "rahmi"]
    assert [post["role"] for post in row["posts"]] == ["district_lead"]


def test_an_account_has_its_record_and_no_post_ends_with_groups() -> None:
    run(*NEW, "--since", "2025-01-02")
    record = Person.objects.get(user=rahmi())
    assert (record.name, record.region_no, record.kind) == ("Rahmi Hidayati", 6305000000, "pkh")
    known = take_on("Gita", region_no=6305030000, since=date(2024, 1, 8), nik="6305014107900001")
    run("add", "gita", "--name", "Gita", "--nik", "6305014107900001", "--role", "facilitator", "--region", "63.05.03")
    known.refresh_from_db()
    assert known.user == User.objects.get(username="gita")
    group = Group.objects.create(name="Melati 1", region_id=HIYUNG)
    assign_facilitator([group.pk], known.user, by=known.user, on=day.today())
    later = (day.today() + timedelta(days=1)).isoformat()
    with pytest.raises(Refused, match="masih mendampingi 1 kelompok: Melati 1"):
        run("end", "gita", "--role", "facilitator", "--on", later)


def test_one_of_two_places_is_named(operator: User) -> None:
    run(*NEW[:4], "--role", "district_lead", "--region", "63.05.03", "--since", "2025-01-02")
    person = rahmi()
    Post.objects.create(user=person, role_code="district_lead", region_nos=[6305020000], since=date(2025, 1, 2))
    with pytest.raises(Refused, match="Sebut wilayahnya"):
        run("end", "rahmi", "--role", "district_lead")
    assert run("end", "rahmi", "--role", "district_lead", "--region", "63.05.03")["post"]["regions"] == ["63.05.03"]


def test_somebody_acts_for_another() -> None:
    run(*NEW, "--since", "2025-01-02")
    run("add", "yuni", "--name", "Yuni", "--role", "district_lead", "--region", "63.05.03")
    later = (day.today() + timedelta(days=30)).isoformat()
    let = run("acting", "rahmi", "--role", "data_officer", "--substitute", "yuni", "--form", "plh", "--until", later,
              "--letter", "800/12/2025")  # fmt: skip
    (substitute,) = let["post"]["acting"]
    assert (substitute["username"], substitute["form"], substitute["until"]) == ("yuni", "plh", later)
    sooner = (day.today() + timedelta(days=3)).isoformat()
    named = ("end-acting", "rahmi", "--role", "data_officer", "--substitute")
    assert run(*named, "yuni", "--on", sooner)["until"] == sooner
    with pytest.raises(Refused, match="operator tidak menggantikan rahmi"):
        run(*named, "operator")


def test_who_forgot_the_password_gets_another() -> None:
    before = run(*NEW)["password"]
    after = run("password", "rahmi", "--why", "lupa")["password"]
    assert after != before
    assert rahmi().check_password(after)
    assert Entry.objects.filter(verb="user.password_given", subject=rahmi().pk, why="lupa").exists()


def test_a_new_password_ends_the_sessions() -> None:
    run(*NEW)
    browser = Client()
    browser.force_login(rahmi())
    own_page = reverse("account_change_password")  # all that is open to a password that another gave
    assert browser.get(own_page).status_code == 200
    run("password", "rahmi")
    assert browser.get(own_page).headers["Location"].startswith(reverse("account_login"))


def test_who_lost_the_phone_sets_up_another(operator: User) -> None:
    run(*NEW)
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=rahmi(), type=kind, data={})
    assert [row["second_factor"] for row in run("list")] == [False, True]
    found = run("forget-second-factor", "rahmi", "--why", "HP hilang")
    assert found == {"username": "rahmi", "forgotten": ["recovery_codes", "totp"]}
    assert not Authenticator.objects.exists()
    entry = Entry.objects.get(verb="user.second_factor_forgotten")
    assert (entry.actor, entry.subject, entry.why) == (operator.pk, rahmi().pk, "HP hilang")


def test_somebody_is_shut_out_and_let_in() -> None:
    run(*NEW)
    run("disable", "rahmi")
    assert not rahmi().is_active
    run("enable", "rahmi")
    assert rahmi().is_active


def test_only_who_manages_users_may() -> None:
    run("add", "rahmi", "--name", "Rahmi Hidayati", "--role", "regency_office", "--region", "63.05")
    names = "list add post end acting end-acting password forget-second-factor disable enable"
    for name in names.split():
        rest = {
            "list": (), "add": ("ani", "--name", "Ani", "--role", "auditor"), "post": ("rahmi", "--role", "auditor"),
            "end": ("rahmi", "--role", "auditor"),
            "acting": ("rahmi", "--role", "auditor", "--substitute", "operator", "--form", "plt", "--until",
                       "2030-01-01", "--letter", "1"),
            "end-acting": ("rahmi", "--role", "auditor", "--substitute", "operator"),
        }.get(name, ("operator",))  # fmt: skip
        with pytest.raises(Forbidden):
            run(name, *rest, "--as", "rahmi")


def test_a_kabupaten_manages_those_below_it_and_nobody_else() -> None:
    run(*NEW)
    made = run("add", "siti", "--name", "Siti", "--role", "facilitator", "--region", "63.05.03", "--as", "rahmi")
    assert made["post"]["regions"] == ["63.05.03"]
    assert [row["username"] for row in run("list", "--as", "rahmi")] == ["siti"]
    run("disable", "siti", "--as", "rahmi")
    with pytest.raises(Refused, match="di luar wilayah kerja Anda"):
        run("password", "operator", "--as", "rahmi")
    with pytest.raises(Refused, match="tidak di bawah jabatan Anda"):
        run("post", "siti", "--role", "auditor", "--as", "rahmi")


def test_every_command_says_what_it_does_with_an_example() -> None:
    for name in user.command.commands:
        told = CliRunner().invoke(user.command, [name, "--help"]).output
        assert "Contoh: harapan user" in " ".join(told.split()), name
