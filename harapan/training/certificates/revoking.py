"""A certificate is revoked under a letter, with a reason that whoever checks the paper reads."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.training.certificates.issuing import refuse_foreign
from harapan.training.models import Certificate
from harapan.training.tasks import clear_later


def revoke(certificate: Certificate, *, letter: str, reason: str, post: Post, by: User, on: date) -> Certificate:
    """It counts for nothing from now on. The same letter again changes nothing; another one is refused."""
    refuse_foreign(certificate.enrolment.batch, post)
    letter, reason = letter.strip(), reason.strip()
    if not letter:
        raise Refused("Pencabutan memerlukan nomor surat. Isi nomornya.")
    demand_reason(reason, Phrase("Tulis alasan pencabutan; siapa pun yang memeriksa sertifikat membacanya."), on=on)
    with atomic():
        held = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if held.revoked_on is not None:
            if held.revoked_letter == letter:
                return held
            raise Refused(
                "Sertifikat ini sudah dicabut dengan surat {letter} pada {day}. Tidak ada lagi yang perlu dicabut.",
                letter=held.revoked_letter, day=format_date(held.revoked_on),
            )  # fmt: skip
        held.revoked_on, held.revoked_letter, held.revoked_reason = on, letter[:120], reason[:200]
        held.save(update_fields=["revoked_on", "revoked_letter", "revoked_reason"])
        log.record("certificate.revoked", kind="certificate", subject=held.pk, why=reason, body={"letter": letter})
        clear_later()
    return held
