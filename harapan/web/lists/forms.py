"""Which two lists, grouped how, narrowed to which change and place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.benefits.compare import CHANGE_LABELS
from harapan.benefits.models import Stage
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm

BY = [
    ("district", _("Kecamatan")),
    ("village", _("Desa/kelurahan")),
    ("desil", _("Desil")),
    ("facilitator", _("Pendamping")),
]


class CompareFilters(FilterForm):
    """Everything stands in the address. Without a choice the latest two stages that have a list are compared."""

    first = forms.ChoiceField(label=_("Dari"))
    second = forms.ChoiceField(label=_("Ke"))
    by = forms.ChoiceField(label=_("Menurut"), choices=[("", _("Kecamatan")), *BY[1:]])
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    change = forms.ChoiceField(label=_("Perubahan"))

    def __init__(self, *args: Any, post: Post, changes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stages = list(Stage.objects.filter(lists__isnull=False).distinct().order_by("-year", "-number"))
        latest = dict(zip(("second", "first"), self.stages, strict=False))
        for name, stage in latest.items():
            others = ((each.name, each.name) for each in self.stages if each != stage)
            self.fields[name].choices = [("", stage.name), *others]  # type: ignore[attr-defined]
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, int(at) if at.isdigit() else None)  # type: ignore[attr-defined]
        self.fields["change"].choices = [  # type: ignore[attr-defined]
            ("", _("Semua perubahan")),
            *((str(change), label) for change, label in CHANGE_LABELS.items()),
        ]
        del self.fields["by" if changes else "change"]

    @property
    def pair(self) -> tuple[Stage, Stage] | None:
        """The two stages asked for, else the latest two; None where fewer than two have a list."""
        if len(self.stages) < 2:
            return None
        named = {stage.name: stage for stage in self.stages}
        chosen = self.chosen()
        return named.get(chosen.get("first", ""), self.stages[1]), named.get(chosen.get("second", ""), self.stages[0])
