"""What narrows the list of groups, a move of families, and a group's own name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.asked import whole
from harapan.core.errors import HarapanError
from harapan.regions import codes
from harapan.regions.meaning import region_meant
from harapan.regions.models import Region
from harapan.registry.models import NO_GROUP, Family, Group
from harapan.registry.places import choices_below
from harapan.registry.queries import facilitators_serving, groups_in
from harapan.ui.filters import FilterForm
from harapan.web.places import VILLAGE_EXAMPLE
from harapan.web.reasons import ReasonField

Choices = list[tuple[str, Any]]


class GroupFilters(FilterForm):
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    alone = forms.BooleanField(label=_("Belum punya pendamping"))

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Into which group, and why. Offered are the groups of the families' kabupaten, by kecamatan."""

    group = forms.TypedChoiceField(label=_("Kelompok tujuan"), coerce=int)
    why = ReasonField(
        max_length=200, help_text=_("Dibaca auditor. Contoh: pindah rumah ke RT 04; kelompok lama terlalu besar.")
    )

    def __init__(self, *args: Any, post: Post, families: Iterable[Family], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(families)
        here = {family.group_id for family in known}
        regencies = {codes.ancestor(family.region_id, codes.Level.REGENCY) for family in known}
        groups = [group for group in _groups_of(post, regencies) if here != {group.pk}]
        nobody: Choices = [] if here == {NO_GROUP} else [(str(NO_GROUP), _("Belum berkelompok"))]
        self.fields["group"].choices = [("", _("Pilih kelompok")), *by_district(groups), *nobody]  # type: ignore[attr-defined]


def _groups_of(post: Post, regencies: set[int]) -> list[Group]:
    """The groups in reach that meet in the only kabupaten of the families; none where they live in several."""
    if len(regencies) != 1:
        return []
    low, high = codes.range_of(regencies.pop())
    found = groups_in(post).filter(region_id__gte=low, region_id__lt=high).select_related("facilitator")
    return list(found.order_by("name", "pk"))


def by_district(groups: Iterable[Group]) -> Choices:
    """Groups as choices under the name of their kecamatan. One query."""
    known = list(groups)
    districts = {codes.ancestor(int(group.region_id or 0), codes.Level.DISTRICT) for group in known}
    found: Choices = []
    for district in Region.objects.filter(no__in=districts).order_by("name_key"):
        low, high = district.range
        inside = [group for group in known if low <= int(group.region_id or 0) < high]
        found.append((district.display_name, [(str(group.pk), _said(group)) for group in inside]))
    return found


def _said(group: Group) -> str:
    return f"{group.name}, {group.facilitator.name}" if group.facilitator else group.name


class GroupForm(forms.Form):
    """What a group is called, who leads it and who meets it. A new one also says where it meets."""

    name = forms.CharField(label=_("Nama kelompok"), max_length=80)
    leader_name = forms.CharField(label=_("Ketua kelompok"), max_length=120, required=False)
    meeting_place = forms.CharField(
        label=_("Tempat bertemu biasanya"),
        max_length=120,
        required=False,
        help_text=_("Contoh: rumah Bu Aminah, RT 04."),
    )
    facilitator = forms.TypedChoiceField(label=_("Pendamping"), coerce=int, empty_value=None, required=False)
    why = ReasonField(max_length=200, help_text=_("Dibaca auditor. Contoh: pembagian dampingan Januari; salah eja."))

    def __init__(self, *args: Any, post: Post, on: date, group: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        if group is None:
            self.fields["region"] = _place_field(post)
            self.order_fields(["name", "region"])
        people: Choices = [*facilitators_serving(post, group, on=on)]
        if group and group.facilitator:  # a group is given to somebody else, never taken from everybody
            own = (str(group.facilitator_id), group.facilitator.name)
            people = people if own in people else [own, *people]
        else:
            people = [("", _("Belum ditentukan")), *people]
        self.fields["facilitator"].choices = people  # type: ignore[attr-defined]

    def clean_region(self) -> int:
        given = self.cleaned_data["region"]
        if str(given).isdecimal() and len(str(given)) == codes.DIGITS_OF[codes.Level.VILLAGE]:
            return int(given)
        try:
            return region_meant(given, widest=codes.Level.DISTRICT, within=self.post.ranges).no
        except HarapanError as error:
            raise forms.ValidationError(str(error)) from error


def _place_field(post: Post) -> forms.Field:
    """The villages of one kabupaten to choose from; whoever reaches further types a name."""
    if post.role.reach is not Reach.REGENCY:
        return forms.CharField(label=_("Tempat bertemu"), max_length=120, help_text=VILLAGE_EXAMPLE)
    choices: Choices = [("", _("Pilih desa atau kelurahan"))]
    for number in post.region_nos:
        low, high = codes.range_of(number)
        below = Region.objects.filter(no__gte=low, no__lt=high, until__isnull=True).order_by("name_key")
        villages: dict[int, Choices] = {}
        names = {region.no: region for region in below}
        for region in names.values():
            if region.level == codes.Level.VILLAGE:
                villages.setdefault(region.parent_id or 0, []).append((str(region.no), region.display_name))
        choices += [(region.display_name, villages[no]) for no, region in names.items() if no in villages]
    return forms.ChoiceField(label=_("Tempat bertemu"), choices=choices)
