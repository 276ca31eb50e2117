"""All reports of a month of everybody in reach, in one zip: made as far as they are not there yet, then gathered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from harapan.accounts.models import Post, User
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.fieldwork.making import Made, make_of, refuse_unreported
from harapan.fieldwork.records import gather
from harapan.fieldwork.workers import Worker, workers_in
from harapan.files import storage

AT_ONCE = 5  # people whose reports are made in one transaction: what a killed run may have to do again

Told = Callable[[int, int], None]  # reports done, reports in all


@dataclass(frozen=True, slots=True)
class Packed:
    """What went into a pack."""

    people: int
    reports: int
    fresh: int  # made by this run; the others stood already


def pack(
    post: Post, month: str, out: Path, *, scope: Scope, by: User, on: date, address: str,
    told: Told = lambda done, total: None, people: Sequence[Worker] = (),
) -> Packed:  # fmt: skip
    """Write the new file `out`. Commits as it goes: repeated after a kill it makes only what is missing or changed.

    `people`: only these; nobody named is everybody in the post's reach.
    Raises NotReported, and Refused where nobody in reach has a month.
    """
    numbers = refuse_unreported(month, on=on)
    with put_on(scope):
        people = people or workers_in(post, on=on)
    if not people:
        raise Refused(
            "Peran ini tidak membawahi pendamping, jadi tidak ada laporan yang dikumpulkan. "
            "Minta sebagai ketua tim atau dinas."
        )
    done = fresh = 0
    with ZipFile(out, "w", ZIP_STORED) as archive:  # PDFs are compressed already
        for some in _portions(people, AT_ONCE):
            with put_on(scope):
                found = gather(some, month, among=people)
                for worker in some:
                    made = make_of(worker, numbers, found, by=by, on=on, address=address)
                    _add(archive, worker, made)
                    done, fresh = done + len(made), fresh + sum(each.fresh for each in made)
                    told(done, len(people) * len(numbers))
    return Packed(len(people), done, fresh)


def _portions(people: Sequence[Worker], size: int) -> list[list[Worker]]:
    rest = iter(people)
    return [some for _ in range(0, len(people), size) if (some := list(islice(rest, size)))]


def _add(archive: ZipFile, worker: Worker, made: Sequence[Made]) -> None:
    for each in made:
        archive.writestr(f"{_folder(worker)}/{each.version.file.name}", storage.read(each.version.file))


def _folder(worker: Worker) -> str:
    """A name that every file system takes; the user's number keeps two of one name apart."""
    plain = " ".join(re.sub(r"[^\w .()-]+", " ", worker.user.name).split())
    return f"{plain} ({worker.user.staff_number or worker.pk})"


def pack_name(month: str, place: str) -> str:
    """ "laporan-2025-07-kab-tapin.zip"."""
    slug = re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-")
    return f"laporan-{month}-{slug or 'semua'}.zip"
