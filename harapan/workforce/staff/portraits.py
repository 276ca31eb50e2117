"""Portraits for ID cards, brought by the person or by whoever looks after them; the next card bears the latest."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.workforce.models import Person, Portrait
from harapan.workforce.staff import reach

KIND, NAME = "portrait", "foto-petugas.jpg"  # a name of ours: that of an upload may tell more than it should
SIDE_MAX = 900  # pixels; a card shows it 22 by 29 millimetres


def add(person_id: int, raw: bytes, *, post: Post, by: User, on: date) -> Portrait:
    """A portrait of somebody in reach. The same picture again is the same one. Raises NotYours, Unreadable."""
    shown = _made_ready(raw)
    with atomic():
        return _kept(reach.held(person_id, post=post, by=by, on=on), shown, by=by, on=on)


def add_own(raw: bytes, *, by: User, on: date) -> Portrait:
    """One's own, for the card that somebody else will issue after a look at it. Raises Refused, Unreadable."""
    shown = _made_ready(raw)
    person = reach.own_person(by)
    if person is None:
        raise Refused("{name} belum tercatat sebagai SDM. Minta pengelola kepegawaian mencatatnya.", name=by.name)
    with atomic():
        return _kept(person, shown, by=by, on=on)


def latest(person: Person) -> Portrait | None:
    return Portrait.objects.filter(person=person).select_related("file").order_by("-pk").first()


def picture_of(portrait: Portrait) -> bytes:
    """JPEG, for the card and the pages that check it."""
    return storage.read(portrait.file)


def _made_ready(raw: bytes) -> bytes:
    """Upright, small, and without place or time."""
    return pictures.shrunk(pictures.read(raw, name=NAME).shown, side=SIDE_MAX, quality=85)


def _kept(person: Person, shown: bytes, *, by: User, on: date) -> Portrait:
    file: StoredFile = storage.store(NAME, kind=KIND, contents=shown, owner=by.pk, media_type="image/jpeg")
    before = latest(person)
    if before is not None and before.file_id == file.pk:
        return before
    made = Portrait.objects.create(person=person, file=file, added_on=on, added_by=by)
    log.record("portrait.added", kind="person", subject=person.pk)
    return made
