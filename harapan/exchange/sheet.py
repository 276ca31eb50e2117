"""What every codec answers: a `Sheet` of typed columns beside line numbers, and what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from harapan.exchange.cells import Kind
from harapan.exchange.files import Grid


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layout. Headers are compared without case, spaces and marks; the first alias found wins."""

    name: str  # how code calls it
    title: str  # the header as we write it
    kind: Kind
    aliases: tuple[str, ...] = ()
    required: bool = False  # the file must have the column
    filled: bool = False  # and every row a value in it
    lenient: bool = False  # an unreadable cell is left blank with a warning; the row stays


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one cell, in words. `value` is the cell as it came, perhaps an identity number: never log it."""

    line: int  # the row or line number a person sees in the file
    column: str  # the header as the file writes it
    value: str = field(repr=False)
    reason: str
    fatal: bool  # the row is refused; otherwise it is accepted with this warning or note of a repair


@dataclass(frozen=True)
class Sheet:
    """The rows of one file: `columns[name][i]` belongs to line `lines[i]`. Refused rows are in here too."""

    layout: str
    grid: Grid
    first: int  # index in the grid of the first row below the header
    indexes: list[int]  # index in the grid of each row
    lines: list[int]
    kinds: dict[str, Kind]
    headers: dict[str, str]  # column name -> header as the file writes it; columns the file lacks are missing here
    raw: dict[str, list[str]] = field(repr=False)
    columns: dict[str, list[Any]] = field(repr=False)
    problems: list[Problem] = field(default_factory=list, repr=False)
    head: Any = None  # what stands above the table, for the layouts that say something there

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns[name]

    @property
    def form(self) -> str:
        """ "csv" or "xlsx": the form in which answers go back."""
        return "csv" if self.grid.dialect else "xlsx"

    @cached_property
    def refused(self) -> frozenset[int]:
        """Lines with a fatal problem."""
        return frozenset(problem.line for problem in self.problems if problem.fatal)

    def rows(self, *, refused: bool = False) -> Iterator[dict[str, Any]]:
        """The accepted rows, or all of them, as mappings with their `line`."""
        names = ("line", *self.columns)
        for row in zip(self.lines, *self.columns.values(), strict=True):
            if refused or row[0] not in self.refused:
                yield dict(zip(names, row, strict=True))

    def table(self, *, refused: bool = False) -> pa.Table:
        """The same rows as an Arrow table, `line` first, for set-based work."""
        arrays = [pa.array(self.lines, pa.int32())]
        arrays += [pa.array(values, self.kinds[name].arrow) for name, values in self.columns.items()]
        table = pa.table(arrays, names=["line", *self.columns])
        if refused or not self.refused:
            return table
        return table.filter(pa.array([line not in self.refused for line in self.lines]))

    def problem(self, row: int, name: str, reason: str, *, fatal: bool) -> Problem:
        """A problem with one cell of row `row` (an index into `lines`)."""
        raw = self.raw.get(name)
        return Problem(self.lines[row], self.headers.get(name, name), raw[row] if raw else "", reason, fatal)


def by_line(problems: Sequence[Problem]) -> dict[int, list[Problem]]:
    """The problems of each line."""
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.line, []).append(problem)
    return found
