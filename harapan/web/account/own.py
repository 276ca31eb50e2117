"""One's own account: password, second factor, passkeys, recovery codes, and the post one acts in."""

from __future__ import annotations

from typing import Any, cast

import segno
from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.http import require_POST

from harapan.accounts.middleware import SESSION_POST
from harapan.accounts.request import Request
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.ui.pages import see_other
from harapan.web.account import forms
from harapan.web.account.views import Refusable, WithPasskey

STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class OwnName(View):
    """What somebody changes of their own account stands in the log under their own name."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        with put_on(Scope.common(actor=request.user.pk)):
            response: Any = super().dispatch(request, *args, **kwargs)
            # templates are lazy: make the page while the scope is on
            return response.render() if callable(getattr(response, "render", None)) else response


class Proven:
    """Whoever has just set up a second factor has shown it: this session needs no second showing."""

    proof = ""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        record_authentication(self.request, self.request.user, "mfa", type=self.proof)  # type: ignore[attr-defined]
        return response


class Settings(OwnName, mfa.IndexView):
    pass


class ChangePassword(OwnName, Refusable, account.PasswordChangeView):
    """Of one's own will, or because another gave the present one: then it is the only page, and leads on to home."""

    form_class = forms.NewPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.given = request.user.is_authenticated and request.user.password_temporary
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["account/own_password_first.html"] if self.given else super().get_template_names()

    def get_default_success_url(self) -> str:
        return reverse("home" if self.given else "mfa_index")


class AddCodeApp(OwnName, Proven, Refusable, totp.ActivateTOTPView):
    form_class = forms.FirstCodeForm
    proof = Authenticator.Type.TOTP

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        # inline, as the page's policy takes no data: images; white behind, for the dark theme
        drawn = segno.make(context["totp_url"], error="m").svg_inline(border=3, light="#fff", omitsize=True)
        context["qr"] = mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address
        return context


class RemoveCodeApp(OwnName, totp.DeactivateTOTPView):
    pass


class RecoveryCodes(OwnName, codes.ViewRecoveryCodesView):
    """The codes are shown once; afterwards only how many are left."""


class NewRecoveryCodes(OwnName, codes.GenerateRecoveryCodesView):
    pass


class Passkeys(OwnName, webauthn.ListWebAuthnView):
    pass


class AddPasskey(OwnName, Proven, Refusable, WithPasskey, webauthn.AddWebAuthnView):
    form_class = forms.PasskeyForm
    proof = Authenticator.Type.WEBAUTHN


class RemovePasskey(OwnName, webauthn.RemoveWebAuthnView):
    pass


class RenamePasskey(OwnName, Refusable, webauthn.EditWebAuthnView):
    form_class = forms.PasskeyNameForm


@login_required
def second_factor_needed(incoming: HttpRequest) -> HttpResponse:
    """Where a role that demands a second factor leads before anything else: show it, or set one up first."""
    request = cast(Request, incoming)
    if request.second_factor:
        return redirect("home")
    if get_adapter().is_mfa_enabled(request.user, STRONG):
        return redirect("mfa_reauthenticate")
    return render(request, "account/second_factor_needed.html")


@require_POST
@login_required
def switch_post(incoming: HttpRequest) -> HttpResponse:
    """Act in another of one's posts; what one sees changes with it."""
    request = cast(Request, incoming)
    held = {str(post.pk): post for post in request.posts}
    chosen = held.get(request.POST.get("post", ""))
    if chosen is None:
        raise Refused("Jabatan itu bukan milik Anda hari ini. Pilih jabatan lain di menu nama Anda.")
    request.session[SESSION_POST] = chosen.pk
    behalf = None if chosen.user_id == request.user.pk else chosen.user_id
    with put_on(Scope.common(actor=request.user.pk, on_behalf=behalf)):
        log.record("post.taken", kind="post", subject=chosen.pk)
    return see_other(request, "home")
