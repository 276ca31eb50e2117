"""How people sign in: by user name, nobody signs up by themselves, and second factors are kept sealed."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from harapan.accounts import delays
from harapan.accounts.models import User
from harapan.audit import log
from harapan.database import sealing
from harapan.database.scope import SYSTEM, Scope, put_on

KNOWN_DEVICE = "harapan_device"
KNOWN_SECONDS = 180 * 24 * 3600


class Adapter(DefaultAccountAdapter):
    """Accounts are made by whoever manages users, never by a visitor. Wrong passwords make their address wait."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """One transaction: the wait is looked at, the password tried and a failure counted under one lock."""
        actor = request.user.pk if request.user.is_authenticated else SYSTEM
        with put_on(Scope.common(actor=actor)):
            user: User | None = super().authenticate(request, **credentials)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        username = str(credentials.get("username", ""))
        wait = delays.wait_seconds(
            username, self.get_client_ip(request), known_device=is_known_device(request, username)
        )
        if wait:
            raise ValidationError(
                _(
                    "Terlalu banyak percobaan yang gagal. Tunggu %(wait)s, lalu coba lagi. "
                    "Lupa kata sandi? Mintalah yang baru kepada pengelola pengguna di kantor Anda."
                )
                % {"wait": delays.in_words(wait).heard()},
                code="wait",
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        username, address = str(credentials.get("username", "")), self.get_client_ip(request)
        delays.failed(username, address)
        # What was typed as a name may be a password typed into the wrong box: only names we know are written down.
        known = User.objects.filter(username=username).values_list("pk", flat=True).first()
        log.record("user.sign_in_failed", kind="user", subject=known, body={"address": address})

    def set_password(self, user: User, password: str) -> None:
        """Whoever chooses a password themselves has it for good."""
        user.password_temporary = False
        super().set_password(user, password)

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        response.set_signed_cookie(
            KNOWN_DEVICE,
            str(user.pk),
            max_age=KNOWN_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response


def is_known_device(request: HttpRequest, username: str) -> bool:
    """Whether this browser has been signed in to this account before."""
    number = request.get_signed_cookie(KNOWN_DEVICE, default="", max_age=KNOWN_SECONDS) or ""
    return number.isdecimal() and User.objects.filter(pk=int(number), username=username).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted at rest like every other secret of a person."""

    def encrypt(self, text: str) -> str:
        blob = sealing.seal(text, kind="text", table="mfa_authenticator", row_id=0)
        return base64.b64encode(blob).decode()

    def decrypt(self, encrypted_text: str) -> str:
        blob = base64.b64decode(encrypted_text)
        return sealing.unseal(blob, kind="text", table="mfa_authenticator", row_id=0)
