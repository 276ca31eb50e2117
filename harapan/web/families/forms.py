"""What narrows the list of families, and the two small deeds on one family."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.asked import whole
from harapan.core.components import LABELS_ID
from harapan.regions.models import Region
from harapan.registry.models.family import NAMED_MAX, FamilyQuerySet
from harapan.registry.narrowing import ended, enrolled, with_component, with_open_question, without_group
from harapan.registry.places import choices_below, reach_of
from harapan.registry.queries import counted_to, find, is_name
from harapan.ui.filters import FilterForm
from harapan.web.reasons import ReasonField

STATES = [
    ("", _("Semua keadaan")),
    ("enrolled", _("Peserta aktif")),
    ("ended", _("Kepesertaan berakhir")),
    ("asked", _("Ada pertanyaan data")),
    ("groupless", _("Belum berkelompok")),
]


class FamilyFilters(FilterForm):
    """All in the address, so that a list can be sent on, and downloads hold what is on the screen."""

    q = forms.CharField(label=_("Cari"), max_length=80, widget=forms.HiddenInput)
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    component = forms.TypedChoiceField(
        label=_("Komponen"),
        coerce=int,
        empty_value=None,
        choices=[("", _("Semua komponen")), *((int(code), label) for code, label in LABELS_ID.items())],
    )
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, whole(at))  # type: ignore[attr-defined]

    def families(self, on: date) -> FamilyQuerySet:
        """The families of this address, in no order yet."""
        chosen = self.chosen()
        families = self.found = find(self.post, chosen.get("q", ""))
        if "region" in chosen:
            families = families.inside(*Region(no=chosen["region"]).range)
        if "component" in chosen:
            families = with_component(families, chosen["component"], on=on, post=self.post)
        match chosen.get("state"):
            case "enrolled":
                families = enrolled(families, on=on)
            case "ended":
                families = ended(families, on=on, post=self.post)
            case "asked":
                families = with_open_question(families)
            case "groupless":
                families = without_group(families)
        return families

    @property
    def cut(self) -> bool:
        """Whether more families may bear the name than a search lists. After `families`; at most one query."""
        return is_name(self.chosen().get("q", "")) and counted_to(self.found, NAMED_MAX) >= NAMED_MAX

    @property
    def probed(self) -> bool:
        """Whether a filter looks beyond the family's own row."""
        return bool({"component", "state"} & set(self.chosen()))

    @property
    def place(self) -> str:
        """What the list covers, in words."""
        if self.post.role.reach == Reach.GROUPS:  # they may lie in another kecamatan than the post's
            return str(_("wilayah dampingan Anda"))
        return reach_of(self.post)


class UnmaskForm(forms.Form):
    """Opening a full number: which one, and why. The reason stands in the access log."""

    number = forms.ChoiceField(label=_("Nomor"), choices=[])
    why = ReasonField(
        max_length=200,
        help_text=_("Dibaca auditor. Contoh: mencocokkan KTP di bank, 12 Mei."),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = choices  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """The field's own note on a family; no list overwrites it."""

    note = forms.CharField(label=_("Catatan"), max_length=2000, required=False)


class QuestionForm(forms.Form):
    """Which of two words stands, and why; or, before that, seeing both numbers in full."""

    why = ReasonField(
        max_length=200,
        help_text=_("Dibaca auditor. Contoh: dicocokkan dengan KTP asli, 12 Mei."),
    )
