"""Scans and photographs that families and offices bring: kept encrypted, with their place."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from harapan.accounts.request import Request
from harapan.files import storage
from harapan.files.models import StoredFile

KIND = "evidence"


def keep(request: Request, given: UploadedFile | None, *, region_no: int) -> StoredFile | None:
    """As it came; None where nothing was brought."""
    if given is None:
        return None
    return storage.store(
        given.name or "bukti", kind=KIND, contents=given.read(), owner=request.user.pk, region_no=region_no,
        media_type=given.content_type or "",
    )  # fmt: skip
