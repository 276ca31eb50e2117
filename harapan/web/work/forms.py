"""What narrows the task list, an answer, an entry of the plan, an activity, an extra duty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.fieldwork.activities import ActivityFacts
from harapan.fieldwork.models import Activity
from harapan.fieldwork.results import Result, results_on
from harapan.fieldwork.task_kinds import kinds_on
from harapan.fieldwork.workers import Worker
from harapan.registry.models import Group
from harapan.registry.queries import groups_in, villages_in
from harapan.ui.filters import FilterForm
from harapan.ui.words import heard
from harapan.web.places import GroupPlaceFilters
from harapan.workforce.duties import DutyFacts
from harapan.workforce.duty_kinds import duty_kinds_on

URGENCY = [("", _("Semua")), ("late", _("Lewat waktu")), ("soon", _("Dalam tujuh hari")), ("later", _("Kemudian"))]


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def hour_field(label: Any, **options: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


class LeadFilters(GroupPlaceFilters):
    """The groups of a place, as whoever leads facilitators looks at their work."""

    def groups(self) -> QuerySet[Group]:
        return self.of_place(groups_in(self.post))

    def villages(self) -> QuerySet[Group]:
        """The groups that hold candidates."""
        return self.of_place(villages_in(self.post))


class TaskFilters(FilterForm):
    """By kind, village and how pressing."""

    kind = forms.ChoiceField(label=_("Jenis"))
    village = forms.TypedChoiceField(label=_("Desa"), coerce=int, empty_value=None)
    urgency = forms.ChoiceField(label=_("Batas waktu"), choices=URGENCY)

    def __init__(self, *args: Any, post: Post, on: date, villages: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.title) for kind in kinds_on(on, post=post)]
        self.fields["kind"].choices = [("", _("Semua jenis")), *kinds]  # type: ignore[attr-defined]
        places = sorted(((str(no), name) for no, name in villages.items()), key=lambda pair: pair[1])
        self.fields["village"].choices = [("", _("Semua desa")), *places]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Apa yang Anda temukan"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Satu kalimat, misalnya: Pindah ke Banjarbaru sejak Mei, akan diusulkan mutasi."),
    )  # fmt: skip


class MoveForm(forms.Form):
    day = day_field(_("Hari"))
    begins = hour_field(_("Mulai pukul"), required=False, help_text=_("Kosongkan agar mengikuti kegiatan hari itu."))


class ItemForm(MoveForm):
    title = forms.CharField(label=_("Kegiatan"), max_length=120, help_text=_("Misalnya: Rapat koordinasi kecamatan"))
    minutes = forms.IntegerField(label=_("Lama (menit)"), min_value=10, max_value=480, initial=60)
    rhk = forms.TypedChoiceField(label=_("Untuk RHK"), coerce=int)

    field_order = ("title", "rhk", "day", "begins", "minutes")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rhk"].choices = _result_choices(results_on(on).values())  # type: ignore[attr-defined]


class ActivityForm(forms.Form):
    """What was done. The choices are those of the day the form is opened."""

    action = forms.ChoiceField(label=_("Kegiatan"))
    held_on = day_field(_("Tanggal"))
    begins = hour_field(_("Mulai"))
    ends = hour_field(_("Selesai"))
    place = forms.CharField(label=_("Tempat"), max_length=120)
    text = forms.CharField(
        label=_("Uraian"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Satu kalimat tentang yang dikerjakan dan hasilnya; inilah yang masuk ke laporan."),
    )  # fmt: skip
    open = forms.BooleanField(
        label=_("Belum selesai ditangani"),
        required=False,
        help_text=_("Hanya untuk kasus dan pengaduan (RHK 6 dan 9)."),
    )

    def __init__(self, *args: Any, worker: Worker, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results = results_on(on)
        self.fields["action"].choices = [  # type: ignore[attr-defined]
            (
                f"RHK {result.number}. {result.short}",
                [(each.code, each.title) for each in result.actions if worker.lead or not each.supervision],
            )
            for result in self.results.values() if result.actions
        ]  # fmt: skip

    @classmethod
    def initial_of(cls, activity: Activity) -> dict[str, Any]:
        names = ("action", "held_on", "begins", "ends", "place", "text")
        return {**{name: getattr(activity, name) for name in names}, "open": not activity.settled}

    def facts(self) -> ActivityFacts:
        chosen = dict(self.cleaned_data)
        rhk = next(each.number for each in self.results.values() if each.action(chosen["action"]))
        percent = self.results[rhk].percent
        settled = not (chosen.pop("open") and percent)
        return ActivityFacts(rhk=rhk, settled=settled, **chosen)


class DutyForm(forms.Form):
    """An assignment as its letter tells it; leads also say for whom."""

    user = forms.TypedChoiceField(label=_("Petugas"), coerce=int)
    kind = forms.ChoiceField(label=_("Jenis tugas"))
    title = forms.CharField(label=_("Untuk"), max_length=160)
    place = forms.CharField(label=_("Tempat"), max_length=120)
    letter_no = forms.CharField(label=_("Nomor surat"), max_length=80)
    letter_on = day_field(_("Tanggal surat"))
    letter_by = forms.CharField(label=_("Penanda tangan"), max_length=120)
    letter_by_post = forms.CharField(label=_("Jabatan penanda tangan"), max_length=120)
    first_on = day_field(_("Dari"))
    last_on = day_field(_("Sampai"))
    hours = forms.DecimalField(
        label=_("Jam sehari"), min_value=0.5, max_value=12, decimal_places=1, initial=7.5,
        help_text=_("7,5 untuk sehari penuh."), localize=False,
    )  # fmt: skip

    def __init__(self, *args: Any, people: Iterable[Worker], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.pk, each.user.name) for each in people]
        if len(known) == 1:
            del self.fields["user"]
        else:
            self.fields["user"].choices = known  # type: ignore[attr-defined]
        kinds = [(each.code, each.title) for each in duty_kinds_on(on)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def facts(self) -> DutyFacts:
        chosen = {name: value for name, value in self.cleaned_data.items() if name not in ("user", "hours")}
        return DutyFacts(**chosen, minutes_a_day=int(self.cleaned_data["hours"] * 60))


def _result_choices(results: Iterable[Result]) -> list[tuple[int, str]]:
    return [(each.number, f"RHK {each.number}. {heard(each.title)}") for each in results]
