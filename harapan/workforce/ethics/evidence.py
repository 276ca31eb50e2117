"""Files as evidence: seen by whoever handles the case, and never by whom it is about.

All of it has no name but ours and is kept as pictures, of a photograph or of the pages of a PDF. A file's own name, its
author or the place where it was taken would say who reported; and somebody is judged on what the handler brings, so
whoever decides sees what the handler saw, and nothing that hides in a file.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connections

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused, Unreadable
from harapan.database.scope import active_alias, atomic
from harapan.files import pages, pictures, storage
from harapan.workforce.ethics import handling, law
from harapan.workforce.models import EthicsEvidence, Step

KIND = "ethics"
PHOTOGRAPH = "image/jpeg"
NAMES = {pages.MEDIA_TYPE: "bukti-pemeriksa.pdf", PHOTOGRAPH: "bukti-pemeriksa.jpg"}
_ATTACH = "SELECT harapan.ethics_attached(%s, %s, %s::jsonb, %s, %s)"


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody brought, opened and made anew: `prove` gives it, and nothing else is kept."""

    contents: bytes
    media_type: str


def prove(raw: bytes, *, name: str, on: date) -> Proof:
    """A photograph, or a PDF by the pictures of its pages. Raises Unreadable for anything else, and beyond the law."""
    if not pages.is_one(raw):
        return Proof(pictures.read(raw, name=name).shown, PHOTOGRAPH)
    if len(raw) > (most := law.pdf_megabytes_max(on)) * 2**20:
        raise Unreadable("{name} lebih besar dari {most} MB. Kirim halaman yang penting saja.", name=name, most=most)
    return Proof(pages.pictures_of(raw, name=name, most=law.pdf_pages_max(on)), pages.MEDIA_TYPE)


def attach(number: str, word: bytes, brought: Sequence[Proof], *, on: date) -> None:
    """Proofs of whoever reported, under the report's number and word. Raises Refused for too many."""
    if not brought:
        return
    most = law.files_max(on)
    if len(brought) > most:
        raise too_many(most)
    files = [_laid_down(each) for each in brought]
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_ATTACH, [number, word, json.dumps(files), on, most])
        if not cursor.fetchone()[0]:
            raise too_many(most)


def add_file(case_id: int, brought: Proof, words: str, *, by: User, on: date) -> EthicsEvidence:
    """A file of the handler's own, with what it shows. Raises NotYourCase."""
    with atomic():
        case = handling.own(case_id, by, Step.RECEIVED, Step.VERIFIED, Step.EXAMINED)
        file = storage.store(
            NAMES[brought.media_type], kind=KIND, contents=brought.contents, owner=by.pk, media_type=brought.media_type
        )
        made = EthicsEvidence.objects.create(
            case=case, kind=EthicsEvidence.Kind.FILE, words=words.strip(), file=file, added_on=on
        )
        log.record("ethics_case.evidence_added", kind="ethics_case", subject=case.pk)
    return made


def _laid_down(proof: Proof) -> dict[str, object]:
    digest, size = storage.lay_down(KIND, proof.contents)
    return {"id": str(uuid.uuid4()), "digest": digest, "size": size, "media_type": proof.media_type}


def too_many(most: int) -> Refused:
    """What is said beyond policy's most."""
    return Refused("Satu laporan membawa paling banyak {most} berkas. Pilih yang paling jelas.", most=most)
