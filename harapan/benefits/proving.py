"""Whether the rows of runs are still those that were computed: each digest again, against the run and its sealed entry.

A run's partitions have no row trigger; the entry `run.sealed` vouches for them. What is compared, and what each
difference means, stands in `faults`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
from django.db import connections

from harapan.benefits.models import Run
from harapan.benefits.stored_rows import Stored, select
from harapan.database.scope import active_alias
from harapan.engine.tables import OUTPUTS

BYTES_AT_ONCE = 8 << 20
ENDED = (Run.State.DONE, Run.State.SUPERSEDED)


def faults(moved: Callable[[], None] = lambda: None) -> Iterator[str]:
    """One sentence for each run that is not as it was sealed. Needs the batch scope; `moved` is called for each run."""
    sealed, retired = _entries("run.sealed"), _entries("run.retired")
    runs = {run.pk: run for run in Run.objects.filter(state__in=ENDED).select_related("stage").order_by("pk")}
    for number in sorted(sealed.keys() - runs.keys()):
        yield f"Hasil hitung {number} (tahap {sealed[number]['stage']}) disegel, tetapi tidak ada lagi."
    for run in runs.values():
        if wrong := _fault(run, sealed.get(run.pk), retired=run.pk in retired):
            yield f"Hasil hitung {run.pk} (tahap {run.stage.name}): {wrong}"
        moved()


def _entries(verb: str) -> dict[int, dict[str, Any]]:
    """Run -> what the log says of it."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT subject, body FROM audit_entry WHERE verb = %s AND subject_kind = 'run' AND body IS NOT NULL"
            " ORDER BY id",
            [verb],
        )
        return {subject: json.loads(body) for subject, body in cursor.fetchall()}


def _fault(run: Run, entry: dict[str, Any] | None, *, retired: bool) -> str:
    """What is wrong with the run, "" when nothing is."""
    if entry is None:
        return "tidak ada catatan yang menyegelnya."
    told = (run.output_sha256, run.families, run.net_idr)
    if told != (entry["sha256"], entry["families"], entry["net_idr"]):
        return "sidik atau jumlahnya diubah sesudah disegel."
    if run.retired_at:
        return "" if retired else "barisnya dihapus tanpa catatan."
    if _digest(run) != run.output_sha256:
        return "barisnya diubah, dihapus, atau ditambah sesudah disegel."
    return "tempat sebagian barisnya diubah sesudah disegel." if _astray(run) else ""


def _digest(run: Run) -> str:
    """The content hash of the rows as they stand; "" where they are no rows of a run any more."""
    stored = Stored()
    try:
        for name in OUTPUTS:
            for table in _rows(run, name):
                stored.feed(name, table)
    except pa.ArrowInvalid:  # a value that the column of the engine cannot hold
        return ""
    return stored.sha256


def _rows(run: Run, name: str) -> Iterator[pa.Table]:
    """The rows in key order, a few megabytes at a time."""
    schema = OUTPUTS[name]
    with (
        connections[active_alias()].cursor() as cursor,
        cursor.copy(f"COPY ({select(run, name, schema.names)}) TO STDOUT (FORMAT csv)") as copy,
    ):
        gathered = bytearray()
        for row in copy:
            gathered += row
            if len(gathered) >= BYTES_AT_ONCE:
                yield _table(gathered, schema)
                gathered = bytearray()
        if gathered:
            yield _table(gathered, schema)


def _table(rows: bytearray, schema: pa.Schema) -> pa.Table:
    types = {field.name: field.type for field in schema}
    table = pc.read_csv(
        io.BytesIO(rows),
        pc.ReadOptions(column_names=schema.names),
        convert_options=pc.ConvertOptions(column_types=types, true_values=["t"], false_values=["f"]),
    )
    return table.cast(schema)


def _astray(run: Run) -> bool:
    """Whether a line stands in another region or group than its family: the digest does not hold a line's place."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM benefits_line l LEFT JOIN benefits_entitlement e"
            " ON e.run_id = %(run)s AND e.family_id = l.family_id WHERE l.run_id = %(run)s"
            " AND (e.region_no, e.group_id) IS DISTINCT FROM (l.region_no, l.group_id))",
            {"run": run.pk},
        )
        return bool(cursor.fetchone()[0])
