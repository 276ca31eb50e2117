"""Policy as written (YAML, or a mapping of the same form) into checked timelines; nothing doubtful gets past here.

A file is a mapping from key to a list of rows; a row has `from`, `value`, `source`, `confidence`, and optionally
`until` (the last day) and `note`. `docs/policy.md` is the guide for whoever writes one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from harapan.core import yaml_text
from harapan.policy.dated import CONFIDENCES, Dated, Timeline, in_order, timeline
from harapan.policy.errors import BadPolicy
from harapan.policy.keys import kind_of

_FIELDS = {"from", "until", "value", "source", "confidence", "note", "english"}
_FIRST_YEAR = 2000  # the programme began in 2007; an earlier date is a slip of the pen


class _NoDoubleKeys(yaml_text.Loader):
    """PyYAML keeps the last of two equal keys and says nothing; for law that is not good enough."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for name in (name.value for name, _ in node.value if isinstance(name, yaml.ScalarNode)):
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"kunci {name} ditulis dua kali")
            seen.add(name)
        return super().construct_mapping(node, deep)


def read_folder(folder: Path) -> dict[str, Timeline]:
    """Every `*.yaml` of the folder; a key lives in one file only and covers its time without a gap."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise BadPolicy(str(folder), "tidak ada berkas kebijakan (*.yaml)", "Tunjuk folder data/policy")
    found: dict[str, Timeline] = {}
    for file in files:
        for key, rows in checked_rows(written_in(file), place=file.name).items():
            if key in found:
                raise BadPolicy(
                    file.name,
                    f"kunci {key} sudah ada di {found[key][0].place}",
                    "Satukan semua nilainya dalam satu berkas",
                )
            found[key] = timeline(rows)
    return found


def written_in(file: Path) -> Any:
    """The file as plain values, unchecked. Raises BadPolicy where it is no YAML."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_NoDoubleKeys)  # noqa: S506 - a safe one
    except FileNotFoundError as fault:
        raise BadPolicy(file.name, "berkas tidak ada", "Periksa nama dan foldernya") from fault
    except (OSError, ValueError, yaml.YAMLError) as fault:  # ValueError: no UTF-8, or a day such as 30 February
        reason = " ".join(str(fault).split())
        raise BadPolicy(file.name, f"berkas tidak dapat dibaca ({reason})", "Perbaiki penulisan YAML-nya") from fault


def checked_rows(written: Any, *, place: str, default_source: str | None = None) -> dict[str, Timeline]:
    """The rows of each key, oldest first and without overlap; gaps are left to the caller to judge.

    `default_source` is given for scenarios only: their rows may leave out source and confidence (then L).
    """
    if not isinstance(written, Mapping):
        raise BadPolicy(place, "isinya bukan pasangan kunci dan daftar nilai", "Ikuti bentuk di docs/policy.md")
    return {str(key): _rows(str(key), rows, place, default_source) for key, rows in written.items()}


def _rows(key: str, rows: Any, place: str, default_source: str | None) -> Timeline:
    if kind_of(key) is None:
        raise BadPolicy(place, f"kunci {key} tidak dikenal", "Periksa ejaannya dengan docs/policy.md")
    if not isinstance(rows, list) or not rows:
        raise BadPolicy(place, f"nilai {key} bukan daftar baris bertanggal", "Tulis - {from: ..., value: ...}")
    return in_order(_row(key, row, place, default_source) for row in rows)


def _row(key: str, row: Any, place: str, default_source: str | None) -> Dated:
    if not isinstance(row, Mapping) or not {"from", "value"} <= set(row) <= _FIELDS:
        raise BadPolicy(
            place,
            f"satu baris {key} tidak berbentuk from, value, source, confidence (until, note, english)",
            "Lengkapi isian yang kurang dan hapus isian lain",
        )
    since = _day(key, row["from"], place)
    until = None if row.get("until") is None else _day(key, row["until"], place)
    what = f"nilai {key} yang mulai {since}"
    if until is not None and until < since:
        raise BadPolicy(place, f"{what} berakhir sebelum mulai ({until})", "Perbaiki from atau until")
    _check_value(key, row["value"], what, place)
    _check_year_bounds(key, since, until, what, place)
    source, confidence = row.get("source", default_source), row.get("confidence", "L" if default_source else None)
    if not isinstance(source, str) or not source.strip():
        raise BadPolicy(place, f"{what} tidak menyebut sumber", "Tambahkan source: nama peraturan atau dokumennya")
    if confidence not in CONFIDENCES:
        raise BadPolicy(place, f"{what} tidak menyebut keyakinan", "Tambahkan confidence: H, M, atau L")
    note, english = row.get("note", ""), row.get("english", "")
    for field, text in (("note", note), ("english", english)):
        if not isinstance(text, str):
            raise BadPolicy(place, f"isian {field} pada {what} bukan teks", "Tulis isinya di antara tanda petik")
    return Dated(key, row["value"], since, until, source, confidence, note, place, english)


def _day(key: str, written: Any, place: str) -> date:
    unknown = BadPolicy(place, f"tanggal {written!r} pada {key} tidak dikenal", "Tulis seperti 2025-01-01")
    if isinstance(written, datetime) or not isinstance(written, (date, str)):
        raise unknown
    try:
        day = written if isinstance(written, date) else date.fromisoformat(written)
    except ValueError:
        raise unknown from None
    if day.year < _FIRST_YEAR:
        raise unknown
    return day


def _check_value(key: str, value: Any, what: str, place: str) -> None:
    kind = kind_of(key)
    if kind is not None and not kind.accepts(value):
        raise BadPolicy(place, f"{what} tertulis {value!r}, padahal harus berupa {kind.wants}", "Perbaiki nilainya")


def _check_year_bounds(key: str, since: date, until: date | None, what: str, place: str) -> None:
    if not key.startswith("calendar."):
        return
    if (since.month, since.day) != (1, 1) or (until is not None and (until.month, until.day) != (12, 31)):
        raise BadPolicy(place, f"{what} tidak mencakup tahun penuh", "Mulai pada 1 Januari, berakhir pada 31 Desember")
