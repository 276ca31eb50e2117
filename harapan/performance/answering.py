"""The person concerned answers, in words and with a file."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.files import storage
from harapan.performance.errors import NotYourFinding
from harapan.performance.models import Finding, FindingAnswer

ANSWER_MIN, ANSWER_MAX = 10, 3000


def answer(finding_id: int, text: str, *, by: User, on: date, file: UploadedFile | None = None) -> FindingAnswer:
    """Keep an answer; from now on whoever supervises sees the finding together with it.

    Only the person concerned answers. Raises NotYourFinding, Refused.
    """
    text = text.strip()
    if not ANSWER_MIN <= len(text) <= ANSWER_MAX:
        raise Refused("Tulis jawaban {least} sampai {most} huruf: apa yang terjadi menurut Anda.", least=ANSWER_MIN,
                      most=ANSWER_MAX)  # fmt: skip
    with atomic():
        finding = Finding.objects.select_for_update(of=("self",)).filter(pk=finding_id, person=by).first()
        if finding is None:
            raise NotYourFinding
        kept = None
        if file is not None:
            kept = storage.store(
                str(file.name), kind="evidence", contents=file.read(), owner=by.pk, region_no=finding.region_no,
                media_type=file.content_type or "",
            )  # fmt: skip
        made = FindingAnswer.objects.create(
            finding=finding, person=by, region_no=finding.region_no, text=text, file=kept, said_on=on
        )
        if not finding.released:
            finding.released = True
            finding.save(update_fields=["released"])
        log.record("finding.answered", kind="finding", subject=finding.pk)
    return made
