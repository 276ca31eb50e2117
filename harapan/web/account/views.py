"""The way in and out: pages before one is signed in, and the question to prove oneself once more."""

from __future__ import annotations

import json
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from harapan.web.account import forms


class Refusable:
    """A form that was refused answers 422, like every form of ours."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == HttpResponse.status_code:
            response.status_code = 422
        return response


class WithPasskey:
    """Puts what the browser needs for a passkey into an attribute: no script stands in a page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if "js_data" in context:
            (options,) = context["js_data"].values()
            context["passkey_options"] = json.dumps(options, cls=DjangoJSONEncoder)
        return context


class SignIn(Refusable, account.LoginView):
    form_class = forms.SignInForm


class SecondStep(Refusable, WithPasskey, mfa.AuthenticateView):
    """The second factor, for whoever has set one up. Nobody is signed in before it."""

    form_class = forms.CodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["name"] = self.stage.login.user.name
        return context


class SignOut(account.LogoutView):
    """GET asks, POST signs out."""


class AgainByPassword(Refusable, account.ReauthenticateView):
    form_class = forms.PasswordAgain


class AgainByCode(Refusable, mfa.ReauthenticateView):
    form_class = forms.CodeAgainForm


class AgainByPasskey(WithPasskey, webauthn.ReauthenticateWebAuthnView):
    pass


def help_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Passwords are set anew by a person who knows the one who asks; nothing is sent to an address."""
    return render(request, "account/help.html")


def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "account/account_inactive.html", status=403)
