"""What narrows the road, a quota, a first meeting, what was answered there, a decree."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.asked import whole
from harapan.core.errors import HarapanError
from harapan.fieldwork.models import Candidacy, FirstMeeting, Invitation
from harapan.fieldwork.models.candidate import CandidacyQuerySet
from harapan.fieldwork.road import LABELS, Step
from harapan.fieldwork.road_queries import late_at, with_standing
from harapan.regions import codes
from harapan.regions.meaning import region_meant
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.registry.places import choices_below, roots
from harapan.registry.queries import villages_in
from harapan.ui.filters import FilterForm
from harapan.ui.words import heard
from harapan.web.places import VILLAGE_EXAMPLE
from harapan.web.reasons import ReasonField

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
WAITED = [
    ("", _("Berapa pun lamanya")), ("late", _("Terlambat")), ("30", _("Lebih dari 30 hari")),
    ("90", _("Lebih dari 90 hari")),
]  # fmt: skip


class RoadFilters(FilterForm):
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    step = forms.TypedChoiceField(label=_("Langkah"), coerce=int, empty_value=None)
    facilitator = forms.TypedChoiceField(label=_("Pendamping"), coerce=int, empty_value=None)
    waited = forms.ChoiceField(label=_("Lama menunggu"), choices=WAITED)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]
        steps = [(str(int(step)), LABELS[step]) for step in Step]
        self.fields["step"].choices = [("", _("Semua langkah")), *steps]  # type: ignore[attr-defined]
        if post.role.reach == Reach.GROUPS:
            del self.fields["facilitator"]
        else:
            people = [(str(no), name) for no, name in _holders(post)]
            self.fields["facilitator"].choices = [("", _("Semua pendamping")), *people]  # type: ignore[attr-defined]

    def candidates(self) -> CandidacyQuerySet:
        """Those of the place and facilitator chosen, at any step."""
        found, chosen = Candidacy.objects.visible_to(self.post), self.chosen()
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            found = found.filter(region_no__gte=low, region_no__lt=high)
        if "facilitator" in chosen:
            found = found.filter(group_no__in=Group.objects.filter(facilitator=chosen["facilitator"]).values("pk"))
        return found

    def narrowed_candidates(self, *, on: date) -> Any:
        """A query set of those chosen, with `step` and `since`."""
        found, chosen = with_standing(self.candidates()), self.chosen()
        if chosen.get("step") is not None:
            found = found.filter(step=chosen["step"])
        if chosen.get("waited") == "late":
            found = late_at(found, on=on)
        elif "waited" in chosen:
            found = found.filter(since__lt=date.fromordinal(on.toordinal() - int(chosen["waited"])))
        return found

    def chosen(self) -> dict[str, Any]:
        """Step 0 (reserve) narrows as well."""
        found = super().chosen()
        if self.cleaned_data.get("step") == 0:
            found["step"] = 0
        return found


def _holders(post: Post) -> list[tuple[int, str]]:
    """Who looks after villages with candidates in reach. One query; none to choose from beyond a regency."""
    if post.role.reach in (Reach.PROVINCE, Reach.NATION):
        return []
    held = villages_of(post).filter(facilitator__isnull=False)
    return list(held.order_by("facilitator__name").values_list("facilitator", "facilitator__name").distinct())


def villages_of(post: Post) -> QuerySet[Group]:
    """The groups that hold candidates in the post's reach, one a village."""
    return villages_in(post).select_related("region", "facilitator")


class QuotaForm(forms.Form):
    village = forms.CharField(label=_("Desa atau kelurahan"), max_length=120, help_text=VILLAGE_EXAMPLE)
    places = forms.IntegerField(label=_("Jumlah tempat"), min_value=0)
    from_on = forms.DateField(label=_("Berlaku sejak"), widget=DATE)
    source = forms.CharField(label=_("Sumber"), max_length=200, help_text=_("Contoh: surat pusat, nomor, tanggal."))

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        if post.role.reach in (Reach.DISTRICTS, Reach.REGENCY):
            self.fields["village"] = forms.ChoiceField(label=_("Desa atau kelurahan"), choices=_villages_below(post))
            self.order_fields(["village", "places", "from_on", "source"])

    def clean_village(self) -> int:
        """The number of a village inside the reader's reach."""
        try:
            number = region_meant(self.cleaned_data["village"], widest=codes.Level.VILLAGE, within=self.post.ranges).no
        except HarapanError as error:
            raise forms.ValidationError(str(error)) from error
        ranges = self.post.ranges
        if self.post.role.reach != Reach.NATION and not any(low <= number < high for low, high in ranges):
            raise forms.ValidationError(_("Desa itu berada di luar wilayah kerja Anda. Pilih yang di dalamnya."))
        return number


def _villages_below(post: Post) -> list[tuple[str, Any]]:
    """The villages in reach, by kecamatan. One query for each region of the post."""
    choices: list[tuple[str, Any]] = [("", _("Pilih desa atau kelurahan"))]
    for number in roots(post):
        low, high = codes.range_of(number)
        below = list(Region.objects.filter(no__gte=low, no__lt=high, until__isnull=True).order_by("name_key"))
        villages: dict[int, list[tuple[str, str]]] = {}
        for region in below:
            if region.level == codes.Level.VILLAGE:
                villages.setdefault(region.parent_id or 0, []).append((str(region.no), region.display_name))
        choices += [(region.display_name, villages[region.no]) for region in below if region.no in villages]
    return choices


class GiveForm(forms.Form):
    facilitator = forms.TypedChoiceField(label=_("Pendamping"), coerce=int)
    why = ReasonField(max_length=200, help_text=_("Dibaca auditor. Contoh: pembagian calon Mei."))

    def __init__(self, *args: Any, people: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facilitator"].choices = [("", _("Pilih pendamping")), *people]  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    kind = forms.TypedChoiceField(label=_("Jenis"), coerce=int, choices=FirstMeeting.Kind.choices, initial=2)
    held_on = forms.DateField(label=_("Tanggal"), widget=DATE)
    begins = forms.TimeField(label=_("Pukul"), widget=TIME)
    place = forms.CharField(label=_("Tempat"), max_length=120, help_text=_("Contoh: balai desa."))


class MoveMeetingForm(forms.Form):
    """Another day, hour or place of a first meeting, and why."""

    held_on = forms.DateField(label=_("Tanggal"), widget=DATE)
    begins = forms.TimeField(label=_("Pukul"), widget=TIME)
    place = forms.CharField(label=_("Tempat"), max_length=120)
    because = ReasonField(label=_("Alasan perbaikan"), max_length=200, help_text=_("Dibaca auditor."))


class ReadingForm(forms.Form):
    read_by = forms.CharField(label=_("Dibacakan oleh"), max_length=120)


class AnswerForm(forms.Form):
    """What is said of one invited candidate, in a cell each; the prefix names the invitation."""

    came = forms.TypedChoiceField(label=_("Kehadiran"), coerce=int, choices=Invitation.Came.choices)
    consent = forms.TypedChoiceField(label=_("Persetujuan"), coerce=int, choices=Invitation.Consent.choices)
    given_on = forms.DateField(label=_("Tanggal jawaban"), widget=DATE, required=False)
    paper = forms.CharField(label=_("Kertas disimpan di"), max_length=80, required=False)
    photograph = forms.FileField(label=_("Foto lembar"), required=False)

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "input", "aria-label": f"{heard(field.label)}, {name}"}


class DecreeForm(forms.Form):
    number = forms.CharField(label=_("Nomor SK"), max_length=80)
    decreed_on = forms.DateField(label=_("Tanggal SK"), widget=DATE)
    starts_on = forms.DateField(label=_("Peserta sejak"), widget=DATE, help_text=_("Tanggal 1 suatu bulan."))
