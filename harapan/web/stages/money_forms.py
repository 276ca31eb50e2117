"""The forms about the money of a computed stage, and what narrows its lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.payments import reasons
from harapan.payments.file_queries import Kind, Payer
from harapan.payments.models import Hold
from harapan.payments.retrying import AGAIN
from harapan.payments.treasury import BEFORE, NTPN
from harapan.ui.words import rupiah
from harapan.web.reasons import ReasonField, WhyForm
from harapan.web.stages.forms import RegionFilters


def _day(**about: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **about)


class PaperForm(forms.Form):
    """SPP, SPM or SP2D for payers that wait for it. Several payers get the number with their name behind it."""

    number = forms.CharField(label=_("Nomor"), max_length=70)
    on = _day(label=_("Tanggal"))
    payers = forms.MultipleChoiceField(
        label=_("Untuk penyalur"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu penyalur.")},
    )  # fmt: skip

    def __init__(self, *args: Any, kind: Kind, awaiting: list[Payer], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today, self.awaiting = kind, on, {payer.name: payer for payer in awaiting}
        example = f"00123/{kind.label}/PKH/{on.year}"
        self.fields["number"].help_text = _("Seperti tertulis pada dokumennya. Contoh: %(no)s.") % {"no": example}
        self.fields["number"].error_messages["required"] = _("Isi nomor %(kind)s. Contoh: %(no)s.") % {
            "kind": kind.label, "no": example
        }  # fmt: skip
        self.fields["on"].error_messages["required"] = _("Isi tanggal pada dokumennya.")
        self.fields["on"].widget.attrs["max"] = on.isoformat()
        self.fields["payers"].choices = [  # type: ignore[attr-defined]
            (payer.name, f"{payer.name}, {rupiah(payer.amount_idr)}") for payer in awaiting
        ]
        self.fields["payers"].initial = list(self.awaiting)
        if len(awaiting) > 1:
            self.fields["payers"].help_text = _("Bila lebih dari satu, nama penyalur ditambahkan pada nomornya.")

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("Tanggal ini belum tiba. Isi tanggal yang tertulis pada dokumennya."))
        papers = [payer.before for payer in self.awaiting.values() if payer.before is not None]
        latest = max(papers, key=lambda paper: paper.on, default=None)
        if latest is not None and day < latest.on:
            raise forms.ValidationError(
                _("Tanggal ini sebelum %(kind)s-nya, %(day)s. Periksa tanggalnya.")
                % {"kind": Kind(str(BEFORE[self.kind])).label, "day": f"{latest.on:%d-%m-%Y}"}
            )
        return day


class FileFilters(RegionFilters):
    payer = forms.ChoiceField(label=_("Penyalur"))
    state = forms.ChoiceField(
        label=_("Keadaan"),
        choices=[
            ("", _("Semua keadaan")), ("unwritten", _("Belum ditulis")), ("waiting", _("Siap diserahkan")),
            ("handed", _("Sudah diserahkan")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, payers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = [("", _("Semua penyalur")), *((name, name) for name in payers)]  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    to = forms.CharField(
        label=_("Diterima oleh"), max_length=120, help_text=_("Nama orang di penyalur. Contoh: Budi, BRI Rantau."),
        error_messages={"required": _("Tulis nama orang di penyalur yang menerima berkas. Contoh: Budi, BRI Rantau.")},
    )  # fmt: skip


class OpenAgainForm(forms.Form):
    why = ReasonField(
        label=_("Alasan membuka lagi"), required=False,
        help_text=_("Dibaca auditor. Contoh: unduhan pertama terputus."),
    )  # fmt: skip


class RetryFilters(RegionFilters):
    """Money that failed or came back, by what happened, why and whether another attempt is asked."""

    standing = forms.TypedChoiceField(label=_("Keadaan"), coerce=int, empty_value=None)
    reason = forms.ChoiceField(label=_("Sebab"))
    asked = forms.ChoiceField(
        label=_("Permintaan"),
        choices=[("", _("Semua")), ("no", _("Belum diminta")), ("yes", _("Sudah diminta"))],
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(int(standing), standing.label) for standing in AGAIN]
        self.fields["standing"].choices = [("", _("Gagal dan kembali")), *shown]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", _("Semua sebab")), *reasons.labels(on).items()]  # type: ignore[attr-defined]


class HeldFilters(RegionFilters):
    cause = forms.ChoiceField(label=_("Sebab"), choices=[("", _("Semua sebab")), *Hold.Cause.choices])


class ManyForm(WhyForm):
    """Why the families chosen in a list, or all that it holds, are treated so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "banyak-%s"  # the filters above have fields of their own


class PayBackForm(forms.Form):
    ntpn = forms.CharField(
        label=_("NTPN"), max_length=40, help_text=_("16 huruf atau angka pada bukti penerimaan negara."),
        error_messages={"required": _("Isi NTPN dari bukti penerimaan negara. Contoh: 3F2A1B0C9D8E7F60.")},
    )  # fmt: skip
    on = _day(label=_("Tanggal setor"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = on
        self.fields["on"].widget.attrs["max"] = on.isoformat()

    def clean_ntpn(self) -> str:
        number = str(self.cleaned_data["ntpn"]).replace(" ", "").upper()
        if not NTPN.fullmatch(number):
            raise forms.ValidationError(_("NTPN berisi 16 huruf atau angka. Contoh: 3F2A1B0C9D8E7F60."))
        return number

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("Tanggal setor belum tiba. Isi tanggal pada bukti penerimaan negara."))
        return day
