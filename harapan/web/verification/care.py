"""The grid of a health post or social care: each member's obligations by month, as stored, as typed, and as entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from harapan.core.errors import Unreadable
from harapan.core.periods import month_days, parse_date
from harapan.core.phrases import Phrase
from harapan.registry.models import ComponentSpell
from harapan.ui.words import heard
from harapan.ui.words import month as month_words
from harapan.verification.caring import Entry, entry_of, month_outcome
from harapan.verification.models import CareMark, Observation
from harapan.verification.obligations import EXEMPT, Owed
from harapan.web.verification.entry import Column, spoken_of

Outcome = CareMark.Outcome
WORDS = {"done": Outcome.DONE, "missed": Outcome.MISSED, "excused": Outcome.EXCUSED, "unknown": Outcome.UNKNOWN}
CODES = {outcome: word for word, outcome in WORDS.items()}
TIMES_MAX = 31


@dataclass
class Due:
    """One obligation in the grid. `word` is what the field holds: empty, done, missed, excused or unknown."""

    owed: Owed
    word: str = ""
    times: str = ""
    day: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return f"{self.owed.member_id}-{self.owed.month}-{self.owed.item.key}"

    @property
    def monthly(self) -> bool:
        return self.owed.item.monthly

    @property
    def settled_elsewhere(self) -> bool:
        """Met already in other months of its span: nothing is asked here."""
        return not self.monthly and not self.word and self.owed.done_elsewhere >= self.owed.item.times

    @property
    def exempt(self) -> bool:
        return self.owed.state == EXEMPT

    @property
    def several(self) -> bool:
        return self.owed.item.times > 1 and not self.monthly

    def entry(self) -> Entry:
        outcome = WORDS.get(self.word)
        times = int(self.times) if self.times.isdecimal() and self.times != "0" else 1
        return entry_of(self.owed, outcome, times=times, done_on=parse_date(self.day) if self.day else None)


@dataclass
class CareCell:
    column: Column
    dues: list[Due]
    open: bool
    gone: Phrase | None = None  # why nothing can be said

    @property
    def outcome(self) -> Observation.Outcome:
        return month_outcome((due.owed, due.entry()) for due in self.dues if not due.error)

    @property
    def noted(self) -> bool:
        return any(due.word for due in self.dues)

    @property
    def wrong(self) -> bool:
        return any(due.error for due in self.dues)


@dataclass
class CareRow:
    spell: ComponentSpell
    cells: list[CareCell]
    spoken: dict[int, bool] = field(default_factory=dict)  # month -> whether somebody spoke for this member

    @property
    def noted(self) -> bool:
        return any(cell.noted for cell in self.cells)

    def _some(self, outcome: Observation.Outcome) -> bool:
        return any(cell.outcome == outcome for cell in self.cells if self.spoken.get(cell.column.number))

    @cached_property
    def missed(self) -> bool:
        return self._some(Observation.Outcome.MISSED)

    @cached_property
    def excused(self) -> bool:
        return self._some(Observation.Outcome.EXCUSED)

    @cached_property
    def unknown(self) -> bool:
        return self._some(Observation.Outcome.UNKNOWN)


@dataclass
class CareGrid:
    """Answers the same questions about the page as the grid of a school."""

    columns: list[Column]
    rows: list[CareRow]
    school: bool = False

    @property
    def errors(self) -> list[str]:
        return [due.error for row in self.rows for cell in row.cells for due in cell.dues if due.error]

    def wrong(self, month: int) -> set[int]:
        """Members of whom something was typed for this month that cannot be."""
        return {
            row.spell.member_id for row in self.rows for cell in row.cells if cell.wrong and cell.column.number == month
        }

    @property
    def missed(self) -> int:
        return sum(row.missed for row in self.rows)

    @property
    def below(self) -> int:
        return sum(row.missed or row.excused for row in self.rows)

    @property
    def only_excused(self) -> int:
        return self.below - self.missed

    @property
    def unknown(self) -> int:
        return sum(row.unknown for row in self.rows)


Gone = Mapping[tuple[int, int], Phrase]


def care_grid(
    spells: Iterable[ComponentSpell], columns: Sequence[Column], owed: Iterable[Owed], gone: Gone, *,
    typed: QueryDict | None, today: date,
) -> CareGrid:  # fmt: skip
    """Stored, or as typed with an error in words at each field that cannot be."""
    of_cell: dict[tuple[int, int], list[Owed]] = {}
    for each in owed:
        of_cell.setdefault((each.member_id, each.month), []).append(each)
    rows = []
    for spell in spells:
        cells, spoken = [], {}
        for column in columns:
            key = (spell.member_id, column.number)
            said, is_open = spoken_of(spell, column)
            is_open = is_open and key not in gone
            dues = [_due(each, spell, column, typed if is_open else None, today) for each in of_cell.get(key, ())]
            cells.append(CareCell(column, dues, is_open, gone.get(key)))
            spoken[column.number] = said or any(due.word for due in dues)
        rows.append(CareRow(spell, cells, spoken))
    return CareGrid(list(columns), rows)


def _due(owed: Owed, spell: ComponentSpell, column: Column, typed: QueryDict | None, today: date) -> Due:
    due = Due(owed)
    if typed is None:
        due.word = CODES[Outcome(owed.marked)] if owed.marked is not None else _of_month(owed)
        due.times = str(owed.marked_times or "") if due.several else ""
        due.day = owed.done_on.isoformat() if owed.done_on else ""
        return due
    word, due.day = typed.get(f"o-{due.name}", ""), typed.get(f"d-{due.name}", "").strip()
    due.word = word if word in WORDS else ("done" if due.day else "")
    due.times = typed.get(f"n-{due.name}", "").strip() if due.several else ""
    due.error = _error(due, spell, column, today)
    return due


def _of_month(owed: Owed) -> str:
    """Recorded for the whole month of the member, without saying which obligation."""
    return owed.state if owed.item.monthly and owed.state in ("missed", "excused") else ""


def _error(due: Due, spell: ComponentSpell, column: Column, today: date) -> str:
    where = {"name": spell.member.name, "month": month_words(column.month), "item": heard(due.owed.item.label)}
    if due.times and not (due.times.isdecimal() and 1 <= int(due.times) <= TIMES_MAX):
        return _("%(name)s, %(month)s, %(item)s: “%(value)s” bukan berapa kali. Contoh: 2.") % {
            **where, "value": due.times,
        }  # fmt: skip
    if not due.day:
        return ""
    try:
        day = parse_date(due.day)
    except Unreadable:
        due.day, bad = "", due.day
        return _("%(name)s, %(month)s, %(item)s: “%(value)s” bukan tanggal. Contoh: 12/4/2025.") % {
            **where, "value": bad,
        }  # fmt: skip
    first, after = month_days(column.month)
    if not first <= day < after or day > today:
        return _("%(name)s, %(item)s: tanggal %(day)s tidak di dalam %(month)s, atau belum terjadi.") % {
            **where, "day": f"{day:%d/%m/%Y}",
        }  # fmt: skip
    return ""


def entries_of(grid: CareGrid, month: int) -> list[tuple[Owed, Entry]]:
    """What the grid says of one month, for `caring.declare_care`."""
    of_month = [cell for row in grid.rows for cell in row.cells if cell.column.number == month]
    cells = [cell for cell in of_month if cell.open and not cell.wrong]
    return [(due.owed, due.entry()) for cell in cells for due in cell.dues if not due.exempt]
