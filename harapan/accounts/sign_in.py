"""How people sign in: by user name, nobody signs up by themselves, and second factors are kept sealed."""

from __future__ import annotations

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from harapan.database import sealing


class Adapter(DefaultAccountAdapter):
    """Accounts are made by whoever manages users, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted at rest like every other secret of a person."""

    def encrypt(self, text: str) -> str:
        blob = sealing.seal(text, kind="text", table="mfa_authenticator", row_id=0)
        return base64.b64encode(blob).decode()

    def decrypt(self, encrypted_text: str) -> str:
        blob = base64.b64decode(encrypted_text)
        return sealing.unseal(blob, kind="text", table="mfa_authenticator", row_id=0)
