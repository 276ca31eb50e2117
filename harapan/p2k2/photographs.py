"""Photographs of a meeting: as they came, and a copy to look at."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.p2k2.models import Photograph, Session
from harapan.p2k2.recording import locked_session, refuse_closed
from harapan.policy.reasons import demand_reason

PHOTOGRAPHS_MAX = 12  # of one meeting


def add_photograph(
    session_id: int, raw: bytes, *, name: str, by: User, on: date, completes: bool = False
) -> Photograph:  # fmt: skip
    """Keep a photograph of a meeting; the same one twice is one, and one taken away is back.

    Raises Unreadable, NotYours, MonthClosed, Refused.
    """
    taken = pictures.read(raw, name=name)
    with atomic():
        session = locked_session(session_id)
        refuse_closed(session.held_on, on=on, completes=completes)
        original = _store(session, name, raw, by)
        known = Photograph.objects.filter(session=session, original=original).first()
        if known and known.removed_on is None:
            return known
        if Photograph.objects.shown().filter(session=session).count() >= PHOTOGRAPHS_MAX:
            raise Refused(
                "Satu pertemuan menyimpan paling banyak {most} foto. Pilih yang terbaik.", most=PHOTOGRAPHS_MAX
            )
        made = known or Photograph(
            session=session, group_id=session.group_id, region_no=session.region_no, original=original,
            shown=_store(session, f"foto-{session.pk}.jpg", taken.shown, by), taken_on=taken.taken_on,
            taken_time=taken.taken_time, latitude=taken.latitude, longitude=taken.longitude, looks=taken.looks,
            looks_known=True, recorded_by=by,
        )  # fmt: skip
        made.removed_on, made.removed_by, made.removed_because = None, None, ""
        made.save()
        log.record("photograph.added", kind="group", subject=session.group_id, body={"session": session.pk})
    return made


def remove_photograph(
    photograph_id: int, *, session: Session, why: str, by: User, on: date, completes: bool = False
) -> None:  # fmt: skip
    """Take a photograph out of a meeting's list and report. Taken away twice is once.

    Raises NotYours, MonthClosed, and Refused without a reason.
    """
    why = " ".join(why.split())[:200]
    demand_reason(why, Phrase("Tulis alasan menghapus foto ini, misalnya: foto pertemuan kelompok lain."), on=on)
    with atomic():
        locked = locked_session(session.pk)
        refuse_closed(locked.held_on, on=on, completes=completes)
        found = Photograph.objects.shown().filter(session=locked, pk=photograph_id).first()
        if found is None:
            return
        found.removed_on, found.removed_by, found.removed_because = on, by, why
        found.save(update_fields=["removed_on", "removed_by", "removed_because"])
        log.record(
            "photograph.removed", kind="group", subject=locked.group_id, why=why,
            body={"session": locked.pk, "photograph": found.pk},
        )  # fmt: skip


def _store(session: Session, name: str, raw: bytes, by: User) -> StoredFile:
    return storage.store(
        name, kind="photograph", contents=raw, owner=by.pk, region_no=session.region_no, group_no=session.group_id
    )
