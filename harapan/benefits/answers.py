"""Why a family got what it got in a stage: the list's amount, our lines beside it in plain words, and what parts them.

What became of the money is payments' to tell (`payments.money.events_of`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from harapan.benefits import inputs
from harapan.benefits.computing import live_run
from harapan.benefits.entitled import entitled_in
from harapan.benefits.models import Approval, Difference, Entitlement, Line, Listing, Mode, Run, Stage
from harapan.core.phrases import Phrase
from harapan.database import day
from harapan.engine.reasons import LineReason, family_sentences, line_sentences
from harapan.engine.tables import Decision
from harapan.policy.stage_rules import Assumption
from harapan.registry.models import Family, Member


@dataclass(frozen=True, slots=True)
class Wave:
    """What one wave (gelombang) of the list pays."""

    wave: str
    nominal_idr: int
    bank: str
    received_on: date


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A member: what they bring, or why not, as whole sentences."""

    member_id: int
    name: str
    born_on: date | None
    component: str  # "SD sederajat"; "" where none
    annual_idr: int
    stage_idr: int
    counted: bool
    over_the_limit: bool  # fits, but the law counts so many and no more
    sentences: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """What our own run found, for the same family and stage."""

    run: int
    as_of: datetime | None
    decision: Decision
    gross_idr: int
    cut_idr: int
    net_idr: int
    back_pay_idr: int  # part of gross_idr
    recovered_idr: int  # part of cut_idr
    sentences: tuple[Phrase, ...]
    lines: tuple[AnswerLine, ...]
    assumptions: tuple[Assumption, ...]
    wave: int = 0  # the supplementary wave that found it
    approved: bool = True  # in computed mode: whether people have approved the run


@dataclass(frozen=True, slots=True)
class FamilyAnswer:
    """All that "Mengapa jumlah ini?" says. `computed` is None where the stage or the family was not computed."""

    stage: Stage
    family: Family
    waves: tuple[Wave, ...]
    received_idr: int
    computed: Computed | None
    difference: Difference | None  # its sentence is difference_words.sentence(difference, member_names)
    others: tuple[str, ...]  # members on record who are in no line: they count for nothing in this stage
    member_names: dict[int, str]

    @property
    def listed(self) -> bool:
        return bool(self.waves)

    @property
    def ours(self) -> bool:
        """Whether the amount is what was computed here, not what a list says."""
        return self.stage.mode == Mode.COMPUTED

    @property
    def amount_idr(self) -> int:
        """What the family is due in the stage, by the list or by the run that holds."""
        if self.ours:
            return self.computed.net_idr if self.computed else 0
        return self.received_idr


def answer(family: Family, stage: Stage) -> FamilyAnswer:
    """The answer for one family in the reader's scope."""
    return answers([family], stage)[family.pk]


def answers(families: Sequence[Family], stage: Stage) -> dict[int, FamilyAnswer]:
    """Family number -> its answer, in the reader's scope. At most twelve queries, however many families."""
    numbers = [family.pk for family in families]
    waves: dict[int, list[Wave]] = defaultdict(list)
    for row in Listing.objects.filter(stage=stage, family__in=numbers).select_related("list").order_by("wave"):
        waves[row.family_id].append(Wave(row.wave, row.nominal_idr, row.bank, row.list.on))
    members: dict[int, list[Member]] = defaultdict(list)
    for member in Member.objects.filter(family__in=numbers).order_by("-manager", "born_on", "id"):
        members[member.family_id].append(member)
    computed = _entitled(stage, numbers, members) if stage.mode == Mode.COMPUTED else _computed(stage, numbers, members)
    differences = {row.family_id: row for row in Difference.objects.filter(stage=stage, family__in=numbers)}
    return {
        family.pk: _answer(
            family, stage, waves[family.pk], members[family.pk], computed.get(family.pk), differences.get(family.pk)
        )
        for family in families
    }


def _answer(
    family: Family, stage: Stage, waves: list[Wave], members: list[Member], computed: Computed | None,
    difference: Difference | None,
) -> FamilyAnswer:  # fmt: skip
    in_lines = {line.member_id for line in computed.lines} if computed else set()
    return FamilyAnswer(
        stage=stage,
        family=family,
        waves=tuple(waves),
        received_idr=sum(wave.nominal_idr for wave in waves),
        computed=computed,
        difference=_unless_recomputed(difference, computed),
        others=tuple(member.name for member in members if member.pk not in in_lines),
        member_names={member.pk: member.name for member in members},
    )


def _unless_recomputed(row: Difference | None, computed: Computed | None) -> Difference | None:
    """What parts the two amounts, unless it speaks of another amount than the one told: the stage is then due again."""
    return None if row and computed and row.computed_idr != computed.net_idr else row


def _computed(stage: Stage, families: list[int], members: dict[int, list[Member]]) -> dict[int, Computed]:
    """From the run beside the list; afresh for those whose rows in it cannot tell."""
    run = live_run(stage)
    if run is None:
        return {}
    rows = {row.family_id: row for row in Entitlement.objects.filter(run_id=run.pk, family_id__in=families)}
    lines = _lines_of([run.pk], list(rows))
    came_later = {number for number in rows if not lines[run.pk, number] and not _only_manager(members[number])}
    found = {
        number: _told(run, row, lines[run.pk, number], members[number], as_of=run.data_as_of)
        for number, row in rows.items()
        if number not in came_later
    }
    untold = [number for number in families if number not in found]
    return found | (_afresh(run, untold, members) if untold else {})


def _only_manager(members: list[Member]) -> bool:
    return all(member.manager for member in members)


def _entitled(stage: Stage, families: list[int], members: dict[int, list[Member]]) -> dict[int, Computed]:
    """From the wave that owes each its money. Never from the registry of today: what was frozen is what is paid.

    Left out is a family that no wave looked at, or whose row stands in another place than the reader sees.
    """
    entitled = entitled_in(stage, families)
    runs = {run.pk for run, _row in entitled.values()}
    lines = _lines_of(runs, list(entitled))
    approvals = Approval.objects.filter(run__in=runs, decision=Approval.Decision.APPROVED)
    approved = set(approvals.values_list("run", flat=True)) if runs else set()
    return {
        number: replace(
            _told(run, row, lines[run.pk, number], members[number], as_of=run.data_as_of),
            wave=run.wave,
            approved=run.pk in approved,
        )
        for number, (run, row) in entitled.items()
    }


def _lines_of(runs: Collection[int], families: list[int]) -> dict[tuple[int, int], list[Line]]:
    """(run, family) -> its lines. One query, none without families."""
    found: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in Line.objects.filter(run_id__in=list(runs), family_id__in=families) if families else ():
        found[line.run_id, line.family_id].append(line)
    return found


def _told(
    run: Run, found: Entitlement, lines: list[Line], members: list[Member], *, as_of: datetime | None
) -> Computed:
    rules, known = run.stage_rules, {member.pk: member for member in members}
    told = [_line(line, known.get(line.member_id), run) for line in lines]
    told.sort(key=lambda line: (not line.counted, -line.stage_idr, line.member_id))
    return Computed(
        run=run.pk,
        as_of=as_of,
        decision=Decision(found.decision),
        gross_idr=found.gross_idr,
        cut_idr=found.cut_idr,
        net_idr=found.net_idr,
        back_pay_idr=found.back_pay_idr,
        recovered_idr=found.recovered_idr,
        sentences=tuple(family_sentences(found.reasons, decision=found.decision, rules=rules)),
        lines=tuple(told),
        assumptions=rules.assumptions,
    )


def _afresh(run: Run, families: list[int], members: dict[int, list[Member]]) -> dict[int, Computed]:
    """By today's registry and the run's law, where the run's own rows cannot tell.

    They keep the group and region of their day: a family that has joined a group since would have no answer there. And
    a run made when only the pengurus was known would go on asking for a list of members that has come meanwhile.
    """
    from harapan.engine.run import run_tables  # Ibis and DuckDB: a page that computes nothing does without

    rules, as_of = run.stage_rules, day.moment(day.today())
    result = run_tables(**inputs.read(run.stage, rules, among=families), rules=rules)
    lines: dict[int, list[Line]] = defaultdict(list)
    for row in result.lines.to_pylist():
        lines[row["family_id"]].append(Line(run_id=run.pk, **_renamed(row)))
    found = (Entitlement(run_id=run.pk, **_renamed(row)) for row in result.entitlements.to_pylist())
    return {row.family_id: _told(run, row, lines[row.family_id], members[row.family_id], as_of=as_of) for row in found}


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    return {("group_no" if name == "group_id" else name): value for name, value in row.items()}


def _line(line: Line, member: Member | None, run: Run) -> AnswerLine:
    over = LineReason.OVER_PERSONS_MAX | LineReason.OVER_MEMBERS_MAX | LineReason.OVER_BIRTHS_MAX
    return AnswerLine(
        member_id=line.member_id,
        name=member.name if member else Phrase("anggota yang sudah tidak tercatat"),
        born_on=member.born_on if member else None,
        component=line.component_label if line.component else "",
        annual_idr=line.annual_idr,
        stage_idr=line.stage_idr,
        counted=line.counted,
        over_the_limit=bool(line.reason & over),
        sentences=tuple(line_sentences(line.reason, component=line.component, rules=run.stage_rules)),
    )
