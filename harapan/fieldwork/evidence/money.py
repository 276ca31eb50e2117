"""Cards handed over, or not, against minutes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from harapan.fieldwork.evidence.showing import Deed, Evidence
from harapan.payments.models import CardStep

Step = CardStep.Step


def _cards(users: Collection[int]) -> QuerySet[Any]:
    rows = CardStep.objects.filter(by__in=list(users), step__in=(Step.HANDED_OVER, Step.NOT_HANDED_OVER))
    return rows.annotate(whose=F("by"), day=F("on"))


def _told(users: Collection[int], first: date, after: date) -> list[Deed]:
    rows = _cards(users).filter(day__gte=first, day__lt=after).order_by().values_list("whose", "day")
    counted = rows.annotate(
        given=Count("pk", filter=Q(step=Step.HANDED_OVER)), kept=Count("pk", filter=Q(step=Step.NOT_HANDED_OVER))
    ).order_by("whose", "day")
    return [
        Deed(user, day, f"Penyerahan kartu (KKS): {given} diserahkan dengan berita acara, {kept} belum diserahkan")
        for user, day, given, kept in counted
    ]


CARDS = Evidence("cards", 1, "Hari penyerahan kartu", _cards, _told, counted=("day",))
