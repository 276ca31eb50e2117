"""A home visit as it is typed: what was found, the house, each member, where and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from harapan.core.components import LABELS_ID, Component
from harapan.fieldwork.models import FoundComponent, HomeVisit
from harapan.fieldwork.visit_codes import HOUSING, default_codes
from harapan.fieldwork.visiting import Counted, Photo, VisitFacts
from harapan.regions import codes
from harapan.registry.models import ComponentSpell, Facility, Family, Member
from harapan.ui.words import heard
from harapan.web.reasons import ReasonField

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
DEGREES = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
RESULTS = (
    ("eligible", _("Ditemukan, layak")),
    ("ineligible", _("Ditemukan, tidak layak")),
    ("not_found", _("Tidak ditemukan")),
)
TITLES = {
    "floor": _("Lantai"), "walls": _("Dinding"), "roof": _("Atap"), "water": _("Sumber air"), "toilet": _("Jamban"),
}  # fmt: skip
COMPONENTS = [("", _("Tidak dihitung")), *((str(int(code)), LABELS_ID[code]) for code in Component)]


def _choices(name: str) -> list[tuple[str, Any]]:
    return [("", _("Belum dicatat")), *((each.code, each.text) for each in default_codes()[name].values())]


class VisitForm(forms.Form):
    visited_on = forms.DateField(label=_("Tanggal"), widget=DATE)
    begins = forms.TimeField(label=_("Mulai"), widget=TIME)
    ends = forms.TimeField(label=_("Selesai"), widget=TIME)
    result = forms.ChoiceField(label=_("Hasil"), choices=RESULTS, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Alasan"), required=False, help_text=_("Bila tidak layak atau tidak ditemukan."))
    latitude = forms.FloatField(label=_("Lintang"), required=False, widget=DEGREES, help_text=_("Contoh: -3.053333."))
    longitude = forms.FloatField(label=_("Bujur"), required=False, widget=DEGREES, help_text=_("Contoh: 115.160000."))
    accuracy_m = forms.IntegerField(label=_("Ketelitian (meter)"), required=False, min_value=0, max_value=100_000)
    note = forms.CharField(
        label=_("Catatan"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip

    def __init__(self, *args: Any, family: Family, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = default_codes()
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", _("Tidak ada")),
            (_("Tidak ditemukan"), [(each.code, each.text) for each in known["not_found"].values()]),
            (_("Tidak layak"), [(each.code, each.text) for each in known["ineligible"].values()]),
        ]
        for name in HOUSING:
            self.fields[name] = forms.ChoiceField(label=TITLES[name], choices=_choices(name), required=False)
        self.fields["terrain"] = forms.ChoiceField(label=_("Medan"), choices=_choices("terrain"), required=False)
        self.members = list(members)
        schools = _schools(family, also=self._schools_on_record()) if self.members else []
        for member in self.members:
            self._add_member(member, schools)
        self.order_fields(["visited_on", "begins", "ends", "result", "reason"])

    def _add_member(self, member: Member, schools: list[tuple[str, Any]]) -> None:
        self.fields[f"component-{member.pk}"] = forms.TypedChoiceField(
            label=_("Komponen"), choices=COMPONENTS, coerce=int, empty_value=None, required=False
        )
        self.fields[f"school-{member.pk}"] = forms.TypedChoiceField(
            label=_("Sekolah"), choices=schools, coerce=int, empty_value=None, required=False
        )
        self.fields[f"grade-{member.pk}"] = forms.CharField(label=_("Kelas"), max_length=10, required=False)

        for part in ("component", "school", "grade"):
            field = self.fields[f"{part}-{member.pk}"]
            field.widget.attrs |= {"class": "input", "aria-label": f"{heard(field.label)}, {member.name}"}

    def _schools_on_record(self) -> set[int]:
        """Of the members as the form begins: they may lie in another kecamatan."""
        return {int(no) for name, no in self.initial.items() if name.startswith("school-") and no}

    @property
    def member_rows(self) -> list[tuple[Member, Any, Any, Any]]:
        return [(m, self[f"component-{m.pk}"], self[f"school-{m.pk}"], self[f"grade-{m.pk}"]) for m in self.members]

    @property
    def head_fields(self) -> list[Any]:
        return [self[name] for name in ("visited_on", "begins", "ends", "result", "reason")]

    @property
    def house_fields(self) -> list[Any]:
        return [self[name] for name in (*HOUSING, "terrain")]

    @property
    def place_fields(self) -> list[Any]:
        return [self[name] for name in ("latitude", "longitude", "accuracy_m", "note")]

    def facts(self) -> VisitFacts:
        given = self.cleaned_data
        found = given["result"] != "not_found"
        eligible = given["result"] == "eligible"
        return VisitFacts(
            given["visited_on"], given["begins"], given["ends"], found, eligible if found else None,
            given["reason"], {name: given[name] for name in HOUSING if given[name]}, given["terrain"],
            given["latitude"], given["longitude"], given["accuracy_m"], given["note"],
            self._counted() if eligible else (),
        )  # fmt: skip

    def _counted(self) -> list[Counted]:
        given = self.cleaned_data
        return [
            Counted(m.pk, Component(given[f"component-{m.pk}"]), given[f"school-{m.pk}"], given[f"grade-{m.pk}"])
            for m in self.members
            if given[f"component-{m.pk}"]
        ]


class CorrectForm(VisitForm):
    """A visit as it stands, to be put right, and why."""

    because = ReasonField(
        label=_("Alasan perbaikan"), max_length=200, help_text=_("Contoh: jam selesai tertukar. Dibaca auditor.")
    )

    @property
    def head_fields(self) -> list[Any]:
        return [self["because"], *super().head_fields]

    @staticmethod
    def initial_of(visit: HomeVisit) -> dict[str, Any]:
        names = ("visited_on", "begins", "ends", "reason", "latitude", "longitude", "accuracy_m", "note", "terrain")
        told = {name: getattr(visit, name) for name in (*names, *HOUSING)}
        told["result"] = "not_found" if not visit.found else "eligible" if visit.eligible else "ineligible"
        for row in FoundComponent.objects.filter(visit=visit):
            told |= {
                f"component-{row.member_id}": row.component, f"school-{row.member_id}": row.facility_id,
                f"grade-{row.member_id}": row.grade,
            }  # fmt: skip
        return told


def on_record(members: Iterable[Member], *, on: date) -> dict[str, Any]:
    """What is recorded of each member on that day, as the form begins: changed is only what is found otherwise.

    Of several components the one begun last. One query.
    """
    told: dict[str, Any] = {}
    spells = ComponentSpell.objects.filter(member__in=members, spell__contains=on).select_related("facility")
    for row in spells.order_by("spell", "pk"):
        at_school = row.facility is not None and row.facility.kind == Facility.Kind.SCHOOL
        told |= {
            f"component-{row.member_id}": row.component,
            f"school-{row.member_id}": row.facility_id if at_school else None,
            f"grade-{row.member_id}": row.grade,
        }
    return told


def _schools(family: Family, *, also: set[int]) -> list[tuple[str, Any]]:
    """The schools of the family's kecamatan, and those named. One query."""
    low, high = codes.range_of(codes.ancestor(family.region_id, codes.Level.DISTRICT))
    near = Q(region__gte=low, region__lt=high) | Q(pk__in=also)
    rows = Facility.objects.filter(near, kind=Facility.Kind.SCHOOL).order_by("name_key")
    return [("", _("Bukan pelajar")), *((str(pk), name) for pk, name in rows.values_list("pk", "name"))]


def photo_kinds() -> list[tuple[str, Any]]:
    return [(each.code, each.text) for each in default_codes()["photographs"].values()]


def photos_of(files: Any) -> list[Photo]:
    """Whatever came under "photo-KIND", several each."""
    return [
        Photo(kind, each.name, each.read()) for kind, _text in photo_kinds() for each in files.getlist(f"photo-{kind}")
    ]  # fmt: skip


class DecideForm(forms.Form):
    ends = forms.TypedChoiceField(
        label=_("Keputusan"), coerce=lambda value: value == "1",
        choices=[("1", _("Kepesertaan berakhir")), ("0", _("Kepesertaan diteruskan"))],
    )  # fmt: skip
    ends_on = forms.DateField(label=_("Berakhir pada"), widget=DATE, required=False)
    why = ReasonField(max_length=200)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = on
