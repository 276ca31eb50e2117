"""What narrows the findings, an answer, a draw, and what a check visit found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.asked import whole
from harapan.performance.answering import ANSWER_MAX
from harapan.performance.drawing import SIZE_MAX
from harapan.performance.law import law_on
from harapan.performance.models import Finding, FindingRecord, Result
from harapan.performance.queries import findings_of, in_state
from harapan.performance.visiting import Found
from harapan.performance.words import INDICATORS
from harapan.regions.models import Region
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm
from harapan.ui.scans import ScanField
from harapan.ui.words import month

STATES = [
    ("", _("Semua yang masih tampak")),
    ("open", _("Belum dijawab")),
    ("answered", _("Sudah dijawab")),
    ("checked", _("Sudah dikunjungi")),
    ("gone", _("Tidak lagi tampak")),
]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def month_words(number: int) -> str:
    """ "Juni 2025" of 202506."""
    return month(f"{number // 100}-{number % 100:02d}")


class FindingFilters(FilterForm):
    month = forms.TypedChoiceField(label=_("Bulan"), coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)
    indicator = forms.ChoiceField(label=_("Penanda"))
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    facility = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, post: Post, months: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post, self.months = post, months
        at = self.data.get("region", "")
        if post.role.reach == Reach.GROUPS:
            del self.fields["region"]
        else:
            self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]
        self.fields["month"].choices = [(each, month_words(each)) for each in months]  # type: ignore[attr-defined]
        self.fields["indicator"].choices = [  # type: ignore[attr-defined]
            ("", _("Semua penanda")),
            *((code, each.title.heard()) for code, each in INDICATORS.items()),
        ]

    @property
    def at(self) -> int:
        """The month that is shown: the chosen one, or the latest that was looked at."""
        return int(self.chosen().get("month") or (self.months[0] if self.months else 0))

    def findings(self) -> QuerySet[Finding]:
        chosen = self.chosen()
        found = in_state(findings_of(self.post), chosen.get("state", "")).filter(month=self.at)
        if "indicator" in chosen:
            found = found.filter(indicator=chosen["indicator"])
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            found = found.filter(region_no__gte=low, region_no__lt=high)
        if "facility" in chosen:
            shown = FindingRecord.objects.filter(finding=OuterRef("pk"), subject=chosen["facility"])
            of_place = shown.filter(kind__in=(FindingRecord.Kind.SCHOOL, FindingRecord.Kind.HEALTH))
            found = found.filter(Q(facility=chosen["facility"]) | Exists(of_place))
        return found


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Jawaban Anda"), max_length=ANSWER_MAX, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Dengan kata-kata Anda sendiri. Contoh: dua kelompok kami bertemu bersama di balai desa."),
    )  # fmt: skip
    file = ScanField(label=_("Foto atau surat"))


class DrawForm(forms.Form):
    month = forms.TypedChoiceField(label=_("Bulan"), coerce=int)
    size = forms.IntegerField(label=_("Jumlah kunjungan"), min_value=1, max_value=SIZE_MAX, initial=5)
    random_percent = forms.IntegerField(
        label=_("Bagian acak (persen)"), max_value=100,
        help_text=_("Bagian ini tidak melihat temuan sama sekali; sisanya mengikuti temuan. 100: acak seluruhnya."),
    )  # fmt: skip

    def __init__(self, *args: Any, months: list[int], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least = law_on(on).random_percent_min
        self.fields["month"].choices = [(each, month_words(each)) for each in months]  # type: ignore[attr-defined]
        self.fields["random_percent"].min_value = least  # type: ignore[attr-defined]
        self.fields["random_percent"].widget.attrs["min"] = least
        self.fields["random_percent"].initial = least


class _Several(forms.FileInput):
    allow_multiple_selected = True


class _Files(forms.FileField):
    """Any number of files; cleaned it is a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(_Files, self).clean(each, initial) for each in data or []]


class VisitForm(forms.Form):
    result = forms.ChoiceField(label=_("Hasil"), choices=Result.choices, widget=forms.RadioSelect)
    visited_on = forms.DateField(label=_("Tanggal kunjungan"), widget=DATE)
    notes = forms.CharField(
        label=_("Apa yang dilihat dan ditanyakan"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Contoh: bertemu tujuh keluarga; enam ingat pertemuan 12 Juni, seorang sedang di luar kota."),
    )  # fmt: skip
    photographs = _Files(
        label=_("Foto"), required=False,
        widget=_Several(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
    )  # fmt: skip

    def found(self) -> Found:
        data = self.cleaned_data
        taken = [(str(each.name), each.read()) for each in data["photographs"]]
        return Found(Result(data["result"]), data["visited_on"], data["notes"], taken)
