"""Where a page asks why: the rule of the actions (`harapan.policy.reasons`), said at the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.policy.reasons import demand_reason, letters_min

REASON_MAX = 300
WHY = _("Alasan")


class ReasonField(forms.CharField):
    """A reason that somebody else reads; one line, or `rows` of them. Left empty only where it is not required."""

    def __init__(self, *, rows: int = 1, label: Any = WHY, max_length: int = REASON_MAX, **about: Any) -> None:
        if rows > 1:
            about["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, max_length=max_length, **about)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Shown with the length that the browser asks for: no shorter text has as many letters."""
        self.widget.attrs["minlength"] = letters_min(today())
        return super().get_bound_field(form, field_name)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            try:
                demand_reason(value, Phrase("Tulis satu kalimat yang menjelaskan sebabnya."), on=today())
            except Refused as refusal:
                raise forms.ValidationError(refusal.phrase.heard()) from refusal


class WhyForm(forms.Form):
    """Only why. `example` completes what auditors read; without one the reader is the family as well."""

    why = ReasonField(rows=2, help_text=_("Satu kalimat yang dibaca keluarga dan auditor."))

    def __init__(self, *args: Any, example: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if example:
            wanted = _("Tulis alasannya; auditor akan membacanya. Contoh: %(example)s.")
            self.fields["why"].help_text = _("Dibaca auditor. Contoh: %(example)s.") % {"example": example}
            self.fields["why"].error_messages["required"] = wanted % {"example": example}
