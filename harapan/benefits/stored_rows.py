"""Whether the rows of a run, as the database holds them, are the rows an output folder holds: both read in step.

Two streams in order of the key, so memory is flat; only where they part are the differing rows looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from harapan.benefits import storing
from harapan.benefits.models import Run
from harapan.core.errors import Refused
from harapan.database import arrow
from harapan.engine.comparing import SHOWN_MAX, Differing, differing
from harapan.engine.digest import digest_of, output_sha256
from harapan.engine.tables import KEYS, OUTPUTS


@dataclass(slots=True)
class Compared:
    """`sha256` is the engine's hash of the rows as stored; empty where they hold values no engine could have made."""

    sha256: str = ""
    rows_differing: int = 0
    first: list[Differing] = field(default_factory=list)


def compare(run: Run, folder: Path, payees: Path, *, scratch: Path, told: Callable[[], None]) -> Compared:
    """The stored rows against those of `folder`, with the accounts of `payees`; `told` is called after each table.

    Needs no scope: it reads on sessions of its own, all at one moment.
    """
    compared, stored = Compared(), Stored()
    with arrow.one_moment() as moment:
        for name in OUTPUTS:
            if not _in_step(name, run, moment, _expected(run, name, folder, payees), stored):
                expected = _expected(run, name, folder, payees)
                with arrow.reader(moment) as cursor:
                    found = arrow.stream(cursor, select(run, name, expected.schema.names))
                    count, first = differing(name, KEYS[name], expected, found, scratch=scratch)
                compared.rows_differing += count
                compared.first += first[: SHOWN_MAX - len(compared.first)]
            told()
    compared.sha256 = stored.sha256
    return compared


class Stored:
    """The engine's hash over rows as the database gives them."""

    def __init__(self) -> None:
        self._digests, self._sound = {name: digest_of(name) for name in OUTPUTS}, True

    def feed(self, name: str, rows: pa.Table) -> None:
        """The next rows of a table, in order of its key; more columns are left out."""
        try:
            self._digests[name].update(rows.select(OUTPUTS[name].names).cast(OUTPUTS[name]))
        except (ValueError, Refused):  # a null, a key twice, or a number that the column of the engine cannot hold
            self._sound = False

    @property
    def sha256(self) -> str:
        """Empty where the rows hold what no engine could have made."""
        return output_sha256(self._digests["entitlements"], self._digests["lines"]) if self._sound else ""


def _in_step(name: str, run: Run, moment: arrow.Moment, expected: pa.RecordBatchReader, stored: Stored) -> bool:
    """Whether all rows are the same; tells `stored` of those in the database."""
    ahead, same = _Ahead(expected), True
    with arrow.reader(moment) as cursor:
        for batch in arrow.stream(cursor, select(run, name, expected.schema.names)):
            rows = pa.Table.from_batches([batch])
            same = same and rows.equals(ahead.take(rows.num_rows).cast(rows.schema))
            stored.feed(name, rows)
    return same and not ahead.take(1).num_rows


def _expected(run: Run, name: str, folder: Path, payees: Path) -> pa.RecordBatchReader:
    tables = storing.stored_form(run, folder, payees)[name]
    return storing.streamed(table.drop_columns(["run_id"]) for table in tables)


def select(run: Run, name: str, columns: list[str]) -> str:
    """SQL of the stored rows in order of their key."""
    return (
        f"SELECT {', '.join(columns)} FROM {storing.TABLES[name]} "  # noqa: S608  (our own names, and a number)
        f"WHERE run_id = {int(run.pk)} ORDER BY {', '.join(KEYS[name])}"
    )


class _Ahead:
    """Rows of a stream, as many at a time as somebody asks for."""

    def __init__(self, rows: pa.RecordBatchReader) -> None:
        self._rows = rows
        self._held = rows.schema.empty_table()

    def take(self, count: int) -> pa.Table:
        """The next rows; fewer where the stream has ended."""
        parts = [self._held]
        while sum(part.num_rows for part in parts) < count:
            try:
                parts.append(pa.Table.from_batches([self._rows.read_next_batch()]))
            except StopIteration:
                break
        held = pa.concat_tables(parts)
        self._held = held.slice(count)
        return held.slice(0, count)
