"""What is asked of whoever signs, reports, follows, handles, decides, and asks families."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.core.errors import HarapanError
from harapan.database import day
from harapan.regions.codes import Level, ancestor
from harapan.regions.models import Region
from harapan.ui.filters import FilterForm
from harapan.ui.scans import ScanField
from harapan.ui.words import heard
from harapan.web.reasons import ReasonField
from harapan.workforce.ethics import evidence, law
from harapan.workforce.ethics.catalogue import Question, levels_on, offence_words, offences_on
from harapan.workforce.models import EthicsCase, EthicsVisit, Person, Step

LATE = _("Sebab terlambat")


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def regencies() -> list[tuple[str, Any]]:
    """Every kabupaten and kota under its province, as choices. One query."""
    rows = Region.objects.filter(level__in=(Level.PROVINCE, Level.REGENCY)).order_by("no")
    named = {region.no: region for region in rows}
    groups: dict[int, list[tuple[str, str]]] = {}
    for number, region in named.items():
        if region.level == Level.REGENCY:
            groups.setdefault(ancestor(number, Level.PROVINCE), []).append((str(number), region.display_name))
    found = [(named[province].display_name, within) for province, within in groups.items() if province in named]
    return [("", _("Tidak tahu")), *found]


class _Several(forms.FileInput):
    allow_multiple_selected = True


class Proofs(forms.FileField):
    """Any number of photographs and PDFs; cleaned they are what is kept of them."""

    widget = _Several(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[evidence.Proof]:
        most = law.files_max(day.today())
        if len(data or ()) > most:  # before any of them is opened
            raise forms.ValidationError(evidence.too_many(most).phrase.heard())
        given = [super(Proofs, self).clean(each, initial) for each in data or []]
        return [
            _proof(each.read(), heard(_("nomor %(place)d")) % {"place": place})
            for place, each in enumerate(given, start=1)
        ]


def _proof(raw: bytes, name: str) -> evidence.Proof:
    try:
        return evidence.prove(raw, name=name, on=day.today())
    except HarapanError as error:
        raise forms.ValidationError(error.phrase.heard()) from error


class ReportForm(forms.Form):
    """Filled in by anybody; only who did what is needed."""

    offence = forms.ChoiceField(label=_("Apa yang terjadi"))
    name = forms.CharField(
        label=_("Siapa petugasnya"), max_length=120,
        help_text=_("Nama atau panggilannya. Nama lengkap lebih mudah dikenali."),
    )  # fmt: skip
    region = forms.TypedChoiceField(
        label=_("Kabupaten atau kota"), coerce=int, empty_value=None, required=False
    )  # fmt: skip
    told = forms.CharField(
        label=_("Ceritakan kejadiannya"), max_length=4000, widget=area(6),
        help_text=_("Siapa, kapan, berapa, siapa yang melihat. Jangan tulis nama Anda di sini."),
    )  # fmt: skip
    happened_on = forms.DateField(label=_("Hari kejadian"), widget=date_input(), required=False)
    happened_at = forms.CharField(label=_("Tempat kejadian"), max_length=160, required=False)
    brought = Proofs(
        label=_("Foto atau PDF bukti"), required=False,
        help_text=_("JPG, PNG, WEBP, atau PDF. Nama berkas, pembuat, tempat, dan waktunya dihapus sebelum disimpan."),
    )  # fmt: skip
    reporter_name = forms.CharField(
        label=_("Nama Anda"), max_length=120, required=False,
        help_text=_("Boleh dikosongkan. Bila diisi, hanya satu orang di Komisi Etik yang dapat membukanya."),
    )  # fmt: skip
    reporter_contact = forms.CharField(label=_("Nomor HP atau surel Anda"), max_length=120, required=False)

    def __init__(self, *args: Any, on: date, places: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offences = [(code, each.title) for code, each in offences_on(on).items()]
        self.fields["offence"].choices = [("", "—"), *offences]  # type: ignore[attr-defined]
        self.fields["region"].choices = places  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    """A sheet signed by hand, of one of the people who have not signed here."""

    person = forms.TypedChoiceField(label=_("Nama"), coerce=int)
    paper = forms.CharField(label=_("Nomor lembar"), max_length=80)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "—"), *((each.pk, each.name) for each in people)]  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    kept_words = _("Laporannya belum terbuka.")
    number = forms.CharField(label=_("Nomor laporan"), max_length=20, help_text=_("Contoh: LE-7K3Q-92MX"))
    word = forms.CharField(label=_("Kata rahasia"), max_length=20, help_text=_("Contoh: bado-kimu"))


class AddForm(FollowForm):
    kept_words = _("Keterangan ini belum tersimpan.")
    text = forms.CharField(label=_("Tambahkan keterangan"), max_length=4000, widget=area())
    brought = Proofs(label=_("Foto atau PDF bukti"), required=False)


class CaseFilters(FilterForm):
    step = forms.ChoiceField(label=_("Langkah"), choices=[("", _("Semua yang berjalan")), *Step.choices])
    late = forms.BooleanField(label=_("Hanya yang lewat batas"))


class TextForm(forms.Form):
    """One text of a deed. Its label is the deed's."""

    text = forms.CharField(widget=area(), max_length=4000)

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class FileForm(forms.Form):
    """A file of the handler's, and what it shows."""

    file = ScanField(
        label=_("Berkas"),
        help_text=_(
            "PDF, JPG, atau PNG, paling besar 10 MB. Yang disimpan hanya gambar halamannya: teks dan tanda tangan "
            "digital di dalam PDF tidak ikut, jadi simpan berkas aslinya di kantor."
        ),
    )
    text = forms.CharField(label=_("Yang ditunjukkannya"), max_length=300)

    def clean_file(self) -> evidence.Proof:
        given = self.cleaned_data["file"]
        if given is None:
            raise forms.ValidationError(_("Pilih berkasnya lebih dahulu."))
        return _proof(given.read(), heard(_("Berkas")))


class JoinForm(forms.Form):
    """Which other case about the same person takes the reports of this one."""

    into = forms.TypedChoiceField(label=_("Perkara yang menerima"), coerce=int)

    def __init__(self, *args: Any, cases: Iterable[EthicsCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            (each.pk, f"{each.number} ({heard(offence_words(each.offence))})") for each in cases
        ]


class LinkForm(forms.Form):
    """Which of the people found the report means."""

    person = forms.TypedChoiceField(label=_("Orang yang dimaksud"), coerce=int)

    def __init__(self, *args: Any, people: Iterable[Person], places: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (each.pk, f"{each.name} ({places.get(each.region_no, '—')})") for each in people
        ]


class LateForm(forms.Form):
    """A step with a deadline. Why it is late is asked where it is."""

    late_because = forms.CharField(label=LATE, max_length=300)

    def __init__(self, *args: Any, case: EthicsCase, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.due_on is None or on <= case.due_on:
            del self.fields["late_because"]


class VerifyForm(LateForm):
    note = forms.CharField(label=_("Yang sudah dipastikan"), widget=area(2), max_length=1000, required=False)
    field_order = ["note", "late_because"]


class ExamineForm(LateForm):
    charge = forms.CharField(
        label=_("Yang disangkakan"), widget=area(), max_length=4000,
        help_text=_("Dibaca orang yang dilaporkan. Jangan menyebut pelapor, atau hal yang hanya diketahui pelapor."),
    )  # fmt: skip
    note = forms.CharField(label=_("Catatan pemeriksa"), widget=area(2), max_length=1000, required=False)
    field_order = ["charge", "note", "late_because"]


class SummonForm(LateForm):
    hearing_on = forms.DateField(label=_("Hari sidang"), widget=date_input())
    place = forms.CharField(label=_("Tempat"), max_length=120)
    field_order = ["hearing_on", "place", "late_because"]


class HearForm(LateForm):
    heard = forms.CharField(label=_("Jalannya sidang"), widget=area(5), max_length=4000)
    field_order = ["heard", "late_because"]


UNPROVEN = "unproven"  # chosen like any other: nobody is acquitted by a field left empty


class DecideForm(LateForm):
    level = forms.ChoiceField(label=_("Putusan"), widget=forms.RadioSelect)
    measures = forms.MultipleChoiceField(label=_("Tindakan"), widget=forms.CheckboxSelectMultiple, required=False)
    executor = forms.TypedChoiceField(
        label=_("Bila diberhentikan: siapa yang mengakhiri jabatannya"), coerce=int, empty_value=None, required=False
    )
    letter = forms.CharField(label=_("Nomor putusan"), max_length=120)
    why = forms.CharField(label=_("Pertimbangan"), widget=area(5), max_length=4000)
    field_order = ["level", "measures", "executor", "letter", "why", "late_because"]

    def __init__(self, *args: Any, on: date, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, on=on, **kwargs)
        levels = levels_on(on).values()
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (UNPROVEN, _("Tidak terbukti")), *((each.code, each.title) for each in levels)
        ]  # fmt: skip
        self.fields["measures"].choices = [  # type: ignore[attr-defined]
            (each.title, [(measure.code, measure.text) for measure in each.measures]) for each in levels
        ]
        self.fields["executor"].choices = [("", "—"), *people]  # type: ignore[attr-defined]

    def clean_level(self) -> str:
        given: str = self.cleaned_data["level"]
        return "" if given == UNPROVEN else given


class ExecutorForm(forms.Form):
    """Who carries a verdict out from now on."""

    executor = forms.TypedChoiceField(label=_("Pelaksana yang baru"), coerce=int)
    why = ReasonField(label=_("Mengapa diganti"))

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["executor"].choices = [("", "—"), *people]  # type: ignore[attr-defined]


class KeeperForm(forms.Form):
    to = forms.TypedChoiceField(label=_("Serahkan penyimpanan kepada"), coerce=int)

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]


class DistrictForm(forms.Form):
    district = forms.TypedChoiceField(label=_("Kecamatan"), coerce=int)

    def __init__(self, *args: Any, districts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = districts  # type: ignore[attr-defined]


class AnswersForm(forms.Form):
    """The questions of the day, one choice each; none is needed where nobody was found."""

    visited_on = forms.DateField(label=_("Dikunjungi pada"), widget=date_input())
    absent = forms.BooleanField(label=_("Keluarga tidak ditemui"), required=False)
    use_required_attribute = False  # nobody answers where nobody was met

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        met = not self.data.get("absent")
        for each in questions:
            self.fields[each.code] = forms.TypedChoiceField(
                label=each.text, coerce=int, choices=EthicsVisit.Answer.choices, widget=forms.RadioSelect,
                required=met, empty_value=None,
            )  # fmt: skip
        self.fields["note"] = forms.CharField(label=_("Catatan"), max_length=300, required=False)

    def answers(self) -> dict[str, int]:
        """What was answered, by code."""
        said = {each.code: self.cleaned_data[each.code] for each in self.questions}
        return {code: answer for code, answer in said.items() if answer is not None}
