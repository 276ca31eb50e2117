"""Reconciling, closing and finishing a computed stage: the nation's money at once, and the ledger beside the claims.

Two independent sums must agree to the rupiah: what the runs found due, and where the claims say it stands; and the
ledger, posted file by file, must come to the same in every account.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connections
from django.db.models import Count, Sum

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.errors import ImpossibleMove
from harapan.benefits.models import Snapshot, Stage, State
from harapan.benefits.waves import MAIN, approved_runs, note_move
from harapan.core.errors import Refused
from harapan.core.money import rupiah, thousands
from harapan.database.scope import Shape, active_alias, atomic, current
from harapan.payments import ledger, money
from harapan.payments.models import Account, PaymentFile, RetryRequest, TreasuryReturn
from harapan.payments.refusing import refuse_open_exceptions, refuse_unbalanced, refuse_without_end


def reconcile(stage: Stage, *, region: int | None, by: User, on: date, why: str) -> Stage:
    """Every file went out, every answer is in and fits: from instructed to reconciled. Raises Refused."""
    with atomic():
        stage = _standing(stage, State.INSTRUCTED, State.RECONCILED, region)
        refuse_unfinished(stage)
        refuse_open_exceptions(stage, None, everywhere=True)
        refuse_unbalanced(stage, None)
        refuse_other_due(stage)
        return _moved(stage, State.RECONCILED, by=by, on=on, why=why)


def reopen(stage: Stage, *, region: int | None, by: User, on: date, why: str) -> Stage:
    """Take a reconciliation back, with a reason: a late answer has come."""
    with atomic():
        stage = _standing(stage, State.RECONCILED, State.INSTRUCTED, region)
        return _moved(stage, State.INSTRUCTED, by=by, on=on, why=why)


def close(stage: Stage, *, region: int | None, by: User, on: date, why: str) -> Stage:
    """due = credited + failed + returned + held, and the ledger says the same: from reconciled to closed."""
    with atomic():
        stage = _standing(stage, State.RECONCILED, State.CLOSED, region)
        refuse_open_exceptions(stage, None, everywhere=True)
        refuse_unbalanced(stage, None)
        refuse_other_due(stage)
        refuse_other_ledger(stage)
        return _moved(stage, State.CLOSED, by=by, on=on, why=why)


def finish(stage: Stage, *, region: int | None, by: User, on: date, why: str) -> Stage:
    """No credited rupiah is without an end, and what reached nobody is back in the treasury: from closed to final."""
    with atomic():
        stage = _standing(stage, State.CLOSED, State.FINAL, region)
        refuse_open_exceptions(stage, None, everywhere=True)
        refuse_without_end(stage, None)
        refuse_outside(stage)
        return _moved(stage, State.FINAL, by=by, on=on, why=why)


def refuse_outside(stage: Stage) -> None:
    """Raises Refused while money that reached nobody is not back in the treasury."""
    lying = ledger.balances(stage)
    outside_idr = lying[Account.TRANSIT] + lying[Account.RETURNED]
    if outside_idr:
        raise Refused(
            "{outside_idr} yang gagal atau kembali pada tahap {stage} belum disetor ke kas negara. Catat "
            "setorannya dengan NTPN, lalu ulangi.",
            outside_idr=rupiah(outside_idr),
            stage=stage.name,
        )


def _standing(stage: Stage, here: State, there: State, region: int | None) -> Stage:
    if region is not None:
        raise Refused(
            "Tahap {stage} dihitung di sini dan bergerak sebagai satu kesatuan. Ulangi tanpa menyebut wilayah.",
            stage=stage.name,
        )
    scope = current()
    if scope is None or scope.shape not in (Shape.NATION, Shape.BATCH):
        raise Refused(
            "Tahap {stage} hanya digerakkan oleh yang melihat seluruh wilayahnya, yaitu pusat.",
            stage=stage.name,
        )
    stage = Stage.objects.select_for_update().get(pk=stage.pk)
    if stage.state != here:
        raise ImpossibleMove(stage.name, State(stage.state).label, there.label)
    return stage


def _moved(stage: Stage, to: State, *, by: User, on: date, why: str) -> Stage:
    before = stage.state
    note_move(stage, MAIN, to, by=by, on=on, why=why)
    log.record(f"stage.{to}", kind="stage", subject=stage.pk, why=why, body={"from": before})
    return stage


def refuse_unfinished(stage: Stage) -> None:
    """Waves, files and second attempts that are under way."""
    pending = Snapshot.objects.live().filter(stage=stage).exclude(state=Snapshot.State.INSTRUCTED).first()
    if pending is not None:
        raise Refused(
            "Susulan {wave} tahap {stage} baru {state}. Perintahkan, atau kembalikan, lalu ulangi.",
            wave=pending.wave,
            stage=stage.name,
            state=Snapshot.State(pending.state).label,
        )
    waiting = RetryRequest.objects.filter(stage=stage, drawn=None).count()
    if waiting:
        raise Refused(
            "{waiting} permintaan bayar ulang pada tahap {stage} belum ditarik ordernya. Tarik di halaman "
            "perintah bayar, atau dengan `harapan stage instruct --retry`, lalu ulangi.",
            waiting=thousands(waiting),
            stage=stage.name,
        )
    files = PaymentFile.objects.filter(stage=stage, handed_over_at=None).aggregate(n=Count("pk"), idr=Sum("amount_idr"))
    if files["n"]:
        raise Refused(
            "{n} berkas pembayaran tahap {stage} ({idr}) belum diserahkan ke penyalur. Serahkan dahulu.",
            n=thousands(files["n"]),
            stage=stage.name,
            idr=rupiah(files["idr"]),
        )


def due_idr(stage: Stage) -> int:
    """What the approved runs of the stage found due."""
    return sum(run.net_idr for run in approved_runs(stage))


def refuse_other_due(stage: Stage) -> None:
    """Raises Refused where orders and holds do not come to what the approved runs found due."""
    found, due = money.of(stage), due_idr(stage)
    if found.net_idr != due:
        raise Refused(
            "Hak menurut hitungan tahap {stage} {due}, sedangkan order dan yang ditahan berjumlah {net_idr}. "
            "Perintahkan yang belum punya order, lalu ulangi.",
            stage=stage.name,
            due=rupiah(due),
            net_idr=rupiah(found.net_idr),
        )


class Beside(NamedTuple):
    """An account of the ledger beside what the claims say lies there, in rupiah."""

    account: Account
    booked_idr: int
    told_idr: int

    @property
    def agrees(self) -> bool:
        return self.booked_idr == self.told_idr


# An order without an answer lies with the payer once its file went out; before that where the attempt before left it.
_UNANSWERED = """
    SELECT CASE WHEN f.handed_over_at IS NOT NULL OR p.outcome = 4 THEN 2 ELSE 5 END, sum(o.amount_idr)::bigint
    FROM payments_claim c
    JOIN payments_order o ON o.stage_id = c.stage_id AND o.family_id = c.family_id AND o.attempt = c.attempt
    JOIN payments_paymentfile f ON f.id = o.file_id
    LEFT JOIN LATERAL (
        SELECT s.outcome FROM payments_settlementline s
        WHERE s.stage_id = o.stage_id AND s.family_id = o.family_id AND s.wave = '' AND s.attempt = o.attempt - 1
        ORDER BY s.id DESC LIMIT 1
    ) p ON true
    WHERE c.stage_id = %s AND c.standing = 0 AND (f.handed_over_at IS NOT NULL OR o.attempt > 1)
    GROUP BY 1"""


def ledger_beside_claims(stage: Stage) -> list[Beside]:
    """Every account by both sums, at any moment from the first order on; needs the nation's scope, for families move
    between regencies. Four queries."""
    found, booked, out = money.of(stage), ledger.balances(stage), _outside_unanswered(stage)
    paid = TreasuryReturn.objects.filter(stage=stage).aggregate(
        failed=Sum("failed_idr", default=0), returned=Sum("returned_idr", default=0)
    )
    failed_paid, returned_paid = int(paid["failed"]), int(paid["returned"])
    in_treasury_idr = found.treasury_idr + found.unanswered_idr - sum(out.values()) + failed_paid + returned_paid
    told = {
        Account.TREASURY: -(found.net_idr - in_treasury_idr),
        Account.HELD: found.held_idr,
        Account.TRANSIT: found.failed_idr + out.get(Account.TRANSIT, 0) - failed_paid,
        Account.UNTOUCHED: found.untouched_idr + found.blocked_idr,
        Account.CREDITED: found.withdrawn_idr,
        Account.RETURNED: found.returned_idr + out.get(Account.RETURNED, 0) - returned_paid,
    }
    return [Beside(account, booked[account], idr) for account, idr in told.items()]


def _outside_unanswered(stage: Stage) -> dict[Account, int]:
    """Rupiah of orders without an answer that have left the treasury, by the account they lie in."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_UNANSWERED, [stage.pk])
        return {Account(account): int(idr) for account, idr in cursor.fetchall()}


def refuse_other_ledger(stage: Stage) -> None:
    """Raises Refused where an account of the ledger holds other money than the claims say."""
    accounts = ledger_beside_claims(stage)
    for account, booked_idr, told_idr in accounts:
        if booked_idr != told_idr:
            raise Refused(
                "Buku besar tahap {stage} mencatat {booked_idr} pada akun “{account}”, sedangkan keadaan order "
                "{told_idr}. Jangan ditutup; laporkan kepada auditor.",
                stage=stage.name,
                booked_idr=rupiah(booked_idr),
                account=account.label,
                told_idr=rupiah(told_idr),
            )
    if sum(each.booked_idr for each in accounts):
        raise Refused(
            "Buku besar tahap {stage} tidak seimbang. Jangan ditutup; laporkan kepada auditor.",
            stage=stage.name,
        )
