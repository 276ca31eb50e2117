"""The feedback form, a follow-up plan and its evaluation, a problem with its answer, a practice with its review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.training.dated_data import Statement
from harapan.training.following.practices import Told
from harapan.training.models import Batch, FollowUpCheck, Practice
from harapan.ui.filters import FilterForm
from harapan.ui.words import day
from harapan.web.places import PlaceField

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
POINTS = [(1, _("1 · tidak setuju")), (2, "2"), (3, "3"), (4, _("4 · sangat setuju"))]


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class FeedbackForm(forms.Form):
    """One field a statement; all of them are answered."""

    def __init__(self, *args: Any, asked: Iterable[Statement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = []
        for each in asked:
            self.codes.append(each.code)
            self.fields[each.code] = forms.TypedChoiceField(
                label=each.text, choices=POINTS, coerce=int, widget=forms.RadioSelect
            )
        self.fields["remark"] = forms.CharField(
            label=_("Saran"), max_length=500, required=False, widget=_long(3),
            help_text=_("Boleh kosong. Jangan menulis nama, agar jawaban Anda tetap tanpa nama."),
        )  # fmt: skip

    def answers(self) -> dict[str, int]:
        return {code: self.cleaned_data[code] for code in self.codes}

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[code] for code in self.codes]


class PlanForm(forms.Form):
    aim = forms.CharField(
        label=_("Yang ingin dicapai"), max_length=300,
        help_text=_("Contoh: setiap kelompok dampingan bertemu sekali sebulan memakai alat bantu modul."),
    )  # fmt: skip
    steps = forms.CharField(label=_("Langkah dan waktunya"), max_length=2000, widget=_long(6))
    support = forms.CharField(label=_("Dukungan yang diperlukan"), max_length=300, required=False)


class CheckForm(forms.Form):
    after_months = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Hasilnya"), choices=FollowUpCheck.Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Catatan"), max_length=500, required=False, widget=_long(3))


class WordsFilter(FilterForm):
    q = forms.CharField(label=_("Kata"), max_length=100)


class ProblemForm(forms.Form):
    title = forms.CharField(label=_("Masalah, satu kalimat"), max_length=160)
    detail = forms.CharField(
        label=_("Penjelasan"), max_length=2000, widget=_long(5),
        help_text=_("Di mana, sejak kapan, apa yang sudah dicoba. Jangan menulis nama atau NIK keluarga."),
    )  # fmt: skip
    batch = forms.ModelChoiceField(label=_("Muncul di diklat"), queryset=Batch.objects.none(), required=False)

    def __init__(self, *args: Any, batches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["batch"]
        field.queryset = batches  # type: ignore[attr-defined]
        field.label_from_instance = lambda batch: f"{batch.course.name}, {day(batch.begins)}"  # type: ignore[attr-defined]
        field.empty_label = _("tidak di diklat")  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Jawaban yang disepakati"), max_length=4000, widget=_long(6))
    owner = forms.CharField(
        label=_("Penanggung jawab"), max_length=120, help_text=_("Jabatan atau unit yang menjaga jawaban ini.")
    )
    agreed_on = forms.DateField(label=_("Disepakati pada"), widget=DATE)
    publish = forms.BooleanField(label=_("Umumkan kepada semua SDM"), required=False)


class PracticeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=Practice.Kind.choices)
    title = forms.CharField(label=_("Judul"), max_length=160)
    problem = forms.CharField(label=_("Masalah yang dijawab"), max_length=2000, widget=_long(3))
    how = forms.CharField(label=_("Cara melakukannya"), max_length=4000, widget=_long(6))
    result = forms.CharField(label=_("Hasilnya"), max_length=2000, widget=_long(3))
    partners = forms.CharField(
        label=_("Mitra"), max_length=300, required=False, help_text=_("Lembaga yang ikut serta, dipisah koma.")
    )

    def told(self) -> Told:
        return Told(**{**self.cleaned_data, "kind": Practice.Kind(self.cleaned_data["kind"])})


class ReviewForm(forms.Form):
    remark = forms.CharField(
        label=_("Catatan telaah"), max_length=500, required=False, widget=_long(3),
        help_text=_("Wajib bila dikembalikan. Dibaca oleh yang memasukkan."),
    )  # fmt: skip


class CopyForm(forms.Form):
    region = PlaceField(label=_("Wilayah yang meniru"))
    since = forms.DateField(label=_("Sejak"), widget=DATE)
    outcome = forms.CharField(label=_("Hasil di sana"), max_length=500, widget=_long(3))
