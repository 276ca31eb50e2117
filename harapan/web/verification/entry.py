"""The grid of a facility: members by months, as stored, as typed, and as marks. Empty means present on every day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from harapan.core.periods import month_days
from harapan.core.phrases import Phrase
from harapan.registry.models import ComponentSpell
from harapan.ui.words import month as month_words
from harapan.verification.declaring import Unit
from harapan.verification.models import Declaration, FacilityMonth, Observation
from harapan.verification.observing import Mark
from harapan.verification.queries import present_percent
from harapan.web.verification.quarter import Quarter

DAYS = (("a", "absent_days"), ("i", "leave_days"), ("s", "sick_days"))
DAYS_MAX = 31
Gone = Mapping[tuple[int, int], Phrase]  # (member, month) -> why nothing can be said (`standing.gone`)
OUTCOMES = {
    "": Observation.Outcome.BY_DAYS,
    "missed": Observation.Outcome.MISSED,
    "excused": Observation.Outcome.EXCUSED,
    "unknown": Observation.Outcome.UNKNOWN,
}
OUTCOME_CODES = {outcome: code for code, outcome in OUTCOMES.items()}


@dataclass(frozen=True)
class Heard:
    """What was said of a facility, and for which of the reader's families."""

    months: Mapping[int, FacilityMonth]
    by_unit: Mapping[int, Mapping[Unit, Declaration]]  # month -> unit -> who declared it
    units: frozenset[Unit]  # of the reader's families here

    def declared(self, month: int) -> dict[Unit, Declaration]:
        """Of the reader's families alone."""
        return {unit: said for unit, said in self.by_unit.get(month, {}).items() if unit in self.units}


@dataclass
class Column:
    """A month of the grid: what was said about it, and how many days school was kept."""

    number: int
    month: str
    said: FacilityMonth | None  # None: nobody has spoken for the reader's families, whatever was said for others
    open: bool  # may be declared now: over, and not proven, or proven and not yet declared for all
    declared: Mapping[Unit, Declaration] = field(default_factory=dict)  # of the reader's families
    missing: int = 0  # groups of the reader's families for which nobody has declared it
    known: FacilityMonth | None = None  # what was said for anybody
    effective_days: str = ""  # as shown in the field
    error: str = ""

    @property
    def declarations(self) -> list[Declaration]:
        """Who declared it for the reader's families, each person once, the first first."""
        first = sorted(self.declared.values(), key=lambda each: each.declared_at)
        return list({each.declared_by_id: each for each in reversed(first)}.values())[::-1]

    @property
    def first_day(self) -> date:
        return month_days(self.month)[0]

    @property
    def days(self) -> int | None:
        return int(self.effective_days) if self.effective_days.isdecimal() else None


@dataclass
class Cell:
    """A member's month. `values`: the typed or stored days by letter; `outcome` where days do not count."""

    column: Column
    said: FacilityMonth | None = None  # None: nobody has spoken for this member
    open: bool = True  # may be typed into
    values: dict[str, str] = field(default_factory=dict)
    outcome: str = ""
    percent: float | None = None  # only where something was said
    unexcused_percent: float | None = None  # the same with leave and illness as if present
    error: str = ""
    gone: Phrase | None = None  # why nothing can be said of this member

    @property
    def days(self) -> list[tuple[str, str, str]]:
        """(letter, field, value) in the order of the form."""
        return [(letter, name, self.values.get(letter, "")) for letter, name in DAYS]

    @property
    def unknown(self) -> bool:
        """Left out of what was declared: nobody said whether this member was there."""
        return self.outcome == "unknown"

    @property
    def noted(self) -> bool:
        return bool(self.outcome) or any(value not in ("", "0") for value in self.values.values())


@dataclass
class Row:
    spell: ComponentSpell
    cells: list[Cell]
    line: int  # the law's percentage

    @property
    def noted(self) -> bool:
        return any(cell.noted for cell in self.cells)

    @property
    def unknown(self) -> bool:
        """Whether some month was declared for the others and left out this member."""
        return any(cell.unknown for cell in self.cells)

    @property
    def lowest(self) -> float | None:
        """The lowest month of which something was said, in percent."""
        known = [cell.percent for cell in self.cells if cell.percent is not None]
        return min(known) if known else None

    @property
    def below(self) -> bool:
        """Whether some month missed the obligation, by days or by word."""
        by_days = self.lowest is not None and self.lowest < self.line
        return by_days or self.missed

    @property
    def missed(self) -> bool:
        """Whether it did so without leave or illness as the cause: only that may cut."""
        return any(
            cell.outcome == "missed" or (cell.unexcused_percent is not None and cell.unexcused_percent < self.line)
            for cell in self.cells
        )


@dataclass
class Grid:
    columns: list[Column]
    rows: list[Row]
    school: bool

    @property
    def errors(self) -> list[str]:
        of_cells = [cell.error for row in self.rows for cell in row.cells if cell.error]
        return [*(column.error for column in self.columns if column.error), *of_cells]

    def wrong(self, month: int) -> set[int]:
        """Members of whom something was typed for this month that cannot be."""
        return {
            row.spell.member_id for row in self.rows for cell in row.cells if cell.error and cell.column.number == month
        }

    @property
    def below(self) -> int:
        return sum(row.below for row in self.rows)

    @property
    def missed(self) -> int:
        return sum(row.missed for row in self.rows)

    @property
    def unknown(self) -> int:
        return sum(row.unknown for row in self.rows)

    @property
    def only_excused(self) -> int:
        return self.below - self.missed


def columns_of(
    quarter: Quarter, heard: Heard, usual: Mapping[int, int], *, completes: bool, typed: QueryDict | None = None
) -> list[Column]:
    """usual: month -> effective days of other schools around, offered where this one has said nothing.

    completes: the reader may prove months, and so may add families to a proven one.
    """
    columns = []
    for number, text in quarter.columns:
        known, declared = heard.months.get(number), heard.declared(number)
        days = known.effective_days if known and known.effective_days else usual.get(number)
        missing = len({unit.group_no for unit in heard.units - set(declared)})
        writable = not (known and known.proven) or (completes and bool(missing))
        column = Column(
            number, text, known if declared else None, open=quarter.over(text) and writable, declared=declared,
            missing=missing, known=known,
        )  # fmt: skip
        column.effective_days = "" if days is None else str(days)
        if typed is not None and column.open:
            column.effective_days = typed.get(f"days-{number}", "").strip()
        columns.append(column)
    return columns


def stored_grid(
    spells: Iterable[ComponentSpell],
    columns: Sequence[Column],
    seen: Mapping[tuple[int, int], Observation],
    *,
    school: bool,
    line: int,
    gone: Gone,
) -> Grid:
    """What stands in the database. A month of which nothing was said has no percentage."""
    rows = [Row(spell, [_stored(spell, column, seen, gone) for column in columns], line) for spell in spells]
    return Grid(list(columns), rows, school)


def spoken_of(spell: ComponentSpell, column: Column) -> tuple[bool, bool]:
    """Whether somebody spoke for this very member in the month, and whether it may (still) be typed into."""
    spoken = Unit.of(spell) in column.declared
    closed = bool(column.known and column.known.proven) and spoken
    return spoken, column.open and not closed


def _cell(spell: ComponentSpell, column: Column, gone: Gone) -> Cell:
    """Empty, with what was said for this very member."""
    spoken, is_open = spoken_of(spell, column)
    why = gone.get((spell.member_id, column.number))
    return Cell(column, said=column.known if spoken and not why else None, open=is_open and not why, gone=why)


def _stored(spell: ComponentSpell, column: Column, seen: Mapping[tuple[int, int], Observation], gone: Gone) -> Cell:
    found = seen.get((spell.member_id, column.number))
    cell = _cell(spell, column, gone)
    if found is not None:
        cell.values = {letter: str(getattr(found, name) or "") for letter, name in DAYS}
        cell.outcome = OUTCOME_CODES[Observation.Outcome(found.outcome)]
        cell.said = column.known  # what is recorded of a member stands, in whichever group the family is now
    if cell.said is not None and not cell.unknown:
        cell.percent = present_percent(found, cell.said.effective_days)
        cell.unexcused_percent = present_percent(found, cell.said.effective_days, excusing=True)
    return cell


def typed_grid(
    spells: Iterable[ComponentSpell],
    columns: Sequence[Column],
    typed: QueryDict,
    *,
    school: bool,
    line: int,
    gone: Gone,
) -> Grid:
    """What a person typed, with an error in words at each cell that cannot be."""
    if school:
        for column in columns:
            if column.open and str(column.number) in typed.getlist("month") and not 1 <= (column.days or 0) <= DAYS_MAX:
                column.error = _("Hari efektif %(month)s perlu diisi, 1 sampai 31. Contoh: 22.") % {
                    "month": month_words(column.month)
                }
    rows = [Row(spell, [_typed(spell, column, typed, gone) for column in columns], line) for spell in spells]
    return Grid(list(columns), rows, school)


def _typed(spell: ComponentSpell, column: Column, typed: QueryDict, gone: Gone) -> Cell:
    key = f"{spell.member_id}-{column.number}"
    cell = _cell(spell, column, gone)
    if not cell.open:
        return cell
    cell.values = {letter: typed.get(f"{letter}-{key}", "").strip() for letter, _name in DAYS}
    cell.outcome = "unknown" if f"u-{key}" in typed else ""
    wrong = next((value for value in cell.values.values() if value and not value.isdecimal()), None)
    where = {"name": spell.member.name, "month": month_words(column.month), "value": wrong or ""}
    if wrong is not None:
        cell.error = _("%(name)s, %(month)s: “%(value)s” bukan jumlah hari. Contoh: 2.") % where
        return cell
    away = sum(int(value or 0) for value in cell.values.values())
    if cell.unknown and away:
        cell.error = _("%(name)s, %(month)s: ditandai belum diketahui, padahal hari tidak masuknya diisi.") % where
        return cell
    if column.days and away > column.days:
        cell.error = _("%(name)s, %(month)s: %(away)d hari tidak masuk, padahal hari efektifnya %(days)d.") % {
            **where,
            "away": away,
            "days": column.days,
        }
    return cell


def marks_of(grid: Grid, month: int) -> list[Mark]:
    """The exceptions of one month, for `declare_all_present_except`."""
    marks = []
    for row in grid.rows:
        cell = next(cell for cell in row.cells if cell.column.number == month)
        if cell.noted and not cell.error:
            absent, leave, sick = (int(cell.values.get(letter) or 0) for letter, _name in DAYS)
            marks.append(Mark(row.spell.member_id, month, absent, leave, sick, outcome=OUTCOMES[cell.outcome]))
    return marks
