"""A layout: its columns, and the one way in which every plain table is parsed and rendered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from harapan.core.errors import Unreadable
from harapan.core.numbers import FLOAT_EXACT_MAX, Number
from harapan.core.phrases import Phrase
from harapan.exchange.files import Grid, read_grids
from harapan.exchange.sheet import Column, Problem, Sheet
from harapan.exchange.writing import write_csv, write_xlsx

HEADER_ROWS_MAX = 30  # titles may stand above the header, but no further down than this
CUT_MIN = 5  # from so many 16-digit numbers on, all ending in 0 is no chance: Excel kept only 15 digits
CUT_REASON = Phrase(
    "Semua nomor 16 angka di kolom ini berakhir dengan 0, tanda Excel hanya menyimpan 15 angka "
    "dan angka terakhir hilang; ambil kembali dari daftar asal dengan kolom berformat Teks."
)
FLOAT_REASON = Phrase(
    "Tersimpan sebagai bilangan di atas 9.007.199.254.740.992, sehingga angka terakhirnya dapat "
    "berubah; ambil kembali dari daftar asal dengan kolom berformat Teks."
)


_DIGITS = re.compile(r"[0-9]{16,}")


class MissingColumns(Unreadable):
    """The file is a table, but not of this layout."""


def header_key(text: str) -> str:
    """Headers are the same when their letters and digits are: "No. KK", "no_kk" and "NOKK"."""
    return re.sub(r"[\W_]+", "", text.lower())


@dataclass(frozen=True)
class Layout:
    """An outside table. `any_of`: groups of columns of which the file, and every row, must have at least one."""

    name: str  # as the command knows it
    title: str
    about: str  # what file this is and who sends it, for the page that asks for it
    columns: tuple[Column, ...]
    any_of: tuple[tuple[str, ...], ...] = ()
    prepare: Callable[[dict[str, list[str]]], None] | None = None  # mends raw columns in place before they are read
    check: Callable[[Sheet], Iterable[Problem]] | None = None  # what no single cell shows

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def required(self) -> tuple[str, ...]:
        """The titles a file must have, for help texts."""
        return tuple(column.title for column in self.columns if column.required)

    def parse(self, source: Path | bytes, *, name: str = "", sheet: str = "") -> Sheet:
        """The file's rows. Raises `Unreadable` when the file is broken, empty or of another layout."""
        return self.parse_grid(*self.find(read_grids(source, name=name), sheet=sheet))

    def render(self, rows: Iterable[Mapping[str, Any]], *, form: str = "xlsx") -> bytes:
        """A file of this layout, "xlsx" or "csv"; columns a row lacks stay blank. `parse` reads it back the same."""
        titles = [column.title for column in self.columns]
        shown = ([self.shown(column, row.get(column.name)) for column in self.columns] for row in rows)
        if form == "csv":
            return write_csv([titles], shown)
        return write_xlsx([titles], shown, sheet=self.title)

    @staticmethod
    def shown(column: Column, value: Any) -> Any:
        """The cell for a value: an int stays one, all else becomes text."""
        if value is None or value == column.kind.blank:
            return ""
        return value if type(value) is int and column.kind.show is str else column.kind.show(value)

    def find(self, grids: list[Grid], *, sheet: str = "") -> tuple[Grid, int, dict[str, int]]:
        """The one sheet with all columns, its header row, and where each column stands."""
        if sheet:
            grids = [grid for grid in grids if grid.sheet == sheet] or grids
        found = [(grid, *self._header(grid)) for grid in grids]
        whole = [place for place in found if not self._missing(place[2])]
        if len(whole) > 1:
            names = ", ".join(f"“{grid.sheet}”" for grid, _, _ in whole)
            raise Unreadable(
                "Berkas “{file}” memuat {count} lembar yang sama susunannya ({names}); simpan tiap lembar "
                "sebagai berkas tersendiri agar tidak ada yang terlewat.",
                file=grids[0].file,
                count=len(whole),
                names=names,
            )
        if whole:
            _refuse_doubled(*whole[0])
            return whole[0]
        raise self._refusal(*max(found, key=lambda place: len(place[2])))

    def parse_grid(
        self, grid: Grid, header: int, places: dict[str, int], *, titles: int | None = None, head: Any = None
    ) -> Sheet:
        """The rows below row `header` of a grid, read column by column; `places` is where each column stands.

        `titles` is the row whose cells name the columns, where that is not `header` itself.
        """
        indexes = _filled_rows(grid, header + 1)
        if not indexes:
            raise Unreadable(
                "{place} tidak berisi baris data di bawah judul kolom; unduh kembali dari sumbernya.", place=grid.place
            )
        raw = {name: [grid.columns[place][index] for index in indexes] for name, place in places.items()}
        if self.prepare:
            self.prepare(raw)
        headers = _headers(grid, titles if titles is not None else header, header, places)
        parsed = Sheet(
            layout=self.name, grid=grid, first=header + 1, indexes=indexes,
            lines=[grid.lines[index] for index in indexes], kinds={c.name: c.kind for c in self.columns},
            headers=headers, raw=raw, columns={}, head=head,
        )  # fmt: skip
        for column in self.columns:
            parsed.columns[column.name] = self._read(parsed, column)
            if column.kind.digits and column.name in places:
                _find_cut_digits(parsed, column, places[column.name], header)
        parsed.problems.extend(self._blank_keys(parsed))
        if self.check:
            parsed.problems.extend(self.check(parsed))
        parsed.problems.sort(key=lambda problem: problem.line)
        return parsed

    def _header(self, grid: Grid) -> tuple[int, dict[str, int]]:
        best: tuple[int, dict[str, int]] = (0, {})
        for index in range(min(HEADER_ROWS_MAX, grid.height)):
            places = self.places(grid, index)
            if len(places) > len(best[1]):
                best = (index, places)
        return best

    def places(self, grid: Grid, row: int) -> dict[str, int]:
        """Where in a row of titles each column stands; columns it lacks are left out."""
        keys = [header_key(cell) for cell in grid.row(row)]
        places: dict[str, int] = {}
        for column in self.columns:
            for spelling in (column.title, column.name, *column.aliases):
                key = header_key(spelling)
                if key and key in keys and keys.index(key) not in places.values():
                    places[column.name] = keys.index(key)
                    break
        return places

    def _missing(self, places: Mapping[str, int]) -> list[str]:
        missing = [column.title for column in self.columns if column.required and column.name not in places]
        for group in self.any_of:
            if not any(name in places for name in group):
                missing.append(Phrase(" atau ").join(self.by_name[name].title for name in group))
        return missing

    def _refusal(self, grid: Grid, header: int, places: Mapping[str, int]) -> MissingColumns:
        missing = ", ".join(self._missing(places))
        if len(places) < 2:
            return MissingColumns(
                Phrase(
                    "{place} tidak memuat baris judul kolom untuk “{title}”; yang dicari: {missing}. Periksa "
                    "apakah berkas dan jenis daftarnya sesuai.",
                    place=grid.place,
                    title=self.title,
                    missing=missing,
                )
            )
        return MissingColumns(
            Phrase(
                "{place} baris {lines} tidak memuat kolom {missing}, yang diperlukan untuk “{title}”; "
                "tambahkan kolom itu atau pilih jenis daftar yang sesuai.",
                place=grid.place,
                lines=grid.lines[header],
                missing=missing,
                title=self.title,
            )
        )

    def _read(self, parsed: Sheet, column: Column) -> list[Any]:
        texts = parsed.raw.get(column.name)
        if texts is None:
            return [column.kind.blank] * len(parsed)
        values: list[Any] = []
        clean: dict[str, Any] = {}  # lists repeat themselves: village, bank and wave are read once
        for row, text in enumerate(texts):
            if text in clean:
                values.append(clean[text])
                continue
            problems = len(parsed.problems)
            values.append(_value(parsed, row, column, text))
            if len(parsed.problems) == problems:
                clean[text] = values[-1]
        return values

    def _blank_keys(self, parsed: Sheet) -> Iterable[Problem]:
        for group in self.any_of:
            refused = {problem.line for problem in parsed.problems if problem.fatal}
            titles = Phrase(" atau ").join(self.by_name[name].title for name in group)
            for row, values in enumerate(zip(*(parsed[name] for name in group), strict=True)):
                if not any(values) and parsed.lines[row] not in refused:
                    shown = next(name for name in group if name in parsed.headers)
                    yield parsed.problem(
                        row, shown, Phrase("Baris ini tanpa {titles}; isi salah satunya.", titles=titles), fatal=True
                    )


def _value(parsed: Sheet, row: int, column: Column, text: str) -> Any:
    """The cell's value; what is wrong with it or was repaired is added to the sheet's problems."""

    def say(reason: str, *, fatal: bool) -> None:
        parsed.problems.append(parsed.problem(row, column.name, reason, fatal=fatal))

    try:
        value = column.kind.read(text)
    except Unreadable as refusal:
        say(refusal.phrase, fatal=not column.lenient)
        return column.kind.blank
    if type(value) is Number:
        if value.note:
            say(Phrase("Diperbaiki: {note}.", note=value.note), fatal=False)
        if value.warning:
            say(value.warning, fatal=False)
        value = value.value
    if column.filled and value == column.kind.blank:
        say(Phrase("Kolom {title} kosong; isi dahulu.", title=column.title), fatal=True)
    return value


def _refuse_doubled(grid: Grid, header: int, places: Mapping[str, int]) -> None:
    """Two columns of one title: nobody can say which holds."""
    keys = [header_key(cell) for cell in grid.row(header)]
    for place in places.values():
        if keys.count(keys[place]) > 1:
            title = " ".join(grid.columns[place][header].split())
            raise Unreadable(
                "{place} baris {lines} memuat kolom “{title}” lebih dari sekali; hapus yang tidak dipakai.",
                place=grid.place,
                lines=grid.lines[header],
                title=title,
            )


def _headers(grid: Grid, titles: int, last: int, places: Mapping[str, int]) -> dict[str, str]:
    """What the file calls each column; under a title spread over several columns: "APRIL ALPA"."""
    row, header = grid.row(titles), {}
    for name, place in places.items():
        spread = next((cell for cell in reversed(row[: place + 1]) if cell.strip()), "")
        below = grid.columns[place][last] if last != titles else ""
        header[name] = " ".join(f"{spread if below.strip() else row[place]} {below}".split())
    return header


def _filled_rows(grid: Grid, first: int) -> list[int]:
    body = [column[first:] for column in grid.columns]
    return [first + index for index, row in enumerate(zip(*body, strict=True)) if any(map(str.strip, row))]


def _find_cut_digits(parsed: Sheet, column: Column, place: int, header: int) -> None:
    """Numbers that look whole but passed through a spreadsheet's float, or through Excel's fifteen digits."""
    values = parsed[column.name]
    long = [row for row, value in enumerate(values) if value and _DIGITS.fullmatch(value)]
    sixteen = [row for row in long if len(values[row]) == 16]
    if len(sixteen) >= CUT_MIN and all(values[row].endswith("0") for row in sixteen):
        rows, reason = sixteen, CUT_REASON
    else:
        # a float above 2^53 is even: no odd number, no suspicion
        rows, reason = [row for row in long if int(values[row]) > FLOAT_EXACT_MAX], FLOAT_REASON
        if any(int(values[row]) % 2 for row in rows) or not rows or not parsed.grid.numeric(place, below=header):
            return
    parsed.problems.extend(parsed.problem(row, column.name, reason, fatal=not column.lenient) for row in rows)
    for row in rows:
        values[row] = None
