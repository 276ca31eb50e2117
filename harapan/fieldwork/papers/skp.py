"""SKP form (sasaran kinerja pegawai): the nine results of a year with targets and what was done.."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from harapan.core.periods import format_date
from harapan.fieldwork.results import Result
from harapan.fieldwork.targets import Progress
from harapan.fieldwork.workers import Worker
from harapan.files import documents

TEMPLATE = Path(__file__).with_name("skp.typ")


def render(
    worker: Worker, year: int, progress: Mapping[int, Progress], results: Mapping[int, Result], *, until: date,
    place: str, printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF. `until`: the last day counted. `progress`: of the months up to it."""
    data = {
        "year": year,
        "until": str(format_date(until)),
        "general": [
            ("Nama", worker.user.name), ("NIP", worker.user.staff_number or "-"),
            ("Jabatan", str(worker.post.title_on(until))), ("Wilayah kerja", place),
        ],
        "rows": [_row(result, progress[number]) for number, result in sorted(results.items())],
        "signed_at": f"{place.split(',')[0]}, {format_date(until)}",
        "title": str(worker.post.title_on(until)),
        "name": worker.user.name,
        "staff_number": worker.user.staff_number,
    }  # fmt: skip
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)


def _row(result: Result, progress: Progress) -> tuple[str, ...]:
    title = str(result.title)
    if progress.target is None:
        return str(result.number), title, "-", "-", "-", "-"
    if progress.percent:
        done = "tidak ada kasus" if progress.done is None else f"{progress.settled} dari {progress.cases}"
        share = "-" if progress.done is None else f"{progress.done}%"
        return str(result.number), title, f"{progress.target}%", f"{progress.target}%", done, share
    share = "-" if progress.share is None else f"{progress.share}%"
    return str(result.number), title, str(progress.year), str(progress.target), str(progress.done), share
