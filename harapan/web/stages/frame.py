"""What every page of one stage shares: the stage, where the reader's place stands in it, the bar and the tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.benefits.actions import regencies_of
from harapan.benefits.difference_queries import open_count
from harapan.benefits.models import Mode, Stage, StageMove, StageRegency, State
from harapan.benefits.places import naming
from harapan.benefits.waves import MAIN
from harapan.payments.account_findings import findings_of
from harapan.payments.models import PaymentException
from harapan.regions import codes
from harapan.registry.places import roots
from harapan.ui import parts
from harapan.ui.parts import Words
from harapan.ui.words import day

NEXT_WORDS: dict[Mode, dict[State, Words]] = {
    Mode.RECEIVED: {
        State.OPEN: gettext_lazy("Direkonsiliasi bila semua terjawab"),
        State.RECONCILED: gettext_lazy("Ditutup setelah berita acara"),
        State.CLOSED: gettext_lazy("Tuntas bila sisa Rp0"),
    },
    Mode.COMPUTED: {},  # ten states fill the bar
}
RECEIVED_TABS = (
    ("stage", gettext_lazy("Ringkasan")),
    ("stage_differences", gettext_lazy("Selisih")),
    ("stage_exceptions", gettext_lazy("Belum cocok")),
    ("stage_money", gettext_lazy("Uang sampai tangan")),
    ("minutes", gettext_lazy("Berita acara")),
)
COMPUTED_TABS = (
    ("stage", gettext_lazy("Ringkasan")),
    ("stage_comparison", gettext_lazy("Perbandingan")),
    ("stage_findings", gettext_lazy("Temuan rekening")),
    ("stage_exceptions", gettext_lazy("Belum cocok")),
    ("stage_money", gettext_lazy("Uang sampai tangan")),
    ("stage_replay", gettext_lazy("Hitung ulang")),
)
NEEDED = {"stage_differences": "difference.view", "stage_replay": "stage.replay"}
TABS = {Mode.RECEIVED: RECEIVED_TABS, Mode.COMPUTED: COMPUTED_TABS}


def stage_or_404(name: str) -> Stage:
    """The stage of that name; a page that is not there for any other name."""
    stage = Stage.objects.filter(name=name).first()
    if stage is None:
        raise Http404
    return stage


@dataclass
class Frame:
    stage: Stage
    post: Post
    on: date

    @classmethod
    def of(cls, request: Request, name: str) -> Frame:
        return cls(stage_or_404(name), post=request.post, on=request.today)

    @cached_property
    def regencies(self) -> list[StageRegency]:
        """Where each kabupaten/kota of the reader's reach stands."""
        found = regencies_of(self.stage)
        if self.post.role.reach == Reach.NATION:
            return found
        reached = self.post.region_nos or roots(self.post)
        return [each for each in found if any(_touches(each.regency_no, no) for no in reached)]

    @property
    def regency(self) -> StageRegency | None:
        """The one kabupaten/kota of the reader, where there is one."""
        return self.regencies[0] if len(self.regencies) == 1 else None

    @cached_property
    def names(self) -> dict[int, str]:
        return naming(each.regency_no for each in self.regencies)

    @property
    def place(self) -> str:
        """ "Kab. Tapin"; empty where the reader sees several."""
        return self.names.get(self.regency.regency_no, "") if self.regency else ""

    @property
    def state(self) -> State:
        """That of the regency furthest behind in the reader's reach; of the stage where no list has come."""
        standing = {each.state for each in self.regencies}
        return State(next((state for state in self.stage.states if state in standing), self.stage.state))

    @cached_property
    def moves(self) -> list[StageMove]:
        """Who moved the stage, or the reader's one regency in it, oldest first."""
        numbers = [0, self.regency.regency_no] if self.regency else [0]
        return list(StageMove.objects.filter(stage=self.stage, regency_no__in=numbers).select_related("by"))

    def notes(self) -> dict[str, str]:
        """State -> when and by whom, the latest."""
        return {
            move.went_to: f"{day(move.on, 'j F')}, {move.by.name}" if move.by else day(move.on, "j F")
            for move in self.moves
            if move.wave == MAIN
        }

    def steps(self) -> tuple[parts.Step, ...]:
        return parts.chain([(state, state.label) for state in self.stage.states], self.state, self.notes())

    def bar(self) -> parts.StageBar:
        steps = parts.chain([(state, state.label) for state in self.stage.states], self.state)
        return parts.StageBar(
            self.stage.name,
            steps,
            next=NEXT_WORDS[Mode(self.stage.mode)].get(self.state, ""),
            url=reverse("stage", args=[self.stage.name]),
        )

    def tabs(self, here: str) -> list[dict[str, Any]]:
        """The pages of the stage with what waits on them; two queries."""
        waiting: dict[str, Callable[[], int]] = {
            "stage_exceptions": lambda: PaymentException.objects.open().filter(stage=self.stage).count(),
            "stage_differences": lambda: open_count(self.stage),
            "stage_findings": lambda: findings_of(self.stage).count(),
        }
        return [
            {
                "url": reverse(name, args=[self.stage.name]), "label": label,
                "count": waiting[name]() if name in waiting else None, "current": name == here,
            }
            for name, label in TABS[Mode(self.stage.mode)]
            if name not in NEEDED or allows(self.post, NEEDED[name])
        ]  # fmt: skip

    def context(self, here: str, **more: Any) -> dict[str, Any]:
        """What the templates of a stage read, with what the page adds."""
        return {"frame": self, "stage": self.stage, "stagebar": self.bar(), "tabs": self.tabs(here), **more}


def _touches(regency_no: int, region_no: int) -> bool:
    """Whether a regency lies in a region, or the region in it."""
    low, high = codes.range_of(region_no)
    return low <= regency_no < high or codes.contains(regency_no, region_no)
