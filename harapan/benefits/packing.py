"""The auditor's pack: one zip with all that computes a stage again elsewhere (`engine.recompute` reads it there).

The program in it is the engine's own source, found by following its imports: no second engine to keep in step.
"""

from __future__ import annotations

import ast
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils import timezone

import harapan
from harapan import engine
from harapan.benefits.models import Approval, Run, Stage
from harapan.benefits.replaying import FIGURES, refuse_received, runs_of, snapshot_of
from harapan.benefits.unaltered import refuse_altered
from harapan.core.errors import Refused
from harapan.database import places
from harapan.engine.comparing import altered_files
from harapan.engine.recompute import OUTPUT, PACK, RULES, SNAPSHOT, one_hash
from harapan.engine.snapshot import MANIFEST

PROGRAM = "harapan.engine.recompute"
SOURCE = Path(harapan.__file__).resolve().parent.parent
BESIDE = Path(__file__).resolve().parent / "packs"
REQUIREMENTS = places.CHECKOUT / "requirements" / "pack.txt"

Told = Callable[[int, int], None]  # files done, files in all


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a pack: texts by name, and the runs whose files go along."""

    texts: dict[str, str]
    runs: list[Run]


def collect(stage: Stage, papers: Mapping[str, Any]) -> Contents:
    """All that the database knows for the pack. `papers`: further tables by the name of their JSON file.

    Needs the nation's or the batch scope. Raises Refused for a received stage and one that nothing was computed for.
    """
    refuse_received(stage)
    runs = runs_of(stage)
    return Contents(_texts(stage, runs, papers), runs)


def write_pack(contents: Contents, out: Path, told: Told | None = None) -> None:
    """Write the new file `out`, readable by its owner alone; needs no scope.

    Raises Refused where `out` is taken, and for files of snapshot or result that are lost or altered, by name.
    """
    for run in contents.runs:
        refuse_altered(snapshot_of(run))
        _refuse_altered_output(run)
    files = [*_data(contents.runs), *_program()]
    with _new_file(out) as zipped:
        for name, text in contents.texts.items():
            zipped.writestr(name, text, ZIP_DEFLATED)
        for done, (name, path) in enumerate(files, start=1):
            zipped.write(path, name, ZIP_STORED if path.suffix == ".parquet" else ZIP_DEFLATED)
            if told is not None:
                told(done, len(files))


def _refuse_altered_output(run: Run) -> None:
    try:
        manifest = json.loads((run.folder / MANIFEST).read_bytes())
        wrong = altered_files(run.folder, manifest["files"])
        if manifest["output_sha256"] != run.output_sha256:
            wrong.append(MANIFEST)
    except (OSError, ValueError, KeyError):
        wrong = [MANIFEST]
    if wrong:
        raise Refused(
            "Berkas {wrong} dari hasil hitung {run} tahap {stage} hilang atau bukan lagi yang dihitung. "
            "Kembalikan {folder} dari cadangan.",
            wrong=", ".join(wrong),
            run=run.pk,
            stage=run.stage.name,
            folder=run.folder,
        )


def _texts(stage: Stage, runs: list[Run], papers: Mapping[str, Any]) -> dict[str, str]:
    about = {
        "stage": stage.name,
        "made_at": timezone.now(),
        "harapan": harapan.__version__,
        "engine": {"name": engine.NAME, "version": engine.VERSION},
        "output_sha256": one_hash([(run.wave, run.output_sha256) for run in runs]),
        "waves": [_about(run) for run in runs],
    }
    texts = {PACK: about, "approvals.json": _approvals(stage)}
    texts |= {f"{_folder(run)}/{RULES}": snapshot_of(run).manifest["rules"] for run in runs}
    texts |= {f"{name}.json": value for name, value in papers.items()}
    return {
        name: json.dumps(value, indent=1, ensure_ascii=False, default=_plain) + "\n" for name, value in texts.items()
    }


def _about(run: Run) -> dict[str, Any]:
    snapshot = snapshot_of(run)
    return {
        "wave": run.wave,
        "folder": _folder(run),
        "run": run.pk,
        "snapshot": snapshot.number,
        "data_as_of": snapshot.data_as_of,
        "computed_at": run.ended_at,
        "engine": run.manifest.get("engine", {}),
        "manifest_sha256": snapshot.manifest_sha256,
        "output_sha256": run.output_sha256,
        "figures": {name: getattr(run, name) for name in FIGURES},
    }


def _approvals(stage: Stage) -> list[dict[str, Any]]:
    """Every decision on a run of the stage; people by their number, and no free text, which may name somebody."""
    fields = ("run_id", "decision", "maker_id", "by_id", "decree_no", "decree_on", "net_idr", "output_sha256", "at")
    return list(Approval.objects.filter(run__stage=stage).order_by("id").values("run__wave", *fields))


def _data(runs: list[Run]) -> Iterator[tuple[str, Path]]:
    for run in runs:
        for part, folder in ((SNAPSHOT, snapshot_of(run).folder), (OUTPUT, run.folder)):
            for path in sorted([*folder.glob("*.parquet"), folder / MANIFEST]):
                yield f"{_folder(run)}/{part}/{path.name}", path


def _program() -> Iterator[tuple[str, Path]]:
    for path in sorted(sources(PROGRAM)):
        yield path.relative_to(SOURCE).as_posix(), path
    for path in sorted(BESIDE.iterdir()):
        if path.is_file():
            yield path.name, path
    yield "requirements.txt", REQUIREMENTS
    yield "LICENSE", places.CHECKOUT / "LICENSE"


def sources(program: str) -> set[Path]:
    """The files of all our modules that a module needs, itself among them."""
    found: set[Path] = set()
    todo = [program]
    while todo:
        name = todo.pop()
        path = _file_of(name)
        if path is None or path in found:
            continue
        found.add(path)
        todo += _imported(path)
        if "." in name:
            todo.append(name.rpartition(".")[0])  # the package it lies in
    return found


def _imported(path: Path) -> Iterator[str]:
    """Names of ours that a file imports; some are not modules but what stands in one."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def _file_of(module: str) -> Path | None:
    if module.partition(".")[0] != "harapan":
        return None
    place = SOURCE.joinpath(*module.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def _folder(run: Run) -> str:
    return f"wave-{run.wave}"


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@contextmanager
def _new_file(out: Path) -> Iterator[ZipFile]:
    """A zip that has its name only when it is whole. Refuses a name that is taken and a folder that is not there."""
    if out.exists():
        raise Refused(
            "Berkas {out} sudah ada. Pilih nama lain, atau pindahkan dahulu berkas itu.",
            out=out,
        )
    if not out.parent.is_dir():
        raise Refused(
            "Folder {parent} tidak ada. Buat dahulu, atau pilih folder lain.",
            parent=out.parent,
        )
    descriptor, draft = tempfile.mkstemp(dir=out.parent, prefix=".")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            with ZipFile(file, "w") as zipped:
                yield zipped
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, out)
    except BaseException:
        os.unlink(draft)
        raise
