"""What an applicant types: who they are, one short step at a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.core.errors import Unreadable
from harapan.core.numbers import read_nik, read_phone
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.ui.scans import ScanField
from harapan.workforce.models import Application, ApplicationDocument, Person
from harapan.workforce.recruitment.applying import NUMBER_LETTERS

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
EDUCATIONS = [(each.value, each.label) for each in Person.Education if each.value]
SEXES = [(each.value, each.label) for each in Person.Sex if each.value]


class NikField(forms.CharField):
    """Sixteen digits of a NIK that can be one, spaces allowed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("NIK"), max_length=40, widget=forms.TextInput(attrs=DIGITS), **kwargs)

    def clean(self, value: Any) -> str:
        given = super().clean(value)
        try:
            number = read_nik(given).value
        except Unreadable as refusal:
            raise forms.ValidationError(refusal.phrase.heard()) from refusal
        if number is None:
            raise forms.ValidationError(_("Tulis 16 angka NIK seperti pada KTP."))
        return number


KEPT = _("Isian yang lain sudah tersimpan.")  # steps keep field by field what is right


class BeginForm(forms.Form):
    name = forms.CharField(label=_("Nama lengkap"), max_length=120, help_text=_("Seperti pada KTP."))
    nik = NikField(help_text=_("16 angka, seperti pada KTP. Dipakai bersama nomor lamaran untuk membuka status Anda."))


class LookUpForm(forms.Form):
    kept_words = _("Lamarannya belum terbuka.")
    number = forms.CharField(
        label=_("Nomor lamaran"), max_length=20, help_text=_("10 huruf dan angka, misalnya K7M2P-9XR4T."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    nik = NikField()

    def clean_number(self) -> str:
        given = "".join(str(self.cleaned_data["number"]).split()).replace("-", "").upper()
        if len(given) != NUMBER_LETTERS:
            raise forms.ValidationError(_("Nomor lamaran terdiri atas 10 huruf dan angka."))
        return given


class PersonForm(forms.Form):
    title = _("Diri dan tempat tinggal")
    kept_words = KEPT
    name = forms.CharField(label=_("Nama lengkap"), max_length=120)
    sex = forms.TypedChoiceField(label=_("Jenis kelamin"), choices=SEXES, coerce=int, widget=forms.RadioSelect)
    born_on = forms.DateField(label=_("Tanggal lahir"), widget=DATE)
    lives_in = forms.ModelChoiceField(
        label=_("Kecamatan tempat tinggal"), queryset=Region.objects.none(), help_text=_("Menurut KTP atau domisili."),
        empty_label=_("Pilih kecamatan"),
    )  # fmt: skip
    address = forms.CharField(label=_("Alamat"), max_length=200)
    phone = forms.CharField(label=_("Nomor HP"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    email = forms.EmailField(label=_("Surel"), required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        province = codes.ancestor(application.region_no, Level.PROVINCE)
        districts = Region.objects.inside(province).at(Level.DISTRICT).select_related("parent").order_by("name_key")
        self.fields["lives_in"].queryset = districts  # type: ignore[attr-defined]
        self.fields["lives_in"].label_from_instance = (  # type: ignore[attr-defined]
            lambda region: f"{region.display_name}, {region.parent.display_name}"
        )

    def clean_phone(self) -> str:
        try:
            return read_phone(self.cleaned_data["phone"]).value or ""
        except Unreadable as refusal:
            raise forms.ValidationError(refusal.phrase.heard()) from refusal


class SchoolingForm(forms.Form):
    title = _("Pendidikan dan pengalaman")
    kept_words = KEPT
    education = forms.ChoiceField(label=_("Pendidikan terakhir"), choices=EDUCATIONS, widget=forms.RadioSelect)
    study = forms.CharField(label=_("Jurusan"), max_length=80, required=False)
    experience_years = forms.IntegerField(
        label=_("Pengalaman kerja sosial (tahun)"), min_value=0, max_value=60, help_text=_("Isi 0 bila belum ada."),
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


STEPS: dict[str, type[PersonForm] | type[SchoolingForm]] = {"diri": PersonForm, "pendidikan": SchoolingForm}


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis berkas"), choices=ApplicationDocument.Kind.choices)
    file = ScanField(label=_("Berkas"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = True
        self.fields["file"].error_messages["required"] = _("Pilih berkasnya. Foto dari HP juga boleh.")


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("Apa yang Anda sanggah, dan mengapa"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Dibaca pengelola putaran. Contoh: ijazah S1 saya terbaca sebagai SMA."),
    )  # fmt: skip


class FormationPlaceForm(forms.Form):
    """Where to look for places: a kabupaten or kota of the round."""

    wilayah = forms.TypedChoiceField(label=_("Kabupaten atau kota"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, regencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wilayah"].choices = [("", _("Semua")), *((str(no), name) for no, name in regencies)]  # type: ignore[attr-defined]
