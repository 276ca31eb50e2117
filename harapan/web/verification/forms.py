"""What narrows the list of facilities, and the proof of a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.asked import whole
from harapan.core.names import name_key
from harapan.regions.models import Region
from harapan.registry.models import Facility
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm
from harapan.ui.scans import ScanField
from harapan.ui.words import month
from harapan.verification.models import Evidence
from harapan.verification.queries import facilities_of, in_state, settled
from harapan.web.verification.quarter import Quarter, stage_choices

STATES = [
    ("", _("Semua keadaan")),
    ("open", _("Ada bulan belum diverifikasi")),
    ("declared", _("Ada bulan baru dinyatakan")),
    ("proven", _("Semua bulan terbukti")),
]


class FacilityFilters(FilterForm):
    name = forms.CharField(label=_("Nama atau NPSN"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Jenis"),
        choices=[("", _("Semua tempat layanan")), *Facility.Kind.choices],
    )
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)
    stage = forms.ChoiceField(label=_("Tahap"))

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        at = self.data.get("region", "")
        if post.role.reach == Reach.GROUPS:
            del self.fields["region"]
        else:
            self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]
        self.fields["stage"].choices = [("", _("Tahap berjalan")), *stage_choices(on=on)]  # type: ignore[attr-defined]

    def in_state(self, facilities: QuerySet[Facility], quarter: Quarter) -> QuerySet[Any]:
        """Those of the facilities that are in the state asked for."""
        return in_state(facilities, self.chosen().get("state", ""), quarter.counted, self.post)

    def facilities(self, quarter: Quarter) -> QuerySet[Facility]:
        """The facilities of this address whatever their state: what the figures of the page are about."""
        chosen = self.chosen()
        found = facilities_of(self.post, quarter.months, quarter.obligated)
        if "kind" in chosen:
            found = found.filter(kind=chosen["kind"])
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            found = found.filter(region_id__gte=low, region_id__lt=high)
        if text := chosen.get("name"):
            found = found.filter(code=text) if text.isdecimal() else found.filter(name_key__contains=name_key(text))
        return found if self.post.role.reach == Reach.NATION else settled(found)


class EvidenceForm(forms.Form):
    """On what declared months rest. A month without it stays declared."""

    months = forms.TypedMultipleChoiceField(
        label=_("Bulan yang dibuktikan"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.ChoiceField(
        label=_("Bukti"),
        choices=[choice for choice in Evidence.choices if choice[0] != Evidence.NONE],
        widget=forms.RadioSelect,
    )
    file = ScanField(
        label=_("Pindaian atau foto"),
        help_text=_("PDF, JPG, atau PNG, paling besar 10 MB. Wajib untuk formulir bertanda tangan."),
    )
    note = forms.CharField(
        label=_("Keterangan"),
        required=False,
        max_length=200,
        help_text=_("Siapa yang mengonfirmasi atau ditemui, dan kapan. Dibaca pemeriksa."),
    )

    def __init__(self, *args: Any, months: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = [(number, month(text)) for number, text in months]  # type: ignore[attr-defined]
        self.fields["months"].initial = [number for number, _text in months]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen, note = given.get("evidence"), given.get("note", "").strip()
        if chosen == Evidence.SIGNED_FORM and not given.get("file") and "file" not in self.errors:
            self.add_error("file", _("Lampirkan foto atau pindaian formulir yang ditandatangani kepala sekolah."))
        if chosen in (Evidence.CONFIRMATION, Evidence.VISIT) and not note:
            self.add_error("note", _("Tulis siapa dan kapan. Contoh: Ibu Ratna, wakil kepala sekolah, 4 April."))
        return given
