"""Families visited, and changes of their data that were carried through."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from harapan.fieldwork.evidence.showing import Deed, Evidence, Picture
from harapan.fieldwork.models import HomeVisit, VisitPhotograph
from harapan.fieldwork.results import actions_recorded_as
from harapan.fieldwork.visit_codes import reason_words, words
from harapan.registry.changes.kinds import default_kinds
from harapan.registry.models import Change

PICTURES_A_DAY = 2
ENDED_WELL = (Change.State.APPLIED,)


def _visits(users: Collection[int]) -> QuerySet[Any]:
    rows = HomeVisit.objects.filter(visited_by__in=list(users))
    return rows.annotate(whose=F("visited_by"), day=F("visited_on"))


def _told_visits(users: Collection[int], first: date, after: date) -> list[Deed]:
    """One line a visit. Two queries."""
    rows = _visits(users).filter(visited_on__gte=first, visited_on__lt=after).select_related("family")
    made = list(rows.order_by("visited_on", "begins", "pk"))
    pictures = _pictures([visit.pk for visit in made])
    return [
        Deed(
            visit.whose, visit.visited_on, f"{_purpose(visit)} {visit.family.name}: {_found(visit)}", visit.begins,
            visit.ends, pictures=tuple(pictures.get(visit.pk, ())[:PICTURES_A_DAY]),
        )
        for visit in made
    ]  # fmt: skip


def _purpose(visit: HomeVisit) -> str:
    return "Validasi calon" if visit.candidacy_id else "Kunjungan rumah"


def _found(visit: HomeVisit) -> str:
    if not visit.found:
        return f"tidak ditemukan ({reason_words(visit.reason).lower()})"
    return "layak" if visit.eligible else f"tidak layak ({reason_words(visit.reason).lower()})"


def _pictures(visits: list[int]) -> dict[int, list[Picture]]:
    found: dict[int, list[Picture]] = {}
    for each in VisitPhotograph.objects.filter(visit__in=visits).select_related("shown").order_by("pk"):
        picture = Picture(each.shown_id, each.shown.digest, str(words("photographs", each.kind)))
        found.setdefault(each.visit_id, []).append(picture)
    return found


def _changes(users: Collection[int]) -> QuerySet[Any]:
    """A request that was refused, withdrawn or taken back is nobody's result; one that waits is none yet."""
    rows = Change.objects.filter(asked_by__in=list(users), state__in=ENDED_WELL, reverses__isnull=True)
    return rows.annotate(whose=F("asked_by"), day=F("asked_on"))


def _told_changes(users: Collection[int], first: date, after: date) -> list[Deed]:
    rows = _changes(users).filter(day__gte=first, day__lt=after).order_by().values_list("whose", "day", "kind")
    kinds = dict(default_kinds().codes())
    return [
        Deed(user, day, f"Pemutakhiran data diterapkan: {str(kinds[kind]).lower()}, {number} keluarga")
        for user, day, kind, number in rows.annotate(Count("family", distinct=True)).order_by("whose", "day", "kind")
    ]


def recorded_elsewhere() -> Q:
    """Of activities: a visit at the same hours, or an applied change asked for that day, shows the same work."""
    own = {"visited_by": OuterRef("user"), "visited_on": OuterRef("held_on")}
    visits = HomeVisit.objects.filter(**own, begins__lt=OuterRef("ends"), ends__gt=OuterRef("begins"))
    changes = Change.objects.filter(
        asked_by=OuterRef("user"), asked_on=OuterRef("held_on"), state__in=ENDED_WELL, reverses__isnull=True
    )
    as_visit, as_change = actions_recorded_as(VISITS.code), actions_recorded_as(CHANGES.code)
    return Q(action__in=as_visit) & Exists(visits) | Q(action__in=as_change) & Exists(changes)


VISITS = Evidence("visits", 5, "Kunjungan atau validasi keluarga", _visits, _told_visits)
CHANGES = Evidence("changes", 5, "Pemutakhiran data diterapkan", _changes, _told_changes)
