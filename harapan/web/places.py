"""Which region a page looks at: chosen step by step inside the reader's reach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.core.asked import whole
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm


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
