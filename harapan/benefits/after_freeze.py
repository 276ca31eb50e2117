"""What was recorded after a computed stage was frozen: whose, what, by whom, and where it goes from there.

The manifest keeps the moment of the freeze as PostgreSQL saw it, and every entry of the log the transaction that wrote
it. So what the freeze did not see is known exactly: also what was begun before it and committed after. Only changes of
what the rules or the payment read are told; a corrected name moves no rupiah.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connections

from harapan.audit import log
from harapan.benefits import inputs
from harapan.benefits.models import Entitlement, Run, Snapshot, Stage, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import Shape, active_alias, current

CHANGES_MAX = 1000  # the latest; a nation's months of changes are read as a list by nobody

# What a freeze reads of each kind of row (`inputs`), where a change of the row may also be of something else.
_READ = {
    "family": ("region_no", "category"),
    "member": ("born_on", "died_on", "left_on", "family_id"),
    "enrolment": ("spell", "family_id"),
    "component": ("spell", "component", "ordinal", "facility_id", "member_id"),
    "account": ("spell", "channel", "bank", "number_ix", "holder"),
    "observation": ("outcome", "present_days", "absent_days", "leave_days", "sick_days"),
}
KINDS = {
    "family": Phrase("data keluarga"),
    "member": Phrase("anggota"),
    "enrolment": Phrase("kepesertaan"),
    "component": Phrase("komponen"),
    "account": Phrase("rekening"),
    "observation": Phrase("kehadiran"),
}
_VERBS = ("added", "changed", "removed")

# `wave`: the first supplementary freeze that saw the change; null where none did. Kept in step with the partial index
# `audit_entry_read_by_rules`, which finds these few among all looks and deeds.
_AFTER = f"""
    SELECT family_id, kind, at, actor, wave FROM (
        SELECT e.xid, e.id, e.subject_kind AS kind, e.at, e.actor,
               (r.told ->> CASE e.subject_kind WHEN 'family' THEN 'id' ELSE 'family_id' END)::bigint AS family_id,
               (SELECT min(w.wave) FROM unnest(%(waves)s::int[], %(moments)s::text[]) w (wave, moment)
                WHERE pg_visible_in_snapshot(e.xid, w.moment::pg_snapshot)) AS wave,
               e.verb = e.subject_kind || '.changed' AS changed, r.told
        FROM audit_entry e
        CROSS JOIN LATERAL jsonb_array_elements(e.body::jsonb) AS r (told)
        WHERE e.subject_kind IN ({", ".join(f"'{kind}'" for kind in _READ)}) AND e.body LIKE '[%%'
          AND e.verb = ANY(%(verbs)s) AND e.era = %(era)s
          AND e.xid >= pg_snapshot_xmin(%(moment)s::pg_snapshot)
          AND NOT pg_visible_in_snapshot(e.xid, %(moment)s::pg_snapshot)
    ) late
    WHERE family_id IS NOT NULL
      AND (NOT changed
           OR coalesce(told -> 'was', '{{}}') || coalesce(told -> 'now', '{{}}') ?| (%(read)s::jsonb ->> kind)::text[])
    ORDER BY xid DESC, id DESC LIMIT %(most)s"""  # noqa: S608  (our own words)


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
class After:
    """`whole` false: there is more than was read. `known` false: the log began anew since (a restored database)."""

    families: list[Late]
    whole: bool = True
    known: bool = True

    def count(self, goes_to: GoesTo) -> int:
        return sum(1 for each in self.families if each.goes_to is goes_to)


@dataclass(slots=True)
class _Changed:
    kinds: set[str]
    at: datetime
    actor: int
    wave: int | None


def since_freeze(stage: Stage, *, most: int = CHANGES_MAX) -> After:
    """The latest changes after the freeze of the main wave, by family, latest first. Six queries at most.

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
        return After([])
    if waves[0].manifest.get("era") != log.era():
        return After([], known=False)
    rows = _rows(waves, most=most)
    changed: dict[int, _Changed] = {}
    for family, kind, at, actor, wave in rows:
        known = changed.setdefault(family, _Changed({kind}, at, actor, wave))
        known.kinds.add(kind)
        known.wave = None if wave is None or known.wave is None else max(wave, known.wave)
    places = _places(stage, waves, changed)
    found = [
        Late(family, tuple(kind for kind in KINDS if kind in each.kinds), each.at, each.actor, *places[family])
        for family, each in changed.items()
    ]
    return After(found, whole=len(rows) < most)


def _rows(waves: Sequence[Snapshot], *, most: int) -> list[tuple[int, str, datetime, int, int | None]]:
    main, *later = waves
    values = {
        "moment": main.manifest["moment"], "era": main.manifest["era"], "most": most,
        "waves": [wave.wave for wave in later], "moments": [wave.manifest["moment"] for wave in later],
        "verbs": [f"{kind}.{verb}" for kind in _READ for verb in _VERBS],
        "read": "{" + ", ".join(f'"{kind}": "{{{",".join(columns)}}}"' for kind, columns in _READ.items()) + "}",
    }  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_AFTER, values)
        return cursor.fetchall()


def _places(stage: Stage, waves: Sequence[Snapshot], changed: dict[int, _Changed]) -> dict[int, tuple[GoesTo, int]]:
    """Where each of these families goes. Two queries."""
    if stage.state in (State.FROZEN, State.COMPUTED, State.CHECKED):
        return dict.fromkeys(changed, (GoesTo.REFREEZE, 0))
    of_wave = dict(Run.objects.live().filter(stage=stage).values_list("pk", "wave"))
    rows = Entitlement.objects.filter(run_id__in=list(of_wave), family_id__in=list(changed))
    taken = {(family, of_wave[run]) for family, run in rows.values_list("family_id", "run_id")}
    still_open = stage.state in (State.APPROVED, State.INSTRUCTED)
    next_ones = _next(stage, waves[-1].wave + 1, changed) if still_open else set()
    return {family: _place(family, each.wave, taken, next_ones) for family, each in changed.items()}


def _place(family: int, wave: int | None, taken: set[tuple[int, int]], next_ones: set[int]) -> tuple[GoesTo, int]:
    if wave is not None and (family, wave) in taken:
        return GoesTo.TAKEN, wave
    return (GoesTo.SUSULAN if family in next_ones else GoesTo.LATER), 0


def _next(stage: Stage, wave: int, families: Iterable[int]) -> set[int]:
    """Those of these families that a freeze of that wave would take up: asked as the freeze asks."""
    sql = inputs.members_among(stage, wave=wave, families=families)
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql)
        return {family for (family,) in cursor.fetchall()}
