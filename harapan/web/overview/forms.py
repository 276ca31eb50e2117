"""What narrows the overview: the month, a place, one kind of task, and whom a figure was opened from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.core.asked import whole
from harapan.core.periods import add_months, format_month, month_of
from harapan.fieldwork.task_kinds import TaskKind, kinds_on
from harapan.regions.models import Region
from harapan.registry.models import Group
from harapan.registry.places import choices_below
from harapan.registry.queries import facilitators_in, groups_in, villages_in
from harapan.ui.filters import FilterForm

MONTHS_SHOWN = 12


class OverviewFilters(FilterForm):
    """Facilitator and group are chosen by opening their figures, so that no list of thousands is offered."""

    month = forms.ChoiceField(label=_("Bulan"))
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Jenis tugas"))
    facilitator = forms.TypedChoiceField(label=_("Pendamping"), coerce=int, empty_value=None)
    group = forms.TypedChoiceField(label=_("Kelompok"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, on: date, tasks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post, self.on = post, on
        now = month_of(on)
        earlier = [add_months(now, -back) for back in range(1, MONTHS_SHOWN)]
        self._offer("month", [("", _("Bulan ini")), *((month, format_month(month)) for month in earlier)])
        self._offer("region", choices_below(post, self._asked("region")))
        self._offer("kind", [("", _("Semua jenis")), *((each.code, each.title) for each in self._kinds())])
        if not tasks:
            del self.fields["kind"]
        people, groups = self._asked("facilitator"), self._asked("group")
        self._only("facilitator", facilitators_in(post, only=people) if people else [], _("Semua pendamping"))
        known = groups_in(post).filter(pk=groups).values_list("pk", "name") if groups else []
        self._only("group", list(known), _("Semua kelompok"))

    def _asked(self, name: str) -> int | None:
        text = self.data.get(name, "")
        return whole(text)

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _only(self, name: str, found: list[tuple[int, str]], everything: Any) -> None:
        if not found and not self.data.get(name):
            del self.fields[name]
            return
        self._offer(name, [("", everything), *((str(no), title) for no, title in found)])

    def _kinds(self) -> list[TaskKind]:
        return kinds_on(self.on, post=self.post)

    @property
    def shown_month(self) -> str:
        """The month the figures are of: "2025-05"."""
        return str(self.chosen().get("month") or month_of(self.on))

    @property
    def now(self) -> bool:
        """Whether it is the running month: open tasks are those of today."""
        return self.shown_month == month_of(self.on)

    def kinds(self) -> list[TaskKind]:
        wanted = self.chosen().get("kind")
        return [kind for kind in self._kinds() if wanted in (None, kind.code)]

    @property
    def narrows_groups(self) -> bool:
        return bool({"region", "facilitator", "group"} & set(self.chosen()))

    def groups(self) -> QuerySet[Group]:
        """The groups that meet inside the reader's reach and what was chosen."""
        return self._narrowed(groups_in(self.post))

    def villages(self) -> QuerySet[Group]:
        """The groups that hold candidates: they never meet, but their tasks wait for the same facilitators."""
        return self._narrowed(villages_in(self.post))

    def _narrowed(self, found: QuerySet[Group]) -> QuerySet[Group]:
        chosen = self.chosen()
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            found = found.filter(region_id__gte=low, region_id__lt=high)
        if "facilitator" in chosen:
            found = found.filter(facilitator=chosen["facilitator"])
        return found.filter(pk=chosen["group"]) if "group" in chosen else found
