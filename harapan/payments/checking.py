"""Cek rekening of a computed wave, and the figures its checker decides on: from computed to checked.

A due family passes when the account it was frozen with exists, has a number, is of a known payer, is nobody else's,
bears the name of the pengurus and was not failed by the centre, and no other family is paid by the same NIK. Whoever
does not pass keeps the entitlement; the money is held until the finding is put right.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits import run_figures
from harapan.benefits.models import Run, RunCheck, Snapshot, Stage, State
from harapan.benefits.waves import live_run_of, move_wave, wave_in
from harapan.core.names import name_key, same_name
from harapan.database.scope import Scope, active_alias, atomic, put_on
from harapan.database.staging import staged
from harapan.payments.last_money import not_arrived_before
from harapan.payments.models import AccountCheck
from harapan.policy.reader import default_policy
from harapan.registry.models import Channel, PaymentAccount

POST = "POS"  # what an entitlement names as payer where money is handed out as cash
BANK_NAME_MIN = 8  # letters: a bank's field cuts a name short, and a shorter beginning would fit too many

# Names that have less in common than policy asks; who bears them is then judged one by one (`_is_one_person`).
_NAMES_APART = """
    SELECT e.family_id, a.holder, m.name_key FROM benefits_entitlement e
    JOIN registry_paymentaccount a ON a.id = e.account_id
    JOIN registry_member m ON m.family_id = e.family_id AND m.manager
    WHERE e.run_id = %(run)s AND e.net_idr > 0 AND a.holder <> '' AND upper(a.holder) <> m.name_key
      AND similarity(upper(a.holder), m.name_key) * 100 < %(similar)s"""
# One finding a family, the first that is true. Accounts and NIK are compared with all that the stage pays, so that a
# supplementary wave is not paid into an account of the main one.
_FIND = """
WITH paid AS MATERIALIZED (
    SELECT e.run_id, e.family_id, e.net_idr, e.account_id, e.payer, m.id AS manager_id, m.nik_ix
    FROM benefits_entitlement e JOIN benefits_run r ON r.id = e.run_id
    LEFT JOIN registry_member m ON m.family_id = e.family_id AND m.manager
    WHERE r.stage_id = %(stage)s AND r.state = 'done' AND e.net_idr > 0
), shared AS (
    SELECT a.number_ix FROM paid p JOIN registry_paymentaccount a ON a.id = p.account_id
    WHERE a.number_ix IS NOT NULL GROUP BY a.number_ix HAVING count(*) > 1
), doubled AS (
    SELECT nik_ix FROM paid WHERE nik_ix IS NOT NULL GROUP BY nik_ix HAVING count(*) > 1
), failed AS (
    SELECT DISTINCT ON (s.family_id) s.family_id, s.word FROM payments_centrestatus s
    WHERE s.stage_id = %(stage)s AND s.word IN ('account_ok', 'account_failed')
    ORDER BY s.family_id, s."on" DESC, s.id DESC
), judged AS (
    SELECT p.family_id, p.net_idr, CASE
        WHEN a.id IS NULL THEN 'no_account'
        WHEN NOT p.payer = ANY(%(payers)s) THEN 'unknown_payer'
        WHEN p.payer <> %(post)s AND a.number IS NULL THEN 'no_number'
        WHEN c.word = 'account_failed' THEN 'centre'
        WHEN d.nik_ix IS NOT NULL THEN 'same_nik'
        WHEN s.number_ix IS NOT NULL THEN 'shared'
        WHEN n.family_id IS NOT NULL OR a.holder <> '' AND p.manager_id IS NULL THEN 'name'
        END AS finding
    FROM paid p
    LEFT JOIN registry_paymentaccount a ON a.id = p.account_id
    LEFT JOIN shared s ON s.number_ix = a.number_ix
    LEFT JOIN doubled d ON d.nik_ix = p.nik_ix
    LEFT JOIN failed c ON c.family_id = p.family_id
    LEFT JOIN names_apart n ON n.family_id = p.family_id
    WHERE p.run_id = %(run)s
)
INSERT INTO payments_accountcheck (run_id, family_id, region_no, group_id, finding, net_idr)
SELECT %(run)s, f.id, f.region_no, f.group_id, j.finding, j.net_idr
FROM judged j JOIN registry_family f ON f.id = j.family_id WHERE j.finding IS NOT NULL
ON CONFLICT (run_id, family_id) DO NOTHING"""

_SUMS = """
    SELECT finding, count(*), sum(net_idr)::bigint FROM payments_accountcheck WHERE run_id = %(run)s
    GROUP BY 1 ORDER BY 3 DESC, 1"""
_ROWS = 10_000  # names at a time


def check(stage: Stage, *, actor: int, on: date, why: str = "") -> RunCheck:
    """Check the accounts of the computed wave and freeze the figures its checker decides on. Puts on the batch scope.

    Raises ImpossibleMove. A constant number of statements.
    """
    with put_on(Scope.batch(actor=actor, why=why)):
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        snapshot = wave_in(stage, Snapshot.State.COMPUTED, to=State.CHECKED)
        snapshot.stage = stage
        run = live_run_of(snapshot)
        findings = find(run, on=on)
        by = User.objects.filter(pk=actor).first()
        told = {"accounts": findings, "not_arrived_before": not_arrived_before(run)}
        made = RunCheck.objects.create(run=run, figures=run_figures.figures(run) | told, by=by, on=on)
        move_wave(snapshot, State.CHECKED, by=by, on=on, why=why)
        log.record("stage.checked", kind="stage", subject=stage.pk, why=why, body={"run": run.pk, "accounts": findings})
    return made


def find(run: Run, *, on: date) -> list[dict[str, Any]]:
    """Write down the findings on the accounts of a run, and give how many families and rupiah each holds back."""
    policy = default_policy()
    values = {
        "run": run.pk, "stage": run.stage_id, "post": POST, "payers": list(known_payers(on)),
        "similar": policy.value("accounts.name_similarity_percent_min", on=on).value,
    }  # fmt: skip
    with atomic(), connections[active_alias()].cursor() as cursor:
        apart = ((family,) for family in _names_apart(cursor, values))
        with staged("names_apart", {"family_id": "bigint"}, list(apart)):
            cursor.execute(_FIND, values)
        cursor.execute(_SUMS, values)
        return [
            {"finding": finding, "label": AccountCheck.Finding(finding).label, "families": families, "idr": idr}
            for finding, families, idr in cursor.fetchall()
        ]


def _names_apart(cursor: CursorWrapper, values: dict[str, Any]) -> Iterable[int]:
    """Families whose account bears the name of somebody else than the pengurus."""
    cursor.execute(_NAMES_APART, values)
    while rows := cursor.fetchmany(_ROWS):
        yield from (family for family, holder, manager in rows if not _is_one_person(holder, manager))


def _is_one_person(holder: str, manager: str) -> bool:
    """Whether both spellings are one name, or the bank's is its beginning: "ST. NORAINI" and "SITI NURAINI"."""
    key = name_key(holder)
    cut_short = len(key) >= BANK_NAME_MIN and manager.startswith(key)
    return cut_short or same_name(holder, manager)


def known_payers(on: date) -> Iterable[str]:
    """The short names of banks and post that pay on that day."""
    policy = default_policy()
    for prefix in ("banks", "payers"):
        yield from (row.value["label"] for row in policy.values(prefix, on=on).values())


def payable_accounts(families: Iterable[int], *, on: date) -> dict[int, str]:
    """Family -> the payer of its account of that day, where money could go there. One query."""
    payers = set(known_payers(on))
    found = PaymentAccount.objects.filter(family_id__in=list(families), spell__contains=on).order_by("family_id", "-pk")
    return {
        account.family_id: POST if account.channel == Channel.POST else account.bank
        for account in found.distinct("family_id")
        if account.channel == Channel.POST or (account.bank in payers and account.number)
    }
