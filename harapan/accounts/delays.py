"""How long somebody must wait after wrong passwords: counted by account and address.

Whoever guesses from elsewhere makes only their own address wait; the colleague at the counter signs in. Where many
addresses guess at one account, addresses from which it has never been entered wait too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Sum
from django.utils import timezone

from harapan.accounts.models import SignInDelay
from harapan.core.phrases import Phrase

FREE = 3  # wrong passwords without a wait
FIRST_SECONDS, LONGEST_SECONDS = 5, 15 * 60
FORGOTTEN_AFTER = timedelta(hours=24)
FROM_EVERYWHERE_MAX = 30  # in all, within the time after which they are forgotten
USERNAME_MAX = 60


def wait_seconds(username: str, address: str, *, known_device: bool) -> int:
    """How long until the next try is heard; 0 is now. Locks the row, so that tries at the same time queue up."""
    now = timezone.now()
    row = (
        SignInDelay.objects.select_for_update()
        .filter(username=username[:USERNAME_MAX], address=address, latest_at__gt=now - FORGOTTEN_AFTER)
        .first()
    )
    wait = _left(row.failures, row.latest_at, now) if row else 0
    if not wait and not known_device and (row is None or row.failures < FREE):
        wait = _left_everywhere(username, now)
    return wait


def failed(username: str, address: str) -> None:
    """One more wrong try."""
    now = timezone.now()
    SignInDelay.objects.filter(
        username=username[:USERNAME_MAX], address=address, latest_at__lte=now - FORGOTTEN_AFTER
    ).delete()
    row, made = SignInDelay.objects.get_or_create(
        username=username[:USERNAME_MAX], address=address, defaults={"failures": 1, "latest_at": now}
    )
    if not made:
        SignInDelay.objects.filter(pk=row.pk, failures__lt=1000).update(failures=F("failures") + 1, latest_at=now)


def succeeded(username: str, address: str) -> None:
    """Signed in whole, second factor and all: what this address did wrong is forgotten."""
    SignInDelay.objects.filter(username=username[:USERNAME_MAX], address=address).delete()


def forget() -> int:
    """Drop what is too old to count; how many rows."""
    return SignInDelay.objects.filter(latest_at__lte=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def in_words(seconds: int) -> Phrase:
    """ "40 detik", "3 menit": rounded up."""
    if seconds < 60:
        return Phrase("{seconds} detik", seconds=seconds)
    return Phrase("{minutes} menit", minutes=-(-seconds // 60))


def _left(failures: int, latest_at: datetime, now: datetime) -> int:
    if failures < FREE:
        return 0
    wait = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(failures - FREE, 20))
    return max(0, wait - int((now - latest_at).total_seconds()))


def _left_everywhere(username: str, now: datetime) -> int:
    recent = SignInDelay.objects.filter(username=username[:USERNAME_MAX], latest_at__gt=now - FORGOTTEN_AFTER)
    failures = recent.aggregate(sum=Sum("failures"))["sum"] or 0
    if failures <= FROM_EVERYWHERE_MAX:
        return 0
    latest = recent.latest("latest_at").latest_at
    return max(0, LONGEST_SECONDS - int((now - latest).total_seconds()))
