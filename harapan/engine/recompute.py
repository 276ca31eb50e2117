"""The auditor's pack of a stage, checked and computed again where it lies: no Django, no database, no checkout.

    PACK/pack.json  wave-0/rules.json  wave-0/snapshot/...  wave-0/output/...  wave-1/...

Answers "identical", or every file, rule, hash and row that is not as the pack says. `docs/replay.md` has the layout.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from harapan.core.errors import HarapanError
from harapan.engine.comparing import MISSING, SURPLUS, Differing, altered_files, differing
from harapan.engine.digest import digest_of, output_sha256
from harapan.engine.run import run
from harapan.engine.snapshot import MANIFEST
from harapan.engine.tables import KEYS, OUTPUTS
from harapan.policy.stage_rules import StageRules

PACK = "pack.json"
RULES = "rules.json"
SNAPSHOT, OUTPUT = "snapshot", "output"
Say = Callable[[str], None]


def one_hash(hashes: Sequence[tuple[int, str]]) -> str:
    """The hash of a stage from those of its waves: that of the main wave where it is alone, else SHA-256 over one line
    for each wave, its number, a space and its hash, main wave first."""
    if len(hashes) == 1:
        return hashes[0][1]
    return sha256("".join(f"{wave} {each}\n" for wave, each in hashes).encode()).hexdigest()


def main(pack: Path, say: Say = print) -> int:
    """Check the pack and say what was found; 0 identical, 1 not."""
    try:
        told = json.loads((pack / PACK).read_bytes())
        findings = [f"{wave['folder']}/{line}" for wave in told["waves"] for line in _wave(pack, wave)]
        hashes = [(wave["wave"], wave["output_sha256"]) for wave in told["waves"]]
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        say(f"{PACK}: tidak terbaca / unreadable ({trouble})")
        return 1
    if one_hash(hashes) != told.get("output_sha256"):
        findings.append(f"{PACK}: output_sha256 {told.get('output_sha256')} ≠ {one_hash(hashes)}")
    for line in findings:
        say(line)
    say("TIDAK IDENTIK / NOT IDENTICAL" if findings else f"identik / identical  {one_hash(hashes)}")
    return 1 if findings else 0


def _wave(pack: Path, told: dict[str, Any]) -> Iterator[str]:
    """What is not as it should be in one wave. Nothing is computed from a snapshot that is not the one frozen."""
    folder = pack / told["folder"]
    manifest, snapshot_findings = _manifest(folder / SNAPSHOT, told["manifest_sha256"])
    answer, output_findings = _manifest(folder / OUTPUT, None)
    snapshot_findings += [
        *_other_rules(RULES, json.loads((folder / RULES).read_bytes()), manifest.get("rules", {})),
        *_other_rules(f"{OUTPUT}/{MANIFEST}", answer.get("rules", {}), manifest.get("rules", {})),
    ]
    yield from snapshot_findings
    yield from output_findings
    if answer.get("output_sha256") != told["output_sha256"]:
        yield f"{OUTPUT}/{MANIFEST}: output_sha256 {answer.get('output_sha256')} ≠ {told['output_sha256']}"
    if snapshot_findings:
        yield "tidak dihitung ulang: masukannya bukan yang dibekukan / not computed: the input is not the one frozen"
        return
    with TemporaryDirectory() as scratch:
        yield from _computed(folder, json.dumps(manifest["rules"]), told["output_sha256"], Path(scratch))


def _manifest(folder: Path, expected: str | None) -> tuple[dict[str, Any], list[str]]:
    """A folder's manifest and what is wrong with it and its files."""
    raw = (folder / MANIFEST).read_bytes()
    manifest: dict[str, Any] = json.loads(raw)
    findings = []
    if expected is not None and sha256(raw).hexdigest() != expected:
        findings.append(f"{folder.name}/{MANIFEST}: bukan yang dibekukan / not the one frozen")
    for name in altered_files(folder, manifest["files"]):
        findings.append(f"{folder.name}/{name}: hilang, berubah, atau asing / lost, altered, or a stranger")
    return manifest, findings


def _other_rules(where: str, found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """The rules that are not those of the snapshot, each by its name."""
    return [
        f"{where}: {name}: {found.get(name)} ≠ {expected.get(name)}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]


def _computed(folder: Path, rules: str, recorded: str, scratch: Path) -> Iterator[str]:
    """The engine run again, its hash and, where the output at hand has another one, the rows that differ."""
    again = scratch / "again"
    try:
        summary = run(folder / SNAPSHOT, again, rules=StageRules.from_json(rules))
        if summary.output_sha256 != recorded:
            yield f"hasil hitung ulang / computed again: {summary.output_sha256} ≠ {recorded}"
        if _hash_of(folder / OUTPUT) == summary.output_sha256:
            return
        for name in OUTPUTS:
            expected, found = _rows(name, again), _rows(name, folder / OUTPUT)
            count, first = differing(name, KEYS[name], expected, found, scratch=scratch)
            if count:
                yield f"{OUTPUT}/{name}: {count} baris berbeda / rows differ"
            yield from (f"{OUTPUT}/{name}: {_told(each)}" for each in first)
    except (HarapanError, OSError, ValueError) as trouble:
        yield f"tidak dapat dihitung ulang / cannot be computed: {trouble}"


def _told(each: Differing) -> str:
    row = " ".join(f"{name} {value}" for name, value in each.key.items())
    if each.column == MISSING:
        return f"{row}: barisnya tidak ada / row missing"
    if each.column == SURPLUS:
        return f"{row}: barisnya seharusnya tidak ada / row should not be there"
    return f"{row}: {each.column}: {each.found} ≠ {each.expected}"


def _hash_of(output: Path) -> str:
    """The content hash of an output folder; empty where it holds what no engine could have written."""
    digests = {name: digest_of(name) for name in OUTPUTS}
    try:
        for name, digest in digests.items():
            for batch in _rows(name, output):
                digest.update(pa.Table.from_batches([batch]).cast(OUTPUTS[name]))
    except (HarapanError, ValueError):
        return ""
    return output_sha256(digests["entitlements"], digests["lines"])


def _rows(name: str, output: Path) -> pa.RecordBatchReader:
    """The rows of one table of an output folder, file by file."""
    schema = OUTPUTS[name]

    def batches() -> Iterator[pa.RecordBatch]:
        for path in sorted(output.glob(f"{name}-*.parquet")):
            for batch in pq.ParquetFile(path).iter_batches(columns=schema.names):
                yield pa.Table.from_batches([batch]).cast(schema).combine_chunks().to_batches()[0]

    return pa.RecordBatchReader.from_batches(schema, batches())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
