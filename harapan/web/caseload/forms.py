"""Where to look, what to suppose, and what a decree, a duty and the terrain of a village are typed as."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.web.places import PlaceField, PlaceFilters
from harapan.web.reasons import ReasonField
from harapan.workforce.duties import DutyFacts
from harapan.workforce.duty_kinds import duty_kinds_on
from harapan.workforce.holdings import Facilitator
from harapan.workforce.models import Difficulty
from harapan.workforce.proposing import ADDED_MAX, COMING_MAX, Wishes

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WishesForm(PlaceFilters):
    split = forms.BooleanField(label=_("Ratakan, kelompok boleh dibagi"))
    across = forms.BooleanField(label=_("Boleh antarkecamatan"))
    add = forms.IntegerField(label=_("Andaikan tambah pendamping"), min_value=0, max_value=ADDED_MAX)
    families = forms.IntegerField(label=_("Andaikan tambah keluarga"), min_value=0, max_value=COMING_MAX)
    without = forms.TypedChoiceField(label=_("Andaikan pergi"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, people: Iterable[Facilitator] = (), **kwargs: Any) -> None:
        super().__init__(*args, post=post, **kwargs)
        named = sorted(((str(each.user), each.name) for each in people), key=lambda each: each[1])
        self.fields["without"].choices = [("", _("Tidak ada")), *named]  # type: ignore[attr-defined]

    def wishes(self) -> Wishes:
        told = self.chosen()
        return Wishes(
            bool(told.get("split")), bool(told.get("across")), told.get("add") or 0, told.get("families") or 0,
            (told["without"],) if told.get("without") else (),
        )  # fmt: skip


class DecreeForm(forms.Form):
    number = forms.CharField(label=_("Nomor SK"), max_length=120, help_text=_("Contoh: SK/12/PKH/2025."))
    dated = forms.DateField(label=_("Tanggal SK"), widget=DATE)
    why = ReasonField(help_text=_("Dibaca auditor. Contoh: pembagian dampingan 2025."))


class DutyForm(forms.Form):
    """Days a month that go to other work, of everybody who serves in a region."""

    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int)
    kind = forms.ChoiceField(label=_("Jenis tugas"))
    title = forms.CharField(label=_("Tugas"), max_length=160, help_text=_("Contoh: penyaluran bantuan banjir."))
    letter_no = forms.CharField(label=_("Nomor surat tugas"), max_length=120)
    days_per_month = forms.IntegerField(label=_("Hari sebulan"), min_value=1, max_value=31)
    first_on = forms.DateField(label=_("Sejak"), widget=DATE)
    last_on = forms.DateField(label=_("Sampai dengan"), widget=DATE, required=False)

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = _places(post)  # type: ignore[attr-defined]
        kinds = [(each.code, each.title) for each in duty_kinds_on(on)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def facts(self) -> DutyFacts:
        return DutyFacts(**{name: value for name, value in self.cleaned_data.items() if name != "region"})


def _places(post: Post) -> list[tuple[str, str]]:
    """The post's own regions with the two levels below: whoever serves there has the duty."""
    own = list(Region.objects.filter(no__in=post.region_nos))
    below = list(Region.objects.filter(parent__in=[region.no for region in own], level__lte=Level.DISTRICT))
    return [(str(region.no), region.display_name) for region in (*own, *sorted(below, key=lambda each: each.name_key))]


class TerrainForm(forms.Form):
    village = PlaceField(label=_("Desa atau kelurahan"), widest=Level.VILLAGE, deepest=Level.VILLAGE)
    difficulty = forms.TypedChoiceField(label=_("Medan"), coerce=int, choices=Difficulty.choices)
    source = forms.CharField(label=_("Sumber"), max_length=120, help_text=_("Contoh: kunjungan validasi Mei 2025."))

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].offer(post)  # type: ignore[attr-defined]

    def clean_village(self) -> Region:
        region: Region = self.cleaned_data["village"]
        if region.level != Level.VILLAGE:
            raise forms.ValidationError(_("Kode itu bukan desa atau kelurahan. Contoh: 63.05.03.2009."))
        return region
