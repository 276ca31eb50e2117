"""What a visit may answer, as data: `data/fieldwork/visits.yaml`, read once per process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.policy.dated import CONFIDENCES
from harapan.policy.yaml_rows import written_in

FOLDER = Path(__file__).resolve().parents[2] / "data" / "fieldwork"
REASONS = ("not_found", "ineligible")
HOUSING = ("floor", "walls", "roof", "water", "toilet")
LISTS = (*REASONS, *HOUSING, "terrain", "photographs")


class BadFieldworkData(Unreadable):
    """A file of data/fieldwork breaks the house rules; nothing of it is used."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            Phrase(
                "{place}: {problem}. Perbaiki berkas itu; bentuknya dijelaskan di data/fieldwork/PROVENANCE.md.",
                place=place,
                problem=problem,
            )
        )


@dataclass(frozen=True, slots=True)
class Code:
    """One answer to choose. `ends`: said of a member, it proposes that the membership ends."""

    code: str
    text: Phrase
    ends: bool = False


Codes = Mapping[str, Mapping[str, Code]]


def load(file: Path = FOLDER / "visits.yaml") -> Codes:
    """List name -> code -> answer, checked. Raises BadFieldworkData."""
    written = written_in(file)
    if not isinstance(written, Mapping) or set(written) != {"source", "confidence", *LISTS}:
        raise BadFieldworkData(file.name, f"isinya bukan source, confidence, {', '.join(LISTS)}")
    if not str(written["source"] or "").strip() or written["confidence"] not in CONFIDENCES:
        raise BadFieldworkData(file.name, "sumber kosong, atau confidence bukan H, M, atau L")
    return {name: _codes(name, written[name], file.name) for name in LISTS}


def _codes(name: str, rows: Any, place: str) -> dict[str, Code]:
    wanted = {"code", "text", "english"} | ({"ends"} if name in REASONS else set())
    if not isinstance(rows, list) or not rows:
        raise BadFieldworkData(place, f"{name} bukan daftar")
    found: dict[str, Code] = {}
    for row in rows:
        if not isinstance(row, Mapping) or set(row) != wanted:
            raise BadFieldworkData(place, f"satu pilihan {name} tidak memuat {', '.join(sorted(wanted))}")
        if row["code"] in found:
            raise BadFieldworkData(place, f"kode {row['code']} di {name} ditulis dua kali")
        found[row["code"]] = Code(
            row["code"], Phrase.of_data(row["text"], row["english"]), bool(row.get("ends", False))
        )
    return found


@cache
def default_codes() -> Codes:
    return load()


def words(name: str, code: str) -> str:
    """The text of a code, or the code itself where no file knows it any more."""
    found = default_codes()[name].get(code)
    return found.text if found else code


def reason_words(code: str) -> str:
    """Why a family was not found or not eligible, or why a candidacy ended."""
    if code == REFUSED:
        return REFUSED_WORDS
    for name in REASONS:
        if code in default_codes()[name]:
            return default_codes()[name][code].text
    return code


REFUSED = "refused"  # the family itself did not agree
REFUSED_WORDS = Phrase("Keluarga menolak")
