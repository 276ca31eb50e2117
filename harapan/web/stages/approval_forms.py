"""What a second person writes to approve a checked wave or to send it back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.core.money import rupiah
from harapan.web.reasons import ReasonField
from harapan.web.stages.forms import WHY_MAX

_NOT_DIGITS = re.compile(r"[Rr][Pp]\.?|[.\s]")


class ApproveForm(forms.Form):
    """`run` is the one that was seen: what was computed anew meanwhile is not approved by this form."""

    decree_no = forms.CharField(
        label=_("Nomor SK"), max_length=80, help_text=_("Contoh: 123/SK/2024."),
        error_messages={"required": _("Isi nomor SK penetapan. Contoh: 123/SK/2024.")},
    )  # fmt: skip
    decree_on = forms.DateField(
        label=_("Tanggal SK"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Isi tanggal SK. Contoh: 5 November 2024.")},
    )  # fmt: skip
    sum_idr = forms.CharField(
        label=_("Ketik jumlah bersihnya"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Angka di atas, boleh dengan titik. Ini memastikan jumlah yang Anda setujui."),
        error_messages={"required": _("Ketik jumlah bersih yang Anda setujui.")},
    )  # fmt: skip
    note = forms.CharField(label=_("Catatan"), max_length=WHY_MAX, required=False)
    run = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, net_idr: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.net_idr, self.on = net_idr, on
        self.auto_id = "setuju-%s"
        self.fields["decree_on"].widget.attrs["max"] = on.isoformat()

    def clean_decree_on(self) -> date:
        day: date = self.cleaned_data["decree_on"]
        if day > self.on:
            raise forms.ValidationError(_("Tanggal SK belum tiba. Isi tanggal SK yang sudah ditetapkan."))
        return day

    def clean_sum_idr(self) -> str:
        typed: str = self.cleaned_data["sum_idr"]
        digits = _NOT_DIGITS.sub("", typed)
        if not digits.isdecimal() or int(digits) != self.net_idr:
            raise forms.ValidationError(
                _("Jumlah ini tidak sama dengan hasil hitungan, yaitu %(sum)s. Periksa lagi sebelum menyetujui.")
                % {"sum": rupiah(self.net_idr)}
            )
        return typed


class RefuseForm(forms.Form):
    why = ReasonField(
        rows=3, label=_("Alasan dikembalikan"),
        help_text=_("Dibaca pengolah dan auditor. Contoh: kenaikan di Kab. Tapin belum dijelaskan."),
        error_messages={"required": _("Tulis apa yang perlu diperbaiki; pengolah akan membacanya.")},
    )  # fmt: skip
    run = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "kembali-%s"
