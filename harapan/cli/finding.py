"""What a check of `harapan doctor` answers."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    GOOD = "baik"
    MIND = "perhatian"
    WRONG = "salah"


class Finding(NamedTuple):
    subject: str
    state: State
    words: str


Answers = Iterator[tuple[State, str]]
