"""Whether the outside knows: entered in SIKS-NG by whom, seen in the next list, or not reflected for too long."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.policy.reader import default_policy
from harapan.registry.actions import NotYours
from harapan.registry.changes.errors import NotDecidable
from harapan.registry.models import Change


def unreflected(on: date) -> QuerySet[Change]:
    """Applied changes that no list has shown within policy's days, in the scope that is on: each a task."""
    days = int(default_policy().value("changes.unreflected_after_days", on=on).value)
    return pending().filter(decided_on__lte=on - timedelta(days=days))


def pending() -> QuerySet[Change]:
    """Applied changes that no list has shown yet."""
    return Change.objects.filter(state=Change.State.APPLIED, reflected_on__isnull=True, reverses__isnull=True)


def to_enter() -> QuerySet[Change]:
    """Of which SIKS-NG has to be told: changes applied here, and counter-entries to what it has heard of."""
    untold = Change.objects.filter(state=Change.State.APPLIED, reflected_on__isnull=True, entered_on__isnull=True)
    heard = Q(reverses__entered_on__isnull=False) | Q(reverses__reflected_on__isnull=False)
    return untold.filter(Q(reverses__isnull=True) | heard)


def enter(change_id: int, *, entered_on: date, note: str, by: User, on: date) -> Change:
    """Note that a change was entered outside, when, and with what proof. Entered again, the later word stands.

    Raises NotYours, NotDecidable, Refused.
    """
    if len(note.strip()) < 3:
        raise Refused("Tulis buktinya, misalnya nomor usulan di SIKS-NG atau “tangkapan layar disimpan desa”.")
    with atomic():
        change = Change.objects.select_for_update(of=("self",)).filter(pk=change_id).first()
        if change is None:
            raise NotYours(Phrase("Pemutakhiran"))
        if change.state != Change.State.APPLIED:
            raise NotDecidable("Hanya pemutakhiran yang diterapkan yang dimasukkan ke SIKS-NG.")
        if not change.asked_on <= entered_on <= on:
            raise Refused(
                "Tanggal {day} di luar masa sejak diajukan ({asked}) sampai hari ini. Periksa tanggalnya.",
                day=format_date(entered_on), asked=format_date(change.asked_on),
            )  # fmt: skip
        change.entered_on, change.entered_by, change.entered_note = entered_on, by, note.strip()[:200]
        change.save()
        log.record("change.entered", kind="family", subject=change.family_id, body={"change": change.pk})
    return change
