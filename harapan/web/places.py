"""Which region a page looks at, or a deed is about: chosen by name inside the reader's reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.asked import whole
from harapan.core.errors import HarapanError
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.meaning import region_meant
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.registry.places import choices_below
from harapan.registry.queries import groups_of
from harapan.ui.filters import FilterForm

NAME_EXAMPLE = _("Namanya, bila perlu dengan nama di atasnya. Contoh: Tapin Tengah, Tapin. Kode juga boleh.")
VILLAGE_EXAMPLE = _("Namanya, bila perlu dengan kecamatannya. Contoh: Hiyung, Tapin Tengah. Kode juga boleh.")
CHOICES_MAX = 1000  # beyond it a list is slower than typing; a kabupaten has up to some 850 villages


class PlaceField(forms.CharField):
    """A region by its name or code. Offered to a post, it is chosen from a list of the post's reach, or typed where
    that would be endless."""

    def __init__(
        self, *, widest: Level = Level.PROVINCE, deepest: Level = Level.DISTRICT,
        within: Sequence[tuple[int, int]] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        kwargs.setdefault("help_text", VILLAGE_EXAMPLE if deepest is Level.VILLAGE else NAME_EXAMPLE)
        super().__init__(**kwargs)
        self.widest, self.deepest = widest, deepest
        self.within = within  # where a name is looked for

    def offer(self, post: Post) -> None:
        """The nation goes on typing: it has some seven thousand kecamatan."""
        self.within = post.ranges
        if post.role.reach == Reach.NATION:
            return
        known = _places_of(post, self.widest, self.deepest)
        if sum(len(within) for _around, within in known) <= CHOICES_MAX:
            self.help_text = ""
            self.widget = forms.Select(attrs={"lang": "id"}, choices=[("", _("Pilih wilayah")), *known])  # names
            self.widget.is_required = self.required

    def clean(self, value: Any) -> Region | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.meant(text)
        except HarapanError as error:
            raise forms.ValidationError(error.phrase.heard()) from error

    def meant(self, text: str) -> Region:
        """Raises UnreadableCode, UnknownRegion or AmbiguousRegion."""
        return region_meant(text, widest=self.widest, deepest=self.deepest, within=self.within)


class PlacesField(forms.CharField):
    """Several regions, each on a line: a comma stands within a name. Codes may also follow each other on one."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, within: Sequence[tuple[int, int]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.each = PlaceField(within=within)

    def clean(self, value: Any) -> list[Region]:
        return [self.each.clean(line) for line in _lines(super().clean(value))]  # type: ignore[misc]


def _lines(text: str) -> Iterator[str]:
    """The text of each region: parted by lines or semicolons, codes also by commas."""
    for line in re.split(r"[\n;]", text):
        parts = [line] if any(map(str.isalpha, line)) else line.split(",")
        yield from (part for part in parts if part.strip())


def _places_of(post: Post, widest: Level, deepest: Level) -> list[tuple[Any, Any]]:
    """Code and name of each region of the reach, those of a kabupaten or kota, or of a kecamatan, together. One
    query."""
    inside = Q(pk__in=())
    for low, high in post.ranges:
        inside |= Q(no__gte=low, no__lt=high)
    rows = Region.objects.filter(inside, level__gte=widest, level__lte=deepest, until=None).select_related("parent")
    groups: dict[str, list[tuple[str, str]]] = {}
    for region in rows.order_by("no"):
        around = region.parent if region.level >= Level.DISTRICT and region.parent else region
        groups.setdefault(around.display_name, []).append((codes.dotted(region.no), region.display_name))
    return list(groups.items())


class PlaceFilters(FilterForm):
    """The region looked at; without a choice the post's own, where it has exactly one."""

    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        at = self.data.get("region", "")
        choices = choices_below(post, whole(at))
        wide = [(no, name) for no, name in choices if not no or codes.level_of(int(no)) < Level.VILLAGE]
        self.fields["region"].choices = wide  # type: ignore[attr-defined]

    def place(self) -> Region | None:
        number = self.chosen().get("region")
        if number is None and len(self.post.region_nos) == 1:
            number = self.post.region_nos[0]
        return Region.objects.filter(no=number).first() if number else None


class GroupPlaceFilters(FilterForm):
    """Groups of a place; whoever meets only the own groups chooses no place."""

    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        at = self.data.get("region", "")
        if post.role.reach == Reach.GROUPS:
            del self.fields["region"]
        else:
            self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]

    def groups(self) -> QuerySet[Group]:
        return self.of_place(groups_of(self.post))

    def of_place(self, found: QuerySet[Group]) -> QuerySet[Group]:
        if "region" not in self.chosen():
            return found
        low, high = Region(no=self.chosen()["region"]).range
        return found.filter(region_id__gte=low, region_id__lt=high)
