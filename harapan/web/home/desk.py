"""What the rows of a start page ask of the reader's desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from harapan.accounts.models import Post
from harapan.database.counting import Waiting
from harapan.ui.parts import Task, Words


class Desk(Protocol):
    """`worklist.Desk`, which gathers the rows of all and so cannot be imported by them."""

    post: Post
    on: date

    def task(
        self, waits: Waiting, permission: str, what: Words, detail: Words, url: str, deed: Words, state: str = "",
        **told: object,
    ) -> Iterator[Task]: ...  # fmt: skip
