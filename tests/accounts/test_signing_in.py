"""Signing in: waits that grow for whoever guesses, a second factor where the role demands it, entries for all of it."""

from __future__ import annotations

import base64
import json
import time
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harapan.accounts import actions, delays
from harapan.accounts.models import SignInDelay, User
from harapan.audit.models import Entry
from harapan.database.scope import Scope, put_on
from tests.ground import HIYUNG, TAPIN, TAPIN_TENGAH, village

PASSWORD = "padi menguning 7"


@pytest.fixture(autouse=True)
def no_old_counts(db: None) -> None:
    cache.clear()


@pytest.fixture
def people(db: None) -> dict[str, User]:
    with put_on(Scope.batch(via="test")):
        village(HIYUNG)
        made = {}
        for username, role_code, region in (
            ("pendamping", "facilitator", TAPIN_TENGAH[0]),
            ("data", "data_officer", TAPIN[0]),
        ):
            user = actions.create_user(username, name=username.title(), by=None, password=PASSWORD)
            actions.give_post(user, role_code=role_code, region_nos=[region], since=date(2020, 1, 1), by=None)
            made[username] = user
    return made


def try_in(client: Client, username: str = "pendamping", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": username, "password": password}, **extra)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def entries(verb: str) -> list[Entry]:
    with put_on(Scope.nation()):
        return list(Entry.objects.filter(verb=verb).order_by("id"))


def time_passes(seconds: int) -> None:
    for row in SignInDelay.objects.all():
        SignInDelay.objects.filter(pk=row.pk).update(latest_at=row.latest_at - timedelta(seconds=seconds))


def test_the_right_password_lets_in_and_is_logged(people: dict[str, User], client: Client) -> None:
    response = try_in(client)
    assert response.status_code == 302
    assert signed_in(client)
    (entry,) = entries("user.signed_in")
    assert (entry.actor, entry.subject) == (people["pendamping"].pk, people["pendamping"].pk)
    assert json.loads(entry.body or "")["address"] == "127.0.0.1"


def test_the_session_is_another_after_signing_in(people: dict[str, User], client: Client) -> None:
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    try_in(client)
    assert client.session.session_key != before


def test_signing_out_is_logged(people: dict[str, User], client: Client) -> None:
    try_in(client)
    client.post(reverse("account_logout"))
    assert not signed_in(client)
    assert [entry.actor for entry in entries("user.signed_out")] == [people["pendamping"].pk]


def test_a_wrong_password_is_logged_without_what_was_typed(people: dict[str, User], client: Client) -> None:
    try_in(client, password="salah sekali 1")
    try_in(client, username=PASSWORD, password="x")  # a password typed into the wrong box
    known, unknown = entries("user.sign_in_failed")
    assert (known.subject, unknown.subject) == (people["pendamping"].pk, None)
    for entry in (known, unknown):
        assert "salah" not in (entry.body or "")
        assert PASSWORD not in (entry.body or "")


def test_waits_grow_and_are_told_in_words(people: dict[str, User], client: Client) -> None:
    for _ in range(delays.FREE):
        try_in(client, password="salah")
    response = try_in(client)  # right, but too soon
    assert not signed_in(client)
    assert "Tunggu 5 detik" in response.content.decode()
    time_passes(6)
    try_in(client, password="salah")
    assert "Tunggu 10 detik" in try_in(client).content.decode()
    time_passes(11)
    assert try_in(client).status_code == 302
    assert not SignInDelay.objects.exists()


def test_guessing_from_elsewhere_does_not_lock_a_colleague_out(people: dict[str, User], client: Client) -> None:
    for _ in range(10):
        try_in(Client(), password="salah", REMOTE_ADDR="203.0.113.9")
        time_passes(1000)
    assert try_in(client).status_code == 302


def test_guessing_from_everywhere_makes_strange_devices_wait(people: dict[str, User], client: Client) -> None:
    try_in(client)
    client.post(reverse("account_logout"))
    for number in range(delays.FROM_EVERYWHERE_MAX + 1):
        SignInDelay.objects.create(
            username="pendamping", address=f"203.0.113.{number}", failures=1, latest_at=timezone.now()
        )
    assert "Tunggu 15 menit" in try_in(Client(), REMOTE_ADDR="198.51.100.1").content.decode()
    assert try_in(client).status_code == 302  # has been signed in here before


def test_a_device_known_to_one_is_strange_to_another(people: dict[str, User], client: Client) -> None:
    try_in(client)
    client.post(reverse("account_logout"))
    SignInDelay.objects.create(username="data", address="203.0.113.1", failures=99, latest_at=timezone.now())
    assert "Tunggu" in try_in(client, username="data").content.decode()


def test_old_failures_are_forgotten(people: dict[str, User], client: Client) -> None:
    for _ in range(delays.FREE):
        try_in(client, password="salah")
    time_passes(25 * 3600)
    try_in(client, password="salah")
    assert SignInDelay.objects.get().failures == 1
    time_passes(25 * 3600)
    assert delays.forget() == 1


def test_an_inactive_person_stays_out(people: dict[str, User], client: Client) -> None:
    with put_on(Scope.batch(via="test")):
        actions.set_active(people["pendamping"], active=False, by=people["data"])
    try_in(client)
    assert not signed_in(client)


def test_nobody_signs_up(people: dict[str, User], client: Client) -> None:
    assert client.get("/masuk/signup/").status_code == 404


@pytest.fixture
def secret(people: dict[str, User]) -> str:
    """An authenticator app of the data officer."""
    made = totp.generate_totp_secret()
    with put_on(Scope.common(actor=people["data"].pk)):
        totp.TOTP.activate(people["data"], made)
    return made


def code(secret: str, *, turns: int = 0) -> str:
    """The code of this half minute, or of so many after it; before it where below zero."""
    turn = int(time.time()) // app_settings.TOTP_PERIOD
    return totp.format_hotp_value(totp.hotp_value(secret, turn + turns))


def test_a_secret_is_kept_sealed(people: dict[str, User], secret: str) -> None:
    kept = json.dumps(Authenticator.objects.get(type="totp").data)
    assert secret not in kept
    assert base64.b32decode(secret).hex() not in kept


def test_a_second_factor_is_asked_before_anybody_is_in(people: dict[str, User], client: Client, secret: str) -> None:
    response = try_in(client, "data")
    assert response.url == reverse("mfa_authenticate")
    assert not signed_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code in (200, 422)
    assert not signed_in(client)
    assert [entry.subject for entry in entries("user.second_factor_failed")] == [people["data"].pk]
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert signed_in(client)
    assert len(entries("user.second_factor_used")) == 1
    assert not SignInDelay.objects.exists()


def test_a_code_counts_a_little_longer_than_it_shows(people: dict[str, User], client: Client, secret: str) -> None:
    """Clocks of phones drift, and typing takes time; older ones are no codes any more."""
    try_in(client, "data")
    client.post(reverse("mfa_authenticate"), {"code": code(secret, turns=-3)})
    assert not signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert signed_in(client)


def test_a_role_that_demands_it_opens_nothing_without(people: dict[str, User], client: Client) -> None:
    try_in(client, "data")
    assert client.get(reverse("home")).url == reverse("second_factor_needed")


def test_a_role_that_does_not_demand_it_opens(people: dict[str, User], client: Client) -> None:
    try_in(client)
    assert client.get(reverse("home")).status_code == 200


def test_an_old_hash_is_renewed_at_sign_in(people: dict[str, User], client: Client, settings: Any) -> None:
    """The change of the stored hash is a change of a user, which needs somebody who acts."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert try_in(client).status_code == 302
    assert User.objects.get(username="pendamping").password.startswith("pbkdf2")
