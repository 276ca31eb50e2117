"""Which stage is at hand, where it stands for a reader, and what of it waits for a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.benefits.models import (
    Difference,
    Listing,
    Mode,
    Run,
    RunCheck,
    Snapshot,
    Stage,
    StageMove,
    StageRegency,
    State,
)
from harapan.core.periods import month_of
from harapan.database.counting import Waiting, waiting
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import StageRules

REGENCY = 10**6


def stage_at_hand() -> Stage | None:
    """The stage that was begun last; None before the first."""
    begun = Stage.objects.exclude(state=State.PLANNED)
    return begun.order_by("-year", "-number", "-pk").first()


def stage_before(stage: Stage) -> Stage | None:
    """The one before it in the same channel."""
    earlier = Stage.objects.filter(channel=stage.channel).exclude(state=State.PLANNED)
    earlier = earlier.filter(Q(year__lt=stage.year) | Q(year=stage.year, number__lt=stage.number))
    return earlier.order_by("-year", "-number").first()


def _in_reach(post: Post) -> Q:
    """Of kabupaten/kota that the post's reach touches."""
    if post.role.reach == Reach.NATION:
        return Q()
    wanted = Q(pk__in=())
    for low, high in post.ranges:
        wanted |= Q(regency_no__gte=low // REGENCY * REGENCY, regency_no__lt=high)
    return wanted


def regencies_by_state(stage: Stage, post: Post) -> dict[State, int]:
    """How many kabupaten/kota of the post's reach stand in each state, in the order of the states. One query."""
    regencies = StageRegency.objects.filter(_in_reach(post), stage=stage)
    counted = Counter(regencies.values_list("state", flat=True))
    return {state: counted[state] for state in stage.states if counted[state]}


def waves_under_way() -> list[Snapshot]:
    """Waves of computed stages between their freeze and their instruction, oldest stage first. One query."""
    steps = (Snapshot.State.FROZEN, Snapshot.State.COMPUTED, Snapshot.State.CHECKED, Snapshot.State.APPROVED)
    found = Snapshot.objects.filter(state__in=steps).select_related("stage")
    return list(found.order_by("stage__year", "stage__number", "stage__channel", "wave"))


def computed_in(*states: State) -> list[Stage]:
    """Computed stages that stand in one of these states, oldest first. One query."""
    return list(Stage.objects.filter(mode=Mode.COMPUTED, state__in=states).order_by("year", "number", "channel"))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a computed stage stands, or the supplementary wave of it that is under way, and since when."""

    stage: Stage
    state: State
    wave: int
    since: date | None


def computed_stages(*, most: int) -> list[Standing]:
    """The computed stages with what is under way in each, newest first. Three queries."""
    stages = list(Stage.objects.filter(mode=Mode.COMPUTED).order_by("-year", "-number", "-channel")[:most])
    steps = (Snapshot.State.FROZEN, Snapshot.State.COMPUTED, Snapshot.State.CHECKED, Snapshot.State.APPROVED)
    waves = Snapshot.objects.filter(stage__in=stages, wave__gt=0, state__in=steps)
    under_way = {wave.stage_id: (State(wave.state), wave.wave) for wave in waves}
    moved = StageMove.objects.filter(stage__in=stages).values("stage", "wave", "went_to").annotate(last=Max("on"))
    since = {(move["stage"], move["wave"], move["went_to"]): move["last"] for move in moved}
    found = []
    for stage in stages:
        state, wave = under_way.get(stage.pk, (State(stage.state), 0))
        found.append(Standing(stage, state, wave, since.get((stage.pk, wave, state))))
    return found


def made_by(snapshot: Snapshot, user_id: int) -> bool:
    """Whether somebody computed or checked the wave, so that another must decide on it. Two queries."""
    runs = Run.objects.live().filter(snapshot=snapshot)
    return runs.filter(by=user_id).exists() or RunCheck.objects.filter(run__in=runs, by=user_id).exists()


def open_differences(stage: Stage) -> Waiting:
    """Families whose amount by the list and by our computation differ, unanswered."""
    return waiting(Difference.objects.filter(stage=stage, answered_at__isnull=True))


def gone_from_list(stage: Stage, before: Stage) -> Waiting:
    """Families on the list of the stage before and not on this one. They lose nothing by it; somebody asks why."""
    now = Listing.objects.filter(stage=stage, family=OuterRef("family"))
    gone = Listing.objects.filter(stage=before).filter(~Exists(now))
    return waiting(gone.values("family").distinct())


def laws_at_hand(*, on: date) -> list[StageRules]:
    """Of the stage at hand, and of those after it whose first month has begun: who was there is said month by month,

    long before the list of the stage that these months decide has come. In the order of the calendar.
    """
    first = law_of(stage_at_hand(), on=on)
    policy = default_policy()
    later = [
        plan.name
        for year in range(first.year, on.year + 2)
        for plan in policy.stages(year)
        if plan.channel == first.channel
        and plan.pays_months > first.pays_months
        and plan.observes_months
        and plan.observes_months[0] <= month_of(on)
    ]
    return [first, *(policy.stage(name) for name in later)]


def open_laws(post: Post, *, on: date) -> list[StageRules]:
    """Those at hand, and before them those of earlier stages that are still open in the post's reach."""
    at_hand = laws_at_hand(on=on)
    first = at_hand[0]
    earlier = Stage.objects.filter(channel=first.channel, state=State.OPEN).exclude(name=first.stage)
    standing = StageRegency.objects.filter(_in_reach(post), stage=OuterRef("pk"), state=State.OPEN)
    names = earlier.filter(Exists(standing)).order_by("year", "number").values_list("name", flat=True)
    return [*(default_policy().stage(name) for name in names), *at_hand]


def law_of(stage: Stage | None, *, on: date) -> StageRules:
    """The rules of a stage, or before the first stage of the one that the calendar has for that day."""
    if stage is not None:
        return default_policy().stage(stage.name)
    month = month_of(on)
    plans = [plan for plan in default_policy().stages(on.year) if plan.channel in ("all", "bank")]
    named = next((plan for plan in plans if month in plan.pays_months), plans[-1])
    return default_policy().stage(named.name)
