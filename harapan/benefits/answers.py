"""Why a family got what it got in a stage: the list's amount, our lines beside it in plain words, and what parts them.

What became of the money is payments' to tell (`payments.money.events_of`).
"""

from __future__ import annotations

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
    """The answer for one family in the reader's scope. Seven queries at most."""
    waves = tuple(
        Wave(row.wave, row.nominal_idr, row.bank, row.list.on)
        for row in Listing.objects.filter(stage=stage, family=family).select_related("list").order_by("wave")
    )
    members = list(Member.objects.filter(family=family).order_by("-manager", "born_on", "id"))
    known = {member.pk: member for member in members}
    if stage.mode == Mode.COMPUTED:
        computed = _entitled(stage, family, known)
    else:
        run = live_run(stage)
        computed = _computed(run, family, known) if run else None
    in_lines = {line.member_id for line in computed.lines} if computed else set()
    return FamilyAnswer(
        stage=stage,
        family=family,
        waves=waves,
        received_idr=sum(wave.nominal_idr for wave in waves),
        computed=computed,
        difference=_difference(stage, family, computed),
        others=tuple(member.name for member in members if member.pk not in in_lines),
        member_names={member.pk: member.name for member in members},
    )


def _difference(stage: Stage, family: Family, computed: Computed | None) -> Difference | None:
    """What parts the two amounts, unless it speaks of another amount than the one told: the stage is then due again."""
    row: Difference | None = Difference.objects.filter(stage=stage, family=family).first()
    return None if row and computed and row.computed_idr != computed.net_idr else row


def _computed(run: Run, family: Family, members: dict[int, Member]) -> Computed | None:
    found = Entitlement.objects.filter(run_id=run.pk, family_id=family.pk).first()
    lines = list(Line.objects.filter(run_id=run.pk, family_id=family.pk)) if found else []
    as_of = run.data_as_of
    came_later = not lines and any(not member.manager for member in members.values())
    if found is None or came_later:
        found, lines, as_of = _afresh(run, family)
    return _told(run, found, lines, members, as_of=as_of) if found is not None else None


def _entitled(stage: Stage, family: Family, members: dict[int, Member]) -> Computed | None:
    """From the wave that owes the family its money. Never from the registry of today: what was frozen is what is paid.

    None where no wave looked at the family, or its row stands in another place than the reader sees.
    """
    entitled = entitled_in(stage, family)
    if entitled is None:
        return None
    run, found = entitled
    lines = list(Line.objects.filter(run_id=run.pk, family_id=family.pk))
    told = _told(run, found, lines, members, as_of=run.data_as_of)
    approved = Approval.objects.filter(run=run, decision=Approval.Decision.APPROVED).exists()
    return replace(told, wave=run.wave, approved=approved)


def _told(
    run: Run, found: Entitlement, lines: list[Line], members: dict[int, Member], *, as_of: datetime | None
) -> Computed:
    rules = run.stage_rules
    told = [_line(line, members.get(line.member_id), run) for line in lines]
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


def _afresh(run: Run, family: Family) -> tuple[Entitlement | None, list[Line], datetime]:
    """The family by today's registry and the run's law, where the run's own rows cannot tell.

    They keep the group and region of their day: a family that has joined a group since would have no answer there. And
    a run made when only the pengurus was known would go on asking for a list of members that has come meanwhile.
    """
    from harapan.engine.run import run_tables  # Ibis and DuckDB: a page that computes nothing does without

    rules = run.stage_rules
    result = run_tables(**inputs.read(run.stage, rules, family_id=family.pk), rules=rules)
    found = [Entitlement(run_id=run.pk, **_renamed(row)) for row in result.entitlements.to_pylist()]
    lines = [Line(run_id=run.pk, **_renamed(row)) for row in result.lines.to_pylist()]
    return (found[0] if found else None), lines, day.moment(day.today())


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
