"""A scan or photograph brought as evidence: believed by its first bytes, not by its name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MEGABYTES_MAX = 10
KINDS = {"application/pdf": b"%PDF", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG"}


class ScanField(forms.FileField):
    """PDF, JPG or PNG up to 10 MB, not required. The file's `content_type` is what its bytes say."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("PDF, JPG, atau PNG, paling besar 10 MB."))
        super().__init__(required=False, widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        given: UploadedFile | None = super().clean(data, initial)
        if not given:
            return None
        if (given.size or 0) > MEGABYTES_MAX * 2**20:
            raise forms.ValidationError(_("Berkas ini lebih besar dari 10 MB. Perkecil fotonya, lalu coba lagi."))
        head = given.read(8)
        given.seek(0)
        media_type = next((kind for kind, start in KINDS.items() if head.startswith(start)), None)
        if media_type is None:
            raise forms.ValidationError(_("Berkas ini bukan PDF, JPG, atau PNG. Pindai atau foto formulirnya."))
        given.content_type = media_type
        return given
