"""Who was invited says yes or no; somebody else comes instead, until the last day."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.training.inviting import drawn_code, enrolment_for_change, roles_on
from harapan.training.models import TAKING, Batch, ClassAttendance, Enrolment, Mark
from harapan.training.quotas import Places, kinds_of, words_of
from harapan.workforce.models import Person

OPEN = (Enrolment.State.INVITED, Enrolment.State.CONFIRMED)


def answer(
    enrolment_id: int, *, coming: bool, version: int, by: User, on: date, why: str = "", travels_by: str = ""
) -> Enrolment:
    """An invited person's own answer, from whatever post they act in.

    version: of the letter they read. Refused where it is no longer the latest, where the answer is given already in the
    other sense, after the batch, or a "no" without a reason. The same answer again changes nothing.
    """
    with atomic():
        row = _mine(enrolment_id, by)
        _check_answer(row, coming=coming, version=version, why=why, on=on)
        if row.state == Enrolment.State.CONFIRMED and coming and row.travels_by == travels_by:
            return row
        _note(row, coming=coming, why=why, travels_by=travels_by, on=on)
        log.record("enrolment.answered", kind="batch", subject=row.batch_id, body={"coming": coming})
    return row


def note_answer(
    enrolment_id: int, *, coming: bool, by: User, on: date, why: str = "", travels_by: str = ""
) -> Enrolment:
    """The same, as told to whoever organises: by telephone, or for people without an account."""
    with atomic():
        row = enrolment_for_change(enrolment_id)
        _check_answer(row, coming=coming, version=row.asked_version, why=why, on=on)
        _note(row, coming=coming, why=why, travels_by=travels_by, on=on)
        log.record("enrolment.answer_noted", kind="batch", subject=row.batch_id, body={"coming": coming})
    return row


def _mine(enrolment_id: int, by: User) -> Enrolment:
    """The policy of the table shows and locks one's own rows that wait for an answer, and no other."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("person", "batch__course")
    row = rows.filter(pk=enrolment_id, person__user=by, state__in=OPEN).first()
    if row is None:
        raise Refused(
            "Undangan itu tidak menunggu jawaban Anda. Bila Anda berubah pikiran sesudah berhalangan, hubungi "
            "penyelenggara."
        )
    return row


def _check_answer(row: Enrolment, *, coming: bool, version: int, why: str, on: date) -> None:
    if row.state not in OPEN:
        raise Refused(
            "{name} sudah {state}, jadi jawabannya tidak diubah.",
            name=row.person.name, state=row.State(row.state).label.lower(),
        )  # fmt: skip
    if version != row.batch.letter_version:
        raise Refused(
            "Undangan ini sudah berganti: sekarang surat versi {latest}. Baca hari dan tempatnya lagi, lalu jawab.",
            latest=row.batch.letter_version,
        )
    if on > row.batch.ends or not row.batch.is_open:
        raise Refused("Angkatan ini sudah berakhir, jadi undangannya tidak dijawab lagi.")
    if not coming and len(why.strip()) < 5:
        raise Refused("Tulis sebab berhalangan, supaya penyelenggara dapat mencari pengganti. Contoh: melahirkan.")


def _note(row: Enrolment, *, coming: bool, why: str, travels_by: str, on: date) -> None:
    row.state = Enrolment.State.CONFIRMED if coming else Enrolment.State.DECLINED
    row.why, row.answered_on = "" if coming else why.strip()[:200], on
    row.travels_by = travels_by if coming and travels_by in Enrolment.Travel.values else ""
    row.save(update_fields=["state", "why", "answered_on", "travels_by"])


def substitute(enrolment_id: int, person_id: int, *, by: User, on: date) -> Enrolment:
    """Somebody else takes the place of one who has not come, until the batch's last day; class and quota go with it.

    Refused for somebody who was there, for a person already in the batch, and for one whom that quota does not count.
    """
    with atomic():
        row = enrolment_for_change(enrolment_id)
        if row.state not in (*OPEN, Enrolment.State.ABSENT):
            raise Refused(
                "{name} sudah {state}, jadi tidak digantikan.",
                name=row.person.name, state=row.State(row.state).label.lower(),
            )  # fmt: skip
        if on > row.batch.ends:
            raise Refused("Angkatan ini sudah berakhir, jadi tidak ada yang digantikan lagi.")
        if ClassAttendance.objects.filter(enrolment=row, mark=Mark.PRESENT).exists():
            raise Refused("{name} sudah tercatat hadir, jadi tidak digantikan.", name=row.person.name)
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            raise Refused("Pengganti itu tidak ada dalam catatan SDM wilayah Anda. Cari namanya, atau catat tamu.")
        known = Enrolment.objects.filter(batch=row.batch, person=person).first()
        _check_substitute(row, person, known, on=on)
        taken = known or Enrolment(person=person, region_no=person.region_no, batch=row.batch, code=drawn_code())
        taken.quota, taken.training_class, taken.replaced = row.quota, row.training_class, row.person
        taken.state, taken.asked_version = Enrolment.State.CONFIRMED, row.batch.letter_version
        taken.answered_on, taken.why = on, ""
        row.state, row.training_class = Enrolment.State.SUBSTITUTED, None
        row.save(update_fields=["state", "training_class"])
        taken.save()
        body = {"for": row.person_id, "by": person.pk}
        log.record("enrolment.substituted", kind="batch", subject=row.batch_id, body=body)
    return taken


def _check_substitute(row: Enrolment, person: Person, known: Enrolment | None, *, on: date) -> None:
    if known is not None and known.state in TAKING:
        raise Refused("{name} sudah menjadi peserta angkatan ini. Pilih orang lain.", name=person.name)
    if person.until is not None and person.until <= on:
        raise Refused("{name} sudah berhenti, jadi tidak dapat menggantikan. Pilih orang lain.", name=person.name)
    if row.quota is None:
        return
    kinds = kinds_of([person], roles_on([person], on))[person.pk]
    counted = Places([row.quota]).quota_for(person, kinds)
    if counted is None:
        raise Refused(
            "Kursi ini milik {quota}; {name} tidak termasuk. Pilih pengganti dari sana, atau tambah kuota.",
            quota=words_of(row.quota), name=person.name,
        )  # fmt: skip


def waiting_of(user: User, on: date) -> list[Enrolment]:
    """The invitations that wait for this person's answer."""
    rows = Enrolment.objects.filter(person__user=user, state=Enrolment.State.INVITED, batch__ends__gte=on)
    rows = rows.filter(batch__state__in=(Batch.State.INVITED, Batch.State.RUNNING))
    return list(rows.select_related("batch__course").order_by("batch__begins", "pk"))


CANCELLED = Phrase("Angkatan dibatalkan")
