"""Whether the outside knows: entered in SIKS-NG by whom, seen in the next list, or not reflected for too long.

A counter-entry is followed as any change, once the outside has heard of what it takes back; else nobody is told of it.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet, TextChoices

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


class Outside(TextChoices):
    """How far a change has come outside."""

    TO_ENTER = "enter", Phrase("belum di SIKS-NG")
    TO_RETURN = "return", Phrase("belum dikembalikan di SIKS-NG")
    AWAITED = "awaited", Phrase("menunggu daftar")
    UNREFLECTED = "unreflected", Phrase("belum tercermin di daftar")
    REFLECTED = "reflected", Phrase("tercermin")


def followed(change: Change) -> Change | None:
    """What the outside is told: a change that is applied, or the counter-entry to one it has heard of."""
    first, counter = (change.reverses, change) if change.reverses else (change, getattr(change, "reversed_by", None))
    if counter is None:
        return first if first.state == Change.State.APPLIED else None
    return counter if first.entered_on or first.reflected_on else None


def standing(change: Change, *, on: date) -> Outside | None:
    """Where it stands, as the queries below count it; None where the outside is told nothing."""
    told = followed(change)
    if told is None or told.decided_on is None:
        return None
    if told.reflected_on:
        return Outside.REFLECTED
    if told.entered_on is None:
        return Outside.TO_RETURN if told.reverses else Outside.TO_ENTER
    return Outside.UNREFLECTED if told.decided_on <= _latest(on) else Outside.AWAITED


def _latest(on: date) -> date:
    """What was decided by this day and no list shows, has waited longer than policy's days."""
    return on - timedelta(days=int(default_policy().value("changes.unreflected_after_days", on=on).value))


def to_enter() -> QuerySet[Change]:
    """Of which SIKS-NG has to be told, in the scope that is on: each a task."""
    return _unseen().filter(entered_on__isnull=True)


def unreflected(on: date) -> QuerySet[Change]:
    """Entered there, and no list has shown it within policy's days, in the scope that is on: each a task."""
    return _unseen().filter(entered_on__isnull=False, decided_on__lte=_latest(on))


def _unseen() -> QuerySet[Change]:
    unseen = Change.objects.filter(state=Change.State.APPLIED, reflected_on__isnull=True)
    heard = Q(reverses__entered_on__isnull=False) | Q(reverses__reflected_on__isnull=False)
    return unseen.filter(Q(reverses__isnull=True) | heard)


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
