"""Verification of commitments: months declared for one's groups, families told before a cut."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate

from harapan.benefits.models import SanctionNotice
from harapan.core.periods import format_month
from harapan.fieldwork.evidence.showing import Deed, Evidence
from harapan.registry.models import Facility
from harapan.verification.models import Declaration

KINDS = {
    Facility.Kind.SCHOOL: "sekolah",
    Facility.Kind.HEALTH: "posyandu atau puskesmas",
    Facility.Kind.WELFARE: "layanan kesejahteraan sosial",
}


def _declared(users: Collection[int]) -> QuerySet[Any]:
    rows = Declaration.objects.filter(declared_by__in=list(users))
    return rows.annotate(whose=F("declared_by"), day=TruncDate("declared_at"), kind=F("facility__kind"))


def _told_declared(users: Collection[int], first: date, after: date) -> list[Deed]:
    """One line a day and kind of facility, with the months spoken of. One query."""
    rows = _declared(users).filter(day__gte=first, day__lt=after).order_by()
    counted = rows.values_list("whose", "day", "kind", "month").annotate(places=Count("facility", distinct=True))
    found: dict[tuple[int, date, str], dict[int, int]] = {}
    for user, day, kind, month, places in counted:
        found.setdefault((user, day, kind), {})[month] = places
    return [
        Deed(user, day, f"Verifikasi {KINDS[Facility.Kind(kind)]}: {_months(months)}")
        for (user, day, kind), months in sorted(found.items())
    ]


def _months(months: dict[int, int]) -> str:
    """ "April 2025 di 7 tempat, Mei 2025 di 6 tempat"."""
    return ", ".join(
        f"{format_month(f'{month // 100}-{month % 100:02d}')} di {places} tempat"
        for month, places in sorted(months.items())
    )


def _hearings(users: Collection[int]) -> QuerySet[Any]:
    rows = SanctionNotice.objects.filter(told_by__in=list(users))
    return rows.annotate(whose=F("told_by"), day=F("told_on"))


def _told_hearings(users: Collection[int], first: date, after: date) -> list[Deed]:
    rows = _hearings(users).filter(day__gte=first, day__lt=after).order_by().values_list("whose", "day")
    counted = rows.annotate(families=Count("family", distinct=True)).order_by("whose", "day")
    return [
        Deed(user, day, f"Memberi tahu {families} keluarga tentang bulan yang terlewat sebelum bantuannya dikurangi")
        for user, day, families in counted
    ]


DECLARED = Evidence(
    "declared", 3, "Bulan dan jenis fasilitas terverifikasi", _declared, _told_declared, counted=("month", "kind")
)
HEARINGS = Evidence("hearings", 3, "Keluarga diberi tahu sebelum sanksi", _hearings, _told_hearings, counted=None)
