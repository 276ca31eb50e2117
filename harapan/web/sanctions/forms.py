"""What narrows the notices, and the small forms of a hearing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.benefits import notices
from harapan.benefits.models import SanctionNotice, Stage, Verdict
from harapan.core.asked import whole
from harapan.core.components import LABELS_ID, Component
from harapan.core.periods import month_of
from harapan.regions.models import Region
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm
from harapan.ui.scans import ScanField
from harapan.ui.words import month
from harapan.web.reasons import ReasonField

MONTHS_BACK, MONTHS_AHEAD = 12, 6
STATES = [
    ("", _("Semua yang terbuka")),
    ("untold", _("Keluarga belum diberi tahu")),
    ("running", _("Menunggu jawaban")),
    ("answered", _("Sudah dijawab, menunggu putusan")),
    ("over", _("Masa menjawab habis")),
    ("decided", _("Sudah diputuskan")),
]
DECISIONS = [
    (Verdict.ACCEPTED.value, _("Alasan diterima: bantuan tidak dikurangi")),
    (Verdict.NO_SERVICE.value, _("Layanan tidak tersedia: bantuan tidak dikurangi")),
    (Verdict.UPHELD.value, _("Tetap berlaku: bantuan dikurangi menurut tangga sanksi")),
]


class NoticeFilters(FilterForm):
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)
    stage = forms.ChoiceField(label=_("Tahap"))
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.data.get("region", "")
        if post.role.reach == Reach.GROUPS:
            del self.fields["region"]
        else:
            self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]
        stages: list[Stage] = list(notices.listening_stages())
        self.fields["stage"].choices = [("", _("Semua tahap")), *((each.name, each.name) for each in stages)]  # type: ignore[attr-defined]

    def notices(self, *, on: date) -> QuerySet[SanctionNotice]:
        """The notices of this address, in the scope that is on."""
        chosen = self.chosen()
        found = SanctionNotice.objects.filter(notices.in_state(chosen.get("state", "open"), on=on))
        if "stage" in chosen:
            found = found.filter(stage__name=chosen["stage"])
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            found = found.filter(region_no__gte=low, region_no__lt=high)
        return found


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Apa yang disampaikan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dengan kata-kata keluarga. Contoh: anak dirawat di puskesmas 3 sampai 17 Februari."),
    )
    answer_from = forms.ChoiceField(
        label=_("Siapa yang menyampaikan"), choices=SanctionNotice.Answerer.choices, widget=forms.RadioSelect
    )
    file = ScanField(label=_("Surat keterangan atau foto"))


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Putusan"), choices=DECISIONS, widget=forms.RadioSelect)
    why = ReasonField(
        rows=2,
        help_text=_("Satu kalimat yang dibaca keluarga. Contoh: surat puskesmas menerangkan anak dirawat."),
    )


class ExemptionForm(forms.Form):
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int)
    component = forms.TypedChoiceField(label=_("Kewajiban"), coerce=int, empty_value=None, required=False)
    month_from = forms.TypedChoiceField(label=_("Dari bulan"), coerce=int)
    month_to = forms.TypedChoiceField(label=_("Sampai bulan"), coerce=int)
    why = ReasonField(
        rows=2,
        label=_("Layanan apa yang tidak ada, dan mengapa"),
        help_text=_("Contoh: posyandu tutup karena bidan pindah dan belum ada penggantinya."),
    )
    file = ScanField(label=_("Surat keterangan"))

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = Q(pk__in=())
        for low, high in post.ranges:
            inside |= Q(no__gte=low, no__lt=high)
        places = Region.objects.filter(inside).order_by("no")
        self.fields["region"].choices = [(place.no, place.display_name) for place in places]  # type: ignore[attr-defined]
        everything = ("", _("Semua kewajiban"))
        self.fields["component"].choices = [everything, *((int(code), LABELS_ID[code]) for code in Component)]  # type: ignore[attr-defined]
        months = [(int(text.replace("-", "")), month(text)) for text in months_around(on)]
        for name in ("month_from", "month_to"):
            self.fields[name].choices = months  # type: ignore[attr-defined]
            self.fields[name].initial = int(month_of(on).replace("-", ""))


def months_around(on: date) -> list[str]:
    """The months an exemption may be entered for: a year back, half a year ahead."""
    first = on.year * 12 + on.month - 1 - MONTHS_BACK
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, first + MONTHS_BACK + MONTHS_AHEAD + 1)]
