"""What an applicant does, without an account: begin, fill in step by step, send documents, send off, withdraw.

The caller has put on the scope of the formation's region (`looking_up.scope_at`); nobody is named as the actor but the
application itself.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.db import IntegrityError

from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database import day
from harapan.database.scope import atomic
from harapan.files import pictures, storage
from harapan.workforce.models import Application, ApplicationDocument, Formation, RecruitmentRound
from harapan.workforce.recruitment import doubles
from harapan.workforce.recruitment.rounds import rules_of

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read for another
NUMBER_LETTERS = 10  # 30^10: nobody guesses one
DRAWS_MAX = 20  # of a participant number: one in sixty is taken in a round of 150,000
STEPS = ("name", "sex", "born_on", "education", "study", "lives_in", "address", "email", "phone", "experience_years")
NEEDED = {
    "born_on": Phrase("tanggal lahir"), "education": Phrase("pendidikan terakhir"),
    "lives_in_id": Phrase("kecamatan tempat tinggal"), "address": Phrase("alamat"), "phone": Phrase("nomor HP"),
}  # fmt: skip


class NotNow(Refused):
    """The round takes no applications on this day."""


def begin(formation: Formation, *, name: str, nik: str, on: date) -> Application:
    """A draft with a fresh number. Never tells whether this NIK has applied before. Raises NotNow."""
    with atomic():
        found = _open_round(formation.round_id, on)
        made = Application.objects.create(
            round=found, formation=formation, region_no=formation.region_id, number=_number(), name=name.strip()[:120],
            nik=nik,
        )  # fmt: skip
        log.record("application.begun", kind="application", subject=made.pk)
    return made


def _number() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(NUMBER_LETTERS))


def fill_in(application_id: int, *, on: date, **told: Any) -> Application:
    """Keep what a step says; other fields stay. Raises NotNow, Refused once it has been sent."""
    with atomic():
        draft = _draft(application_id, on)
        for name in STEPS:
            if name in told:
                setattr(draft, name, told[name])
        draft.save()
    return draft


def add_document(
    application_id: int, kind: str, raw: bytes, *, name: str, media_type: str, on: date
) -> ApplicationDocument:
    """Keep a scan, in place of an earlier one of its kind. Pictures are opened whole to prove that they are some.

    Its owner is the application, as a number that no user has.

    Raises NotNow, Refused, Unreadable.
    """
    if media_type != "application/pdf":
        pictures.read(raw, name=name)
    with atomic():
        draft = _draft(application_id, on)
        kept = storage.store(
            name, kind="application", contents=raw, owner=-draft.pk, region_no=draft.region_no, media_type=media_type
        )
        made, _fresh = ApplicationDocument.objects.update_or_create(
            application=draft, kind=ApplicationDocument.Kind(kind),
            defaults={"file": kept, "region_no": draft.region_no},
        )  # fmt: skip
        log.record("application.documented", kind="application", subject=draft.pk, body={"kind": kind})
    return made


def missing(draft: Application) -> list[Phrase]:
    """What must be told before it can be sent, in words."""
    lacking = [words for name, words in NEEDED.items() if not getattr(draft, name)]
    kept = set(draft.applicationdocuments.values_list("kind", flat=True))
    wanted = rules_of(draft.round).documents
    return lacking + [ApplicationDocument.Kind(kind).label for kind in wanted if kind not in kept]  # type: ignore[misc]


def submit(application_id: int, *, on: date) -> Application:
    """Send it off; sent twice is sent once. Raises NotNow, Refused naming what is missing."""
    with atomic():
        found = _held(application_id)
        if found.state == Application.State.SUBMITTED:
            return found
        draft = _draft(application_id, on)
        if lacking := missing(draft):
            raise Refused("Belum lengkap: {what}. Isi lebih dahulu, lalu kirim.", what=", ".join(map(str, lacking)))
        draft.state, draft.submitted_at = Application.State.SUBMITTED, day.moment(on)
        draft.set_aside_on = doubles.make_way(draft.pk, on=on)
        _save_numbered(draft)
        log.record("application.submitted", kind="application", subject=draft.pk)
    return draft


def _save_numbered(draft: Application) -> None:
    """Sent under a participant number that nobody of the round has: which those are, one place alone cannot see."""
    numbers = Application.PARTICIPANT_NOS
    for attempt in range(1, DRAWS_MAX + 1):
        draft.participant_no = numbers.start + secrets.randbelow(len(numbers))
        try:
            with atomic():
                draft.save(update_fields=["state", "submitted_at", "set_aside_on", "participant_no"])
        except IntegrityError as taken:
            if attempt == DRAWS_MAX or "application_participant_once" not in str(taken):
                raise
        else:
            return


def withdraw(application_id: int, *, on: date) -> Application:
    """Take it back while applications are open; a fresh one may be begun. Raises NotNow."""
    with atomic():
        found = _held(application_id)
        _open_round(found.round_id, on)
        sent, found.state = found.state == Application.State.SUBMITTED, Application.State.WITHDRAWN
        found.save(update_fields=["state"])
        if sent:
            doubles.give_way(found.pk)
        log.record("application.withdrawn", kind="application", subject=found.pk)
    return found


def _held(application_id: int) -> Application:
    found: Application = Application.objects.select_for_update().get(pk=application_id)
    return found


def _draft(application_id: int, on: date) -> Application:
    found = _held(application_id)
    _open_round(found.round_id, on)
    if found.state != Application.State.DRAFT:
        raise Refused("Lamaran {number} sudah dikirim dan tidak dapat diubah lagi.", number=found.number)
    return found


def _open_round(round_id: int, on: date) -> RecruitmentRound:
    found: RecruitmentRound = RecruitmentRound.objects.get(pk=round_id)
    if found.state != RecruitmentRound.State.OPEN or not found.opens_on <= on <= found.closes_on:
        raise NotNow("Putaran {name} tidak sedang menerima lamaran. Lihat hari pendaftarannya.", name=found.name)
    return found
