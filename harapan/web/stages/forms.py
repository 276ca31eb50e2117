"""The small forms of a stage, and what narrows its lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.benefits.enums import Reason
from harapan.benefits.models import Stage
from harapan.core.asked import whole
from harapan.payments import reasons
from harapan.payments.checking import known_payers
from harapan.payments.enums import ExceptionKind, Standing
from harapan.payments.models import CardStep
from harapan.policy.reader import default_policy
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm
from harapan.web.reasons import ReasonField
from harapan.web.stages.moves import MOVES

WHY_MAX = 300


class PlanForm(forms.Form):
    stage = forms.ChoiceField(
        label=_("Tahap"), help_text=_("Menurut kalender penyaluran. Daftar pusat juga membuka tahapnya sendiri.")
    )
    mode = forms.ChoiceField(
        label=_("Hak keluarga"), required=False,
        choices=[("received", _("Menurut daftar dari pusat")), ("computed", _("Dihitung di sini"))],
        help_text=_("Tidak dapat diubah lagi setelah tahap direncanakan."),
    )  # fmt: skip
    why = forms.CharField(label=_("Catatan"), max_length=WHY_MAX, required=False)

    def __init__(self, *args: Any, on: date, nation: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].required = nation
        if not nation:  # only the ministry computes what is due
            self.fields["mode"].choices = [("received", "")]  # type: ignore[attr-defined]
            self.fields["mode"].widget = forms.HiddenInput()
        planned = set(Stage.objects.values_list("name", flat=True))
        plans = [plan for year in (on.year - 1, on.year, on.year + 1) for plan in default_policy().stages(year)]
        self.fields["stage"].choices = [(plan.name, plan.name) for plan in plans if plan.name not in planned]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    to = forms.ChoiceField(choices=[(code, move.label) for code, move in MOVES.items()])
    why = forms.CharField(max_length=WHY_MAX, required=False)


class RegionFilters(FilterForm):
    """Base of lists that may be narrowed to a region inside the reader's reach."""

    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]


class DifferenceFilters(RegionFilters):
    reason = forms.ChoiceField(label=_("Kemungkinan sebab"), choices=[("", _("Semua sebab")), *Reason.choices])
    state = forms.ChoiceField(
        label=_("Keadaan"),
        choices=[("", _("Semua keadaan")), ("open", _("Belum dijawab")), ("answered", _("Sudah dijawab"))],
    )


class AnswerForm(forms.Form):
    answer = ReasonField(
        rows=3,
        label=_("Jawaban"),
        help_text=_("Dibaca ketua tim dan auditor. Contoh: anak kedua naik ke SMP bulan Juli, data sudah diperbarui."),
        error_messages={
            "required": _("Tulis apa sebabnya atau apa yang sudah dilakukan. Contoh: anak kedua naik ke SMP.")
        },
    )


class ExceptionFilters(FilterForm):
    kind = forms.ChoiceField(label=_("Sebab"), choices=[("", _("Semua sebab")), *ExceptionKind.choices])
    state = forms.ChoiceField(
        label=_("Keadaan"), choices=[("", _("Terbuka")), ("closed", _("Sudah ditutup")), ("all", _("Semua"))]
    )


class SetAsideForm(forms.Form):
    """One reason for all open lines of a kind; `lines` is how many of them were shown."""

    kind = forms.ChoiceField(choices=ExceptionKind.choices, widget=forms.HiddenInput)
    lines = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    why = ReasonField(
        rows=2,
        label=_("Alasan untuk semuanya"),
        help_text=_("Dibaca auditor pada setiap baris. Contoh: milik program sembako, bank salah mengirim berkas."),
        error_messages={"required": _("Tulis alasannya; auditor akan membacanya pada setiap baris.")},
    )


class CloseForm(forms.Form):
    """Match the line to a family, or set it aside; either way with a reason."""

    family = forms.TypedChoiceField(
        label=_("Keluarga"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    why = ReasonField(
        rows=2,
        help_text=_("Dibaca auditor. Contoh: rekening lama milik keluarga ini, terlihat pada buku tabungan."),
        error_messages={"required": _("Tulis alasannya; auditor akan membacanya. Contoh: rekening lama keluarga ini.")},
    )

    def __init__(self, *args: Any, families: list[tuple[str, Any]], matching: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matching = matching
        self.fields["family"].choices = families  # type: ignore[attr-defined]

    def clean_family(self) -> int | None:
        chosen: int | None = self.cleaned_data["family"]
        if self.matching and chosen is None:
            raise forms.ValidationError(_("Pilih keluarga yang cocok, atau sisihkan barisnya."))
        return chosen


class ClaimFilters(RegionFilters):
    """Money that has not reached a hand, by where it stands, why, and how long it has lain."""

    standing = forms.TypedChoiceField(label=_("Keadaan"), coerce=int, empty_value=None)
    reason = forms.ChoiceField(label=_("Sebab"))
    days = forms.TypedChoiceField(label=_("Umur"), coerce=int, empty_value=None)
    bank = forms.ChoiceField(label=_("Penyalur"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(int(standing), standing.label) for standing in Standing if standing != Standing.WITHDRAWN]
        self.fields["standing"].choices = [("", _("Semua yang belum diambil")), *shown]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", _("Semua sebab")), *reasons.labels(on).items()]  # type: ignore[attr-defined]
        banks = [(name, name) for name in known_payers(on)]
        self.fields["bank"].choices = [("", _("Semua penyalur")), *banks]  # type: ignore[attr-defined]
        days = default_policy().value("untouched.age_bands_days", on=on).value
        choices = [(each, _("%(days)d hari atau lebih") % {"days": each}) for each in days]
        self.fields["days"].choices = [("", _("Semua umur")), *choices]  # type: ignore[attr-defined]


NO_STEP = "none"


class CardFilters(RegionFilters):
    q = forms.CharField(label=_("Cari keluarga"), max_length=80, widget=forms.TextInput(attrs={"type": "search"}))
    step = forms.ChoiceField(
        label=_("Langkah"),
        choices=[("", _("Semua langkah")), (NO_STEP, _("Belum ada langkah")), *CardStep.Step.choices],
    )
    family = forms.IntegerField(widget=forms.HiddenInput)


class CardForm(forms.Form):
    """One step for the families chosen in the list."""

    step = forms.ChoiceField(
        label=_("Langkah"),
        choices=[("", _("Pilih langkahnya")), *CardStep.Step.choices],
        error_messages={"required": _("Pilih langkah yang dicatat, misalnya diserahkan.")},
    )
    on = forms.DateField(label=_("Tanggal"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    bank = forms.CharField(label=_("Bank"), max_length=40, required=False)
    minutes_no = forms.CharField(
        label=_("Nomor berita acara"), max_length=80, required=False, help_text=_("Wajib bila kartu diserahkan.")
    )
    minutes_on = forms.DateField(
        label=_("Tanggal berita acara"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason_code = forms.ChoiceField(label=_("Alasan belum diserahkan"), required=False)
    note = forms.CharField(label=_("Keterangan"), max_length=200, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "kartu-%s"  # the filters above have fields of these names
        self.fields["reason_code"].choices = [("", _("Tidak ada")), *reasons.labels(today).items()]  # type: ignore[attr-defined]


class DrawUpForm(forms.Form):
    """What a berita acara says beside its figures."""

    number = forms.CharField(
        label=_("Nomor"), max_length=80, help_text=_("Dari buku agenda dinas. Contoh: 460/123/Dinsos/2025.")
    )
    on = forms.DateField(label=_("Tanggal"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    city = forms.CharField(label=_("Tempat"), max_length=80, help_text=_("Contoh: Rantau."))
    office = forms.CharField(label=_("Dinas"), max_length=160)
    office_name = forms.CharField(label=_("Penanda tangan dinas"), max_length=120)
    office_title = forms.CharField(label=_("Jabatan"), max_length=120, required=False)
    office_staff_number = forms.CharField(label=_("NIP"), max_length=30, required=False)
    bank = forms.CharField(label=_("Bank penyalur"), max_length=160, help_text=_("Contoh: BRI Kantor Cabang Rantau."))
    bank_name = forms.CharField(label=_("Penanda tangan bank"), max_length=120)
    bank_title = forms.CharField(label=_("Jabatan di bank"), max_length=120, required=False)


class SignForm(forms.Form):
    office_signed_on = forms.DateField(
        label=_("Ditandatangani dinas"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    bank_signed_on = forms.DateField(
        label=_("Ditandatangani bank"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    scan = forms.FileField(
        label=_("Pindaian"), required=False, help_text=_("PDF atau foto berita acara yang ditandatangani.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("office_signed_on") and not cleaned.get("bank_signed_on"):
            raise forms.ValidationError(_("Isi tanggal tanda tangan dinas atau bank."))
        return cleaned
