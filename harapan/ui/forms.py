"""How Django draws forms here: label above, hint, control, error in words below, a summary on top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property

DJANGO_WIDGETS = Path(django.forms.__file__).parent / "templates"


class Renderer(DjangoTemplates):
    """`FORM_RENDERER`: `{{ form }}` uses `ui/form.html`, `{{ form.name.as_field_group }}` uses `ui/field.html`."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    @cached_property
    def engine(self) -> Any:
        builtins = ["django.templatetags.i18n", "harapan.ui.templatetags.ui"]
        options = {"APP_DIRS": True, "DIRS": [DJANGO_WIDGETS], "NAME": "forms", "OPTIONS": {"builtins": builtins}}
        return self.backend(options)
