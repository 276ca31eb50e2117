"""The door: one name and one password, a second step where the role demands it, and one's own account behind it."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter

from harapan.accounts import actions
from harapan.accounts.middleware import OPEN_BEFORE
from harapan.accounts.models import Post
from harapan.audit.models import Entry
from tests.benefits.world import TAPIN, World
from tests.web.signing import PASSWORD, person, signed_in


@pytest.fixture(autouse=True)
def unused_codes(db: None) -> None:
    """A code is good once; the tests of one minute share the codes of that minute."""
    cache.clear()


@pytest.fixture
def facilitator(world: World) -> Post:
    return person("facilitator", regions=(6305030000,), groups=(world.groups[6305032009].pk,))


@pytest.fixture
def officer(world: World) -> Post:
    return person("data_officer", regions=(TAPIN,))


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD)))


def sign_in(client: Client, post: Post, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": post.user.username, "password": password}, follow=True)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_door_speaks_both_languages_before_anybody_is_known(facilitator: Post) -> None:
    page = text_of(Client().get(reverse("account_login")))
    assert "Nama pengguna" in page
    assert 'name="language" value="en"' in page
    assert "style=" not in page
    assert re.search(r"<script(?![^>]*\bsrc=)", page) is None


def test_password_alone_opens_home_for_who_needs_no_more(facilitator: Post) -> None:
    response = sign_in(Client(), facilitator)
    assert response.redirect_chain[-1][0] == reverse("home")
    assert "menunggu Anda" in text_of(response)


def test_wrong_password_is_said_in_plain_words_and_then_makes_wait(facilitator: Post) -> None:
    client = Client()
    first = sign_in(client, facilitator, "bukan-ini")
    assert first.status_code == 422
    assert "Nama pengguna atau kata sandi tidak cocok." in text_of(first)
    said = [text_of(sign_in(client, facilitator, "bukan-ini")) for _time in range(6)]
    assert re.search(r"Tunggu \d+ (detik|menit)", said[-1])


def test_role_with_second_factor_is_led_to_set_it_up_before_anything_else(officer: Post) -> None:
    client = Client()
    response = sign_in(client, officer)
    assert response.redirect_chain[-1][0] == reverse("second_factor_needed")
    assert "Pasang langkah kedua" in text_of(response)
    for name in ("home", "families", "verification"):
        assert client.get(reverse(name)).headers["Location"] == reverse("second_factor_needed")


@pytest.fixture
def given_password(officer: Post) -> Post:
    """Their password was given by another, as on the page of users and by the command."""
    actions.set_password(officer.user, password="sawah terbentang 9", by=officer.user)
    return officer


def addresses() -> list[str]:
    """One of every page, look and deed there is."""
    found = []
    for name, ways in get_resolver().reverse_dict.lists():
        ((written, _names), *_others), _pattern, _defaults, kinds = ways[0]
        numbers = {each: 7 if isinstance(kind, IntConverter) else UUID(int=7) for each, kind in kinds.items()}
        if isinstance(name, str) and name not in OPEN_BEFORE:
            found.append("/" + written % numbers)
    return found


def test_nothing_is_open_to_a_password_given_by_another_but_the_page_to_choose_ones_own(given_password: Post) -> None:
    client = signed_in(given_password)
    choose = reverse("account_change_password")
    known = addresses()
    assert len(known) > 300
    for address in known:
        assert client.post(address).headers["Location"] == choose, address
    assert client.get(reverse("families")).headers["Location"] == choose
    assert client.get(reverse("families"), headers={"HX-Request": "true"}).headers["HX-Redirect"] == choose


def test_whoever_chooses_their_own_password_goes_on_to_what_they_came_for(given_password: Post) -> None:
    client = Client()
    page = sign_in(client, given_password, "sawah terbentang 9")
    assert page.redirect_chain[-1][0] == reverse("account_change_password")
    assert "Pilih kata sandi Anda sendiri dahulu" in text_of(page)
    same = {"oldpassword": "sawah terbentang 9", "password1": "sawah terbentang 9", "password2": "sawah terbentang 9"}
    refused = client.post(reverse("account_change_password"), same)
    assert (refused.status_code, "sama dengan yang sekarang" in text_of(refused)) == (422, True)
    own = {**same, "password1": "bukit kapur 31", "password2": "bukit kapur 31"}
    after = client.post(reverse("account_change_password"), own, follow=True)
    assert after.redirect_chain[-1][0] == reverse("second_factor_needed")
    again = sign_in(Client(), given_password, "bukit kapur 31")
    assert again.redirect_chain[-1][0] == reverse("second_factor_needed")


def test_setting_up_the_code_app_opens_home_and_shows_recovery_codes_once(officer: Post) -> None:
    client = Client()
    sign_in(client, officer)
    activate = reverse("mfa_activate_totp")
    again = client.get(activate, follow=True)
    page = client.post(again.redirect_chain[-1][0], {"password": PASSWORD, "next": activate}, follow=True)
    shown = text_of(page)
    assert "<svg" in shown
    assert "data:" not in shown
    secret = client.session["mfa.totp.secret"]
    codes = text_of(client.post(activate, {"code": code_of(secret)}, follow=True))
    found = re.findall(r'<li class="secret">(\d+)</li>', codes)
    assert len(found) == 10
    later = text_of(client.get(reverse("mfa_view_recovery_codes")))
    assert not any(code in later for code in found)
    assert client.get(reverse("home")).status_code == 200


def test_second_step_asks_for_a_code_and_takes_a_recovery_code_once(officer: Post) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(officer.user, secret)
    client = Client()
    asked = sign_in(client, officer)
    assert asked.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert client.get(reverse("home")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 422
    assert "tidak cocok atau sudah lewat" in text_of(wrong)
    right = client.post(
        reverse("mfa_authenticate"), {"code": f"{code_of(secret)[:3]} {code_of(secret)[3:]}"}, follow=True
    )
    assert right.redirect_chain[-1][0] == reverse("home")


def test_session_from_before_the_second_factor_is_asked_to_show_it(officer: Post) -> None:
    TOTP.activate(officer.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = signed_in(officer, second_factor=False)
    assert client.get(reverse("second_factor_needed")).headers["Location"] == reverse("mfa_reauthenticate")


def test_secrets_of_code_apps_are_sealed_and_appear_on_no_page(officer: Post) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(officer.user, secret)
    stored = Authenticator.objects.get(user=officer.user)
    assert secret not in str(stored.data)
    assert get_adapter().decrypt(stored.data["secret"]) == secret
    assert secret not in text_of(signed_in(officer).get(reverse("mfa_index")))


def test_changed_password_is_logged_under_the_own_name_and_works(facilitator: Post) -> None:
    client = signed_in(facilitator)
    new = {"oldpassword": PASSWORD, "password1": "pohon-kapal-senja", "password2": "pohon-kapal-senja"}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    facilitator.user.refresh_from_db()
    assert facilitator.user.check_password("pohon-kapal-senja")
    entry = Entry.objects.filter(subject_kind="user", actor=facilitator.user_id).latest("id")
    assert "pohon" not in str(entry.body)


def test_wrong_current_password_changes_nothing(facilitator: Post) -> None:
    new = {"oldpassword": "keliru", "password1": "pohon-kapal-senja", "password2": "pohon-kapal-senja"}
    response = signed_in(facilitator).post(reverse("account_change_password"), new)
    assert response.status_code == 422
    assert "Kata sandi sekarang tidak cocok" in text_of(response)


def test_somebody_with_two_posts_acts_in_the_one_they_choose(facilitator: Post, officer: Post) -> None:
    other = Post.objects.create(
        user=facilitator.user, role_code="district_lead", region_nos=[6305030000], since="2024-01-01"
    )
    client = signed_in(facilitator)
    assert "Pendamping" in text_of(client.get(reverse("home")))
    assert client.post(reverse("switch_post"), {"post": other.pk}).status_code == 303
    assert "Ketua tim kecamatan" in text_of(client.get(reverse("home")))
    assert Entry.objects.filter(verb="post.taken", subject=other.pk, actor=facilitator.user_id).exists()


def test_nobody_takes_a_post_of_somebody_else(facilitator: Post, officer: Post) -> None:
    response = signed_in(facilitator).post(reverse("switch_post"), {"post": officer.pk})
    assert response.status_code == 422
    assert "bukan milik Anda" in text_of(response)


def test_signing_out_needs_a_press_and_ends_the_session(facilitator: Post) -> None:
    client = signed_in(facilitator)
    assert "Keluar dari Harapan?" in text_of(client.get(reverse("account_logout")))
    client.post(reverse("account_logout"))
    assert client.get(reverse("home")).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "account_change_password", "mfa_list_webauthn", "mfa_activate_totp", "mfa_add_webauthn"],
)
def test_own_account_is_closed_to_who_is_not_signed_in(name: str, facilitator: Post) -> None:
    assert Client().get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_post_that_is_not_theirs_is_no_way_around_the_second_step(officer: Post) -> None:
    """A password that fits is no session: between the two steps nobody is signed in."""
    TOTP.activate(officer.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = Client()
    sign_in(client, officer)
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("mfa_index")).status_code == 302
