"""What narrows the roster, and what is typed about somebody who serves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.managing import grantable
from harapan.accounts.models import Post
from harapan.core.errors import HarapanError
from harapan.core.numbers import read_nik
from harapan.files import pictures
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import name_of
from harapan.ui.words import heard
from harapan.web.places import PlaceField, PlaceFilters
from harapan.web.reasons import ReasonField
from harapan.workforce.models import Contract, Departure, Person
from harapan.workforce.staff import beginning, ending, law, opening, reach, roster

KINDS = [(kind.value, kind.label) for kind in Person.serving_kinds()]
STATES = [
    ("", _("Yang bertugas")),
    ("unaccounted", _("Belum punya akun")),
    ("coming", _("Akan bertugas")),
    ("new", _("Baru bertugas")),
    ("ending", _("Jabatan segera berakhir")),
    ("left", _("Sudah berhenti")),
]


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def why_field() -> ReasonField:
    return ReasonField(max_length=200, help_text=_("Dibaca auditor. Contoh: surat Dinas Sosial 12/2025."))


class PeopleFilters(PlaceFilters):
    q = forms.CharField(label=_("Nama"), max_length=60)
    kind = forms.ChoiceField(label=_("Unsur"), choices=[("", _("Semua unsur")), *KINDS])
    cohort = forms.IntegerField(label=_("Angkatan"), min_value=2000, max_value=2100)
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)

    def people(self, on: date) -> QuerySet[Person]:
        """The people of this address, in no order yet."""
        chosen = self.chosen()
        found = self._in_state(chosen.get("state"), on)
        if number := chosen.get("region"):
            low, high = codes.range_of(number)
            found = found.filter(region_no__gte=low, region_no__lt=high)
        if text := chosen.get("q"):
            found = found.filter(name__icontains=text)
        for name in ("kind", "cohort"):
            if name in chosen:
                found = found.filter(**{name: chosen[name]})
        return found

    def _in_state(self, state: str | None, on: date) -> QuerySet[Person]:
        if state == "left":
            return reach.persons_in(self.post).filter(until__lte=on)
        if state == "ending":
            return ending.about_to_end(self.post, on=on)
        if state == "coming":
            return roster.coming(self.post, on=on)
        if state == "unaccounted":
            return opening.without_account(self.post, on=on)
        serving = roster.serving(self.post, on=on)
        return serving.filter(since__gt=on - timedelta(days=law.first_days(on))) if state == "new" else serving


class FactsForm(forms.Form):
    """What a record says of somebody; the NIK is never shown again."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=120)
    staff_number = forms.CharField(label=_("NIP atau nomor SDM"), max_length=20, required=False)
    education = forms.ChoiceField(label=_("Pendidikan"), choices=Person.Education.choices, required=False)
    cohort = forms.IntegerField(label=_("Angkatan rekrutmen"), min_value=2007, max_value=2100, required=False)
    email = forms.EmailField(label=_("Surel"), required=False)
    phone = forms.CharField(label=_("Nomor HP"), max_length=20, required=False)


class NewPersonForm(FactsForm):
    kind = forms.ChoiceField(label=_("Unsur"), choices=KINDS)
    nik = forms.CharField(label=_("NIK"), max_length=24)
    region = PlaceField(label=_("Tempat tugas"))
    since = day_field(_("Mulai bertugas"))

    field_order = ["kind", "name", "nik", "region", "since"]

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].offer(post)  # type: ignore[attr-defined]

    def clean_nik(self) -> str:
        try:
            return read_nik(self.cleaned_data["nik"]).value or ""
        except HarapanError as error:
            raise forms.ValidationError(error.phrase.heard()) from error


class ContractForm(forms.Form):
    """The terms of a decree. Without a position everybody keeps theirs, or gets the one of their education."""

    form = forms.ChoiceField(label=_("Bentuk ikatan"), choices=Contract.Form.choices)
    position = forms.ChoiceField(
        label=_("Jabatan"),
        required=False,
        help_text=_("Kosong: jabatan sebelumnya, atau yang sesuai pendidikannya bila ini yang pertama."),
    )
    number = forms.CharField(label=_("Nomor SK"), max_length=120, help_text=_("Contoh: SK/12/PKH/2025."))
    dated = day_field(_("Tanggal SK"))
    since = day_field(_("Mulai"))
    until = day_field(_("Berakhir"), _("Hari pertama tidak terikat lagi. Contoh: 1 Januari tahun berikutnya."))
    basis = forms.CharField(
        label=_("Dasar"), max_length=160, required=False, help_text=_("Contoh: hasil penilaian kinerja 2024.")
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (label, [(code, heard(name)) for code, name in law.positions(form, on).items()])
            for form, label in Contract.Form.choices
        ]
        before = ("", _("Seperti sebelumnya, atau menurut pendidikan"))
        self.fields["position"].choices = [before, *(each for each in known if each[1])]  # type: ignore[attr-defined]
        self.fields["form"].initial = law.form_on(on)
        self.fields["dated"].initial = on


class GoingForm(forms.Form):
    """Leave, transfer or exit. What only one of them asks is taken out of the others."""

    leaves_on = day_field(_("Mulai"))
    back_on = day_field(_("Kembali bertugas"), _("Hari pertama bertugas lagi."))
    cover = forms.TypedChoiceField(label=_("Pengganti (Plh.)"), coerce=int, empty_value=None)
    to = PlaceField(label=_("Tempat tugas baru"))
    letter = forms.CharField(label=_("Nomor surat"), max_length=120)
    why = why_field()

    def __init__(
        self, *args: Any, kind: str, post: Post, colleagues: Sequence[Post], on: date, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["leaves_on"].initial = on
        leave = kind == Departure.Kind.LEAVE
        if not leave:
            del self.fields["back_on"], self.fields["cover"]
        else:
            self.fields["cover"].choices = colleague_choices(colleagues, on)  # type: ignore[attr-defined]
            self.fields["cover"].required = bool(colleagues)
        if kind != Departure.Kind.TRANSFER:
            del self.fields["to"]
        else:
            self.fields["to"].offer(post)  # type: ignore[attr-defined]
        if kind == Departure.Kind.EXIT:
            self.fields["leaves_on"].label = _("Berhenti sejak")


class AskLeaveForm(forms.Form):
    """What somebody says who asks for leave of their own."""

    leaves_on = day_field(_("Mulai"))
    back_on = day_field(_("Kembali bertugas"), _("Hari pertama bertugas lagi."))
    why = ReasonField(max_length=200, help_text=_("Contoh: cuti melahirkan."))


class GrantForm(forms.Form):
    """Under which letter leave is granted, and who covers it."""

    cover = forms.TypedChoiceField(label=_("Pengganti (Plh.)"), coerce=int, empty_value=None)
    letter = forms.CharField(label=_("Nomor surat"), max_length=120)

    def __init__(self, *args: Any, colleagues: Sequence[Post], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cover"].choices = colleague_choices(colleagues, on)  # type: ignore[attr-defined]
        self.fields["cover"].required = bool(colleagues)


class MentorForm(forms.Form):
    mentor = forms.TypedChoiceField(label=_("Pembimbing"), coerce=int, empty_value=None)
    since = day_field(_("Sejak"))
    why = why_field()

    def __init__(self, *args: Any, colleagues: Sequence[Post], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].choices = colleague_choices(colleagues, on)  # type: ignore[attr-defined]
        self.fields["since"].initial = on


class StepForm(forms.Form):
    """A step of the first days, as it is told."""

    done_on = day_field(_("Tanggal"))
    words = forms.CharField(
        label=_("Catatan"), min_length=beginning.SENTENCE_MIN, max_length=beginning.SENTENCE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Satu kalimat: siapa yang hadir dan apa yang dibicarakan. Dibaca atasan dan orangnya sendiri."),
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = on


class AccountForm(forms.Form):
    """The first post of somebody on record. The password is drawn, never chosen for another."""

    username = forms.CharField(
        label=_("Nama pengguna"), max_length=60,
        help_text=_("Satu kata tanpa spasi; dipakai saat masuk. Contoh: rahmi-tapin."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Peran"))
    region = PlaceField(label=_("Wilayah"))
    since = day_field(_("Mulai"))
    letter = forms.CharField(label=_("Nomor SK"), max_length=120, required=False)
    why = why_field()

    def __init__(self, *args: Any, post: Post, person: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(each.code, heard(each.name_on(on))) for each in grantable(post)]
        self.fields["role"].choices = [("", _("Pilih peran")), *roles]  # type: ignore[attr-defined]
        self.fields["since"].initial = max(on, person.since)
        self.fields["region"].offer(post)  # type: ignore[attr-defined]
        if person.region_no:
            self.fields["region"].initial = codes.dotted(person.region_no)

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if any(sign.isspace() for sign in username):
            raise forms.ValidationError(_("Nama pengguna ini memuat spasi. Contoh tanpa spasi: rahmi-tapin."))
        return username


class EstablishmentForm(forms.Form):
    region = PlaceField(label=_("Kecamatan"), widest=Level.DISTRICT)
    places = forms.IntegerField(label=_("Formasi pendamping"), min_value=0, max_value=999)
    since = day_field(_("Sejak"))
    source = forms.CharField(label=_("Sumber"), max_length=160, help_text=_("Contoh: surat Direktur 15/2025."))

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].offer(post)  # type: ignore[attr-defined]


class DecreeForm(forms.Form):
    """Under which decree groups are handed over, and to whom each."""

    number = forms.CharField(label=_("Nomor SK"), max_length=120, help_text=_("Contoh: SK/12/PKH/2025."))
    dated = day_field(_("Tanggal SK"))


class PortraitForm(forms.Form):
    """A photograph; cleaned it is its bytes, which open as a picture."""

    photo = forms.FileField(
        label=_("Foto"), help_text=_("JPG, PNG, atau WEBP, paling besar 15 MB. Boleh langsung dari kamera."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip

    def clean_photo(self) -> bytes:
        raw: bytes = self.cleaned_data["photo"].read()
        try:
            pictures.read(raw, name=str(self.cleaned_data["photo"].name))
        except HarapanError as error:
            raise forms.ValidationError(error.phrase.heard()) from error
        return raw


class WhyForm(forms.Form):
    why = why_field()


def colleague_choices(posts: Sequence[Post], on: date) -> list[tuple[str, str]]:
    """Each person once, with the first of their posts."""
    named: dict[str, str] = {}
    for post in posts:
        place = ", ".join(name_of(no) for no in post.region_nos)
        named.setdefault(str(post.user_id), f"{post.user.name} ({heard(post.title_on(on))} {place})")
    return [("", heard(_("Pilih orang"))), *named.items()]
