"""The order letter of a batch: one number, a further version whenever the batch moved."""

from __future__ import annotations

from datetime import date

from django.db import connections
from django.db.models import Max

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias, atomic
from harapan.training.models import Batch, Enrolment, OrderLetter
from harapan.training.planning import locked_batch

_LOCK = 5_205_001  # one that numbers order letters at a time


def number_letter(
    batch_id: int, *, signer: str, signer_post: str, basis: str, dated: date, by: User, on: date
) -> OrderLetter:
    """The letter of the batch's present version. The same version again gives the letter that stands.

    Refused without people, or with an empty signer, post or basis.
    """
    told = {"signer": signer.strip()[:120], "signer_post": signer_post.strip()[:120], "basis": basis.strip()[:300]}
    for name, text in ((Phrase("penanda tangan"), signer), (Phrase("jabatan"), signer_post), (Phrase("dasar"), basis)):
        if not text.strip():
            raise Refused("Isian {name} kosong. Tulis seperti pada suratnya.", name=name)
    with atomic():
        batch = locked_batch(batch_id)
        if standing := OrderLetter.objects.filter(batch=batch, version=batch.letter_version).first():
            return standing
        if not Enrolment.objects.coming().filter(batch=batch).exists():
            raise Refused("Belum ada peserta, jadi belum ada yang ditugaskan. Undang peserta dahulu.")
        year, number = _number(batch, dated)
        made = OrderLetter.objects.create(
            batch=batch, version=batch.letter_version, place_no=batch.region_no, organiser=batch.organiser, year=year,
            number=number, dated=dated, made_by=by, **told,
        )  # fmt: skip
        body = {"number": made.full_number}
        log.record("batch.letter_numbered", kind="batch", subject=batch.pk, body=body)
    return made


def _number(batch: Batch, dated: date) -> tuple[int, int]:
    """Year and number: those of the first version, else the next free one of the place."""
    first = OrderLetter.objects.filter(batch=batch).order_by("version").first()
    if first is not None:
        return first.year, first.number
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    same = OrderLetter.objects.filter(place_no=batch.region_no, organiser=batch.organiser, year=dated.year)
    return dated.year, (same.aggregate(Max("number"))["number__max"] or 0) + 1


def latest_letter(batch: Batch) -> OrderLetter | None:
    """The letter of the batch's present version, if it was made."""
    return OrderLetter.objects.filter(batch=batch, version=batch.letter_version).first()
