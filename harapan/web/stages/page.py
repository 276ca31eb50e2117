"""What the list of stages and one stage's page show, gathered in a constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.benefits.computing import SETTLED, live_run
from harapan.benefits.models import ReceivedList, Run, Stage, StageRegency, State
from harapan.benefits.places import Place, naming
from harapan.core.phrases import Phrase
from harapan.payments import money
from harapan.payments.checking import known_payers
from harapan.payments.hindrances import hindrances
from harapan.payments.models import Account, Minutes, SettlementFile
from harapan.payments.stage_queries import Computed, StatusCount, computed_of, files_of, lists_of, statuses_of
from harapan.regions import codes
from harapan.registry.places import roots
from harapan.ui import parts
from harapan.ui.words import heard, number, percent, rupiah
from harapan.web.stages.frame import Frame
from harapan.web.stages.moves import MOVES, Move

SHOWN_MAX = 5  # lists and files beside the figures; the rest stands in the list of imports


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage in the list: where the reader's places stand, and what the ledger says."""

    stage: Stage
    sums: dict[Account, int]
    states: list[str]

    @classmethod
    def standing(cls, stages: Iterable[Stage], post: Post) -> dict[int, list[str]]:
        """Stage number -> the states of the kabupaten/kota in the post's reach. One query, two for a facilitator."""
        found = StageRegency.objects.filter(stage__in=list(stages))
        if post.role.reach != Reach.NATION:
            found = found.filter(_touching(post.region_nos or roots(post)))
        states: dict[int, list[str]] = {}
        for stage_id, state in found.values_list("stage_id", "state"):
            states.setdefault(stage_id, []).append(state)
        return states

    @property
    def state(self) -> State:
        standing = set(self.states)
        return State(next((state for state in self.stage.states if state in standing), self.stage.state))

    @property
    def settled(self) -> bool:
        return self.state in (State.CLOSED, State.FINAL)

    @property
    def tag(self) -> str:
        return {State.OPEN: "told", State.RECONCILED: "own", State.CLOSED: "ok", State.FINAL: "ok"}.get(self.state, "")

    @property
    def spread(self) -> str:
        """ "3 dibuka, 10 direkonsiliasi", where the places do not stand alike; else empty."""
        counted = Counter(self.states)
        if len(counted) < 2:
            return ""
        return ", ".join(
            f"{counted[state]} {heard(state.label).lower()}" for state in self.stage.states if counted[state]
        )

    @property
    def in_hand_idr(self) -> int:
        return self.sums.get(Account.CREDITED, 0)

    @property
    def lying_idr(self) -> int:
        """In the account, not drawn or blocked there."""
        return self.sums.get(Account.UNTOUCHED, 0)

    @property
    def not_arrived_idr(self) -> int:
        """Failed, come back, or held."""
        return sum(self.sums.get(account, 0) for account in (Account.TRANSIT, Account.RETURNED, Account.HELD))


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a table with sums: what it is, its money, and how much of it is in the hand."""

    label: str
    url: str
    money: money.Money

    @property
    def share(self) -> float:
        return 100 * self.money.withdrawn_idr / self.money.net_idr if self.money.net_idr else 0.0

    @property
    def shown(self) -> str:
        return percent(self.money.withdrawn_idr, self.money.net_idr)


@dataclass
class StagePage:
    frame: Frame
    region: int | None = None

    @cached_property
    def money(self) -> money.Money:
        return money.of(self.frame.stage, region=self.region)

    @cached_property
    def place(self) -> str:
        return self._places[-1].name if self.region and self._places else self.frame.place

    @cached_property
    def _places(self) -> list[Place]:
        """The chosen region with the way up to it, as far as it has money in the reader's scope."""
        from_top = codes.lineage(self.region) if self.region else []
        names = naming(from_top)
        return [Place(no, names[no]) for no in from_top if no in names]

    @property
    def level(self) -> str:
        """What the table of places lists."""
        if self.region is None:
            return "district" if self.frame.regency else "regency"
        return {codes.Level.PROVINCE: "regency", codes.Level.REGENCY: "district"}.get(
            codes.level_of(self.region), "village"
        )

    @property
    def level_words(self) -> str:
        return {"regency": _("kabupaten/kota"), "district": _("kecamatan"), "village": _("desa")}[self.level]

    @cached_property
    def places(self) -> list[Bar]:
        """The least in hand first."""
        rows = money.by_place(self.frame.stage, level=self.level, region=self.region)
        within = self._families if self.level == "village" else ""
        bars = [Bar(place.name, f"{within}?region={place.no}", sums) for place, sums in rows]
        return sorted(bars, key=lambda bar: bar.share)

    @cached_property
    def banks(self) -> list[Bar]:
        rows = money.by_bank(self.frame.stage, region=self.region)
        known = set(known_payers(self.frame.on))
        return [Bar(bank, self._paid_by(bank) if bank in known else "", sums) for bank, sums in rows]

    def _paid_by(self, bank: str) -> str:
        narrowed = {"region": self.region} if self.region else {}
        return f"{self._families}?{urlencode({**narrowed, 'bank': bank})}"

    @property
    def _families(self) -> str:
        """Where the families are listed whose money has not reached a hand."""
        return reverse("undelivered", args=[self.frame.stage.name])

    def figures(self) -> tuple[parts.Figure, ...]:
        sums = self.money
        return (
            parts.Figure(
                _("Keluarga di daftar"), number(sums.families), _("%(n)s pembayaran") % {"n": number(sums.orders)}
            ),
            parts.Figure(_("Sudah diambil"), rupiah(sums.withdrawn_idr), _share(sums.withdrawn_idr, sums.net_idr)),
            parts.Figure(_("Belum diambil"), rupiah(sums.untouched_idr), _share(sums.untouched_idr, sums.net_idr)),
            parts.Figure(_("Terblokir di rekening"), rupiah(sums.blocked_idr), _share(sums.blocked_idr, sums.net_idr)),
            parts.Figure(
                _("Kembali ke kas negara"), rupiah(sums.treasury_idr), _share(sums.treasury_idr, sums.net_idr)
            ),
        )

    @cached_property
    def hindrances(self) -> list[Phrase]:
        """What blocks the next step of the reader's kabupaten/kota; empty where the reader has several."""
        regency = self.frame.regency
        if regency is None:
            return []
        return hindrances(self.frame.stage, regency=regency.regency_no, state=self.frame.state)

    @property
    def signed(self) -> bool:
        """Whether dinas and bank have signed minutes of the reader's kabupaten/kota."""
        if self.frame.regency is None:
            return False
        drawn = Minutes.objects.filter(stage=self.frame.stage, office_signed_on__isnull=False)
        return drawn.filter(region_no=self.frame.regency.regency_no, bank_signed_on__isnull=False).exists()

    @property
    def standing(self) -> list[tuple[str, int]]:
        """State -> how many kabupaten/kota of the reader stand there, in the order of the states."""
        counted = Counter(each.state for each in self.frame.regencies)
        return [(state.label, counted[state]) for state in self.frame.stage.states if counted[state]]

    @property
    def moves(self) -> list[Move]:
        """The moves offered now to whoever may make them."""
        if not self.frame.regencies:
            return []
        return [
            move
            for move in MOVES.values()
            if move.since == self.frame.state and allows(self.frame.post, move.permission)
        ]

    @cached_property
    def lists(self) -> list[ReceivedList]:
        return list(lists_of(self.frame.stage, self.frame.post)[:SHOWN_MAX])

    @cached_property
    def files(self) -> list[SettlementFile]:
        return list(files_of(self.frame.stage)[:SHOWN_MAX])

    @cached_property
    def statuses(self) -> list[StatusCount]:
        return statuses_of(self.frame.stage)

    @cached_property
    def run(self) -> Run | None:
        return live_run(self.frame.stage)

    @cached_property
    def computed(self) -> Computed | None:
        return computed_of(self.run) if self.run else None

    @cached_property
    def running(self) -> Run | None:
        return running(self.frame.stage)

    @property
    def may_compute(self) -> bool:
        return allows(self.frame.post, "stage.plan") and self.frame.stage.state not in SETTLED

    @property
    def may_import(self) -> bool:
        return allows(self.frame.post, "import.families")


def _touching(regions: Iterable[int]) -> Q:
    """Kabupaten/kota that lie in one of these regions, or in which one of them lies."""
    touching = Q(pk__in=[])
    for no in regions:
        whole = no if codes.level_of(no) <= codes.Level.REGENCY else codes.ancestor(no, codes.Level.REGENCY)
        low, high = codes.range_of(whole)
        touching |= Q(regency_no__gte=low, regency_no__lt=high)
    return touching


def _share(part: int, whole: int) -> str:
    return _("%(share)s dari yang harus dibayar") % {"share": percent(part, whole)}


def running(stage: Stage) -> Run | None:
    """The computation that is running for the stage."""
    return Run.objects.filter(stage=stage, state=Run.State.RUNNING).select_related("by").first()
