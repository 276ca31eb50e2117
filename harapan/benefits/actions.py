"""Planning stages and moving them on. Every move is noted with who, when and why; the caller has asked `demand()`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.errors import ImpossibleMove, NoSuchStage
from harapan.benefits.models import Difference, Mode, Stage, StageMove, StageRegency, State
from harapan.core.errors import Refused
from harapan.core.periods import StageName
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.scope import atomic
from harapan.policy.reader import default_policy
from harapan.policy.reasons import demand_reason
from harapan.regions.models import Region


def stage_named(name: str) -> Stage:
    """The stage of that name. Raises Unreadable for no stage name, NoSuchStage for one not planned."""
    written = str(StageName.parse(name))
    stage = Stage.objects.filter(name=written).first()
    if stage is None:
        raise NoSuchStage(written)
    return stage


def plan(name: str, *, mode: Mode = Mode.RECEIVED, by: User | None, on: date, why: str = "") -> Stage:
    """Take a stage up from the payment calendar. A received one is open at once: lists and statuses may come in.

    Raises UnknownStage for a stage no calendar has, Refused for one that is there already.
    """
    with atomic():
        stage, made = _planned(name, mode=mode, by=by, on=on, why=why)
    if not made:
        raise Refused(
            "Tahap {stage} sudah ada sejak {planned_on}. Lihat `harapan stage list`.",
            stage=stage.name,
            planned_on=stage.planned_on,
        )
    return stage


def ensure_planned(name: str, *, by: User | None, on: date) -> Stage:
    """The stage a list is brought in for; a received one that is not there yet is planned by the import."""
    with atomic():
        return _planned(name, mode=Mode.RECEIVED, by=by, on=on, why="direncanakan oleh impor daftar")[0]


def _planned(name: str, *, mode: Mode, by: User | None, on: date, why: str) -> tuple[Stage, bool]:
    calendar = default_policy().plan(str(StageName.parse(name)))
    first = State.OPEN if mode == Mode.RECEIVED else State.PLANNED
    stage, made = Stage.objects.get_or_create(
        name=calendar.name,
        defaults={
            "mode": mode,
            "state": first,
            "year": calendar.year,
            "number": calendar.number,
            "channel": calendar.channel,
            "pays_months": list(calendar.pays_months),
            "observes_months": list(calendar.observes_months),
            "planned_on": on,
        },
    )
    if made:
        StageMove.objects.create(stage=stage, went_to=first, by=by, on=on, why=why)
        log.record("stage.planned", kind="stage", subject=stage.pk, why=why, body={"stage": stage.name, "mode": mode})
    return stage, made


def open_stage(stage: Stage, *, by: User | None, on: date, why: str = "") -> Stage:
    """Start collecting for a planned stage of computed mode. Raises ImpossibleMove.

    A received stage is open from the start.
    """
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        if stage.state != State.PLANNED:
            raise ImpossibleMove(stage.name, State(stage.state).label, State.OPEN.label)
        stage.state = State.OPEN
        stage.save(update_fields=["state"])
        StageMove.objects.create(stage=stage, came_from=State.PLANNED, went_to=State.OPEN, by=by, on=on, why=why)
        log.record("stage.opened", kind="stage", subject=stage.pk, why=why)
    return stage


def regencies_of(stage: Stage, *, within: tuple[int, int] | None = None) -> list[StageRegency]:
    """Where each kabupaten/kota of the stage stands, in order; `within` is a half-open range of region numbers.

    A range inside a regency (a kecamatan) means that regency.
    """
    found = StageRegency.objects.filter(stage=stage).select_related("stage").order_by("regency_no")
    if within is not None:
        found = found.filter(regency_no__gte=within[0] // 10**6 * 10**6, regency_no__lt=within[1])
    return list(found)


def move(
    stage: Stage, regencies: Iterable[StageRegency], to: State, *, by: User | None, on: date, why: str = ""
) -> Stage:
    """Bring these regencies of a received stage one state on (or from reconciled back to open), and note each move.

    The stage itself stands where the regency furthest behind stands. Raises ImpossibleMove.
    """
    wanted = [regency.pk for regency in regencies]
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        for regency in StageRegency.objects.filter(pk__in=wanted).select_related("stage").order_by("regency_no"):
            before = regency.state
            regency.move_to(to)
            regency.save(update_fields=["state"])
            StageMove.objects.create(
                stage=stage, regency_no=regency.regency_no, came_from=before, went_to=to, by=by, on=on, why=why
            )
            log.record(
                f"stage.{to}",
                kind="stage",
                subject=stage.pk,
                why=why,
                body={"regency": regency.regency_no, "from": before},
            )
        follow_the_last(stage, by=by, on=on)
    return stage


def follow_the_last(stage: Stage, *, by: User | None, on: date) -> None:
    """Bring the stage itself to where its regency furthest behind stands."""
    standing = set(StageRegency.objects.filter(stage=stage).values_list("state", flat=True))
    furthest_behind = next(state for state in stage.states if state in standing)
    if furthest_behind != stage.state:
        StageMove.objects.create(stage=stage, came_from=stage.state, went_to=furthest_behind, by=by, on=on)
        stage.state = furthest_behind
        stage.save(update_fields=["state"])


def place_name(regency_no: int) -> str:
    """ "Kab. Tapin"; the number where the region is not loaded."""
    region = Region.objects.filter(no=regency_no).first()
    return region.display_name if region else str(regency_no)


def answer_difference(difference: Difference, *, answer: str, by: User) -> Difference:
    """Close a difference with a person's explanation. Raises Refused when it is empty or answered already."""
    demand_reason(answer, Phrase("Tulis apa sebab selisih ini atau apa yang sudah dilakukan."), on=today())
    with atomic():
        difference = Difference.objects.select_for_update().get(pk=difference.pk)
        if not difference.open:
            raise Refused("Selisih ini sudah dijawab. Muat ulang halamannya untuk melihat jawabannya.")
        difference.answered_at, difference.answered_by, difference.answer = timezone.now(), by, answer.strip()
        difference.save(update_fields=["answered_at", "answered_by", "answer"])
        log.record("difference.answered", kind="family", subject=difference.family_id, why=answer.strip())
    return difference
