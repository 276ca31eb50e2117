"""What narrows the list of users, and each deed on one: every deed asks why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.managing import grantable, people_of
from harapan.accounts.models import Acting, Post, User
from harapan.accounts.roles import Reach, catalogue
from harapan.core.asked import whole
from harapan.core.errors import HarapanError
from harapan.core.numbers import read_nik
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm
from harapan.web.places import PlacesField
from harapan.web.reasons import ReasonField

STATES = [
    ("", _("Semua keadaan")),
    ("active", _("Dapat masuk")),
    ("inactive", _("Nonaktif")),
    ("idle", _("Tanpa jabatan hari ini")),
]


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def why_field() -> ReasonField:
    help_text = _("Dibaca auditor. Contoh: SK Dinas Sosial 12/2025; lupa kata sandi, datang sendiri.")
    return ReasonField(max_length=200, help_text=help_text)


class PeopleFilters(FilterForm):
    q = forms.CharField(label=_("Nama atau nama pengguna"), max_length=60)
    role = forms.ChoiceField(label=_("Peran"))
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post, self.on = post, on
        at = self.data.get("region", "")
        roles = [(each.code, each.name_on(on)) for each in grantable(post)]
        self.fields["role"].choices = [("", _("Semua peran")), *roles]  # type: ignore[attr-defined]
        self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]

    def people(self) -> QuerySet[User]:
        """The users of this address, in no order yet."""
        chosen = self.chosen()
        found = people_of(self.post, on=self.on)
        if text := chosen.get("q"):
            found = found.filter(Q(name__icontains=text) | Q(username__icontains=text))
        held = Post.objects.held_on(self.on).filter(user=OuterRef("pk"))
        if "role" in chosen:
            held = held.filter(role_code=chosen["role"])
        if "region" in chosen:
            held = held.within(Region(no=chosen["region"]).range)
        if {"role", "region"} & set(chosen):
            found = found.filter(Exists(held))
        match chosen.get("state"):
            case "active":
                found = found.filter(is_active=True)
            case "inactive":
                found = found.filter(is_active=False)
            case "idle":
                found = found.exclude(Exists(Post.objects.held_on(self.on).filter(user=OuterRef("pk"))))
        return found


class PostForm(forms.Form):
    """A role in a place from a day on. Whoever manages one kabupaten ticks its kecamatan; the nation types names."""

    role = forms.ChoiceField(label=_("Peran"))
    since = day_field(_("Mulai"))
    until = day_field(_("Sampai"), _("Hari pertama jabatan ini tidak dipegang lagi."), required=False)
    letter = forms.CharField(label=_("Nomor SK"), max_length=120, required=False)
    why = why_field()

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(each.code, each.name_on(on)) for each in grantable(post)]
        self.fields["role"].choices = [("", _("Pilih peran")), *names]  # type: ignore[attr-defined]
        self.fields["since"].initial = on
        self.fields["regions"] = _regions_field(post)
        self.order_fields(["username", "name", "nik", "staff_number", "role", "regions"])

    def clean_regions(self) -> list[int]:
        return [each.no if isinstance(each, Region) else int(each) for each in self.cleaned_data["regions"]]


def _regions_field(post: Post) -> forms.Field:
    if post.role.reach is not Reach.REGENCY:
        help_text = _("Namanya, satu wilayah per baris; kosongkan untuk peran nasional. Contoh: Tapin Tengah, Tapin. "
                      "Kode juga boleh.")  # fmt: skip
        return PlacesField(within=post.ranges, label=_("Wilayah"), required=False, max_length=400, help_text=help_text)
    inside = Q(pk__in=())
    for low, high in post.ranges:
        inside |= Q(no__gte=low, no__lt=high)
    found = Region.objects.filter(inside, level=codes.Level.DISTRICT, until__isnull=True).order_by("name_key")
    return forms.MultipleChoiceField(
        label=_("Kecamatan"),
        choices=[(str(region.no), region.display_name) for region in found],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Satu sampai empat."),
    )


class NewPersonForm(PostForm):
    """Somebody new with the first post. The password is drawn, never chosen for another."""

    username = forms.CharField(
        label=_("Nama pengguna"),
        max_length=60,
        help_text=_("Satu kata tanpa spasi; dipakai saat masuk. Contoh: rahmi-tapin."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Nama lengkap"), max_length=120)
    nik = forms.CharField(
        label=_("NIK"), max_length=24, required=False,
        help_text=_("Bila orangnya sudah tercatat sebagai SDM, akunnya masuk ke catatan itu."),
    )  # fmt: skip
    staff_number = forms.CharField(label=_("NIP"), max_length=20, required=False)

    def clean_nik(self) -> str:
        if not self.cleaned_data["nik"]:
            return ""
        try:
            return read_nik(self.cleaned_data["nik"]).value or ""
        except HarapanError as error:
            raise forms.ValidationError(error.phrase.heard()) from error

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if any(sign.isspace() for sign in username):
            raise forms.ValidationError(_("Nama pengguna ini memuat spasi. Contoh tanpa spasi: rahmi-tapin."))
        return username


class EndForm(forms.Form):
    on = day_field(_("Tidak memegang lagi sejak"))
    why = why_field()


class ActingForm(forms.Form):
    """Somebody fills the post between two dates under a letter."""

    substitute = forms.CharField(
        label=_("Nama pengguna yang menggantikan"),
        max_length=60,
        help_text=_("Orang yang sudah terdaftar. Contoh: yuni-tapin."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    form = forms.ChoiceField(label=_("Sebagai"), choices=Acting.Form.choices, widget=forms.RadioSelect)
    since = day_field(_("Mulai"))
    until = day_field(_("Sampai"), _("Hari pertama ia tidak bertindak lagi."))
    letter = forms.CharField(label=_("Nomor surat"), max_length=120)
    why = why_field()

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post, self.on = post, on
        self.fields["since"].initial = on

    def clean_substitute(self) -> User:
        username = self.cleaned_data["substitute"].strip()
        found = people_of(self.post, on=self.on).filter(username=username, is_active=True).first()
        if found is None:
            said = _("Pengguna “%(name)s” tidak ada, nonaktif, atau di luar wilayah kerja Anda. Periksa ejaannya.")
            raise forms.ValidationError(said % {"name": username})
        return found


class WhyForm(forms.Form):
    why = why_field()


def role_name(code: str, on: date) -> str:
    """What a role is called on a day; a code no longer in the file stays as it was recorded."""
    known = catalogue().get(code)
    return known.name_on(on) if known else code
