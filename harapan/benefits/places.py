"""Regions as a reader narrows a stage by them, and the state a stage is in there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from harapan.benefits.actions import regencies_of
from harapan.benefits.models import Stage
from harapan.regions import codes
from harapan.regions.models import Region


class Place(NamedTuple):
    """A region by number and name, "Kec. Tapin Tengah"."""

    no: int
    name: str


def range_for(region: int | None) -> tuple[int, int] | None:
    """The half-open range of a region's number; None for the whole of the reader's scope."""
    return None if region is None else codes.range_of(region)


def naming(numbers: Iterable[int]) -> dict[int, str]:
    """Display names of regions by number, in one query."""
    return {region.no: region.display_name for region in Region.objects.filter(no__in=set(numbers))}


def state_in(stage: Stage, inside: tuple[int, int] | None) -> str:
    """The stage's state, or within a range that of the regency furthest behind there."""
    if inside is None:
        return str(stage.state)
    standing = {regency.state for regency in regencies_of(stage, within=inside)}
    return next((str(state) for state in stage.states if state in standing), str(stage.state))
