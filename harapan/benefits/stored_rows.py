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
from harapan.engine.digest import Digest, digest_of, output_sha256
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
    compared, digests = Compared(), {name: digest_of(name) for name in OUTPUTS}
    readable = True
    with arrow.one_moment() as moment:
        for name, digest in digests.items():
            same, sound = _in_step(name, run, moment, _expected(run, name, folder, payees), digest)
            readable &= sound
            if not same:
                expected = _expected(run, name, folder, payees)
                with arrow.reader(moment) as cursor:
                    found = arrow.stream(cursor, _select(run, name, expected.schema.names))
                    count, first = differing(name, KEYS[name], expected, found, scratch=scratch)
                compared.rows_differing += count
                compared.first += first[: SHOWN_MAX - len(compared.first)]
            told()
    if readable:
        compared.sha256 = output_sha256(digests["entitlements"], digests["lines"])
    return compared


def _in_step(
    name: str, run: Run, moment: arrow.Moment, expected: pa.RecordBatchReader, digest: Digest
) -> tuple[bool, bool]:
    """Whether all rows are the same, and whether the stored ones could be hashed. Feeds the digest what is stored."""
    ahead, same, sound = _Ahead(expected), True, True
    with arrow.reader(moment) as cursor:
        for batch in arrow.stream(cursor, _select(run, name, expected.schema.names)):
            stored = pa.Table.from_batches([batch])
            same = same and stored.equals(ahead.take(stored.num_rows).cast(stored.schema))
            sound = sound and _hashed(digest, name, stored)
    return same and not ahead.take(1).num_rows, sound


def _hashed(digest: Digest, name: str, stored: pa.Table) -> bool:
    try:
        digest.update(stored.select(OUTPUTS[name].names).cast(OUTPUTS[name]))
    except (ValueError, Refused):  # a null, or a number that the column of the engine cannot hold
        return False
    return True


def _expected(run: Run, name: str, folder: Path, payees: Path) -> pa.RecordBatchReader:
    tables = storing.stored_form(run, folder, payees)[name]
    return storing.streamed(table.drop_columns(["run_id"]) for table in tables)


def _select(run: Run, name: str, columns: list[str]) -> str:
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
