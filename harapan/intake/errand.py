"""One file on its way in: what every layout's handler is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from harapan.accounts.models import Post, User
from harapan.exchange.sheet import Sheet
from harapan.intake.answers import Answers
from harapan.intake.models import ImportRun
from harapan.policy.calendars import StagePlan


def silent(done: int, total: int, doing: str) -> None:
    """Nobody watches."""


Advance = Callable[[int, int, str], None]


@dataclass(slots=True)
class Errand:
    """A sheet being taken in: its answers so far, who brings it, for which stage, and from which day its facts hold."""

    run: ImportRun
    sheet: Sheet
    answers: Answers
    post: Post
    by: User
    on: date
    stage: StagePlan | None = None
    facilitator: User | None = None
    advance: Advance = silent
    notices: list[str] = field(default_factory=list)  # about the file as a whole
    elsewhere: int = 0  # lines whose family is registered outside the importer's scope
    new_family_ids: set[int] = field(default_factory=set)

    @property
    def open_lines(self) -> list[int]:
        """The lines still without an answer, in the order of the file."""
        return [line for line in self.sheet.lines if self.answers.open(line)]

    @property
    def since(self) -> date:
        """From when what the file says holds: the first day of the stage it is brought in for, else the day itself."""
        return self.stage.first_day if self.stage else self.on
