"""The code of a session: six letters, drawn from who we are, which session it is and when its code was shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest

from django.utils.crypto import salted_hmac

from harapan.training.inviting import LETTERS
from harapan.training.law import law_on
from harapan.training.models import ClassSession

LENGTH = 6  # 28 bits, for half an hour, for people who are signed in and sit in that class


def code_of(session: ClassSession) -> str:
    """What the trainer's page shows; "" while it was not opened. It stands in no row."""
    if session.opened_at is None:
        return ""
    drawn = salted_hmac("harapan.training.codes", f"{session.pk}|{session.opened_at.timestamp()}", algorithm="sha256")
    number = int.from_bytes(drawn.digest()[:8])
    letters = []
    for _ in range(LENGTH):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)


def open_until(session: ClassSession) -> datetime | None:
    """When the code shown last stops counting."""
    if session.opened_at is None:
        return None
    return session.opened_at + timedelta(minutes=law_on("code_minutes", session.day))


def fits(session: ClassSession, typed: str, *, now: datetime) -> bool:
    until = open_until(session)
    return until is not None and now <= until and compare_digest(code_of(session), plain(typed))


def plain(typed: str) -> str:
    """As people type it: small letters, spaces and dashes do not matter."""
    return "".join(typed.upper().split()).replace("-", "")
