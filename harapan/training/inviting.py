"""People invited into a batch: the quotas hold, whoever asks at the same time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.regions.models import name_of
from harapan.training.dividing import place_late
from harapan.training.errors import NoQuota, QuotaFull
from harapan.training.models import TAKING, Batch, Enrolment
from harapan.training.planning import locked_batch
from harapan.training.quotas import Places, kinds_of, words_of
from harapan.workforce.models import Person

LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # none that is read for another
CODE_LENGTH = 10  # 47 bits: a card is no password, and its holder stands before the trainer


@dataclass(slots=True)
class Invited:
    """What came of a list: how many were asked, who had been already, and why the others were not."""

    done: list[Enrolment] = field(default_factory=list)
    known: list[int] = field(default_factory=list)  # person numbers
    refused: dict[int, Refused] = field(default_factory=dict)  # person number -> why


def invite(batch_id: int, person_ids: Sequence[int], *, by: User, on: date) -> Invited:
    """Ask these people, in this order, each if their quota has a place left. A batch without quotas takes everybody.

    The batch's lock makes two that invite at once wait for each other, so that the last place goes once. The same list
    again asks nobody twice. Who comes after the classes were made sits in the smallest one. A constant number of
    statements, whatever the list's length. Raises NotYourBatch, BatchClosed.
    """
    with atomic():
        batch = locked_batch(batch_id)
        persons = {person.pk: person for person in Person.objects.filter(pk__in=person_ids)}
        kinds = kinds_of(persons.values(), roles_on(persons.values(), on))
        standing = {row.person_id: row for row in Enrolment.objects.filter(batch=batch, person__in=persons)}
        places, found = Places.of(batch), Invited()
        for number in dict.fromkeys(person_ids):
            try:
                _ask(batch, number, persons, standing, places, kinds, found, on)
            except Refused as refusal:
                found.refused[number] = refusal
        fresh = [row for row in found.done if row.pk is None]
        again = [row for row in found.done if row.pk is not None]
        for row, number in zip(fresh, draw_ids(Enrolment, len(fresh)), strict=True):
            row.pk = number
        Enrolment.objects.bulk_create(fresh)
        Enrolment.objects.bulk_update(again, ["state", "quota", "asked_version", "answered_on", "why"])
        place_late(batch, found.done)
        if found.done and batch.state == Batch.State.PLANNED:
            batch.state = Batch.State.INVITED
            batch.save(update_fields=["state"])
        if found.done:
            log.record("batch.invited", kind="batch", subject=batch.pk, body={"people": len(found.done)})
    return found


def _ask(
    batch: Batch, number: int, persons: dict[int, Person], standing: dict[int, Enrolment], places: Places,
    kinds: dict[int, set[str]], found: Invited, on: date,
) -> None:  # fmt: skip
    person, row = persons.get(number), standing.get(number)
    if person is None:
        raise Refused("Orang itu tidak ada dalam catatan SDM wilayah Anda. Cari namanya, atau catat sebagai tamu.")
    if row is not None and row.state in TAKING:
        found.known.append(number)
        return
    if person.until is not None and person.until <= batch.begins:
        raise Refused("{name} sudah berhenti sebelum angkatan ini mulai, jadi tidak diundang.", name=person.name)
    quota = places.quota_for(person, kinds[number])
    if quota is None and places.quotas:
        raise NoQuota(person.name, name_of(person.region_no) if person.region_no else str(Phrase("pusat")))
    if quota is not None and places.full(quota):
        raise QuotaFull(person.name, quota.places, words_of(quota))
    if quota is not None:
        places.put(quota)
    row = row or Enrolment(person=person, region_no=person.region_no, batch=batch, code=drawn_code())
    row.quota, row.state, row.asked_version = quota, Enrolment.State.INVITED, batch.letter_version
    row.answered_on, row.why = None, ""
    found.done.append(row)


def drawn_code() -> str:
    """What a participant's card shows."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def roles_on(persons: Iterable[Person], day: date) -> dict[int, set[str]]:
    """User number -> the roles they hold on the day."""
    users = [person.user_id for person in persons if person.user_id]
    found: dict[int, set[str]] = {}
    for user, role in Post.objects.held_on(day).filter(user__in=users).values_list("user", "role_code"):
        found.setdefault(user, set()).add(role)
    return found


def withdraw(enrolment_id: int, *, why: str, by: User, on: date) -> Enrolment:
    """Take an invitation back before anything was recorded of them; the place is free again."""
    if len(why.strip()) < 5:
        raise Refused("Tulis sebab undangan dibatalkan, misalnya: dipindahkan ke angkatan lain.")
    with atomic():
        row = enrolment_for_change(enrolment_id)
        if row.state not in (Enrolment.State.INVITED, Enrolment.State.CONFIRMED):
            raise Refused(
                "{name} sudah {state}, jadi undangannya tidak dibatalkan.",
                name=row.person.name, state=row.State(row.state).label.lower(),
            )  # fmt: skip
        row.state, row.why, row.answered_on = Enrolment.State.DECLINED, why.strip()[:200], on
        row.training_class = None
        row.save(update_fields=["state", "why", "answered_on", "training_class"])
        log.record("enrolment.withdrawn", kind="batch", subject=row.batch_id, why=why, body={"enrolment": row.pk})
    return row


def enrolment_for_change(enrolment_id: int, *, closed: bool = False) -> Enrolment:
    """Somebody's place, with its batch under lock. Raises NotYourBatch, BatchClosed, Refused where it is not seen."""
    batch_id = Enrolment.objects.filter(pk=enrolment_id).values_list("batch", flat=True).first()
    if batch_id is None:
        raise Refused("Peserta itu tidak ada dalam angkatan ini. Buka lagi daftarnya.")
    batch = locked_batch(batch_id, closed=closed)
    row = Enrolment.objects.select_related("person", "quota__region").filter(pk=enrolment_id, batch=batch).first()
    if row is None:
        raise Refused("Peserta itu tidak ada dalam angkatan ini. Buka lagi daftarnya.")
    row.batch = batch
    return row
