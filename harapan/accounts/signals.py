"""Signing in and out and every use or change of a second factor are entries of the log."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, user_logged_in, user_logged_out
from allauth.mfa import signals as mfa
from django.dispatch import receiver
from django.http import HttpRequest

from harapan.accounts import delays
from harapan.accounts.models import User
from harapan.audit import log
from harapan.database.scope import Scope, put_on


def _record(verb: str, request: HttpRequest, user: User, **body: Any) -> None:
    with put_on(Scope.common(actor=user.pk)):
        address = get_adapter().get_client_ip(request)
        log.record(verb, kind="user", subject=user.pk, body={"address": address, **body})


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **sent: Any) -> None:
    with put_on(Scope.common(actor=user.pk)):
        delays.succeeded(user.username, get_adapter().get_client_ip(request))
    _record("user.signed_in", request, user)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **sent: Any) -> None:
    if user is not None:
        _record("user.signed_out", request, user)


@receiver(password_changed)
def changed_password(request: HttpRequest, user: User, **sent: Any) -> None:
    _record("user.password_changed", request, user)


@receiver(mfa.authenticator_used)
def used_second_factor(request: HttpRequest, user: User, authenticator: Any, **sent: Any) -> None:
    _record("user.second_factor_used", request, user, type=authenticator.type)


@receiver(mfa.authentication_failed)
def failed_second_factor(request: HttpRequest, user: User, **sent: Any) -> None:
    with put_on(Scope.common(actor=user.pk)):
        delays.failed(user.username, get_adapter().get_client_ip(request))
    _record("user.second_factor_failed", request, user)


@receiver(mfa.authenticator_added)
def added_second_factor(request: HttpRequest, user: User, authenticator: Any, **sent: Any) -> None:
    _record("user.second_factor_added", request, user, type=authenticator.type)


@receiver(mfa.authenticator_removed)
def removed_second_factor(request: HttpRequest, user: User, authenticator: Any, **sent: Any) -> None:
    _record("user.second_factor_removed", request, user, type=authenticator.type)


@receiver(mfa.authenticator_reset)
def renewed_second_factor(request: HttpRequest, user: User, authenticator: Any, **sent: Any) -> None:
    _record("user.second_factor_renewed", request, user, type=authenticator.type)
