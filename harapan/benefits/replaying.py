"""A computed stage computed again: from its snapshots and the law frozen with them, compared with what was stored.

Nothing of today is read: no policy file, no family, no member. Each wave is a folder of files, whose hashes the
snapshot names, and the rows of its run. A replay writes one row about itself and its entry in the log, else nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from harapan import engine
from harapan.audit import log
from harapan.benefits import stored_rows
from harapan.benefits.models import Mode, Replay, Run, Snapshot, Stage
from harapan.benefits.unaltered import refuse_altered
from harapan.core.errors import HarapanError, Refused
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.engine.ranges import Totals
from harapan.engine.recompute import one_hash
from harapan.engine.run import run as run_engine
from harapan.engine.tables import OUTPUTS

Told = Callable[[int, int], None]  # steps done, steps in all
FIGURES = ("families", "paid", "gross_idr", "cut_idr", "net_idr")


@dataclass(frozen=True, slots=True)
class WaveResult:
    """What came of one wave. Hashes: as recorded with the run, as computed again, and of the rows now stored.

    `problems` names what is not as it should be: "hash" (the run's hash is not that of the result), "approval" (another
    hash was approved), "figures" (the run's totals are not those of the result), "rows" (stored rows differ).
    `differing` holds the first differing values (`engine.comparing.Differing`).
    """

    wave: int
    run: int
    snapshot: int
    manifest_sha256: str
    engine_version: str
    recorded_sha256: str
    output_sha256: str
    stored_sha256: str
    rows_differing: int
    problems: list[str]
    differing: list[dict[str, Any]]


def replay(stage: Stage, *, actor: int, why: str = "", told: Told | None = None, asked: Replay | None = None) -> Replay:
    """Compute every wave of the stage again and say whether it is identical. Puts on the batch scope itself.

    `asked`: the row that waits for this result. Raises Refused for a received stage, one that nothing was computed for,
    and a snapshot whose files are lost or altered; the row then holds the sentence.
    """
    scope = Scope.batch(actor=actor, why=why)
    with put_on(scope):
        refuse_received(stage)
        runs = runs_of(stage)
    row = asked or Replay(stage=stage, by_id=actor or None)  # kept when it ends: a killed command leaves no row
    with _kept_if_refused(row, scope):
        with places.thrown_away("replays") as scratch:
            results = _results(runs, scratch, told)
        with put_on(scope):
            _finish(row, runs, results)
    return row


@contextmanager
def _kept_if_refused(row: Replay, scope: Scope) -> Iterator[None]:
    """Whatever ends the replay before its result stands in its row, in a sentence."""
    try:
        yield
    except HarapanError as refusal:
        _refuse(row, scope, str(refusal))
        raise
    except OSError as trouble:
        said = f"Hasil hitung ulang tidak dapat ditulis: {trouble.strerror}. Kosongkan ruang di {places.var()}."
        _refuse(row, scope, said)
        raise Refused(said) from trouble
    except BaseException:
        _refuse(row, scope, "Hitung ulang terhenti sebelum selesai. Minta sekali lagi.")
        raise


def refuse_received(stage: Stage) -> None:
    """Raises Refused for a stage whose entitlements are the centre's list: there is nothing to compute again."""
    if stage.mode != Mode.COMPUTED:
        raise Refused(
            "Tahap {stage} diterima dari pusat: haknya ada di daftar pusat, jadi tidak ada yang dihitung "
            "ulang. Bandingkan dengan hitungan di halaman Selisih.",
            stage=stage.name,
        )


def runs_of(stage: Stage) -> list[Run]:
    """The live run of every computed wave, main wave first. Raises Refused where there is none."""
    live = Run.objects.live().filter(stage=stage, snapshot__isnull=False)
    found = list(live.select_related("stage", "snapshot", "approval").order_by("wave"))
    if not found:
        raise Refused(
            "Tahap {stage} belum dihitung, jadi belum ada yang dihitung ulang. Hitung dengan `harapan stage "
            "compute {stage}` lebih dahulu.",
            stage=stage.name,
        )
    return found


def _results(runs: list[Run], scratch: Path, told: Told | None) -> list[WaveResult]:
    for run in runs:
        refuse_altered(snapshot_of(run))
    steps = _Steps(sum(max(run.ranges, 1) + len(OUTPUTS) for run in runs), told)
    return [_result(run, scratch, steps) for run in runs]


def _result(run: Run, scratch: Path, steps: _Steps) -> WaveResult:
    snapshot, out = snapshot_of(run), scratch / f"wave-{run.wave}"
    summary = run_engine(snapshot.folder, out, rules=snapshot.rules, told=lambda done, total: steps.one_more())
    stored = stored_rows.compare(run, out, snapshot.folder, scratch=scratch, told=steps.one_more)
    return WaveResult(
        wave=run.wave, run=run.pk, snapshot=snapshot.number, manifest_sha256=snapshot.manifest_sha256,
        engine_version=run.manifest.get("engine", {}).get("version", ""), recorded_sha256=run.output_sha256,
        output_sha256=summary.output_sha256, stored_sha256=stored.sha256, rows_differing=stored.rows_differing,
        problems=_problems(run, summary.output_sha256, summary.totals, stored.rows_differing),
        differing=[asdict(each) for each in stored.first],
    )  # fmt: skip


def _problems(run: Run, recomputed: str, totals: Totals, rows_differing: int) -> list[str]:
    approval = getattr(run, "approval", None)
    found = {
        "hash": run.output_sha256 != recomputed,
        "approval": approval is not None and approval.output_sha256 != recomputed,
        "figures": any(getattr(run, name) != getattr(totals, name) for name in FIGURES),
        "rows": rows_differing > 0,
    }
    return [name for name, wrong in found.items() if wrong]


def snapshot_of(run: Run) -> Snapshot:
    """The run's, with the stage that came along."""
    if run.snapshot is None:
        raise ValueError(f"run {run.pk} has no snapshot")
    run.snapshot.stage = run.stage
    return run.snapshot


class _Steps:
    """Ranges computed and tables compared, over all waves."""

    def __init__(self, total: int, told: Told | None) -> None:
        self.done, self.total, self._told = 0, total, told

    def one_more(self) -> None:
        self.done = min(self.done + 1, self.total)
        if self._told is not None:
            self._told(self.done, self.total)


def _finish(row: Replay, runs: list[Run], results: list[WaveResult]) -> None:
    stage = row.stage
    if Run.objects.live().filter(pk__in=[run.pk for run in runs]).count() != len(runs):
        raise Refused(
            "Tahap {stage} dihitung baru sementara hitung ulang berjalan. Minta sekali lagi.",
            stage=stage.name,
        )
    row.identical = not any(result.problems for result in results)
    row.output_sha256 = one_hash([(result.wave, result.output_sha256) for result in results])
    row.rows_differing = sum(result.rows_differing for result in results)
    row.engine_version, row.waves = engine.VERSION, [asdict(result) for result in results]
    row.ended_at, row.refusal = timezone.now(), ""
    row.save()
    log.record(
        "stage.replayed", kind="stage", subject=stage.pk,
        body={"replay": row.pk, "identical": row.identical, "output_sha256": row.output_sha256,
              "rows_differing": row.rows_differing,
              "waves": [{"wave": result.wave, "run": result.run, "problems": result.problems} for result in results]},
    )  # fmt: skip


def _refuse(row: Replay, scope: Scope, refusal: str) -> None:
    row.ended_at, row.refusal = timezone.now(), refusal
    with put_on(scope):
        row.save()
        body = {"replay": row.pk, "identical": None, "refused": refusal}
        log.record("stage.replayed", kind="stage", subject=row.stage_id, body=body)
