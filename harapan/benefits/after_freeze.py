"""What was recorded after a computed stage was frozen: whose, what, by whom, and where it goes from there.

The manifest keeps the moment of the freeze as PostgreSQL saw it, and every entry of the log the transaction that wrote
it. So what the freeze did not see is known exactly: also what was begun before it and committed after. What is of one
family is told by family; a facility's month and an exemption concern many and are told by what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import connections

from harapan.audit import log
from harapan.benefits import inputs
from harapan.benefits.late_entries import FamilyEntry, LateEntries, PlaceEntry
from harapan.benefits.late_reach import Reach, of_exemptions, of_facilities
from harapan.benefits.models import Entitlement, Run, Snapshot, Stage, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import Shape, active_alias, current

CHANGES_MAX = 1000  # the latest; a nation's months of changes are read as a list by nobody

KINDS = {
    "family": Phrase("data keluarga"),
    "member": Phrase("anggota"),
    "enrolment": Phrase("kepesertaan"),
    "component": Phrase("komponen"),
    "account": Phrase("rekening"),
    "observation": Phrase("kehadiran"),
    "sanction_notice": Phrase("putusan atas ketidakhadiran"),
    "adjustment": Phrase("kekurangan atau kelebihan"),
}


class GoesTo(StrEnum):
    """Where what came late goes."""

    REFREEZE = "refreeze"  # nothing is approved: it is in when the stage is frozen anew
    SUSULAN = "susulan"  # the next supplementary wave would take the family up
    TAKEN = "taken"  # a supplementary wave has taken it up
    LATER = "later"  # the family is paid by this stage already, or is no member in its months


@dataclass(frozen=True, slots=True)
class Late:
    """What came late about one family. `wave`: of TAKEN."""

    family_id: int
    kinds: tuple[str, ...]
    at: datetime  # the latest
    actor: int  # who made the latest
    goes_to: GoesTo
    wave: int = 0

    @property
    def what(self) -> list[Phrase]:
        return [KINDS[kind] for kind in self.kinds]


@dataclass(frozen=True, slots=True)
class LatePlace:
    """A facility's month (`facility_id` and `month` set) or an exemption, and how many families it concerns.

    `waiting`: of them those whom the next supplementary wave would take up; `wave`: the first that read it, else 0.
    """

    facility_id: int | None
    month: int | None  # yyyymm
    exemption_id: int | None
    at: datetime  # the latest
    actor: int  # who made the latest
    families: int
    waiting: int
    goes_to: GoesTo
    wave: int = 0


@dataclass(frozen=True, slots=True)
class After:
    """`whole` false: there is more than was read. `known` false: the log began anew since (a restored database)."""

    families: list[Late] = field(default_factory=list)
    places: list[LatePlace] = field(default_factory=list)
    whole: bool = True
    known: bool = True

    def count(self, goes_to: GoesTo) -> int:
        """Families of whom something came late. Those of `places` stand there."""
        return sum(1 for each in self.families if each.goes_to is goes_to)


def since_freeze(stage: Stage, *, most: int = CHANGES_MAX) -> After:
    """The latest changes after the freeze of the main wave, latest first. A constant number of queries.

    Raises Refused for whoever does not see the nation: the log is not theirs to read.
    """
    scope = current()
    if scope is None or scope.shape not in (Shape.NATION, Shape.BATCH):
        raise Refused(
            "Yang dicatat sesudah pembekuan tahap {stage} hanya dibaca oleh yang melihat seluruh wilayahnya, yaitu "
            "pusat.",
            stage=stage.name,
        )
    waves = list(Snapshot.objects.live().filter(stage=stage).order_by("wave"))
    if not waves:
        return After()
    if waves[0].manifest.get("era") != log.era():
        return After(known=False)
    entries = LateEntries(stage, waves, most=most)
    of_families, of_places = entries.of_families(), entries.of_places()
    next_wave = waves[-1].wave + 1
    return After(
        _families(stage, of_families, next_wave=next_wave),
        _places(stage, of_places, entries.months, next_wave=next_wave),
        whole=max(len(of_families), len(of_places)) < most,
    )


@dataclass(slots=True)
class _Changed:
    kinds: set[str]
    at: datetime
    actor: int
    wave: int | None

    def also(self, kind: str, wave: int | None) -> None:
        """An older change of the same: read only by a wave that read them all."""
        self.kinds.add(kind)
        self.wave = None if wave is None or self.wave is None else max(wave, self.wave)


def _families(stage: Stage, entries: Iterable[FamilyEntry], *, next_wave: int) -> list[Late]:
    changed: dict[int, _Changed] = {}
    for each in entries:
        known = changed.setdefault(each.family_id, _Changed(set(), each.at, each.actor, each.wave))
        known.also(each.kind, each.wave)
    goes = _where(stage, changed, next_wave)
    return [
        Late(family, tuple(kind for kind in KINDS if kind in each.kinds), each.at, each.actor, *goes[family])
        for family, each in changed.items()
    ]


def _where(stage: Stage, changed: dict[int, _Changed], next_wave: int) -> dict[int, tuple[GoesTo, int]]:
    """Where each of these families goes. Three queries."""
    if _unapproved(stage):
        return dict.fromkeys(changed, (GoesTo.REFREEZE, 0))
    of_wave = dict(Run.objects.live().filter(stage=stage).values_list("pk", "wave"))
    rows = Entitlement.objects.filter(run_id__in=list(of_wave), family_id__in=list(changed))
    taken = {(family, of_wave[run]) for family, run in rows.values_list("family_id", "run_id")}
    waiting = _waiting(stage, next_wave, changed) if _takes_susulan(stage) else set()
    return {family: _place(family, each.wave, taken, waiting) for family, each in changed.items()}


def _place(family: int, wave: int | None, taken: set[tuple[int, int]], waiting: set[int]) -> tuple[GoesTo, int]:
    if wave is not None and (family, wave) in taken:
        return GoesTo.TAKEN, wave
    return (GoesTo.SUSULAN if family in waiting else GoesTo.LATER), 0


def _waiting(stage: Stage, wave: int, families: Iterable[int]) -> set[int]:
    """Those of these families that a freeze of that wave would take up: asked as the freeze asks."""
    asked = f"SELECT unnest(ARRAY[{', '.join(str(int(family)) for family in families)}]::bigint[])"
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(inputs.members_among(stage, wave=wave, families=asked))
        return {family for (family,) in cursor.fetchall()}


def _places(stage: Stage, entries: Sequence[PlaceEntry], months: Sequence[int], *, next_wave: int) -> list[LatePlace]:
    changed: dict[tuple[int | None, int | None, int | None], _Changed] = {}
    for entry in entries:
        key = (entry.facility_id, entry.month, entry.exemption_id)
        changed.setdefault(key, _Changed(set(), entry.at, entry.actor, entry.wave)).also(entry.kind, entry.wave)
    wave = next_wave if _takes_susulan(stage) else None
    facilities = of_facilities(stage, {facility for facility, _, _ in changed if facility}, wave=wave)
    exemptions = of_exemptions(stage, {pk for _, _, pk in changed if pk}, months, wave=wave)
    found = []
    for (facility, month, exemption), each in changed.items():
        reach = (exemptions.get(exemption) if exemption else facilities.get(facility or 0)) or Reach(0, 0)
        goes = _of_place(stage, each.wave, reach)
        found.append(LatePlace(facility, month, exemption, each.at, each.actor, *reach, *goes))
    return found


def _of_place(stage: Stage, wave: int | None, reach: Reach) -> tuple[GoesTo, int]:
    if _unapproved(stage):
        return GoesTo.REFREEZE, 0
    if wave is not None:
        return GoesTo.TAKEN, wave
    return (GoesTo.SUSULAN if reach.waiting else GoesTo.LATER), 0


def _unapproved(stage: Stage) -> bool:
    return stage.state in (State.FROZEN, State.COMPUTED, State.CHECKED)


def _takes_susulan(stage: Stage) -> bool:
    return stage.state in (State.APPROVED, State.INSTRUCTED)
