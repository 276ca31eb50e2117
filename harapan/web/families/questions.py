"""A question of two sources as a reader sees it: what it is about, and both words without giving a number away."""

from __future__ import annotations

from django.utils.translation import gettext as _

from harapan.database import sealing
from harapan.database.fields import Sealed
from harapan.registry.models import Question

NUMBERS = ("nik", "kk", "account", "card")


def about(question: Question) -> str:
    """ "NIK Rusmini", "Nomor KK", "Nama pengurus"."""
    words = {"kk": _("Nomor KK"), "name": _("Nama"), "account": _("Nomor rekening"), "card": _("Nomor kartu")}
    label = words.get(question.field, question.field.upper())
    return f"{label} {question.member.name}" if question.member else label


def sides_of(question: Question) -> list[Sealed]:
    """What is recorded and what came, both sealed; a side that is empty is left out."""
    return [side for side in (question.ours, question.theirs) if side is not None]


def two_words(question: Question) -> list[str]:
    """Both sides as they may be shown: names in clear, numbers masked."""
    return [shown(question.field, side.open()) for side in sides_of(question)]


def shown(field: str, value: str) -> str:
    return sealing.masked(field, value) if field in NUMBERS else value
