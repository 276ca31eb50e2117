"""Keeping money back, and the centre's statuses, of which "exclude" does so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.backends.utils import CursorWrapper

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.actions import ensure_planned
from harapan.benefits.models import Mode, Stage, State
from harapan.benefits.verdicts import Answered, Verdict
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.database.staging import staged
from harapan.exchange.status.codec import CentreStatus as Word
from harapan.files.models import StoredFile
from harapan.payments import ledger, reasons
from harapan.payments.enums import Standing
from harapan.payments.models import Posting
from harapan.policy.reasons import demand_reason


class StatusRow(NamedTuple):
    """One line of the centre's statuses whose family is known."""

    line: int
    family_id: int
    word: Word
    reason: str = ""
    on: date | None = None


STATUSES = {
    "line": "int", "family_id": "bigint", "word": "text", "reason": "text", "reason_code": "text", "on": "date",
}  # fmt: skip
# "changed" is a family whose latest word was another
_JUDGE = """
    SELECT i.line, CASE WHEN f.id IS NULL THEN 'outside' WHEN s.id IS NOT NULL THEN 'same'
                        WHEN latest.word IS NOT NULL AND latest.word <> i.word THEN 'changed' ELSE 'new' END
    FROM told_status i
    LEFT JOIN registry_family f ON f.id = i.family_id
    LEFT JOIN payments_centrestatus s
        ON s.stage_id = %(stage)s AND s.family_id = i.family_id AND s.word = i.word AND s."on" = i."on"
    LEFT JOIN LATERAL (SELECT c.word FROM payments_centrestatus c WHERE c.stage_id = %(stage)s
                       AND c.family_id = i.family_id ORDER BY c."on" DESC, c.id DESC LIMIT 1) latest ON true
    ORDER BY i.line"""
_WRITE = """
    INSERT INTO payments_centrestatus (stage_id, family_id, region_no, group_id, word, reason, reason_code, "on",
                                       file_id, line, by_id, at)
    SELECT %(stage)s, f.id, f.region_no, f.group_id, i.word, i.reason, i.reason_code, i."on", %(file)s, i.line, %(by)s,
           clock_timestamp()
    FROM told_status i JOIN registry_family f ON f.id = i.family_id
    ON CONFLICT (stage_id, family_id, word, "on") DO NOTHING"""
# what must flow up is written down by the one above: differences read exclusion as a fact of the registry
_FACTS = """
    INSERT INTO registry_outsidefact (family_id, region_no, group_id, kind, value, as_of, source, received_at)
    SELECT DISTINCT ON (f.id) f.id, f.region_no, f.group_id, 'exclude',
           CASE WHEN i.word = 'account_failed' THEN 'account_failed'
                ELSE coalesce(nullif(i.reason_code, ''), 'other') END,
           i."on", 'list', clock_timestamp()
    FROM told_status i JOIN registry_family f ON f.id = i.family_id
    WHERE i.word IN ('excluded', 'account_failed')
      AND NOT EXISTS (SELECT 1 FROM registry_outsidefact t WHERE t.family_id = f.id AND t.kind = 'exclude'
                      AND t.as_of = i."on")
    ORDER BY f.id, i.line DESC"""
_WANTED = """
    CREATE TEMPORARY TABLE wanted_hold ON COMMIT DROP AS
    SELECT DISTINCT ON (i.family_id) i.family_id,
           'Dikecualikan pusat: ' || coalesce(nullif(i.reason, ''), 'tanpa alasan') AS why
    FROM told_status i WHERE i.word = 'excluded' ORDER BY i.family_id, i.line DESC"""


def receive_statuses(
    stage_name: str, rows: Iterable[StatusRow], *, file: StoredFile | None, by: User | None, on: date
) -> dict[int, Answered]:
    """Keep the centre's words for a stage. "Exclude" also holds the family's money until it is lifted or answered.

    Families outside the caller's scope are refused alone; a word told before on the same day is unchanged. A constant
    number of statements.
    """
    with atomic():
        stage = _locked(ensure_planned(stage_name, by=by, on=on))
        values = {"stage": stage.pk, "file": file.pk if file else None, "by": by.pk if by else None}
        told = (_told(row, on) for row in rows)
        with staged("told_status", STATUSES, told) as cursor:
            cursor.execute(_JUDGE, values)
            answers = {line: _ANSWERS[word] for line, word in cursor.fetchall()}
            cursor.execute(_WRITE, values)
            cursor.execute(_FACTS)
            cursor.execute(_WANTED)
            _hold_wanted(cursor, stage, by_centre=True, by=by, on=on)
        log.record("statuses.received", kind="stage", subject=stage.pk, body={"rows": len(answers)})
    return answers


def _told(row: StatusRow, on: date) -> tuple[Any, ...]:
    code = reasons.exclude_code(row.reason, on)
    return (row.line, row.family_id, str(row.word), row.reason[:200], code, row.on or on)


_ANSWERS = {
    "new": Answered(Verdict.ACCEPTED),
    "changed": Answered(Verdict.CHANGED),
    "same": Answered(Verdict.UNCHANGED),
    "outside": Answered(
        Verdict.REFUSED, Phrase("Keluarga pada baris ini tidak ada di wilayah kerja Anda. Periksa IDDTKS atau NIK-nya.")
    ),
}

# only money without an answer can be held, and only of families on the list; one hold a family and stage
_MONEY_OF_WANTED = """
    SELECT c.region_no, sum(c.nominal_idr)::bigint FROM payments_claim c JOIN wanted_hold w ON w.family_id = c.family_id
    WHERE c.stage_id = %(stage)s AND c.standing = 0 GROUP BY c.region_no"""
_HOLD = """
    INSERT INTO payments_hold (stage_id, family_id, region_no, group_id, since, why, cause, amount_idr, by_centre,
                               by_id, lifted_because)
    SELECT %(stage)s, f.id, f.region_no, f.group_id, %(on)s, w.why,
           CASE WHEN %(by_centre)s THEN 'centre' ELSE 'decision' END, 0, %(by_centre)s, %(by)s, ''
    FROM wanted_hold w JOIN registry_family f ON f.id = w.family_id
    WHERE EXISTS (SELECT 1 FROM benefits_listing l WHERE l.stage_id = %(stage)s AND l.family_id = w.family_id)
    ON CONFLICT (stage_id, family_id) WHERE lifted_on IS NULL DO NOTHING"""
# In computed mode whoever has no order yet; what was let go before is held again with its amount, and posted.
_HOLD_UNORDERED = """
    INSERT INTO payments_hold (stage_id, family_id, region_no, group_id, since, why, cause, amount_idr, by_centre,
                               by_id, lifted_because)
    SELECT %(stage)s, f.id, f.region_no, f.group_id, %(on)s, w.why,
           CASE WHEN %(by_centre)s THEN 'centre' ELSE 'decision' END, coalesce(b.amount_idr, 0), %(by_centre)s,
           %(by)s, ''
    FROM wanted_hold w JOIN registry_family f ON f.id = w.family_id
    LEFT JOIN LATERAL (SELECT h.amount_idr FROM payments_hold h WHERE h.stage_id = %(stage)s
                       AND h.family_id = w.family_id ORDER BY h.id DESC LIMIT 1) b ON true
    WHERE NOT EXISTS (SELECT 1 FROM payments_order o WHERE o.stage_id = %(stage)s AND o.family_id = w.family_id)
    ON CONFLICT (stage_id, family_id) WHERE lifted_on IS NULL DO NOTHING
    RETURNING region_no, amount_idr"""


def _hold_wanted(cursor: CursorWrapper, stage: Stage, *, by_centre: bool, by: User | None, on: date) -> int:
    """Hold the families of the table wanted_hold (family_id, why), post the money and drop the table."""
    values: dict[str, Any] = {"stage": stage.pk, "on": on, "by_centre": by_centre, "by": by.pk if by else None}
    held, money = (_hold_unordered if stage.mode == Mode.COMPUTED else _hold_listed)(cursor, values)
    cursor.execute("DROP TABLE wanted_hold")
    moved = [ledger.Answered(region, Standing.UNANSWERED, Standing.HELD, idr) for region, idr in money]
    ledger.post(stage, Posting.Kind.HOLD, moved, by=by, on=on)
    return held


def _hold_listed(cursor: CursorWrapper, values: dict[str, Any]) -> tuple[int, list[tuple[int, int]]]:
    """How many were held, and the region and rupiah of the money that is."""
    cursor.execute(_MONEY_OF_WANTED, values)
    money = cursor.fetchall()
    cursor.execute(_HOLD, values)
    return cursor.rowcount, money


def _hold_unordered(cursor: CursorWrapper, values: dict[str, Any]) -> tuple[int, list[tuple[int, int]]]:
    """The same where there is no list. Before orders are drawn nobody's amount is known, and no money moves yet."""
    cursor.execute(_HOLD_UNORDERED, values)
    held = cursor.fetchall()
    return len(held), held


def _locked(stage: Stage) -> Stage:
    """The stage, locked: what is held or let go here is neither drawn nor answered elsewhere at the same moment, so
    that no rupiah is both held and on its way, and the ledger moves what really moved."""
    return Stage.objects.select_for_update().get(pk=stage.pk)


def hold(stage: Stage, families: Iterable[int], *, why: str, by: User, on: date) -> int:
    """Keep back the unanswered money of these families, with a reason; give how many were not held already."""
    demand_reason(why, Phrase("Tulis alasan penahanan; auditor akan membacanya."), on=on)
    with atomic():
        return _held(_locked(stage), families, why=why.strip(), by=by, on=on)


def _held(stage: Stage, families: Iterable[int], *, why: str, by: User, on: date) -> int:
    with staged("to_hold", {"family_id": "bigint"}, ((family,) for family in set(families))) as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE wanted_hold ON COMMIT DROP AS SELECT family_id, %s::text AS why FROM to_hold",
            [why[:300]],
        )
        held = _hold_wanted(cursor, stage, by_centre=False, by=by, on=on)
        log.record("money.held", kind="stage", subject=stage.pk, why=why, body={"families": held})
    return held


_LIFT = """
    UPDATE payments_hold h SET lifted_on = %(on)s, lifted_by_id = %(by)s, lifted_because = %(why)s
    FROM to_lift t WHERE h.family_id = t.family_id AND h.stage_id = %(stage)s AND h.lifted_on IS NULL"""
_RECONCILED = """
    SELECT EXISTS (
        SELECT 1 FROM to_lift t JOIN registry_family f ON f.id = t.family_id
        JOIN benefits_stageregency r ON r.stage_id = %(stage)s AND r.regency_no = f.region_no / 1000000 * 1000000
        WHERE r.state <> 'open')"""
_MONEY_LIFTED = """
    SELECT c.region_no, sum(c.nominal_idr)::bigint FROM payments_claim c JOIN to_lift t ON t.family_id = c.family_id
    WHERE c.stage_id = %(stage)s AND c.standing = 8 GROUP BY c.region_no"""


def release(stage: Stage, families: Iterable[int], *, why: str, by: User, on: date) -> int:
    """Lift holds, with a reason; the money is unanswered again. Gives how many holds were lifted.

    Raises Refused where a regency is reconciled: the money would be in none of its sums.
    """
    demand_reason(why, Phrase("Tulis alasan pelepasan; auditor akan membacanya."), on=on)
    with atomic():
        return _let_go(_locked(stage), families, why=why.strip(), by=by, on=on)


def _let_go(stage: Stage, families: Iterable[int], *, why: str, by: User, on: date) -> int:
    values: dict[str, Any] = {"stage": stage.pk, "on": on, "by": by.pk, "why": why[:300]}
    with staged("to_lift", {"family_id": "bigint"}, ((family,) for family in set(families))) as cursor:
        _refuse_deferred(cursor, values)
        if _settled(cursor, stage, values):
            raise Refused(
                "Tahap {stage} sudah direkonsiliasi dengan uang ini sebagai yang ditahan. Buka kembali "
                "rekonsiliasinya dengan alasan, baru lepaskan.",
                stage=stage.name,
            )
        cursor.execute(_MONEY_LIFTED, values)
        moved = [ledger.Answered(region, Standing.HELD, Standing.UNANSWERED, idr) for region, idr in cursor.fetchall()]
        cursor.execute(_LIFT, values)
        lifted: int = cursor.rowcount
        ledger.post(stage, Posting.Kind.RELEASE, moved, by=by, on=on)
        log.record("money.released", kind="stage", subject=stage.pk, why=why, body={"families": lifted})
    return lifted


def _settled(cursor: CursorWrapper, stage: Stage, values: dict[str, Any]) -> bool:
    """Whether the sums of these families' money stand already: their regencies', or a computed stage's as a whole."""
    if stage.mode == Mode.COMPUTED:
        return stage.state in (State.RECONCILED, State.CLOSED, State.FINAL)
    cursor.execute(_RECONCILED, values)
    return bool(cursor.fetchone()[0])


def _refuse_deferred(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    """What the ladder of sanctions defers is let go by lifting the deferral, which pays it with a later stage."""
    cursor.execute(
        "SELECT count(*) FROM to_lift t JOIN payments_hold h ON h.family_id = t.family_id"
        " WHERE h.stage_id = %(stage)s AND h.lifted_on IS NULL AND h.cause = 'sanction'",
        values,
    )
    deferred = cursor.fetchone()[0]
    if deferred:
        raise Refused(
            "{deferred} keluarga ditahan menurut tangga sanksi. Cabut penangguhannya di halaman sanksi; uangnya "
            "dibayar bersama tahap berikutnya.",
            deferred=deferred,
        )
