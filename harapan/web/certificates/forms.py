"""What narrows the lists; who signs; revoking, reissuing, recording from outside; the month a plan begins in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.core.asked import whole
from harapan.core.periods import add_months, format_month, month_of
from harapan.regions.models import Region
from harapan.registry.places import choices_below
from harapan.training.certificates.external import Paper
from harapan.training.certificates.wording import Signer
from harapan.training.dated_data import competences
from harapan.training.models import Course
from harapan.training.needs.law import needs_on
from harapan.training.needs.standing import MISSING, State
from harapan.ui.filters import FilterForm
from harapan.ui.scans import ScanField
from harapan.web.reasons import ReasonField

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STATES = [("", _("Semua keadaan")), ("valid", _("Berlaku")), ("expired", _("Kedaluwarsa")), ("revoked", _("Dicabut"))]
MONTHS_AHEAD = 18


def course_choices(rows: Any) -> list[tuple[str, str]]:
    return [(str(course.pk), course.name) for course in rows]


class PlaceFilter(FilterForm):
    """A region inside the reader's reach."""

    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]

    @property
    def within(self) -> tuple[int, int] | None:
        chosen = self.chosen().get("region")
        return Region(no=chosen).range if chosen else None


class CertificateFilters(PlaceFilter):
    course = forms.TypedChoiceField(label=_("Diklat"), coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)
    q = forms.CharField(label=_("Nama"), max_length=80)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, post=post, **kwargs)
        courses = course_choices(Course.objects.order_by("name"))
        self.fields["course"].choices = [("", _("Semua diklat")), *courses]  # type: ignore[attr-defined]


class NeedFilters(PlaceFilter):
    course = forms.TypedChoiceField(label=_("Diklat"), coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("Keadaan"))

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, post=post, **kwargs)
        needed = Course.objects.filter(code__in={need.course for need in needs_on(on)}).order_by("name")
        self.fields["course"].choices = [("", _("Semua diklat wajib")), *course_choices(needed)]  # type: ignore[attr-defined]
        states = [(each.value, each.label) for each in State]
        self.fields["state"].choices = [("", _("Belum dimiliki")), *states]  # type: ignore[attr-defined]

    @property
    def states(self) -> tuple[State, ...]:
        chosen = self.chosen().get("state")
        return (State(chosen),) if chosen else MISSING


class SignerForm(forms.Form):
    """Who signs, as the paper names them."""

    signer = forms.CharField(label=_("Penanda tangan"), max_length=120)
    title = forms.CharField(label=_("Jabatannya"), max_length=160, help_text=_("Contoh: Kepala BBPPKS Banjarmasin"))
    signer_number = forms.CharField(label=_("NIP"), max_length=20, required=False)

    def signed(self) -> Signer:
        said = self.cleaned_data
        return Signer(said["signer"].strip(), said["title"].strip(), said["signer_number"].strip())


class ReissueForm(SignerForm):
    name = forms.CharField(label=_("Nama di sertifikat"), max_length=120)
    staff_number = forms.CharField(label=_("NIP atau nomor SDM"), max_length=20, required=False)
    why = ReasonField(label=_("Sebab diterbitkan ulang"), max_length=200)
    field_order = ("name", "staff_number", "signer", "title", "signer_number", "why")


class RevokeForm(forms.Form):
    letter = forms.CharField(label=_("Nomor surat pencabutan"), max_length=120)
    reason = ReasonField(
        rows=3, max_length=200,
        help_text=_("Dibaca siapa pun yang memeriksa sertifikat ini. Jangan menulis nama atau urusan pribadi."),
    )  # fmt: skip


class ExternalForm(forms.Form):
    competence = forms.ChoiceField(label=_("Kompetensi"))
    title = forms.CharField(label=_("Judul sertifikat"), max_length=160)
    issuer = forms.CharField(label=_("Penerbit"), max_length=160)
    number = forms.CharField(label=_("Nomor sertifikat"), max_length=80)
    issued_on = forms.DateField(label=_("Tanggal terbit"), widget=DATE)
    expires_on = forms.DateField(label=_("Berlaku sampai"), widget=DATE, required=False)
    scan = ScanField(label=_("Pindaian sertifikat"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.code, each.title) for each in competences(on) if each.external]
        self.fields["competence"].choices = known  # type: ignore[attr-defined]
        self.fields["scan"].required = True

    def paper(self) -> Paper:
        return Paper(**{name: value for name, value in self.cleaned_data.items() if name != "scan"})


class PlanFilters(FilterForm):
    """Whose queue, from which month it is emptied, and a name looked for in the plan."""

    course = forms.TypedChoiceField(label=_("Diklat"), coerce=int, empty_value=None)
    month = forms.ChoiceField(label=_("Mulai bulan"))
    q = forms.CharField(label=_("Nama"), max_length=80)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = Course.objects.filter(code__in={need.course for need in needs_on(on)}).order_by("-days", "name")
        self.courses = list(needed)
        months = [add_months(month_of(on), ahead) for ahead in range(1, MONTHS_AHEAD + 1)]
        self.fields["course"].choices = course_choices(self.courses)  # type: ignore[attr-defined]
        self.fields["month"].choices = [(month, format_month(month)) for month in months]  # type: ignore[attr-defined]
        self.usual = months[0]

    @property
    def queue(self) -> Course | None:
        """The course chosen, else the longest of those that somebody must have."""
        chosen = self.chosen().get("course")
        return next((each for each in self.courses if each.pk == chosen), self.courses[0] if self.courses else None)

    @property
    def name(self) -> str:
        return self.chosen().get("q", "")

    @property
    def first_month(self) -> str:
        return self.chosen().get("month") or self.usual
