"""What a check visit found: the only thing that changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.performance.models import CheckPhotograph, CheckVisit, Result

PHOTOGRAPHS_MAX, NOTES_MIN = 8, 10


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, when, in words; photographs as (name, contents)."""

    result: Result
    visited_on: date
    notes: str
    photographs: Sequence[tuple[str, bytes]] = ()


def record_visit(visit_id: int, found: Found, *, by: User, on: date) -> CheckVisit:
    """Write what a visit found, once. Raises Refused, Unreadable; NotFound is the page's."""
    taken = [(name, raw, pictures.read(raw, name=name)) for name, raw in found.photographs[: PHOTOGRAPHS_MAX + 1]]
    with atomic():
        visit = CheckVisit.objects.select_for_update(of=("self",)).get(pk=visit_id)
        _refuse(visit, found, by, on)
        visit.result, visit.notes = found.result, found.notes.strip()
        visit.visited_on, visit.visited_by, visit.recorded_at = found.visited_on, by, timezone.now()
        visit.save()
        for name, raw, picture in taken:
            CheckPhotograph.objects.get_or_create(
                visit=visit, original=_kept(visit, name, raw, by),
                defaults={"person_id": visit.person_id, "region_no": visit.region_no,
                          "shown": _kept(visit, f"cek-{visit.pk}.jpg", picture.shown, by)},
            )  # fmt: skip
        log.record("check.visited", kind="check_visit", subject=visit.pk, body={"result": found.result})
    return visit


def _refuse(visit: CheckVisit, found: Found, by: User, on: date) -> None:
    if visit.person_id == by.pk:
        raise Refused("Kunjungan cek atas catatan Anda sendiri dilakukan orang lain. Minta ketua tim lain.")
    if visit.result:
        raise Refused(
            "Hasil kunjungan cek ini sudah dicatat: {result}. Hasil tidak diubah; tulis keberatan di jawaban temuan.",
            result=Result(visit.result).label,
        )
    if found.visited_on > on:
        raise Refused(
            "Kunjungan pada {day} belum terjadi; hari ini {today}. Periksa tanggalnya.",
            day=format_date(found.visited_on),
            today=format_date(on),
        )
    if len(found.notes.strip()) < NOTES_MIN:
        raise Refused("Tulis apa yang dilihat dan ditanyakan di tempat, paling sedikit {n} huruf.", n=NOTES_MIN)
    if len(found.photographs) > PHOTOGRAPHS_MAX:
        raise Refused(
            "Satu kunjungan cek menyimpan paling banyak {most} foto. Pilih yang terbaik.", most=PHOTOGRAPHS_MAX
        )


def _kept(visit: CheckVisit, name: str, raw: bytes, by: User) -> StoredFile:
    return storage.store(name, kind="photograph", contents=raw, owner=by.pk, region_no=visit.region_no)
