"""Every deed that the log records by name has words for the pages that show it."""

from __future__ import annotations

import re
from pathlib import Path

import harapan
from harapan.audit.words import WORDS, in_words
from harapan.benefits.models import State
from harapan.payments.enums import Resolution

RECORDED = re.compile(r"""record\(\s*["']([a-z_]+\.[a-z_]+)["']""")


def test_every_verb_recorded_by_name_has_words() -> None:
    sources = Path(harapan.__file__).parent.rglob("*.py")
    recorded = {verb for path in sources for verb in RECORDED.findall(path.read_text(encoding="utf-8"))}
    assert len(recorded) > 30
    assert recorded - WORDS.keys() == set()


def test_the_verbs_of_moves_and_of_closed_exceptions_have_words() -> None:
    moves = {f"stage.{state}" for state in (State.OPEN, State.RECONCILED, State.CLOSED, State.FINAL)}
    assert moves | {f"exception.{how}" for how in Resolution} <= WORDS.keys()


def test_a_verb_without_words_stays_itself() -> None:
    assert in_words("number.opened") == "Membuka nomor lengkap"
    assert in_words("village.looked") == "village.looked"
