"""Photographs of a meeting: as they came, and a copy to look at."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.p2k2.models import Photograph, Session
from harapan.p2k2.recording import locked_session, refuse_closed

PHOTOGRAPHS_MAX = 12  # of one meeting


def add_photograph(
    session_id: int, raw: bytes, *, name: str, by: User, on: date, completes: bool = False
) -> Photograph:  # fmt: skip
    """Keep a photograph of a meeting; the same one twice is one. Raises Unreadable, NotYours, MonthClosed, Refused."""
    taken = pictures.read(raw, name=name)
    with atomic():
        session = locked_session(session_id)
        refuse_closed(session.held_on, on=on, completes=completes)
        original = _store(session, name, raw, by)
        known = Photograph.objects.filter(session=session, original=original).first()
        if known:
            return known
        if Photograph.objects.filter(session=session).count() >= PHOTOGRAPHS_MAX:
            raise Refused(
                "Satu pertemuan menyimpan paling banyak {most} foto. Pilih yang terbaik.", most=PHOTOGRAPHS_MAX
            )
        made = Photograph.objects.create(
            session=session, group_id=session.group_id, region_no=session.region_no, original=original,
            shown=_store(session, f"foto-{session.pk}.jpg", taken.shown, by), taken_on=taken.taken_on,
            taken_time=taken.taken_time, latitude=taken.latitude, longitude=taken.longitude, looks=taken.looks,
            recorded_by=by,
        )  # fmt: skip
        log.record("photograph.added", kind="group", subject=session.group_id, body={"session": session.pk})
    return made


def _store(session: Session, name: str, raw: bytes, by: User) -> StoredFile:
    return storage.store(
        name, kind="photograph", contents=raw, owner=by.pk, region_no=session.region_no, group_no=session.group_id
    )
