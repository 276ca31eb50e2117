"""What narrows the lists, a payout day, an amount told, a card in other hands, an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.payments.field_law import card_holders
from harapan.payments.models import HeldCard, ReceiptQuestion
from harapan.registry.queries import facilitators_in
from harapan.ui.filters import FilterForm
from harapan.web.reasons import ReasonField


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DueFilters(FilterForm):
    """The families of one group's or place's list."""

    q = forms.CharField(label=_("Cari keluarga"), max_length=80)


class DayForm(forms.Form):
    region = forms.TypedChoiceField(label=_("Desa atau kelurahan"), coerce=int)
    day = forms.DateField(label=_("Tanggal"), widget=date_input())
    begins = forms.TimeField(label=_("Mulai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Selesai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("Tempat"), max_length=120, help_text=_("Contoh: kantor pos Rantau, balai desa."))
    payer = forms.CharField(label=_("Penyalur"), max_length=40, initial="POS")

    def __init__(self, *args: Any, villages: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = villages  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Another day, hour or place; taken away, only the reason counts."""

    day = forms.DateField(label=_("Tanggal"), widget=date_input())
    begins = forms.TimeField(label=_("Mulai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Selesai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("Tempat"), max_length=120)
    because = ReasonField(max_length=200, help_text=_("Contoh: kantor pos menunda karena banjir."))


class SaidForm(forms.Form):
    amount_idr = forms.IntegerField(label=_("Jumlah menurut keluarga (Rp)"), min_value=0)
    told_on = forms.DateField(label=_("Diceritakan pada"), widget=date_input())
    note = forms.CharField(label=_("Keterangan"), max_length=200, required=False)


class HeldForm(forms.Form):
    holder = forms.ChoiceField(label=_("Dipegang oleh"))
    holder_name = forms.CharField(label=_("Nama pemegang"), max_length=120, required=False)
    accused = forms.TypedChoiceField(
        label=_("Bila pendamping: siapa"), coerce=int, empty_value=None, required=False,
        help_text=_("Orang ini tidak akan melihat laporannya."),
    )  # fmt: skip
    since = forms.DateField(label=_("Sejak"), widget=date_input(), required=False)
    found_how = forms.CharField(label=_("Cara diketahui"), max_length=200)
    done = forms.CharField(label=_("Yang sudah dilakukan"), max_length=200, required=False)

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = list(card_holders(on).items())  # type: ignore[attr-defined]
        people = facilitators_in(post)
        self.fields["accused"].choices = [("", "—"), *people]  # type: ignore[attr-defined]


class ResolveForm(forms.Form):
    resolution = forms.ChoiceField(label=_("Penyelesaian"), choices=HeldCard.Resolution.choices)
    how = forms.CharField(label=_("Apa yang dilakukan"), max_length=300)


class AnswerForm(forms.Form):
    answer = forms.TypedChoiceField(
        label=_("Uang diterima utuh?"), coerce=int, choices=ReceiptQuestion.Answer.choices, widget=forms.RadioSelect
    )
    asked_on = forms.DateField(label=_("Ditanya pada"), widget=date_input())
    cut_idr = forms.IntegerField(label=_("Dipotong berapa (Rp)"), min_value=1, required=False)
    cut_by = forms.CharField(label=_("Dipotong oleh siapa"), max_length=120, required=False)
    cut_because = forms.CharField(label=_("Alasan potongan"), max_length=200, required=False)


class DrawForm(forms.Form):
    region = forms.TypedChoiceField(label=_("Kecamatan"), coerce=int)

    def __init__(self, *args: Any, districts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = districts  # type: ignore[attr-defined]
