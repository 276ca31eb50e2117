"""What earlier stages left: raised by verdicts, lifted deferrals and corrections, settled when a run is approved.

First in, first out. A row never changes its amount: what a stage settles of it is written beside it, and the rest goes
on as a new row, so that over any sequence of stages every rupiah is settled once or still open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet, Sum

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits import ladder, overruling
from harapan.benefits.models import Adjustment, Deferral, Run, Stage, State
from harapan.benefits.waves import approved_runs
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.fields import draw_ids
from harapan.database.planning import many_rows
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.policy.stage_rules import Effect, StageRules
from harapan.registry.models import Family

APPROVED = frozenset({State.APPROVED, State.INSTRUCTED, State.RECONCILED, State.CLOSED, State.FINAL})

# The run says how much of a family's open rows it took; the oldest are settled first, the last one perhaps in part.
_SETTLE = """
    WITH waiting AS (
        SELECT a.id, a.kind, a.idr, CASE a.kind WHEN 'back_pay' THEN e.back_pay_idr ELSE e.recovered_idr END AS taken,
               (sum(a.idr) OVER (PARTITION BY a.family_id, a.kind ORDER BY a.decided_at, a.id)
                   - a.idr)::bigint AS before
        FROM benefits_adjustment a JOIN benefits_entitlement e ON e.run_id = %(run)s AND e.family_id = a.family_id
        WHERE a.settled_run_id IS NULL AND (e.back_pay_idr > 0 OR e.recovered_idr > 0)
    ), part AS (
        SELECT id, idr, greatest(0, least(idr, taken - before)) AS now FROM waiting
    ), settled AS (
        UPDATE benefits_adjustment a SET settled_run_id = %(run)s, settled_idr = p.now
        FROM part p WHERE a.id = p.id AND p.now > 0 AND a.settled_run_id IS NULL
        RETURNING a.id, a.kind, a.settled_idr
    ), carried AS (
        INSERT INTO benefits_adjustment (family_id, region_no, group_id, of_stage_id, of_run_id, kind, cause, idr, why,
                                         decided_by_id, decided_at, carried_from_id)
        SELECT a.family_id, a.region_no, a.group_id, a.of_stage_id, a.of_run_id, a.kind, a.cause, p.idr - p.now, a.why,
               a.decided_by_id, a.decided_at, a.id
        FROM part p JOIN benefits_adjustment a ON a.id = p.id WHERE p.now BETWEEN 1 AND p.idr - 1
    )
    SELECT coalesce(sum(settled_idr) FILTER (WHERE kind = 'back_pay'), 0)::bigint,
           coalesce(sum(settled_idr) FILTER (WHERE kind = 'recovery'), 0)::bigint FROM settled"""
_TAKEN = """
    SELECT coalesce(sum(back_pay_idr), 0)::bigint, coalesce(sum(recovered_idr), 0)::bigint
    FROM benefits_entitlement WHERE run_id = %(run)s"""
_DEFER = """
    INSERT INTO benefits_deferral (family_id, region_no, group_id, run_id, stage_id, step, stages_missed, idr, since,
                                   lifted_because)
    SELECT f.id, f.region_no, f.group_id, %(run)s, %(stage)s, {effect}, r.stages, e.net_idr, %(on)s, ''
    FROM ({in_a_row}) r
    JOIN benefits_entitlement e ON e.run_id = %(run)s AND e.family_id = r.family_id AND e.net_idr > 0
    JOIN registry_family f ON f.id = r.family_id
    WHERE r.stages >= %(from)s"""


def open_adjustments(stage: Stage) -> QuerySet[Adjustment]:
    """What a freeze of the stage will take up (`inputs` sums it per family), oldest first."""
    earlier = Adjustment.objects.filter(settled_run__isnull=True)
    return earlier.exclude(of_stage=stage).order_by("decided_at", "pk")


def owed(adjustments: QuerySet[Adjustment]) -> tuple[int, int]:
    """(back-pay, recovery) in rupiah of the rows not settled yet."""
    sums = dict(adjustments.filter(settled_run__isnull=True).order_by().values_list("kind").annotate(total=Sum("idr")))
    return sums.get(Adjustment.Kind.BACK_PAY, 0), sums.get(Adjustment.Kind.RECOVERY, 0)


def settle_adjustments(run: Run, *, by: User | None, on: date) -> None:
    """Called in the transaction that approves the run: settle what it paid and took, defer, follow later verdicts.

    Raises Refused, and the run is then not approved, where another stage settled the same rows since the freeze.
    """
    values: dict[str, Any] = {"run": run.pk, "stage": run.stage_id, "on": on}
    with atomic(), many_rows() as cursor:
        cursor.execute(_TAKEN, values)
        taken = cursor.fetchone()
        if any(taken):
            cursor.execute(_SETTLE, values)
            _refuse_settled_elsewhere(run, taken, cursor.fetchone())
        deferred_idr = _defer(cursor, run, values)
        raised = _follow(run, None, by=by)
        log.record(
            "adjustments.settled", kind="run", subject=run.pk,
            body={"back_pay_idr": taken[0], "recovered_idr": taken[1], "deferred": deferred_idr, "raised": raised},
        )  # fmt: skip


def follow_verdicts(stage: Stage, *, families: Iterable[int] | None = None, by: User | None) -> int:
    """After approval a verdict that differs from what the run counted is owed in a later stage. Gives how many."""
    if stage.state not in APPROVED:
        return 0
    with atomic():
        wanted = None if families is None else sorted(set(families))
        return sum(_follow(run, wanted, by=by) for run in approved_runs(stage))


def lift(deferral: Deferral, *, why: str, by: User, on: date) -> Adjustment:
    """The family gets its deferred money with a later stage. Raises Refused where it was lifted before."""
    demand_reason(why, Phrase("Tulis alasan pencabutan dalam satu kalimat yang dapat dibaca keluarga."), on=on)
    with atomic():
        deferral = Deferral.objects.select_for_update().select_related("stage").get(pk=deferral.pk)
        if deferral.lifted_on is not None:
            raise Refused(
                "Penangguhan ini sudah dicabut pada {lifted_on}. Muat ulang halamannya.",
                lifted_on=f"{deferral.lifted_on:%Y-%m-%d}",
            )
        told = f"Bantuan {deferral.stage.label} yang ditangguhkan dibayarkan: {why.strip()}"
        deferral.adjustment = _owe(
            deferral.family_id,
            deferral.stage,
            Adjustment.Kind.BACK_PAY,
            Adjustment.Cause.DEFERRAL,
            deferral.idr,
            told,
            by,
        )
        deferral.lifted_on, deferral.lifted_by, deferral.lifted_because = on, by, why.strip()
        deferral.save()
        log.record("deferral.lifted", kind="family", subject=deferral.family_id, why=why.strip())
    return deferral.adjustment


def correct(family: Family, *, of_stage: Stage, kind: Adjustment.Kind, idr: int, why: str, by: User) -> Adjustment:
    """A correction by hand of what an earlier stage paid; `why` is a sentence the family can read. Raises Refused."""
    if idr <= 0:
        raise Refused(
            "Jumlah pembetulan {idr} bukan rupiah di atas nol. Tulis jumlahnya, lalu pilih arahnya.",
            idr=idr,
        )
    demand_reason(why, Phrase("Tulis alasan pembetulan dalam satu kalimat yang dapat dibaca keluarga."), on=today())
    with atomic():
        made = _owe(family.pk, of_stage, kind, Adjustment.Cause.CORRECTION, idr, why.strip(), by)
        log.record("adjustment.corrected", kind="family", subject=family.pk, why=why.strip(), body={"idr": idr})
    return made


def _owe(
    family_id: int, stage: Stage, kind: Adjustment.Kind, cause: Adjustment.Cause, idr: int, why: str, by: User | None
) -> Adjustment:
    return Adjustment.objects.create(
        family=Family.objects.get(pk=family_id), of_stage=stage, kind=kind, cause=cause, idr=idr, why=why[:300],
        decided_by=by,
    )  # fmt: skip


def _follow(run: Run, families: list[int] | None, *, by: User | None) -> int:
    """One row a family whose cut should be another than what the run cut and what was adjusted since."""
    raised = 0
    for owing in overruling.owing(run, families=families):
        numbers = draw_ids(Adjustment, len(owing))
        rows = [_row(run, each, by, number) for each, number in zip(owing, numbers, strict=True)]
        raised += len(Adjustment.objects.bulk_create(rows))
    return raised


def _row(run: Run, owing: overruling.Owing, by: User | None, number: int) -> Adjustment:
    more = owing.idr > 0
    why = overruling.sentence(run.stage, more=more)
    return Adjustment(
        pk=number, family_id=owing.family_id, region_no=owing.region_no, group_no=owing.group_no, of_stage=run.stage,
        of_run=run,
        kind=Adjustment.Kind.RECOVERY if more else Adjustment.Kind.BACK_PAY, cause=Adjustment.Cause.VERDICT,
        idr=abs(owing.idr), why=why, decided_by=by,
    )  # fmt: skip


def _defer(cursor: CursorWrapper, run: Run, values: dict[str, Any]) -> int:
    """Hold the money of families whom the ladder of the run's own law defers or ends; gives how many."""
    rules: StageRules = run.stage_rules
    held = [step.from_stage for step in rules.sanction.ladder if step.effect in (Effect.DEFER, Effect.END)]
    if not held:
        return 0
    sql = _DEFER.format(effect=ladder.effect_sql(rules), in_a_row=ladder.in_a_row(run.stage))
    cursor.execute(sql, values | {"from": held[0]})
    return int(cursor.rowcount)


def _refuse_settled_elsewhere(run: Run, taken: tuple[int, int], settled: tuple[int, int]) -> None:
    if taken != settled:
        raise Refused(
            "Kekurangan atau kelebihan yang dihitung pada tahap {stage} (Rp{taken} dan Rp{taken_2}) sudah "
            "diselesaikan di tempat lain (tersisa Rp{settled} dan Rp{settled_2}). Kembalikan tahap ini, "
            "bekukan lagi, lalu hitung ulang.",
            stage=run.stage.name,
            taken=taken[0],
            taken_2=taken[1],
            settled=settled[0],
            settled_2=settled[1],
        )
