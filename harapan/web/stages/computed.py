"""What the page of a computed stage shows: where its wave stands, what it came to, what waits and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.benefits.models import Approval, Entitlement, Run, RunCheck, Snapshot, StageMove, State
from harapan.benefits.replaying import FIGURES
from harapan.benefits.whose_move import WAITS_FOR
from harapan.core.phrases import Phrase
from harapan.payments import money
from harapan.payments.hindrances import hindrances_of_whole
from harapan.payments.models import AccountCheck, Hold, Order
from harapan.ui import parts
from harapan.ui.words import number, percent, rupiah
from harapan.web.stages.deeds import DEEDS, Deed
from harapan.web.stages.frame import Frame
from harapan.web.stages.moves import MOVES, Move
from harapan.web.stages.under_way import last_refusal, under_way

WITH_MONEY = (State.INSTRUCTED, State.RECONCILED, State.CLOSED, State.FINAL)


@dataclass(frozen=True, slots=True)
class Sums:
    """What runs of a stage found due in the reader's reach."""

    families: int
    paid: int
    gross_idr: int
    cut_idr: int
    net_idr: int

    @classmethod
    def of(cls, runs: Sequence[Run], *, nation: bool) -> Sums:
        """Of one wave, or of all together: the runs' own totals for the nation, else one query over the rows in scope.

        A later wave looks again at whom the ones before do not pay, so only the last says who is paid by none.
        """
        each = [cls(*(getattr(run, name) for name in FIGURES)) for run in runs] if nation else cls._in_reach(runs)
        left_out = each[-1].families - each[-1].paid
        paid = sum(one.paid for one in each)
        return cls(paid + left_out, paid, *(sum(getattr(one, name) for one in each) for name in FIGURES[2:]))

    @classmethod
    def _in_reach(cls, runs: Sequence[Run]) -> list[Sums]:
        rows = Entitlement.objects.filter(run_id__in=[run.pk for run in runs]).values("run_id")
        found = rows.annotate(
            n=Count("family_id"), paid=Count("family_id", filter=Q(net_idr__gt=0)), gross=Sum("gross_idr"),
            cut=Sum("cut_idr"), net=Sum("net_idr"),
        )  # fmt: skip
        of_run = {
            row["run_id"]: cls(*(int(row[name]) for name in ("n", "paid", "gross", "cut", "net"))) for row in found
        }
        return [of_run.get(run.pk, cls(0, 0, 0, 0, 0)) for run in runs]


@dataclass
class ComputedPage:
    frame: Frame
    reader: int
    asked: str = ""  # number of the work that the reader has just asked for

    @property
    def nation(self) -> bool:
        return self.frame.post.role.reach == Reach.NATION

    @cached_property
    def waves(self) -> list[Snapshot]:
        """The live snapshots, main wave first."""
        return list(Snapshot.objects.live().filter(stage=self.frame.stage).select_related("by").order_by("wave"))

    @property
    def snapshot(self) -> Snapshot | None:
        """That of the wave at hand."""
        return self.waves[-1] if self.waves else None

    @property
    def state(self) -> State:
        """Where the wave at hand stands: the stage itself, or the supplementary wave that is under way."""
        latest = self.snapshot
        if latest is None or latest.wave == 0 or latest.state == Snapshot.State.INSTRUCTED:
            return State(self.frame.stage.state)
        return State(latest.state)

    @cached_property
    def runs(self) -> dict[int, Run]:
        """Wave -> its live run."""
        found = Run.objects.live().filter(stage=self.frame.stage).select_related("by")
        return {run.wave: run for run in found}

    @property
    def run(self) -> Run | None:
        return self.runs.get(self.snapshot.wave) if self.snapshot else None

    @property
    def susulan(self) -> int:
        """The supplementary wave that is under way; nought where none is."""
        latest = self.snapshot
        return latest.wave if latest and latest.state != Snapshot.State.INSTRUCTED else 0

    @cached_property
    def sums(self) -> Sums | None:
        """Of the wave under way; once all are instructed, of the whole stage."""
        if self.susulan:
            return Sums.of([self.run], nation=self.nation) if self.run else None
        runs = [self.runs[wave] for wave in sorted(self.runs)]
        return Sums.of(runs, nation=self.nation) if runs else None

    @cached_property
    def money(self) -> money.Money | None:
        return money.of(self.frame.stage) if self.frame.stage.state in WITH_MONEY else None

    @cached_property
    def wave_rows(self) -> list[tuple[Snapshot, Run | None]]:
        return [(snapshot, self.runs.get(snapshot.wave)) for snapshot in self.waves]

    @cached_property
    def check(self) -> RunCheck | None:
        """What the checker sees; only the nation's scope reaches it."""
        return RunCheck.objects.filter(run=self.run).select_related("by").first() if self.run and self.nation else None

    @cached_property
    def base(self) -> tuple[str, dict[str, int]] | None:
        """The stage before by name, and the totals of both."""
        figures = self.check.figures if self.check else {}
        return (figures["base"]["stage"], figures["totals"]) if figures.get("base") else None

    def figures(self) -> tuple[parts.Figure, ...]:
        sums = self.sums
        if sums is None:
            return ()
        per_family = rupiah(sums.net_idr // sums.paid) if sums.paid else "—"
        left_out = _("%(n)s dihitung, tidak dibayar") % {"n": number(sums.families - sums.paid)}
        return (
            parts.Figure(_("Keluarga dibayar"), number(sums.paid), left_out),
            parts.Figure(_("Sebelum potongan"), rupiah(sums.gross_idr)),
            parts.Figure(_("Potongan"), rupiah(sums.cut_idr), percent(sums.cut_idr, sums.gross_idr)),
            parts.Figure(_("Bersih"), rupiah(sums.net_idr)),
            parts.Figure(_("Rata-rata per keluarga"), per_family),
        )

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """Families and rupiah held back by each finding of the stage, in the reader's reach. One query."""
        rows = AccountCheck.objects.filter(run__in=[run.pk for run in self.runs.values()])
        found = rows.values("finding").annotate(families=Count("pk"), idr=Sum("net_idr")).order_by("-idr", "finding")
        return [{**row, "idr": int(row["idr"]), "label": AccountCheck.Finding(row["finding"]).label} for row in found]

    @property
    def findings_idr(self) -> int:
        return sum(row["idr"] for row in self.findings)

    @property
    def findings_families(self) -> int:
        return sum(row["families"] for row in self.findings)

    @cached_property
    def working(self) -> parts.Progress | None:
        return under_way(self.frame.stage, asked_by=self.reader)

    @cached_property
    def refusal(self) -> str:
        return "" if self.working else last_refusal(self.frame.stage, asked=self.asked, asked_by=self.reader)

    @cached_property
    def deeds(self) -> list[Deed]:
        """What the reader may ask for now, the expected step first; nothing while work is under way."""
        if self.working:
            return []
        offered = [deed for deed in DEEDS.values() if self.state in deed.since]
        return [
            deed for deed in offered
            if allows(self.frame.post, deed.permission) and (deed.code != "again" or self._let_go)
        ]  # fmt: skip

    @cached_property
    def _let_go(self) -> bool:
        """Whether money was let go that has no order yet."""
        ordered = Order.objects.filter(stage=OuterRef("stage"), family=OuterRef("family"))
        open_hold = Hold.objects.filter(stage=OuterRef("stage"), family=OuterRef("family"), lifted_on=None)
        released = Hold.objects.filter(stage=self.frame.stage, lifted_on__isnull=False, amount_idr__gt=0)
        return released.filter(~Exists(ordered), ~Exists(open_hold)).exists()

    @property
    def moves(self) -> list[Move]:
        """Reconciling and closing, which only the nation does for a computed stage."""
        if not self.nation or self.state != self.frame.stage.state:
            return []
        here = {State.INSTRUCTED: "reconcile", State.RECONCILED: "close", State.CLOSED: "finish"}.get(self.state)
        move = MOVES.get(here or "")
        return [move] if move and allows(self.frame.post, move.permission) else []

    @property
    def may_approve(self) -> bool:
        return allows(self.frame.post, "stage.approve")

    @property
    def may_see_late(self) -> bool:
        """What came after the freeze is told by family, to whoever sees the nation's."""
        return self.nation and allows(self.frame.post, "family.view")

    @property
    def waits_for(self) -> str:
        """Whose move it is; empty once the stage is final."""
        return WAITS_FOR.get(self.state, "")

    @cached_property
    def hindrances(self) -> list[Phrase]:
        """What blocks the moves offered, in the words in which they would be refused."""
        return hindrances_of_whole(self.frame.stage) if self.moves else []

    @cached_property
    def history(self) -> list[tuple[int, list[StageMove]]]:
        """Who moved the stage, when and why, the latest first; then each supplementary wave by number. One query."""
        moves = StageMove.objects.filter(stage=self.frame.stage).select_related("by").order_by("wave", "-id")
        return [(wave, list(rows)) for wave, rows in groupby(moves, key=lambda move: move.wave)]

    @cached_property
    def approvals(self) -> list[Approval]:
        found = Approval.objects.filter(run__stage=self.frame.stage).select_related("by", "maker", "run")
        return list(found.order_by("-id"))


def computed_stage(request: Request, frame: Frame) -> HttpResponse:
    """The page of a computed stage."""
    page = ComputedPage(frame, reader=request.user.pk, asked=request.GET.get("kerja", ""))
    context = frame.context("stage", page_of=page, poll=reverse("stage_progress", args=[frame.stage.name]))
    return render(request, "stages/computed.html", context)
