"""Bringing files in: which kind of list, for which stage, and what narrows the list of past imports."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post, User
from harapan.accounts.permission import allows
from harapan.benefits.models import Stage
from harapan.core.periods import StageName
from harapan.exchange.files import BYTES_MAX
from harapan.intake.layouts import LAYOUTS
from harapan.intake.queries import facilitators
from harapan.policy.reader import default_policy
from harapan.ui.filters import FilterForm
from harapan.web.imports.page import TAGS

FILES_MAX = 20
FAMILIES = "import.families"  # whoever may bring in lists of families


def stage_choices(on: date) -> list[tuple[str, str]]:
    """The stages that are there and those of this year and the one before, the latest first."""
    policy = default_policy()
    planned = [StageName.parse(plan.name) for year in (on.year - 1, on.year) for plan in policy.stages(year)]
    known = [StageName.parse(name) for name in Stage.objects.values_list("name", flat=True)]
    names = [str(name) for name in sorted({*planned, *known}, reverse=True)]
    return [("", str(_("Tidak untuk satu tahap"))), *((name, name) for name in names)]


def layout_choices(post: Post) -> list[tuple[str, SafeString]]:
    """Every kind of list that the post may bring in, with plain words what file it is."""
    return [
        (name, format_html("<span><b>{}</b> <small>{}</small></span>", layout.title, layout.about))
        for name, layout in LAYOUTS.items()
        if allows(post, layout.permission)
    ]


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files; every one is checked like a single file."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > FILES_MAX:
            raise forms.ValidationError(_("Pilih paling banyak %(most)d berkas sekali kirim.") % {"most": FILES_MAX})
        files = [super(FilesField, self).clean(each, initial) for each in given]
        for file in files:
            if file.size > BYTES_MAX:
                raise forms.ValidationError(
                    _("Berkas “%(name)s” lebih besar dari %(most)d MB. Pecah menjadi beberapa berkas.")
                    % {"name": file.name, "most": BYTES_MAX // 2**20}
                )
        return files


class UploadForm(forms.Form):
    layout = forms.ChoiceField(label=_("Jenis daftar"), widget=forms.RadioSelect)
    uploads = FilesField(
        label=_("Berkas"),
        help_text=_("xlsx atau csv, boleh beberapa berkas dari jenis yang sama."),
        error_messages={
            "required": _("Pilih berkasnya. Contoh: penerima_tapin_2025-2.xlsx."),
            "empty": _("Berkas ini kosong. Simpan ulang dari lembar kerjanya, lalu pilih lagi."),
        },
    )
    stage = forms.ChoiceField(
        label=_("Tahap"),
        required=False,
        help_text=_("Wajib untuk daftar penerima, status, dan jawaban bank. Contoh: 2025-2."),
    )
    facilitator: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Pendamping"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Sesuai isi berkas"),
        help_text=_("Hanya untuk buku kerja: pendamping yang membuatnya."),
    )

    def __init__(self, *args: Any, post: Post, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].choices = layout_choices(post)  # type: ignore[attr-defined]
        if allows(post, FAMILIES):
            self.fields["stage"].choices = stage_choices(on)  # type: ignore[attr-defined]
            self.fields["facilitator"].queryset = facilitators()  # type: ignore[attr-defined]
        else:  # lists of people and scores belong to no stage and no facilitator
            del self.fields["stage"], self.fields["facilitator"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        layout = LAYOUTS.get(cleaned.get("layout", ""))
        if layout and layout.needs_stage and not cleaned.get("stage"):
            self.add_error("stage", _("Jenis daftar ini untuk satu tahap. Pilih tahapnya, misalnya 2025-2."))
        return cleaned


class ImportFilters(FilterForm):
    layout = forms.ChoiceField(label=_("Jenis daftar"))
    state = forms.ChoiceField(
        label=_("Keadaan"),
        choices=[("", _("Semua keadaan")), *((state.value, word) for state, (*_look, word) in TAGS.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].choices = [  # type: ignore[attr-defined]
            ("", _("Semua jenis")),
            *((name, layout.title) for name, layout in LAYOUTS.items()),
        ]
