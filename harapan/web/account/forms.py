"""allauth's forms in our words. What they check stays theirs; who must wait how long is said by `accounts.sign_in`."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


def password_field(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """Never trimmed, never refused to be pasted."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "lg"})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=help_text)


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "lg", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=attrs), help_text=help_text)


OUR_WORDS = {
    "username_password_mismatch": _("Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecilnya."),
    "incorrect_password": _("Kata sandi ini tidak cocok. Periksa huruf besar dan kecilnya."),
    "enter_current_password": _("Kata sandi sekarang tidak cocok. Periksa huruf besar dan kecilnya."),
    "incorrect_code": _("Kode ini tidak cocok atau sudah lewat. Tunggu kode berikutnya, lalu coba lagi."),
}


def in_our_words(refused: forms.ValidationError) -> forms.ValidationError:
    """The same refusal, said as we say it where allauth's words come from elsewhere."""
    words = OUR_WORDS.get(getattr(refused, "code", None) or "")
    return refused if words is None else forms.ValidationError(words, code=refused.code)


class SignInForm(LoginForm):
    password = password_field(_("Kata sandi"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("Nama pengguna")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        """What was refused stands at the password, where the reader goes on typing."""
        try:
            return super().clean()
        except forms.ValidationError as refused:
            self.add_error("password", in_our_words(refused))
            return self.cleaned_data


class _CodeForm:
    def clean_code(self) -> str:
        """Apps show the six digits in two groups; people type them so."""
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())  # type: ignore[attr-defined]
        try:
            return super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as refused:
            raise in_our_words(refused) from refused


class CodeForm(_CodeForm, AuthenticateForm):
    code = code_field(_("Kode"), _("Enam angka dari aplikasi kode, atau satu kode cadangan."))


class CodeAgainForm(_CodeForm, ReauthenticateForm):
    code = code_field(_("Kode"), _("Enam angka dari aplikasi kode, atau satu kode cadangan."))


class FirstCodeForm(_CodeForm, ActivateTOTPForm):
    code = code_field(_("Kode dari aplikasi"), _("Enam angka yang sekarang tampil di aplikasi."))


class PasswordAgain(PasswordAgainForm):
    password = password_field(_("Kata sandi"), "current-password")

    def clean_password(self) -> str:
        try:
            return super().clean_password()
        except forms.ValidationError as refused:
            raise in_our_words(refused) from refused


class NewPasswordForm(ChangePasswordForm):
    """allauth asks for the new one twice; here it can be looked at instead."""

    oldpassword = password_field(_("Kata sandi sekarang"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new = self.fields["password1"]
        new.label = _("Kata sandi baru")
        new.help_text = _("Paling sedikit 10 huruf atau angka. Contoh yang baik: tiga kata yang tidak berhubungan.")
        new.widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "lg"})
        again = self.fields["password2"]
        again.label = _("Kata sandi baru, sekali lagi")
        again.widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "lg"})

    def clean_oldpassword(self) -> str:
        try:
            return super().clean_oldpassword()
        except forms.ValidationError as refused:
            raise in_our_words(refused) from refused

    def clean(self) -> dict[str, Any] | None:
        """The same again is no change, least of all of a password that another knows."""
        given = super().clean() or self.cleaned_data
        if given.get("oldpassword") and given.get("oldpassword") == given.get("password1"):
            self.add_error("password1", _("Kata sandi baru ini sama dengan yang sekarang. Pilih yang lain."))
        return given


class PasskeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Nama kunci sandi"),
        max_length=60,
        required=False,
        help_text=_("Supaya Anda mengenalinya nanti. Contoh: HP kantor."),
    )


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Nama kunci sandi"), max_length=60)
