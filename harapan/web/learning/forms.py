"""What narrows the lists; a lesson, a quiz, a question as they are typed; a file of questions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.core.errors import HarapanError, Unreadable
from harapan.exchange.questions.item import Item, Kind, Picture, picture_of
from harapan.files import pictures
from harapan.training.learning import lines
from harapan.training.learning.editing import LessonFacts, QuizFacts
from harapan.training.learning.question_pictures import PICTURES_MAX
from harapan.training.models import Enrolment, Question, Quiz
from harapan.ui.filters import FilterForm

STATES = [
    ("", _("Semua")), ("passed", _("Lulus")), ("failed", _("Belum lulus")), ("open", _("Belum selesai")),
]  # fmt: skip
IMAGES = "image/jpeg,image/png,image/webp"
OPTIONS_PICTURED = PICTURES_MAX - 1  # the question may show one of its own
HINTS = {
    Kind.SINGLE: _("Satu pilihan per baris; awali yang benar dengan *. Sesudah “ | ” boleh ditulis tanggapan."),
    Kind.MULTIPLE: _(
        "Satu pilihan per baris; awali setiap yang benar dengan *. Pilihan salah mengurangi nilai soal ini."
    ),
    Kind.MATCH: _("Satu pasangan per baris: kiri = kanan. Baris “= kanan” menambah pengecoh."),
    Kind.ORDER: _("Satu langkah per baris, dalam urutan yang benar. Peserta melihatnya teracak."),
    Kind.NUMBER: _("Jawabannya, misalnya 12 atau 2,5 +- 0,5 bila boleh meleset setengah."),
    Kind.TEXT: _("Satu jawaban yang diterima per baris; tanda * berarti apa saja. “50% …” bernilai separuh."),
}


class LearnerFilters(FilterForm):
    """By result and name."""

    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)
    name = forms.CharField(label=_("Nama"), max_length=60)

    def narrow(self, found: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        chosen = self.chosen()
        if "name" in chosen:
            found = found.filter(person__name__icontains=chosen["name"])
        over = (Enrolment.State.PASSED, Enrolment.State.FAILED)
        if chosen.get("state") == "open":
            return found.exclude(state__in=over)
        return found.filter(state=chosen["state"]) if "state" in chosen else found


class BankFilters(FilterForm):
    """By topic and kind."""

    topic = forms.ChoiceField(label=_("Topik"))
    kind = forms.ChoiceField(label=_("Jenis"), choices=[("", _("Semua")), *Question.Kind.choices])

    def __init__(self, *args: Any, topics: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("Semua")), *((each, each) for each in topics)]  # type: ignore[attr-defined]

    def narrow(self, found: QuerySet[Question]) -> QuerySet[Question]:
        return found.filter(**self.chosen())


class LessonForm(forms.Form):
    title = forms.CharField(label=_("Judul"), max_length=120)
    minutes = forms.IntegerField(label=_("Perkiraan lama membaca (menit)"), min_value=1, max_value=240, initial=10)
    text = forms.CharField(
        label=_("Isi"), required=False, max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "# judul bagian, **tebal**, *miring*, - daftar, 1. daftar bernomor, > kutipan. Gambar atau video: "
            "![keterangan](nama-berkas.jpg). Tautan: [tulisan](https://...)."
        ),
    )  # fmt: skip

    def facts(self) -> LessonFacts:
        return LessonFacts(self.cleaned_data["title"], self.cleaned_data["text"], self.cleaned_data["minutes"])


class QuizForm(forms.Form):
    title = forms.CharField(label=_("Judul"), max_length=120)
    lesson = forms.TypedChoiceField(label=_("Sesudah pelajaran"), coerce=int, required=False, empty_value=None)
    topic = forms.ChoiceField(label=_("Topik soal"), required=False)
    drawn = forms.IntegerField(label=_("Jumlah soal tiap percobaan"), min_value=1, max_value=200)
    pass_percent = forms.IntegerField(label=_("Nilai lulus (persen)"), min_value=1, max_value=100)
    minutes = forms.IntegerField(
        label=_("Batas waktu (menit)"), min_value=1, max_value=600, required=False,
        help_text=_("Kosong: tanpa batas waktu."),
    )  # fmt: skip
    attempts_max = forms.IntegerField(
        label=_("Paling banyak dicoba"), min_value=1, max_value=100, required=False,
        help_text=_("Kosong: boleh berkali-kali."),
    )  # fmt: skip
    counts = forms.ChoiceField(label=_("Yang dihitung"), choices=Quiz.Counts.choices, widget=forms.RadioSelect)
    partial = forms.BooleanField(label=_("Jawaban benar sebagian dinilai sebagian"), required=False)

    def __init__(
        self, *args: Any, standing: Quiz | None, topics: list[str], lessons: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        names = ("title", "topic", "drawn", "pass_percent", "minutes", "attempts_max", "counts", "partial")
        told = {name: getattr(standing, name) for name in names} | {"lesson": standing.lesson_id} if standing else {}
        super().__init__(*args, **kwargs)
        self.initial = told or {"counts": Quiz.Counts.BEST, "partial": True}
        self.fields["topic"].choices = [("", _("Seluruh bank soal")), *((each, each) for each in topics)]  # type: ignore[attr-defined]
        self.fields["lesson"].choices = [("", _("Seluruh pelajaran")), *lessons]  # type: ignore[attr-defined]

    def facts(self) -> QuizFacts:
        return QuizFacts(**self.cleaned_data)


class QuestionForm(forms.Form):
    """One question of a given kind; its answers as lines (`learning.lines`)."""

    text = forms.CharField(label=_("Pertanyaan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    lines = forms.CharField(label=_("Jawaban"), max_length=6000, widget=forms.Textarea(attrs={"rows": 7}))
    exact_case = forms.BooleanField(label=_("Huruf besar dan kecil dibedakan"), required=False)
    topic = forms.CharField(label=_("Topik"), max_length=120, required=False)
    feedback = forms.CharField(
        label=_("Penjelasan sesudah dijawab"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    picture = forms.FileField(
        label=_("Gambar"), required=False, help_text=_("JPG, PNG, atau WEBP; dikecilkan sendiri. Mengganti yang lama.")
    )
    alt = forms.CharField(
        label=_("Keterangan gambar"), max_length=200, required=False,
        help_text=_("Apa yang tampak, bagi yang tidak dapat melihatnya; jangan menyebut jawabannya."),
    )  # fmt: skip
    without_picture = forms.BooleanField(label=_("Tanpa gambar"), required=False)

    def __init__(self, *args: Any, kind: Kind, item: Item | None = None, **kwargs: Any) -> None:
        told = (
            {"text": item.text, "lines": lines.render(item), "exact_case": item.exact_case, "topic": item.topic,
             "feedback": item.feedback, "alt": item.own_pictures[0].alt if item.own_pictures else ""}
            if item
            else {}
        )  # fmt: skip
        super().__init__(*args, **kwargs)
        self.initial = told
        self.kind = kind
        self.before = item
        self.had = item.own_pictures if item else ()
        self.fields["picture"].widget.attrs["accept"] = IMAGES
        if not self.had:
            del self.fields["without_picture"]
        self.named = item.name if item else ""
        self.fields["lines"].help_text = HINTS[kind]
        self.of_options = self._fields_of_options() if kind in (Kind.SINGLE, Kind.MULTIPLE) else []
        if kind != Kind.TEXT:
            del self.fields["exact_case"]

    def _fields_of_options(self) -> list[str]:
        """One for each picture an option may show, and one to take away those that options show already."""
        names = []
        for place in range(1, OPTIONS_PICTURED + 1):
            names.append(f"option_{place}")
            self.fields[names[-1]] = forms.FileField(
                label=_("Gambar pilihan %(place)s") % {"place": place}, required=False,
                widget=forms.FileInput(attrs={"accept": IMAGES}),
            )  # fmt: skip
        if self.before and self.before.pictured:
            names.append("bare")
            self.fields["bare"] = forms.MultipleChoiceField(
                label=_("Pilihan yang tidak lagi bergambar"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(words, words) for words, _picture in self.before.pictured],
            )  # fmt: skip
        return names

    @property
    def plain(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.of_options]

    @property
    def pictured(self) -> list[forms.BoundField]:
        return [self[name] for name in self.of_options]

    def item(self) -> Item:
        """Raises Refused, naming the line."""
        told = self.cleaned_data
        text = "\n".join(line.strip() for line in told["text"].splitlines()).strip()
        bare = Item(
            self.kind, self.named or " ".join(text.split())[:120], text, " ".join(told["topic"].split()),
            exact_case=told.get("exact_case", False), feedback=told["feedback"].replace("\r\n", "\n").strip(),
            pictures=self._pictures(),
        )  # fmt: skip
        typed = lines.parse(bare, told["lines"])
        called = dict(enumerate((choice.text for choice in typed.choices), start=1))
        sent = {place: told.get(f"option_{place}") for place in range(1, OPTIONS_PICTURED + 1)}
        fresh = {
            place: picture_of(file.name, called.get(place, ""), file.read()) for place, file in sent.items() if file
        }
        return lines.with_pictures_of(typed, self.before, fresh, but=told.get("bare") or ())

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("picture") and not told.get("alt", "").strip():
            self.add_error("alt", _("Tulis apa yang tampak di gambar itu."))
        for name in self.of_options:
            if name != "bare" and (file := told.get(name)):
                try:
                    pictures.read(file.read(), name=file.name)
                except Unreadable as refusal:
                    self.add_error(name, refusal.phrase.heard())
                file.seek(0)
        return told

    def _pictures(self) -> tuple[Picture, ...]:
        """The one sent in, else those it had, of which the first gets the words typed."""
        told, alt = self.cleaned_data, " ".join(self.cleaned_data["alt"].split())
        if told["picture"]:
            return (picture_of(told["picture"].name, alt, told["picture"].read()),)
        if told.get("without_picture") or not self.had:
            return ()
        return (replace(self.had[0], alt=alt), *self.had[1:])

    def at_fault(self, refusal: HarapanError) -> str:
        """The field to tell it at: what cannot be read is the picture."""
        return "picture" if isinstance(refusal, Unreadable) else "lines"


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas soal"),
        help_text=_("Moodle XML (.xml) dengan gambarnya, paling besar 20 MB; atau GIFT (.txt), 5 MB."),
    )

    @staticmethod
    def form_of(name: str) -> str:
        """Which of `bank.FORMS` a file is, by its name."""
        return "moodle" if name.lower().endswith(".xml") else "gift"
