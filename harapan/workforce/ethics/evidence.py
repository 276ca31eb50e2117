"""Files as evidence: seen by whoever handles the case, and never by whom it is about.

What comes with a report has no name but ours and, as a picture, shows neither place nor time: a file's own name or
the place where it was taken would say who reported.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import date

from django.db import connections

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import active_alias, atomic
from harapan.files import pictures, storage
from harapan.workforce.ethics import handling, law
from harapan.workforce.models import EthicsEvidence, Step

KIND = "ethics"
NAMES = {"application/pdf": "bukti-pemeriksa.pdf", "image/jpeg": "bukti-pemeriksa.jpg"}
_ATTACH = "SELECT harapan.ethics_attached(%s, %s, %s::jsonb, %s, %s)"


def attach(number: str, word: bytes, brought: Sequence[bytes], *, on: date) -> None:
    """Pictures of whoever reported, under the report's number and word. Raises Refused for too many, Unreadable."""
    if not brought:
        return
    most = law.files_max(on)
    if len(brought) > most:
        raise too_many(most)
    files = [_laid_down(raw, place) for place, raw in enumerate(brought, start=1)]
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_ATTACH, [number, word, json.dumps(files), on, most])
        if not cursor.fetchone()[0]:
            raise too_many(most)


def add_file(case_id: int, raw: bytes, media_type: str, words: str, *, by: User, on: date) -> EthicsEvidence:
    """A file of the handler's own, a picture or PDF, with what it shows. Raises NotYourCase, Refused, Unreadable."""
    if media_type != "application/pdf":
        raw, media_type = pictures.read(raw, name="Berkas").shown, "image/jpeg"
    with atomic():
        case = handling.own(case_id, by, Step.RECEIVED, Step.VERIFIED, Step.EXAMINED)
        file = storage.store(NAMES[media_type], kind=KIND, contents=raw, owner=by.pk, media_type=media_type)
        made = EthicsEvidence.objects.create(
            case=case, kind=EthicsEvidence.Kind.FILE, words=words.strip(), file=file, added_on=on
        )
        log.record("ethics_case.evidence_added", kind="ethics_case", subject=case.pk)
    return made


def _laid_down(raw: bytes, place: int) -> dict[str, object]:
    shown = pictures.read(raw, name=f"nomor {place}").shown
    digest, size = storage.lay_down(KIND, shown)
    return {"id": str(uuid.uuid4()), "digest": digest, "size": size}


def too_many(most: int) -> Refused:
    """What is said beyond policy's most."""
    return Refused("Satu laporan membawa paling banyak {most} foto. Pilih yang paling jelas.", most=most)
