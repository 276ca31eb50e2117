"""What narrows the lists, a meeting as it is typed, a month of a plan, a commitment, behaviours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.core.periods import add_months, format_month, month_days, month_of
from harapan.p2k2.behaviours import Answer, Behaviour
from harapan.p2k2.curriculum import Lesson, default_curriculum
from harapan.p2k2.queries import without_session
from harapan.p2k2.recording import SessionFacts
from harapan.registry.models import Group
from harapan.registry.queries import facilitators_in
from harapan.web.places import GroupPlaceFilters

MET = [("", _("Semua kelompok")), ("now", _("Belum bertemu bulan ini")), ("last", _("Bulan lalu tanpa pertemuan"))]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MONTHS_BACK = 24


class OverviewFilters(GroupPlaceFilters):
    """A place, and the month that is looked at: the present one, or one that is over."""

    month = forms.ChoiceField(label=_("Bulan"))

    def __init__(self, *args: Any, post: Post, today: date, **kwargs: Any) -> None:
        super().__init__(*args, post=post, **kwargs)
        self.today = today
        months = [add_months(month_of(today), -back) for back in range(1, MONTHS_BACK + 1)]
        earlier = [(month, format_month(month)) for month in months]
        self.fields["month"].choices = [("", _("Bulan ini")), *earlier]  # type: ignore[attr-defined]

    @property
    def on(self) -> date:
        """The day as of which is told: today, or the last day of a month that is over."""
        chosen = self.chosen().get("month")
        return month_days(chosen)[1] - timedelta(days=1) if chosen else self.today


class GroupFilters(GroupPlaceFilters):
    facilitator = forms.TypedChoiceField(label=_("Pendamping"), coerce=int, empty_value=None)
    met = forms.ChoiceField(label=_("Pertemuan"), choices=MET)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, post=post, **kwargs)
        if post.role.reach == Reach.GROUPS:
            del self.fields["facilitator"]
            return
        at = self.data.get("facilitator", "")
        wide = post.role.reach in (Reach.PROVINCE, Reach.NATION)  # too many to choose from: only the one in the address
        people = facilitators_in(post, only=int(at) if at.isdecimal() else 0) if wide else facilitators_in(post)
        self.fields["facilitator"].choices = [("", _("Semua pendamping")), *((str(no), name) for no, name in people)]  # type: ignore[attr-defined]

    def groups_met(self, *, now: int, last: int) -> QuerySet[Group]:
        """now, last: this month and the one before, as yyyymm."""
        found, chosen = self.groups(), self.chosen()
        if "facilitator" in chosen:
            found = found.filter(facilitator=chosen["facilitator"])
        if "met" in chosen:
            found = without_session(found, now if chosen["met"] == "now" else last)
        return found


def lesson_choices(on: date) -> list[tuple[Any, Any]]:
    """The lessons of the day, under the title of their set."""
    sets = default_curriculum().in_force(on)
    return [(each.title, [(lesson.code, said(lesson)) for lesson in each.lessons]) for each in sets]


def said(lesson: Lesson) -> str:
    """ "Modul 2 sesi 1. Mengelola keuangan keluarga" in the reader's language."""
    return f"{lesson.short.heard()}. {lesson.title.heard()}"


class SessionForm(forms.Form):
    held_on = forms.DateField(label=_("Tanggal"), widget=DATE)
    begins = forms.TimeField(label=_("Mulai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Selesai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    lesson = forms.ChoiceField(label=_("Modul dan sesi"))
    place = forms.CharField(label=_("Tempat"), max_length=120, help_text=_("Contoh: rumah Bu Aminah, RT 04."))
    speaker = forms.CharField(label=_("Narasumber"), max_length=120)
    speaker_post = forms.CharField(label=_("Jabatan atau instansi"), max_length=120, required=False)
    materials = forms.CharField(label=_("Bahan dan alat"), max_length=200, required=False)
    minutes = forms.CharField(label=_("Notulensi"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    late_because = forms.CharField(
        label=_("Alasan terlambat dicatat"), max_length=200, required=False,
        help_text=_("Hanya bila dicatat lebih dari seminggu kemudian. Dibaca ketua tim."),
    )  # fmt: skip

    mentored = forms.BooleanField(label=_("Pembimbing hadir mendampingi"), required=False)

    def __init__(self, *args: Any, on: date, mentor: User | None, **kwargs: Any) -> None:
        """mentor: who is beside whoever records it, if somebody is; nobody else is asked about it."""
        super().__init__(*args, **kwargs)
        self.fields["lesson"].choices = lesson_choices(on)  # type: ignore[attr-defined]
        self.fields["mentored"].help_text = _("Pembimbing: %(name)s.") % {"name": mentor.name} if mentor else ""
        if mentor is None:
            del self.fields["mentored"]

    def facts(self) -> SessionFacts:
        return SessionFacts(**self.cleaned_data)


class PlanForm(forms.Form):
    """The lessons of one month of a group's plan."""

    lessons = forms.MultipleChoiceField(label=_("Sesi bulan ini"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lessons"].choices = lesson_choices(on)  # type: ignore[attr-defined]


class CommitmentForm(forms.Form):
    text = forms.CharField(
        label=_("Komitmen, satu kalimat"), max_length=200, help_text=_("Contoh: menimbang balita setiap bulan.")
    )
    made_on = forms.DateField(label=_("Dibuat pada"), widget=DATE)
    due_on = forms.DateField(label=_("Batas waktu"), widget=DATE)


class AnswerForm(forms.Form):
    done = forms.TypedChoiceField(
        choices=[("1", _("Sudah")), ("0", _("Belum"))], coerce=lambda value: value == "1", empty_value=None
    )
    why = forms.CharField(max_length=200, required=False)
    asked_on = forms.DateField(required=False)


class BehavioursForm(forms.Form):
    """The day, and one field a question; what is not answered is left as it is."""

    def __init__(self, *args: Any, questions: Iterable[Behaviour], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = tuple(questions)
        self.questions = [each.code for each in questions]
        self.fields["asked_on"] = forms.DateField(label=_("Ditanyakan pada"), widget=DATE)
        for each in questions:
            self.fields[each.code] = forms.TypedChoiceField(
                label=each.text, choices=Answer.choices, coerce=lambda value: Answer(int(value)), required=False,
                empty_value=None, widget=forms.RadioSelect,
            )  # fmt: skip

    def answers(self) -> dict[str, Answer]:
        return {code: self.cleaned_data[code] for code in self.questions if self.cleaned_data[code] is not None}

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields of the questions alone."""
        return [self[code] for code in self.questions]
