"""Drawing orders for approved entitlements: one statement for a nation, grouped into files that are written later.

Everything here is one transaction of the batch login: a kill leaves nothing. What is due has an order or an open hold
afterwards, never neither and never both; the database compares counts and sums with entitlements and files
(`harapan.orders_take`) before it takes the orders.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.alone import alone
from harapan.benefits.errors import ImpossibleMove
from harapan.benefits.models import Snapshot, Stage, State
from harapan.benefits.waves import approved_runs, move_wave, wave_at_hand
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.database.planning import many_rows
from harapan.database.scope import Scope, active_alias, put_on
from harapan.payments import ledger
from harapan.payments.checking import POST, known_payers
from harapan.payments.models import Account, AccountCheck, Instruction, Posting
from harapan.payments.retrying import AGAIN
from harapan.policy.reader import default_policy

DEFERRED = "Ditangguhkan menurut tangga sanksi"
# What the ladder of sanctions defers stays out of this stage for good: lifted, it is paid as back-pay of a later one.
_HOLD_DEFERRED = """
    INSERT INTO payments_hold (stage_id, family_id, region_no, group_id, since, why, cause, amount_idr, by_centre,
                               by_id, lifted_because)
    SELECT %(stage)s, d.family_id, d.region_no, d.group_id, %(on)s, %(deferred)s, 'sanction', 0, false, %(by)s, ''
    FROM benefits_deferral d
    WHERE d.stage_id = %(stage)s
      AND NOT EXISTS (SELECT 1 FROM payments_hold h WHERE h.stage_id = %(stage)s AND h.family_id = d.family_id
                      AND (h.cause = 'sanction' OR h.lifted_on IS NULL))
      AND NOT EXISTS (SELECT 1 FROM payments_order o WHERE o.stage_id = %(stage)s AND o.family_id = d.family_id)"""
# Findings of cek rekening hold the money once: what a person has let go since is not held again.
_HOLD_FOUND = """
    INSERT INTO payments_hold (stage_id, family_id, region_no, group_id, since, why, cause, amount_idr, by_centre,
                               by_id, lifted_because)
    SELECT %(stage)s, c.family_id, c.region_no, c.group_id, %(on)s, %(words)s::jsonb ->> c.finding, 'account', 0, false,
           %(by)s, ''
    FROM payments_accountcheck c
    WHERE c.run_id = ANY(%(runs)s)
      AND NOT EXISTS (SELECT 1 FROM payments_hold h WHERE h.stage_id = %(stage)s AND h.family_id = c.family_id
                      AND (h.cause = 'account' OR h.lifted_on IS NULL))
      AND NOT EXISTS (SELECT 1 FROM payments_order o WHERE o.stage_id = %(stage)s AND o.family_id = c.family_id)"""
_AMOUNTS_HELD = """
    UPDATE payments_hold h SET amount_idr = e.net_idr FROM benefits_entitlement e
    WHERE h.stage_id = %(stage)s AND h.lifted_on IS NULL AND h.amount_idr = 0 AND e.run_id = ANY(%(runs)s)
      AND e.family_id = h.family_id AND e.net_idr > 0
      AND NOT EXISTS (SELECT 1 FROM payments_order o WHERE o.stage_id = h.stage_id AND o.family_id = h.family_id)
    RETURNING h.region_no, h.amount_idr"""
# Whose account had a finding, or whose money was held before, is paid to the account of today.
_HELD = """
    CREATE TEMPORARY TABLE held ON COMMIT DROP AS
    SELECT family_id, bool_or(lifted_on IS NULL) AS still FROM payments_hold
    WHERE stage_id = %(stage)s GROUP BY family_id"""
_ACCOUNTS_NOW = """
    CREATE TEMPORARY TABLE account_now ON COMMIT DROP AS
    SELECT DISTINCT ON (p.family_id) p.family_id, p.id, CASE p.channel WHEN 2 THEN %(post)s ELSE p.bank END AS payer
    FROM held h JOIN registry_paymentaccount p ON p.family_id = h.family_id
    WHERE NOT h.still
    ORDER BY p.family_id, (lower(p.spell) <= %(on)s) DESC, lower(p.spell) DESC"""
_DRAW_WAVE = """
    CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
    SELECT e.run_id, e.family_id, 1::smallint AS attempt, e.region_no, e.group_id,
           coalesce(n.id, e.account_id) AS account_id, coalesce(n.payer, e.payer) AS payer, e.net_idr AS amount_idr
    FROM benefits_entitlement e
    LEFT JOIN held h ON h.family_id = e.family_id
    LEFT JOIN account_now n ON n.family_id = e.family_id
    WHERE e.run_id = ANY(%(runs)s) AND e.net_idr > 0 AND h.still IS NOT TRUE
      AND NOT EXISTS (SELECT 1 FROM payments_order o WHERE o.stage_id = %(stage)s AND o.family_id = e.family_id)"""
# The standings are read once: requests just made look like a single row to the planner, which would read them for each.
_DRAW_RETRIES = """
    CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
    WITH failed AS MATERIALIZED (
        SELECT family_id, attempt FROM payments_claim WHERE stage_id = %(stage)s AND standing = ANY(%(again)s)
    )
    SELECT o.run_id, o.family_id, (o.attempt + 1)::smallint AS attempt, o.region_no, o.group_id,
           coalesce(now_.id, 0) AS account_id, coalesce(now_.payer, '') AS payer, o.amount_idr
    FROM payments_retryrequest q
    JOIN payments_order o ON o.stage_id = q.stage_id AND o.family_id = q.family_id AND o.attempt = q.attempt
    JOIN failed c ON c.family_id = o.family_id AND c.attempt = o.attempt
    LEFT JOIN LATERAL (
        SELECT p.id, CASE p.channel WHEN 2 THEN %(post)s ELSE p.bank END AS payer FROM registry_paymentaccount p
        WHERE p.family_id = o.family_id ORDER BY (lower(p.spell) <= %(on)s) DESC, lower(p.spell) DESC LIMIT 1
    ) now_ ON true
    WHERE q.stage_id = %(stage)s AND q.drawn_id IS NULL"""
_UNPAYABLE = """
    SELECT count(*) FROM drawn d LEFT JOIN registry_paymentaccount a ON a.id = d.account_id
    WHERE NOT d.payer = ANY(%(payers)s) OR a.id IS NULL OR (d.payer <> %(post)s AND a.number IS NULL)"""
_FILES = """
    INSERT INTO payments_paymentfile (instruction_id, stage_id, payer, region_no, part, parts, rows, amount_idr, layout,
                                      sha256, handed_to)
    SELECT %(instruction)s, %(stage)s, payer, regency_no, part, max(part) OVER (PARTITION BY payer, regency_no),
           count(*), sum(amount_idr), '', '', ''
    FROM numbered GROUP BY payer, regency_no, part ORDER BY payer, regency_no, part"""
_NUMBERED = """
    CREATE TEMPORARY TABLE numbered ON COMMIT DROP AS
    SELECT d.*, d.region_no / 1000000 * 1000000 AS regency_no,
           ((row_number() OVER (PARTITION BY payer, d.region_no / 1000000 ORDER BY family_id) - 1)
            / %(cap)s + 1)::smallint AS part
    FROM drawn d"""
_ORDERS = """
    INSERT INTO payments_order_i{instruction} (stage_id, family_id, attempt, run_id, file_id, region_no, group_id,
                                               account_id, payer, amount_idr)
    SELECT %(stage)s, n.family_id, n.attempt, n.run_id, f.id, n.region_no, n.group_id, n.account_id,
           n.payer, n.amount_idr
    FROM numbered n JOIN payments_paymentfile f ON f.instruction_id = %(instruction)s AND f.payer = n.payer
         AND f.region_no = n.regency_no AND f.part = n.part
    ORDER BY n.family_id"""


def draw(stage: Stage, *, actor: int, on: date, why: str = "") -> Instruction:
    """Draw orders for all that approved waves owe and that has neither an order nor an open hold.

    From approved to instructed; on an instructed stage it takes up what was let go since. Holds what cek rekening
    found. Raises ImpossibleMove, StageBusy, and Refused where nothing is to be drawn or an account is still missing.
    Puts on the batch scope itself.
    """
    with alone(stage), put_on(Scope.batch(actor=actor, why=why)):
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        snapshot = _wave_to_instruct(stage)
        values = _values(stage, actor=actor, on=on) | {"runs": [run.pk for run in approved_runs(stage)]}
        by = User.objects.filter(pk=actor).first()
        instruction = _instruction(stage, Instruction.Kind.WAVE, by=by, on=on, why=why)
        with connections[active_alias()].cursor() as cursor:
            held = _hold(cursor, values)
            _draw_wave(cursor, values)
            _take(cursor, instruction, values)
        _post_held(stage, held, by=by, on=on)
        instruction.held, instruction.held_idr = len(held), sum(idr for _, idr in held)
        if not instruction.orders and not instruction.held:
            raise Refused(
                "Tidak ada yang perlu diperintahkan pada tahap {stage}: semua yang disetujui sudah punya order "
                "atau ditahan. Lihat `harapan stage status`.",
                stage=stage.name,
            )
        instruction.save()
        if snapshot.state == Snapshot.State.APPROVED:
            move_wave(snapshot, State.INSTRUCTED, by=by, on=on, why=why)
        _note(instruction)
    return instruction


def draw_retries(stage: Stage, *, actor: int, on: date, why: str = "") -> Instruction:
    """Draw the next attempt for every family for which it was asked and whose latest one failed or came back.

    They go to the account of today. Raises as `draw`.
    """
    with alone(stage), put_on(Scope.batch(actor=actor, why=why)):
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        if stage.state != State.INSTRUCTED:
            raise ImpossibleMove(stage.name, State(stage.state).label, "dibayar ulang")
        values = _values(stage, actor=actor, on=on)
        by = User.objects.filter(pk=actor).first()
        instruction = _instruction(stage, Instruction.Kind.RETRY, by=by, on=on, why=why)
        with connections[active_alias()].cursor() as cursor:
            cursor.execute(_DRAW_RETRIES, values)
            _take(cursor, instruction, values)
            cursor.execute(
                "UPDATE payments_retryrequest q SET drawn_id = %s FROM drawn d WHERE q.stage_id = %s"
                " AND q.family_id = d.family_id AND q.attempt = d.attempt - 1",
                [instruction.pk, stage.pk],
            )
        if not instruction.orders:
            raise Refused(
                "Tidak ada permintaan bayar ulang yang menunggu pada tahap {stage}. Minta dahulu untuk keluarga "
                "yang pembayarannya gagal atau kembali.",
                stage=stage.name,
            )
        instruction.save()
        _note(instruction)
    return instruction


def _wave_to_instruct(stage: Stage) -> Snapshot:
    snapshot = wave_at_hand(stage)
    snapshot.stage = stage
    if stage.state not in (State.APPROVED, State.INSTRUCTED) or snapshot.state not in (
        Snapshot.State.APPROVED, Snapshot.State.INSTRUCTED,
    ):  # fmt: skip
        here = State(stage.state).label if snapshot.wave == 0 else f"susulan {Snapshot.State(snapshot.state).label}"
        raise ImpossibleMove(stage.name, here, State.INSTRUCTED.label)
    return snapshot


def _values(stage: Stage, *, actor: int, on: date) -> dict[str, Any]:
    return {
        "stage": stage.pk, "on": on, "by": actor or None, "post": POST, "payers": list(known_payers(on)),
        "cap": default_policy().value("payments.rows_per_file_max", on=on).value,
        "deferred": DEFERRED,
        "again": [int(standing) for standing in AGAIN],
        "words": json.dumps(dict(AccountCheck.Finding.choices)),
    }  # fmt: skip


def _hold(cursor: CursorWrapper, values: dict[str, Any]) -> list[tuple[int, int]]:
    """Hold what the ladder defers and what cek rekening found: (region, rupiah) of each family whose money is held."""
    with many_rows() as counted:
        counted.execute(_HOLD_DEFERRED, values)
        counted.execute(_HOLD_FOUND, values)
    cursor.execute(_AMOUNTS_HELD, values)
    return cursor.fetchall()


def _draw_wave(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    """Fill `drawn`. Holds made a moment ago have no statistics: taken for one row, they would be read for each family.

    So they are gathered and counted first, and a nation's entitlements are joined with them in one pass.
    """
    cursor.execute(_HELD, values)
    cursor.execute("ANALYZE held")
    cursor.execute(_ACCOUNTS_NOW, values)
    with many_rows() as counted:
        counted.execute(_DRAW_WAVE, values)


def _instruction(stage: Stage, kind: Instruction.Kind, *, by: User | None, on: date, why: str) -> Instruction:
    number = Instruction.objects.filter(stage=stage).count() + 1
    return Instruction.objects.create(stage=stage, number=number, kind=kind, by=by, on=on, why=why[:300])


def _take(cursor: CursorWrapper, instruction: Instruction, values: dict[str, Any]) -> None:
    """From the table `drawn` to files and orders. Raises Refused where a drawn order has nowhere to go."""
    values = values | {"instruction": instruction.pk}
    cursor.execute(_UNPAYABLE, values)
    unpayable = cursor.fetchone()[0]
    if unpayable:
        raise Refused(
            "{families} keluarga yang akan dibayar belum punya rekening yang dapat dipakai. Lengkapi "
            "rekeningnya, atau tahan lagi dengan alasan, lalu ulangi.",
            families=thousands(unpayable),
        )
    cursor.execute("SELECT count(*), coalesce(sum(amount_idr), 0)::bigint FROM drawn")
    instruction.orders, instruction.amount_idr = cursor.fetchone()
    if not instruction.orders:
        return
    cursor.execute("ANALYZE drawn")
    cursor.execute(_NUMBERED, values)
    cursor.execute(_FILES, values)
    cursor.execute("SELECT harapan.orders_open(%s)", [instruction.pk])
    cursor.execute(_ORDERS.format(instruction=int(instruction.pk)), values)
    cursor.execute(
        "SELECT harapan.orders_take(%s, %s, %s)", [instruction.pk, instruction.orders, instruction.amount_idr]
    )


def _post_held(stage: Stage, held: list[tuple[int, int]], *, by: User | None, on: date) -> None:
    moved = [ledger.Movement(region, Account.TREASURY, Account.HELD, idr) for region, idr in held]
    ledger.move(stage, Posting.Kind.HOLD, moved, by=by, on=on)


def _note(instruction: Instruction) -> None:
    log.record(
        "stage.instructed", kind="stage", subject=instruction.stage_id, why=instruction.why,
        body={"instruction": instruction.number, "kind": instruction.kind, "orders": instruction.orders,
              "amount_idr": instruction.amount_idr, "held": instruction.held, "held_idr": instruction.held_idr},
    )  # fmt: skip
