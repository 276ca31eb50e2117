"""Which two lists, grouped how, narrowed to which change and place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.benefits.compare import CHANGE_LABELS, Within
from harapan.benefits.models import Stage
from harapan.core.asked import whole
from harapan.regions import codes
from harapan.registry.places import choices_below
from harapan.registry.queries import facilitators_in
from harapan.ui.filters import FilterForm

BY = [
    ("district", _("Kecamatan")),
    ("village", _("Desa/kelurahan")),
    ("desil", _("Desil")),
    ("facilitator", _("Pendamping")),
]
NONE = "none"  # a desil nobody told, a group without facilitator
DESILS = [
    ("", _("Semua desil")),
    *((str(desil), str(desil)) for desil in range(1, 11)),
    (NONE, _("belum diketahui")),
]


class CompareFilters(FilterForm):
    """Everything stands in the address. Without a choice the latest two stages that have a list are compared."""

    first = forms.ChoiceField(label=_("Dari"))
    second = forms.ChoiceField(label=_("Ke"))
    by = forms.ChoiceField(label=_("Menurut"), choices=[("", _("Kecamatan")), *BY[1:]])
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    desil = forms.ChoiceField(label=_("Desil"), choices=DESILS)
    facilitator = forms.ChoiceField(label=_("Pendamping"))
    change = forms.ChoiceField(label=_("Perubahan"))

    def __init__(self, *args: Any, post: Post, changes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stages = list(Stage.objects.filter(lists__isnull=False).distinct().order_by("-year", "-number"))
        latest = dict(zip(("second", "first"), self.stages, strict=False))
        shown = {name: stage.name for name, stage in latest.items()}
        # naming what stands there anyway is no choice
        self.data = {name: value for name, value in self.data.items() if shown.get(name) != value}
        for name, stage in latest.items():
            others = ((each.name, each.name) for each in self.stages if each != stage)
            self.fields[name].choices = [("", stage.name), *others]  # type: ignore[attr-defined]
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]
        self.fields["facilitator"].choices = self._facilitators(post)  # type: ignore[attr-defined]
        self.fields["change"].choices = [  # type: ignore[attr-defined]
            ("", _("Semua perubahan")),
            *((str(change), label) for change, label in CHANGE_LABELS.items()),
        ]
        del self.fields["by" if changes else "change"]

    def _facilitators(self, post: Post) -> list[tuple[str, Any]]:
        """Those of one kabupaten; over a wider region only the one already chosen, where the post reaches them."""
        at = self.data.get("region", "")
        region = whole(at)
        wide = region is None and post.role.reach in (Reach.NATION, Reach.PROVINCE)
        wide = wide or (region is not None and codes.level_of(region) == codes.Level.PROVINCE)
        chosen = self.data.get("facilitator", "")
        only = (int(chosen) if chosen.isdecimal() else 0) if wide else None
        found = facilitators_in(post, region=region, only=only)
        return [
            ("", _("Semua pendamping")),
            *((str(number), name) for number, name in found),
            (NONE, _("Tanpa pendamping")),
        ]

    @property
    def within(self) -> Within:
        """Which families the address asks for."""
        chosen = self.chosen()
        desil, facilitator = chosen.get("desil"), chosen.get("facilitator")
        return Within(
            region=chosen.get("region"),
            desil="" if desil == NONE else desil,
            facilitator=0 if facilitator == NONE else int(facilitator) if facilitator else None,
        )

    @property
    def pair(self) -> tuple[Stage, Stage] | None:
        """The two stages asked for, else the latest two; None where fewer than two have a list."""
        if len(self.stages) < 2:
            return None
        named = {stage.name: stage for stage in self.stages}
        chosen = self.chosen()
        return named.get(chosen.get("first", ""), self.stages[1]), named.get(chosen.get("second", ""), self.stages[0])
