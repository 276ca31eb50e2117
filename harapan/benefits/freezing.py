"""Freezing a stage ("final closing"): what the rules read, as it was at one moment, streamed to Parquet files.

    HARAPAN_VAR/snapshots/2024-4/1/families-0000.parquet ... payees-0000.parquet ... manifest.json

One read-only moment of the database, shared by the readers; ranges of 500,000 families, so that memory stays flat. What
commits later is in none of the files and belongs to a supplementary wave or the next stage. A killed freeze leaves a
folder of another name, which the next one removes; its moment cannot be had again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from harapan.audit import log
from harapan.benefits import inputs
from harapan.benefits.alone import alone
from harapan.benefits.models import Mode, Run, Snapshot, Stage, State
from harapan.benefits.waves import note_move, wave_for_freezing
from harapan.core.errors import HarapanError, Refused
from harapan.core.phrases import Phrase
from harapan.database import arrow, day, places
from harapan.database.scope import Scope, put_on
from harapan.engine.parquet import writing
from harapan.engine.snapshot import MANIFEST, RANGE_FAMILIES, write_manifest
from harapan.engine.tables import FAMILIES, INPUTS
from harapan.policy.reader import default_policy

READERS = 2  # at once, on one moment
CHILDREN = tuple(name for name in INPUTS if name not in ("families", "facility_months"))
PAYEES = pa.schema(
    [
        pa.field("family_id", pa.int64(), nullable=False),
        pa.field("account_id", pa.int64(), nullable=False),  # 0: none known
        pa.field("payer", pa.string(), nullable=False),  # bank or POS; "" where not known
    ]
)
Told = Callable[[int, int], None]  # ranges done, ranges in all


def freeze(
    stage: Stage, *, susulan: bool = False, actor: int, on: date, why: str = "", told: Told | None = None
) -> Snapshot:
    """Freeze the stage, or with `susulan` a supplementary wave of it. Puts on the batch scope itself.

    From open to frozen; anew from frozen as long as no run of it is approved. Raises ImpossibleMove, StageBusy, Refused
    (the snapshot then stands as failed with the sentence, and nothing else has changed).
    """
    scope = Scope.batch(actor=actor, why=why)
    with alone(stage):
        snapshot = _begin(stage, scope, susulan=susulan, on=on)
        try:
            _write(snapshot, scope, told)
            with put_on(scope):
                _finish(snapshot, on=on, why=why)
        except HarapanError as refusal:
            _fail(snapshot, scope, str(refusal))
            raise
        except OSError as trouble:
            _fail(snapshot, scope, f"Berkas pembekuan tidak dapat ditulis ({trouble.strerror}).")
            raise Refused(
                "Berkas pembekuan tahap {stage} tidak dapat ditulis: {strerror}. Kosongkan ruang di {var}, lalu "
                "bekukan lagi; tahapnya masih seperti semula.",
                stage=stage.name,
                strerror=trouble.strerror,
                var=places.var(),
            ) from trouble
        except BaseException:
            _fail(snapshot, scope, "Pembekuan terhenti sebelum selesai. Bekukan lagi.")
            raise
    return snapshot


def _begin(stage: Stage, scope: Scope, *, susulan: bool, on: date) -> Snapshot:
    """A fresh snapshot. Any other that says it is running is dead: the lock is ours."""
    rules = default_policy().stage(stage.name)
    with put_on(scope):
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        if stage.mode != Mode.COMPUTED:
            raise Refused(
                "Tahap {stage} diterima dari pusat, jadi tidak dibekukan di sini. Muat daftar dan jawabannya.",
                stage=stage.name,
            )
        wave = wave_for_freezing(stage, susulan=susulan)
        for dead in Snapshot.objects.filter(stage=stage, state=Snapshot.State.RUNNING):
            shutil.rmtree(_draft(dead), ignore_errors=True)
            dead.state, dead.ended_at = Snapshot.State.FAILED, timezone.now()
            dead.refusal = "Terhenti di tengah jalan; diulang oleh pembekuan berikutnya."
            dead.save(update_fields=["state", "ended_at", "refusal"])
        latest = Snapshot.objects.filter(stage=stage).order_by("-number").values_list("number", flat=True).first()
        return Snapshot.objects.create(
            stage=stage, number=(latest or 0) + 1, wave=wave, by_id=scope.actor or None, on=on,
            manifest={"rules": json.loads(rules.as_json()), "era": log.era()},
        )  # fmt: skip


def _write(snapshot: Snapshot, scope: Scope, told: Told | None) -> None:
    """All files of the snapshot from one moment, then the manifest, then the folder gets its true name."""
    draft = _draft(snapshot)
    for left in (draft, snapshot.folder):  # of a killed freeze: no row that stands names them
        shutil.rmtree(left, ignore_errors=True)
    draft.mkdir(mode=places.PRIVATE, parents=True)
    with arrow.one_moment() as moment:
        snapshot.data_as_of = day.moment(snapshot.on)
        bounds = _bounds(snapshot, moment)
        _beat(snapshot, scope, 0, len(bounds), told)
        _write_facility_months(snapshot, draft, moment)
        with ThreadPoolExecutor(READERS) as pool:
            written = [pool.submit(_write_range, snapshot, draft, place, b, moment) for place, b in enumerate(bounds)]
            for done, future in enumerate(as_completed(written), start=1):
                future.result()
                _beat(snapshot, scope, done, len(bounds), told)
    _describe(snapshot, draft, moment)
    for path in draft.iterdir():
        path.chmod(0o600)
        _to_disk(path)
    draft.rename(snapshot.folder)
    _to_disk(snapshot.folder.parent)


def _bounds(snapshot: Snapshot, moment: arrow.Moment) -> list[tuple[int, int]]:
    """First and last family of each range. Raises Refused where there is nobody to freeze."""
    everybody = inputs.members_between(snapshot.stage, wave=snapshot.wave, low=0, high=inputs.EVERYBODY)
    sql = f"""
        SELECT min(family_id) AS low, max(family_id) AS high
        FROM (SELECT family_id, (row_number() OVER (ORDER BY family_id) - 1) / {RANGE_FAMILIES} AS place
              FROM ({everybody}) chosen) numbered
        GROUP BY place ORDER BY place"""  # noqa: S608  (numbers and our own text)
    with arrow.reader(moment) as cursor:
        found = arrow.stream(cursor, sql).read_all().to_pylist()
    if not found:
        more = Phrase("yang belum dibayar ") if snapshot.wave else ""
        raise Refused(
            "Tidak ada keluarga {more}untuk dibekukan pada tahap {stage}. Periksa kepesertaannya.",
            more=more,
            stage=snapshot.stage.name,
        )
    return [(row["low"], row["high"]) for row in found]


def _write_range(snapshot: Snapshot, draft: Path, place: int, bounds: tuple[int, int], moment: arrow.Moment) -> None:
    low, high = bounds
    chosen = inputs.members_between(snapshot.stage, wave=snapshot.wave, low=low, high=high)
    texts = inputs.texts(snapshot.stage, snapshot.rules, chosen, low=low, high=high)
    with arrow.reader(moment) as cursor:
        _write_families(arrow.stream(cursor, texts["families"]), draft, place)
        for name in CHILDREN:
            _write_table(arrow.stream(cursor, texts[name]), INPUTS[name], draft / f"{name}-{place:04}.parquet")


def _write_facility_months(snapshot: Snapshot, draft: Path, moment: arrow.Moment) -> None:
    sql = inputs.texts(snapshot.stage, snapshot.rules, "SELECT 0", low=0, high=0)["facility_months"]
    with arrow.reader(moment) as cursor:
        _write_table(arrow.stream(cursor, sql), INPUTS["facility_months"], draft / "facility_months.parquet")


def _write_families(rows: pa.RecordBatchReader, draft: Path, place: int) -> None:
    """The engine's families and, beside them, where their money would go."""
    with (
        pq.ParquetWriter(draft / f"families-{place:04}.parquet", FAMILIES, **writing(FAMILIES)) as families,
        pq.ParquetWriter(draft / f"payees-{place:04}.parquet", PAYEES, **writing(PAYEES)) as payees,
    ):
        for batch in rows:
            table = pa.Table.from_batches([batch])
            families.write_table(table.select(FAMILIES.names).cast(FAMILIES))
            payees.write_table(table.select(PAYEES.names).cast(PAYEES))


def _write_table(rows: pa.RecordBatchReader, schema: pa.Schema, path: Path) -> None:
    with pq.ParquetWriter(path, schema, **writing(schema)) as writer:
        for batch in rows:
            writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))


def _describe(snapshot: Snapshot, draft: Path, moment: arrow.Moment) -> None:
    """The manifest, in the folder and in the row: files with rows and hashes, the moment, and the resolved law."""
    about = {
        "stage": snapshot.stage.name,
        "number": snapshot.number,
        "wave": snapshot.wave,
        "as_of": snapshot.data_as_of.isoformat() if snapshot.data_as_of else "",
        "moment": moment.visible,
        "era": snapshot.manifest["era"],
        "rules": snapshot.manifest["rules"],
    }
    write_manifest(draft, about=about)
    told = (draft / MANIFEST).read_bytes()
    snapshot.manifest, snapshot.manifest_sha256 = json.loads(told), sha256(told).hexdigest()
    rows = {name: entry["rows"] for name, entry in snapshot.manifest["files"].items()}
    snapshot.families = sum(count for name, count in rows.items() if name.startswith("families-"))
    snapshot.members = sum(count for name, count in rows.items() if name.startswith("members-"))


def _finish(snapshot: Snapshot, *, on: date, why: str) -> None:
    """The snapshot stands in the place of the one before; the wave, and with the main one the stage, is frozen.

    Raises as `wave_for_freezing` where the stage has moved on since the freeze began.
    """
    stage = Stage.objects.select_for_update().get(pk=snapshot.stage_id)
    # a nation's files take minutes: a stage reconciled meanwhile must not get a wave that nobody could pay any more
    wave_for_freezing(stage, susulan=snapshot.wave > 0)
    before = Snapshot.objects.live().filter(stage=stage, wave=snapshot.wave)
    Run.objects.filter(stage=stage, wave=snapshot.wave, state=Run.State.DONE).update(state=Run.State.SUPERSEDED)
    before.update(state=Snapshot.State.SUPERSEDED)
    snapshot.state, snapshot.ended_at = Snapshot.State.FROZEN, day.moment(on)
    snapshot.save()
    note_move(stage, snapshot.wave, State.FROZEN, by=snapshot.by, on=on, why=why)
    log.record(
        "stage.frozen", kind="stage", subject=stage.pk,
        body={"snapshot": snapshot.number, "wave": snapshot.wave, "families": snapshot.families,
              "manifest_sha256": snapshot.manifest_sha256},
    )  # fmt: skip


def _beat(snapshot: Snapshot, scope: Scope, done: int, total: int, told: Told | None) -> None:
    with put_on(scope):
        Snapshot.objects.filter(pk=snapshot.pk).update(beat_at=timezone.now(), ranges_done=done, ranges=total)
    snapshot.ranges_done, snapshot.ranges = done, total
    if told is not None:
        told(done, total)


def _fail(snapshot: Snapshot, scope: Scope, refusal: str) -> None:
    shutil.rmtree(_draft(snapshot), ignore_errors=True)
    with put_on(scope):
        Snapshot.objects.filter(pk=snapshot.pk).update(
            state=Snapshot.State.FAILED, ended_at=timezone.now(), refusal=refusal
        )


def _draft(snapshot: Snapshot) -> Path:
    return snapshot.folder.with_name(f"{snapshot.folder.name}.sebagian")


def _to_disk(path: Path) -> None:
    """Nothing says "frozen" before its bytes are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
