"""Kinds of data changes as dated data: what is filled in, which proof, who decides, in which order outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.places import CHECKOUT
from harapan.policy.dated import CONFIDENCES
from harapan.policy.yaml_rows import written_in
from harapan.registry.changes.fields import FIELDS, OUTSIDE_ONLY

FILE = CHECKOUT / "data" / "changes" / "kinds.yaml"
LEVELS = ("lead", "data", "office")
PERMISSION = {"lead": "change.check", "data": "change.approve", "office": "change.decide"}


class BadKinds(Refused):
    """The file of kinds is not as it must be."""


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    title: Phrase
    level: str
    fields: tuple[str, ...]
    required: frozenset[str]
    proofs: tuple[tuple[str, ...], ...]  # each: one of these is asked for
    outside: tuple[str, ...]
    since: date
    source: str
    confidence: str

    @property
    def permission(self) -> str:
        """What whoever decides must be allowed to."""
        return PERMISSION[self.level]


@dataclass(frozen=True, slots=True)
class Kinds:
    kinds: tuple[Kind, ...]
    proofs: Mapping[str, Phrase]

    def __getitem__(self, code: str) -> Kind:
        return self.on(code, date.max)

    def on(self, code: str, day: date) -> Kind:
        """The version that holds on the day. Raises Refused for an unknown kind."""
        found = [kind for kind in self.kinds if kind.code == code and kind.since <= day]
        if not found:
            raise Refused("Jenis pemutakhiran {code} tidak dikenal. Pilih dari daftarnya.", code=code)
        return max(found, key=lambda kind: kind.since)

    def codes(self) -> list[tuple[str, Phrase]]:
        latest = {kind.code: kind.title for kind in sorted(self.kinds, key=lambda kind: kind.since)}
        return list(latest.items())


def load(file: Path = FILE) -> Kinds:
    """The kinds of a file, checked. Raises BadKinds."""
    written = written_in(file)
    if not isinstance(written, Mapping) or set(written) != {"source", "confidence", "proofs", "kinds"}:
        raise BadKinds("{file}: isinya bukan source, confidence, proofs, dan kinds. Perbaiki.", file=file.name)
    if not str(written["source"] or "").strip() or written["confidence"] not in CONFIDENCES:
        raise BadKinds("{file}: sumber kosong, atau confidence bukan H, M, atau L. Perbaiki.", file=file.name)
    proofs = {code: Phrase.of_data(row["title"], row["english"]) for code, row in written["proofs"].items()}
    kinds = tuple(_kind(row, written, proofs) for row in written["kinds"])
    if len({(kind.code, kind.since) for kind in kinds}) != len(kinds):
        raise BadKinds("{file}: satu jenis ditulis dua kali dengan tanggal yang sama. Perbaiki.", file=file.name)
    return Kinds(kinds, proofs)


def _kind(row: Mapping[str, Any], written: Mapping[str, Any], proofs: Mapping[str, Phrase]) -> Kind:
    names = tuple(name.rstrip("~") for name in row["fields"])
    unknown = {*names} - {*FIELDS} | {*row["outside"]} - {*FIELDS, *OUTSIDE_ONLY}
    unknown |= {code for any_of in row["proofs"] for code in any_of} - {*proofs}
    if unknown or row["level"] not in LEVELS or "effective_on" not in names:
        raise BadKinds(
            "Jenis {code}: isian, bukti, atau jenjang tidak dikenal: {unknown}. Perbaiki.",
            code=row["code"], unknown=", ".join(sorted(unknown)) or row["level"],
        )  # fmt: skip
    required = frozenset(name for name in row["fields"] if not name.endswith("~"))
    return Kind(
        row["code"], Phrase.of_data(row["title"], row["english"]), row["level"], names, required,
        tuple(tuple(any_of) for any_of in row["proofs"]), tuple(row["outside"]), row["from"], written["source"],
        written["confidence"],
    )  # fmt: skip


@cache
def default_kinds() -> Kinds:
    return load()
