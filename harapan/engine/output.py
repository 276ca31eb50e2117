"""The folder a run writes. It has its true name only when all is there and proven; until then it is OUT.sebagian.

A range is finished when its note `range-0000.json` stands there, so a run that was killed goes on after its last
finished range, as long as the question is the same: the same snapshot, law and engine.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harapan.core.errors import Refused
from harapan.engine.checks import refuse_other_totals
from harapan.engine.parquet import writing
from harapan.engine.ranges import RangeResult, Totals
from harapan.engine.snapshot import MANIFEST, file_sha256
from harapan.engine.tables import OUTPUTS

QUESTION = "question.json"


class OutputFolder:
    def __init__(self, out: Path, question: dict[str, Any]) -> None:
        """Takes up what an earlier try of the same question finished. Refuses a folder that has its true name."""
        if out.exists():
            raise Refused("Folder {out} sudah ada. Pilih folder baru, atau hapus dulu folder itu.", out=out)
        self._out = out
        self._question = question
        self.partial = out.with_name(f"{out.name}.sebagian")
        asked = self.partial / QUESTION
        if not asked.exists() or json.loads(asked.read_text()) != question:
            shutil.rmtree(self.partial, ignore_errors=True)
            self.partial.mkdir(parents=True)
            _write_whole(asked, json.dumps(question, sort_keys=True))

    @property
    def spill(self) -> Path:
        return self.partial / "spill"

    def step_file(self, step: str, number: int) -> Path:
        return self.partial / "steps" / f"{step}-{number:04}.parquet"

    def has(self, number: int) -> bool:
        """Whether the range is finished."""
        return self._note(number).exists()

    def store(self, result: RangeResult, number: int) -> None:
        """The files of a range, each looked at again, then the note that the range is finished."""
        for name in OUTPUTS:
            path = self._file(name, number)
            table = getattr(result, name)
            pq.write_table(table, path, **writing(table.schema))
            refuse_other_totals({"rows": table.num_rows}, {"rows": pq.read_metadata(path).num_rows}, path.name)
        note = {"totals": asdict(result.totals), "seconds_entitlements": result.seconds_entitlements}
        _write_whole(self._note(number), json.dumps(note))

    def read(self, number: int) -> RangeResult:
        """A finished range as it was stored."""
        note = json.loads(self._note(number).read_text())
        entitlements, lines = (
            pq.ParquetFile(self._file(name, number)).read().cast(schema) for name, schema in OUTPUTS.items()
        )
        return RangeResult(entitlements, lines, Totals(**note["totals"]), note["seconds_entitlements"])

    def finish(self, totals: Totals, output_sha256: str) -> None:
        """Writes the manifest, tidies up and gives the folder its true name."""
        files = {
            path.name: {"rows": pq.read_metadata(path).num_rows, "sha256": file_sha256(path)}
            for path in sorted(self.partial.glob("*.parquet"))
        }
        sums = asdict(totals)
        answer = {"rows": sums.pop("rows"), "totals": sums, "output_sha256": output_sha256, "files": files}
        _write_whole(self.partial / MANIFEST, json.dumps(self._question | answer, indent=1, sort_keys=True))
        shutil.rmtree(self.spill, ignore_errors=True)
        for leftover in (*self.partial.glob("range-*.json"), self.partial / QUESTION):
            leftover.unlink()
        for path in self.partial.iterdir():
            path.chmod(0o600)  # whose row is whose can be guessed: it is for the installation alone
        self.partial.rename(self._out)

    def _file(self, name: str, number: int) -> Path:
        return self.partial / f"{name}-{number:04}.parquet"

    def _note(self, number: int) -> Path:
        return self.partial / f"range-{number:04}.json"


def _write_whole(path: Path, text: str) -> None:
    """The file is there with all of its text, or not at all."""
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
