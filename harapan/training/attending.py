"""Who was there: by the list, by the participant's card, or by the session's code on the participant's phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connections

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.fields import draw_ids
from harapan.database.scope import active_alias, atomic
from harapan.training.codes import fits, plain
from harapan.training.models import ClassAttendance, ClassSession, Enrolment, Mark, Via
from harapan.training.planning import locked_batch
from harapan.training.teaching import current, refuse_early


@dataclass(slots=True)
class Marked:
    """How many marks were written; enrolment number -> why it was not."""

    saved: int = 0
    refused: dict[int, Refused] = field(default_factory=dict)


def mark(
    session_id: int, said: Mapping[int, Mark], *, by: User, on: date, via: Via = Via.LIST, rest: Mark | None = None
) -> Marked:
    """Enrolment number -> what the list says. rest: everybody of the class of whom nobody has spoken.

    The same marks again write nothing. Refused before the session's day; who sits in another class is refused alone.
    """
    with atomic():
        session = _locked(session_id, on=on)
        members = {row.pk: row for row in Enrolment.objects.coming().filter(training_class=session.training_class_id)}
        known = {row.enrolment_id: row for row in ClassAttendance.objects.filter(session=session)}
        found, wanted = Marked(), dict(said)
        if rest is not None:
            wanted |= {pk: rest for pk in members if pk not in known and pk not in said}
        for pk in [pk for pk in wanted if pk not in members]:
            found.refused[pk] = Refused("Peserta itu bukan anggota kelas ini, atau sudah digantikan.")
        rows = [members[pk] for pk in wanted if pk in members]
        found.saved = _write(session, rows, wanted, known, via=via, by=by)
        if found.saved:
            body = {"session": session.pk, "people": found.saved, "via": via.value}
            log.record("class_session.marked", kind="batch", subject=session.batch_id, body=body)
    return found


def _locked(session_id: int, *, on: date) -> ClassSession:
    """The session with its batch under lock, on its day or later."""
    batch = locked_batch(ClassSession.objects.filter(pk=session_id).values_list("batch", flat=True).first() or 0)
    session = ClassSession.objects.select_related("topic", "training_class").filter(pk=session_id, batch=batch).first()
    if session is None:
        raise Refused("Sesi itu tidak ada lagi dalam jadwal. Buka jadwal kelasnya.")
    refuse_early(session, on=on)
    session.batch = batch
    return session


def _write(
    session: ClassSession, rows: Iterable[Enrolment], wanted: Mapping[int, Mark],
    known: Mapping[int, ClassAttendance], *, via: Via, by: User,
) -> int:  # fmt: skip
    fresh, changed = [], []
    for row in rows:
        told, before = wanted[row.pk], known.get(row.pk)
        if before is None:
            fresh.append(_row(session, row, told, via, by))
        elif before.mark != told:
            before.mark, before.via, before.said_by = told, via, by
            changed.append(before)
    for each, number in zip(fresh, draw_ids(ClassAttendance, len(fresh)), strict=True):
        each.pk = number
    ClassAttendance.objects.bulk_create(fresh)
    ClassAttendance.objects.bulk_update(changed, ["mark", "via", "said_by", "said_at"])
    if fresh or changed:
        _book(session)
    return len(fresh) + len(changed)


def _book(session: ClassSession) -> None:
    """Who was there takes part, and the batch runs: the database finds it in the marks (`harapan.presence_booked`)."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.presence_booked(%s)", [session.pk])


def _row(session: ClassSession, row: Enrolment, told: Mark, via: Via, by: User) -> ClassAttendance:
    return ClassAttendance(
        person_id=row.person_id, region_no=row.region_no, batch_id=session.batch_id, enrolment=row, session=session,
        mark=told, via=via, said_by=by,
    )  # fmt: skip


def tick_card(session_id: int, code: str, *, by: User, on: date) -> Enrolment:
    """The holder of this card is there. Refused for an unknown card and for one of another class, which is named."""
    with atomic():
        session = _locked(session_id, on=on)
        row = Enrolment.objects.select_related("person", "training_class").filter(
            batch=session.batch_id, code=plain(code)
        ).first()  # fmt: skip
        if row is None:
            raise Refused("Kode peserta {code} tidak ada dalam angkatan ini. Periksa kartunya.", code=plain(code)[:12])
        if row.training_class_id != session.training_class_id:
            raise Refused(
                "{name} duduk di kelas {other}, bukan di kelas ini.",
                name=row.person.name, other=row.training_class.letter if row.training_class else "-",
            )  # fmt: skip
        mark(session_id, {row.pk: Mark.PRESENT}, by=by, on=on, via=Via.CARD)
    return row


def session_now(row: Enrolment, *, now: datetime) -> ClassSession | None:
    """The session of the holder's class that runs now, else the next one of the day, else the day's last."""
    return current(ClassSession.objects.filter(training_class=row.training_class_id), now=now)


def show_code(session_id: int, *, by: User, on: date, now: datetime) -> ClassSession:
    """Show the session's code from now on; the one shown before no longer counts. Only on its day."""
    with atomic():
        session = _locked(session_id, on=on)
        if session.day != on:
            raise Refused(
                "Kode sesi hanya dibuka pada harinya, {day}. Catat lewat daftar hadir.", day=format_date(session.day)
            )
        session.opened_at = now
        session.save(update_fields=["opened_at"])
        log.record("class_session.code_shown", kind="batch", subject=session.batch_id, body={"session": session.pk})
    return session


def attend(session_id: int, code: str, *, by: User, on: date, now: datetime) -> ClassAttendance:
    """A participant says so themselves, with the code that hangs in the room. Twice is once.

    Works from whatever post they act in: the table's policy lets people add their own presence, and nothing else.
    """
    with atomic():
        session = ClassSession.objects.select_related("batch", "topic").filter(pk=session_id).first()
        if session is None or session.day != on or not session.batch.is_open or not fits(session, code, now=now):
            raise Refused("Kode ini tidak berlaku atau sudah lewat. Minta pelatih menampilkannya lagi, lalu coba lagi.")
        row = Enrolment.objects.coming().filter(person__user=by, training_class=session.training_class_id).first()
        if row is None:
            raise Refused("Anda bukan peserta kelas ini. Periksa kelas Anda, atau minta pelatih mencatat Anda.")
        known = ClassAttendance.objects.filter(session=session, enrolment=row).first()
        if known is not None and known.mark != Mark.PRESENT:
            raise Refused(
                "Anda sudah dicatat {mark} pada sesi ini. Minta pelatih memperbaikinya.",
                mark=Mark(known.mark).label.lower(),
            )
        if known is None:
            known = _row(session, row, Mark.PRESENT, Via.CODE, by)
            known.save()
            _book(session)
            log.record("class_session.attended", kind="batch", subject=session.batch_id, body={"session": session.pk})
    return known


def attend_by_word(code: str, *, by: User, on: date, now: datetime) -> ClassAttendance:
    """The same where only the letters are typed: the session is found among the participant's own of the day."""
    mine = Enrolment.objects.coming().filter(person__user=by).values("training_class")
    today = ClassSession.objects.filter(day=on, training_class__in=mine, opened_at__isnull=False)
    found = next((each for each in today if fits(each, code, now=now)), None)
    return attend(found.pk if found else 0, code, by=by, on=on, now=now)
