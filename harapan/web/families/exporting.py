"""The list of families as a file: at once where a page can wait for it, else made in the background and kept."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from harapan.benefits.lists import due_of
from harapan.benefits.models import Stage
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.regions.models import Region
from harapan.registry.models import Family
from harapan.registry.models.family import NAMED_MAX
from harapan.registry.queries import components_of, listed, marks_of
from harapan.ui import exports
from harapan.web.families.forms import FamilyFilters

ORDER = ("name_key", "id")
STEP = 1_000  # families read at a time
AT_ONCE_MAX = 20_000  # more are made in the background: a page shows much of each
Told = Callable[[int, int], None]  # families written, families in all


def silent(done: int, total: int) -> None:
    """Nobody watches."""


def latest_stage() -> Stage | None:
    """The stage whose amount the list shows."""
    return Stage.objects.order_by("-year", "-number").first()


def numbers_of(filters: FamilyFilters, form: exports.Form, *, on: date) -> array[int]:
    """The families of the list, in its order. Raises Refused where the file could not hold what the list means."""
    families = filters.families(on)
    if filters.cut:
        raise Refused(
            "Nama ini dimiliki paling sedikit {most} keluarga, jadi yang tampil hanya sebagian. Tulis nama lebih "
            "lengkap, lalu unduh lagi.",
            most=NAMED_MAX,
        )
    found = array("q", families.order_by(*ORDER).values_list("pk", flat=True).iterator())
    if form == "xlsx" and len(found) > exports.SHEET_ROWS_MAX:
        raise Refused(
            "Satu lembar Excel memuat paling banyak {most} baris, sedangkan saringan ini {found} keluarga. Unduh "
            "sebagai csv.",
            most=thousands(exports.SHEET_ROWS_MAX),
            found=thousands(len(found)),
        )
    return found


def columns(stage: Stage | None) -> list[exports.Column]:
    """What the list shows, and no number of a person."""
    amount = [exports.Column(f"Tahap {stage.name} (Rp)", "rupiah")] if stage else []
    return [
        exports.Column("Nama pengurus", width=28),
        exports.Column("Desa/kelurahan", width=40),
        exports.Column("Alamat", width=40),
        exports.Column("Kelompok"),
        exports.Column("Pendamping", width=28),
        exports.Column("Komponen", width=40),
        exports.Column("Desil"),
        *amount,
        exports.Column("Peserta aktif"),
        exports.Column("Pertanyaan data"),
    ]


def rows(numbers: array[int], stage: Stage | None, *, on: date, told: Told = silent) -> Iterator[tuple[Any, ...]]:
    """A row a family, read in portions, so that memory stays flat."""
    for start in range(0, len(numbers), STEP):
        yield from _portion(numbers[start : start + STEP], stage, on)
        told(min(start + STEP, len(numbers)), len(numbers))


def _portion(numbers: Iterable[int], stage: Stage | None, on: date) -> Iterator[tuple[Any, ...]]:
    found = {family.pk: family for family in listed(Family.objects.filter(pk__in=list(numbers)))}
    families = [found[number] for number in numbers if number in found]
    places = Region.objects.path_names(family.region_id for family in families)
    marks, counted = marks_of(families, on=on), components_of(families, on=on)
    due = due_of(list(found), stage) if stage else {}
    for family in families:
        amount = [due.get(family.pk)] if stage else []
        mark = marks[family.pk]
        yield (
            family.name, places.get(family.region_id, ""), family.street, family.group.name if family.group_id else "",
            family.group.facilitator.name if family.group.facilitator else "", _components(counted.get(family.pk, {})),
            mark.desil, *amount, _yes(mark.enrolled), _yes(mark.asked),
        )  # fmt: skip


def _components(counted: dict[Component, int]) -> str:
    return ", ".join(f"{part.label} ×{persons}" if persons > 1 else part.label for part, persons in counted.items())


def _yes(holds: bool) -> str:
    return "ya" if holds else "tidak"
