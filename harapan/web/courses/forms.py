"""What narrows the list of batches, and each thing as it is typed: a course, a batch, people, classes, costs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.accounts.roles import catalogue as roles
from harapan.core.errors import HarapanError
from harapan.core.money import parse_rupiah
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.training.catalogue import Criterion, TopicFacts
from harapan.training.models import Batch, CostItem, Course, CourseTopic, Enrolment, TestScore, Trainer, TrainingClass
from harapan.training.planning import WHO_KINDS
from harapan.training.quotas import who_words
from harapan.training.rules import Division
from harapan.ui.filters import FilterForm
from harapan.ui.words import heard
from harapan.web.places import PlaceField
from harapan.workforce.models import Person

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_PRACTICE = r"\s*(?:[;|]\s*(?P<practice>praktik|practice))?"
TOPIC = re.compile(r"(?P<title>.+?)\s*[;\t|]\s*(?P<hours>\d{1,3})\s*(?:JP)?" + _PRACTICE, re.IGNORECASE)


class NamesSelect(forms.Select):
    """A select of names that stay Indonesian for every reader: each choice says so, the empty one does not."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if option["value"]:
            option["attrs"]["lang"] = "id"
        return option


class BatchFilters(FilterForm):
    course = forms.TypedChoiceField(label=_("Diklat"), coerce=int, empty_value=None, widget=NamesSelect)
    state = forms.ChoiceField(label=_("Keadaan"), choices=[("", _("Semua keadaan")), *Batch.State.choices])
    year = forms.IntegerField(label=_("Tahun"), min_value=2007, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Course.objects.order_by("name", "pk").values_list("pk", "name")
        self.fields["course"].choices = [("", _("Semua diklat")), *((str(pk), name) for pk, name in named)]  # type: ignore[attr-defined]


class CourseForm(forms.Form):
    code = forms.SlugField(label=_("Kode"), max_length=40, help_text=_("Contoh: bimtek-dtsen-2025."))
    name = forms.CharField(label=_("Nama diklat"), max_length=160)
    kind = forms.ChoiceField(label=_("Bentuk"), choices=Course.Kind.choices)
    days = forms.IntegerField(label=_("Lama (hari)"), min_value=1, max_value=60)
    topics = forms.CharField(
        label=_("Mata diklat dan JP"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Satu baris tiap mata diklat: judul; JP. Contoh: Kode etik; 2. Tambah ; praktik bila praktik."),
    )  # fmt: skip
    about = forms.CharField(label=_("Isi singkat"), max_length=300, required=False)
    validity_months = forms.IntegerField(
        label=_("Sertifikat berlaku (bulan)"), min_value=1, required=False, help_text=_("Kosong: seterusnya.")
    )
    tested = forms.BooleanField(label=_("Dengan pre dan post-test"), required=False, initial=True)
    practised = forms.BooleanField(label=_("Dengan praktik mengajar"), required=False)
    source = forms.CharField(label=_("Sumber"), max_length=200, help_text=_("Contoh: Kepdirjen 12/2025 lampiran II."))

    def clean_topics(self) -> tuple[TopicFacts, ...]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["topics"].splitlines())):
            parted = TOPIC.fullmatch(line)
            if parted is None or not int(parted["hours"]):
                raise forms.ValidationError(
                    _("Baris “%(line)s” tidak terbaca. Tulis judul; JP, misalnya Kode etik; 2.") % {"line": line}
                )
            found.append(TopicFacts(parted["title"][:160], int(parted["hours"]), bool(parted["practice"])))
        return tuple(found)


class BatchForm(forms.Form):
    course = forms.ModelChoiceField(
        label=_("Diklat"), queryset=Course.objects.none(), widget=NamesSelect, empty_label=_("Pilih diklat")
    )
    wave = forms.IntegerField(label=_("Gelombang"), min_value=1, max_value=99, initial=1)
    number = forms.IntegerField(
        label=_("Angkatan"), min_value=1, max_value=999, required=False,
        help_text=_("Kosong: nomor berikutnya dalam gelombang itu."),
    )  # fmt: skip
    begins = forms.DateField(label=_("Mulai"), widget=DATE)
    ends = forms.DateField(label=_("Selesai"), widget=DATE)
    place = forms.CharField(label=_("Tempat"), max_length=160)
    organiser = forms.CharField(label=_("Penyelenggara"), max_length=120)

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    begins = forms.DateField(label=_("Mulai"), widget=DATE)
    ends = forms.DateField(label=_("Selesai"), widget=DATE)
    place = forms.CharField(label=_("Tempat"), max_length=160)
    why = forms.CharField(
        label=_("Sebab perubahan"), max_length=200, required=False,
        help_text=_("Dibaca semua yang diundang. Contoh: balai dipakai pengungsi banjir."),
    )  # fmt: skip

    def __init__(self, *args: Any, invited: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = invited


def below(post: Post) -> list[Region]:
    """The provinces for the nation; for a province itself and its regencies."""
    if post.role.reach == Reach.NATION:
        return list(Region.objects.filter(parent=None).order_by("no"))
    own = list(Region.objects.filter(no__in=post.region_nos))
    return own + list(Region.objects.filter(parent__in=post.region_nos, level__lte=Level.REGENCY).order_by("no"))


class QuotaForm(forms.Form):
    """`region` is a code, so that a national batch can name any province or regency."""

    region = forms.CharField(
        label=_("Kode wilayah"), required=False, help_text=_("Contoh: 63.05. Kosong: yang bertugas di pusat.")
    )
    who = forms.ChoiceField(label=_("Untuk"), required=False)
    places = forms.IntegerField(label=_("Kursi"), min_value=0, max_value=2000, help_text=_("0 menghapus kuota itu."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, role.names[-1][1]) for code, role in roles().items() if role.reach != Reach.NATION]
        kinds = [(kind, who_words(kind)) for kind in sorted(WHO_KINDS)]
        self.fields["who"].choices = [("", _("siapa pun di sana")), *named, *kinds]  # type: ignore[attr-defined]

    def clean_region(self) -> Region | None:
        typed = self.cleaned_data["region"].strip()
        if not typed:
            return None
        try:
            return Region.objects.by_code(typed)
        except HarapanError as error:
            raise forms.ValidationError(error.phrase.heard()) from error


class QuotasForm(forms.Form):
    """Places of several regions at once: a field for each."""

    def __init__(self, *args: Any, regions: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = list(regions)
        for region in self.regions:
            self.fields[f"q{region.no}"] = forms.IntegerField(
                label=region.display_name, min_value=0, max_value=2000, required=False
            )

    def places(self) -> list[tuple[Region | None, int]]:
        given = ((region, self.cleaned_data[f"q{region.no}"]) for region in self.regions)
        return [(region, places) for region, places in given if places is not None]


class ListForm(forms.Form):
    file = forms.FileField(label=_("Berkas daftar"), help_text=_("xlsx atau csv."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.xls,.ods"


class ScoresListForm(ListForm):
    kind = forms.ChoiceField(label=_("Tes"), choices=TestScore.Kind.choices)
    field_order = ("kind", "file")


class GuestForm(forms.Form):
    name = forms.CharField(label=_("Nama"), max_length=120)
    kind = forms.ChoiceField(label=_("Unsur"))
    region = PlaceField(label=_("Tempat tugas"))
    nik = forms.CharField(
        label=_("NIK"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    sex = forms.TypedChoiceField(label=_("Jenis kelamin"), coerce=int, choices=Person.Sex.choices)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].offer(post)  # type: ignore[attr-defined]
        kinds = [kind for kind in Person.serving_kinds() if kind != Person.Kind.PKH]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_nik(self) -> str:
        from_form = re.sub(r"\s+", "", self.cleaned_data["nik"])
        if from_form and not re.fullmatch(r"[1-9]\d{15}", from_form):
            raise forms.ValidationError(_("NIK terdiri atas 16 angka. Contoh: 6305014107900001."))
        return from_form


class AnswerForm(forms.Form):
    coming = forms.TypedChoiceField(
        label=_("Jawaban"), coerce=lambda told: told == "1", empty_value=None, widget=forms.RadioSelect,
        choices=[("1", _("Bersedia hadir")), ("0", _("Berhalangan"))],
    )  # fmt: skip
    travels_by = forms.ChoiceField(label=_("Berangkat dengan"), choices=Enrolment.Travel.choices, required=False)
    why = forms.CharField(
        label=_("Sebab berhalangan"), max_length=200, required=False, help_text=_("Hanya bila berhalangan.")
    )


class DivideForm(forms.Form):
    how = forms.ChoiceField(
        label=_("Cara membagi"), widget=forms.RadioSelect, initial=Division.MIXED.value,
        choices=[(Division.MIXED.value, _("Campur antarwilayah")), (Division.REGION.value, _("Menurut wilayah"))],
    )  # fmt: skip
    rooms = forms.CharField(
        label=_("Ruang"),
        widget=forms.Textarea(attrs={"rows": 3, "lang": "id"}),
        help_text=_("Satu baris tiap kelas. Contoh: Aula 1."),
    )


class TrainerForm(forms.Form):
    name = forms.CharField(label=_("Nama pelatih"), max_length=120)
    institution = forms.CharField(label=_("Lembaga"), max_length=120)
    user = forms.CharField(
        label=_("Nama pengguna"), max_length=150, required=False,
        help_text=_("Bila pelatih punya akun: ia mencatat sendiri kehadiran dan nilai sesinya."),
    )  # fmt: skip

    def clean_user(self) -> User | None:
        typed = self.cleaned_data["user"].strip()
        if not typed:
            return None
        found = User.objects.filter(username=typed, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Akun “%(name)s” tidak ada. Periksa nama penggunanya.") % {"name": typed})
        return found


class ProposeForm(forms.Form):
    trainers = forms.ModelMultipleChoiceField(
        label=_("Pelatih"), queryset=Trainer.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainers"].queryset = Trainer.objects.order_by("institution", "name")  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    training_class = forms.ModelChoiceField(
        label=pgettext_lazy("diklat", "Kelas"), queryset=TrainingClass.objects.none(), empty_label=_("Pilih kelas")
    )
    topic = forms.ModelChoiceField(
        label=_("Mata diklat"), queryset=CourseTopic.objects.none(), widget=NamesSelect,
        empty_label=_("Pilih mata diklat"),
    )  # fmt: skip
    trainer = forms.ModelChoiceField(
        label=_("Pelatih"), queryset=Trainer.objects.none(), empty_label=_("Pilih pelatih")
    )
    day = forms.DateField(label=_("Hari"), widget=DATE)
    begins = forms.TimeField(label=_("Mulai"), widget=TIME)
    hours = forms.IntegerField(label=_("JP"), min_value=1, max_value=10)
    room = forms.CharField(label=_("Ruang"), max_length=60, required=False, help_text=_("Kosong: ruang kelasnya."))

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["training_class"].queryset = TrainingClass.objects.filter(batch=batch).order_by("number")  # type: ignore[attr-defined]
        self.fields["topic"].queryset = CourseTopic.objects.filter(course=batch.course).order_by("number")  # type: ignore[attr-defined]
        self.fields["trainer"].queryset = Trainer.objects.order_by("name", "pk")  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Kode"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class PracticeForm(forms.Form):
    """A field for each criterion of the rubric."""

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = tuple(criteria)
        for each in self.criteria:
            label = _("%(text)s (0 sampai %(most)s)") % {"text": heard(each.text), "most": each.points}
            self.fields[each.code] = forms.IntegerField(label=label, min_value=0, max_value=each.points)

    def points(self) -> dict[str, int]:
        return {each.code: self.cleaned_data[each.code] for each in self.criteria}


class RupiahField(forms.CharField):
    """ "Rp1.250.000" and "1250000" are the same whole rupiah."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_rupiah(text)
        except HarapanError as error:
            raise forms.ValidationError(error.phrase.heard()) from error


class CeilingForm(forms.Form):
    ceiling_idr = RupiahField(label=_("Pagu (Rp)"), help_text=_("Contoh: 450.000.000."))
    letter = forms.CharField(label=_("Dasar pagu"), max_length=120, help_text=_("Contoh: DIPA 027.03/2025."))


class CostForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), choices=CostItem.Kind.choices)
    detail = forms.CharField(label=_("Uraian"), max_length=160, help_text=_("Contoh: penginapan 38 kamar 2 malam."))
    units = forms.IntegerField(label=_("Banyak"), min_value=1)
    unit_idr = RupiahField(label=_("Harga satuan (Rp)"))
    spent_on = forms.DateField(label=_("Tanggal dibayar"), widget=DATE, required=False, help_text=_("Kosong: rencana."))


class PaidForm(forms.Form):
    spent_on = forms.DateField(label=_("Tanggal dibayar"), widget=DATE)


class LetterForm(forms.Form):
    signer = forms.CharField(label=_("Penanda tangan"), max_length=120)
    signer_post = forms.CharField(label=_("Jabatan"), max_length=120)
    basis = forms.CharField(
        label=_("Dasar"), max_length=300, help_text=_("Contoh: surat Dirjen 12/2025 tentang Bimtek.")
    )
    dated = forms.DateField(label=_("Tanggal surat"), widget=DATE)
