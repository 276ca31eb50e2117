"""What narrows the queue, a request as it is typed for its kind, and the small forms around it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.asked import whole
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.regions import codes
from harapan.regions.errors import UnknownRegion
from harapan.regions.meaning import region_meant
from harapan.regions.models import Region
from harapan.registry.changes import outside
from harapan.registry.changes.checking import RETURN
from harapan.registry.changes.fields import FIELDS, Takes, title
from harapan.registry.changes.kinds import Kind, default_kinds
from harapan.registry.models import Change, Facility, Family, Member
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm
from harapan.ui.scans import ScanField
from harapan.web.places import PlaceField
from harapan.web.reasons import ReasonField

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SCHOOLINGS = [
    ("primary", _("SD sederajat")), ("junior", _("SMP sederajat")), ("senior", _("SMA sederajat")),
]  # fmt: skip
ENDINGS = [("birth", _("melahirkan")), ("loss", _("keguguran")), ("mistake", _("salah catat"))]
STATES = [
    ("", _("Menunggu keputusan")),
    ("enter", _("Belum dimasukkan ke SIKS-NG")),
    ("unreflected", _("Belum tercermin di daftar")),
    ("applied", _("Diterapkan")),
    ("refused", _("Ditolak")),
    ("reversed", _("Dibalik")),
]
AGES = [("", _("Semua")), ("7", _("Lebih dari 7 hari")), ("30", _("Lebih dari 30 hari"))]
FACILITIES_MAX = 400


class ChangeFilters(FilterForm):
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)
    kind = forms.ChoiceField(label=_("Jenis"))
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    older = forms.TypedChoiceField(label=_("Lamanya"), choices=AGES, coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.data.get("region", "")
        self.fields["kind"].choices = [("", _("Semua jenis")), *default_kinds().codes()]  # type: ignore[attr-defined]
        if post.role.reach == Reach.GROUPS:
            del self.fields["region"]
        else:
            self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]

    def changes(self, on: date) -> QuerySet[Change]:
        """The requests of this address, in the scope that is on."""
        chosen = self.chosen()
        state = chosen.get("state", "asked")
        if state == "enter":
            found = outside.to_enter()
        elif state == "unreflected":
            found = outside.unreflected(on)
        else:
            found = Change.objects.filter(state=state, reverses__isnull=True)
        if "kind" in chosen:
            found = found.filter(kind=chosen["kind"])
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            found = found.filter(region_no__gte=low, region_no__lt=high)
        if "older" in chosen:
            found = found.filter(asked_on__lt=date.fromordinal(on.toordinal() - chosen["older"]))
        return found


class ChangeForm(forms.Form):
    """The fields of one kind for one family."""

    def __init__(self, *args: Any, kind: Kind, family: Family, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in kind.fields:
            field = _field(name, family, on, kind)
            field.label, field.required = title(kind.code, name), name in kind.required
            if name == "effective_on":
                field.initial = on
            self.fields[name] = field

    def values(self) -> dict[str, str]:
        """Field -> value as text, as `deciding.ask` takes it."""
        told = {name: self.cleaned_data.get(name) for name in self.kind.fields}
        return {name: _plain(value) for name, value in told.items() if value not in (None, "")}


def _plain(value: Any) -> str:
    if isinstance(value, Region):
        return str(value.no)
    return value.isoformat() if isinstance(value, date) else str(value)


def _field(name: str, family: Family, on: date, kind: Kind) -> forms.Field:
    about = FIELDS[name]
    match about.takes:
        case Takes.DAY:
            return forms.DateField(widget=DATE)
        case Takes.MEMBER:
            return forms.ChoiceField(choices=[("", "—"), *_members(family, away=kind.code == RETURN)])
        case Takes.FACILITY:
            return forms.ChoiceField(choices=[("", "—"), *_facilities(family, schools="schooling" in kind.fields)])
        case Takes.CHOICE:
            return forms.ChoiceField(choices=[("", "—"), *_choices(name)])
        case Takes.VILLAGE:
            return VillageField(
                near=family.region_id, max_length=120,
                widget=forms.TextInput(attrs={"list": "villages", "autocomplete": "off"}),
                help_text=_("Ketik namanya dan pilih dari daftar. Ke kabupaten lain: tulis juga kecamatan dan "
                            "kabupatennya. Contoh: Hiyung, Tapin Tengah, Tapin. Kode juga boleh."),
            )  # fmt: skip
        case _:
            return forms.CharField(max_length=about.most)


class VillageField(PlaceField):
    """A village, looked for in the family's kabupaten first, then in its province: few moves go farther."""

    def __init__(self, *, near: int, **kwargs: Any) -> None:
        super().__init__(widest=codes.Level.VILLAGE, deepest=codes.Level.VILLAGE, **kwargs)
        self.near = near

    def meant(self, text: str) -> Region:
        for level in (codes.Level.REGENCY, codes.Level.PROVINCE):
            around = codes.range_of(codes.ancestor(self.near, level))
            with suppress(UnknownRegion):
                return region_meant(text, widest=self.widest, deepest=self.deepest, within=(around,))
        return super().meant(text)


def villages_of(number: int) -> QuerySet[Region]:
    """Villages in force of the kabupaten that the region lies in."""
    low, high = codes.range_of(codes.ancestor(number, codes.Level.REGENCY))
    return Region.objects.filter(no__gte=low, no__lt=high, level=codes.Level.VILLAGE, until__isnull=True)


def villages_near(family: Family) -> list[str]:
    """The villages of the family's kabupaten, each by its name with its kecamatan, as `VillageField` reads it."""
    rows = villages_of(family.region_id).select_related("parent").order_by("name_key", "no")
    return [f"{row.display_name}, {row.parent.display_name}" for row in rows if row.parent]


def _members(family: Family, *, away: bool) -> list[tuple[str, str]]:
    living = Member.objects.filter(family=family, died_on__isnull=True)
    rows = living.filter(left_on__isnull=not away).order_by("-manager", "pk")
    return [(str(row.pk), f"{row.name}, {format_date(row.born_on) if row.born_on else '—'}") for row in rows]


def _facilities(family: Family, *, schools: bool) -> list[tuple[str, str]]:
    """Schools for a pupil, health posts and the like for everybody else: those of the kecamatan first."""
    low, high = codes.range_of(codes.ancestor(family.region_id, codes.Level.REGENCY))
    district = codes.ancestor(family.region_id, codes.Level.DISTRICT)
    inside = Facility.objects.filter(region_id__gte=low, region_id__lt=high)
    wanted = inside.filter(kind=Facility.Kind.SCHOOL) if schools else inside.exclude(kind=Facility.Kind.SCHOOL)
    rows = wanted.order_by("kind", "name_key")
    near = sorted(
        rows[:FACILITIES_MAX], key=lambda row: codes.ancestor(row.region_id, codes.Level.DISTRICT) != district
    )
    return [(str(row.pk), f"{row.name} ({row.code})" if row.code else row.name) for row in near]


def _choices(name: str) -> Iterable[tuple[str, Any]]:
    if name == "sex":
        return [(str(value), label) for value, label in Member.Sex.choices if value]
    if name == "relation":
        return [pair for pair in Member.Relation.choices if pair[0] != Member.Relation.MANAGER]
    if name == "schooling":
        return SCHOOLINGS
    if name == "ordinal":
        return [(str(number), str(number)) for number in range(1, 5)]
    return ENDINGS


class ProofForm(forms.Form):
    kind = forms.ChoiceField(label=_("Bukti"))
    file = ScanField(label=_("Berkas atau foto"))

    def __init__(self, *args: Any, asked: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = default_kinds().proofs
        self.fields["kind"].choices = [(code, names[code]) for code in asked]  # type: ignore[attr-defined]
        self.fields["file"].required = True


class WhyForm(forms.Form):
    why = ReasonField(
        rows=2, required=False,
        help_text=_("Wajib bila ditolak atau dibalik. Dibaca yang mengajukan dan auditor."),
    )  # fmt: skip

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = required


class EnterForm(forms.Form):
    entered_on = forms.DateField(label=_("Dimasukkan pada"), widget=DATE)
    note = forms.CharField(
        label=_("Bukti"),
        max_length=200,
        help_text=_("Contoh: usulan 63/2025/118, atau tangkapan layar di kantor desa."),
    )


class OpenForm(forms.Form):
    why = ReasonField(
        label=_("Alasan melihat nomor lengkap"), max_length=200, help_text=_("Contoh: mengisi usulan di SIKS-NG.")
    )


def shown(name: str, value: str, *, members: dict[int, str], facilities: dict[int, str]) -> str | Phrase:
    """A stored value as people read it."""
    takes = FIELDS[name].takes
    if takes is Takes.DAY:
        return format_date(date.fromisoformat(value))
    if takes is Takes.MEMBER:
        return members.get(int(value), "—")
    if takes is Takes.FACILITY:
        return facilities.get(int(value), "—")
    if takes is Takes.VILLAGE:
        region = Region.objects.filter(no=int(value)).first()
        return f"{region.path_name()} ({codes.dotted(int(value))})" if region else codes.dotted(int(value))
    if takes is Takes.CHOICE:
        return dict(_choices(name)).get(value, value)
    return value
