"""Booking a settlement: every line judged against what the list owes and what was answered before, written in sets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.actions import stage_named
from harapan.benefits.models import Mode, Stage, State
from harapan.benefits.verdicts import Answered, Verdict
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import Shape, atomic, current
from harapan.database.staging import staged
from harapan.files.models import StoredFile
from harapan.payments import exceptions, ledger, reasons, receipts
from harapan.payments.enums import ExceptionKind, Outcome, Resolution, Standing
from harapan.payments.models import Posting, SettlementFile
from harapan.payments.rows import Household, SettlementRow
from harapan.payments.rules import Answer, Booked, ClaimNow, Misfit, Repeated, Result, book


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a file: its own row, and the answer to each line."""

    file: SettlementFile
    answers: dict[int, Answered]


_FAMILIES = """
    SELECT f.id, f.region_no, f.group_id, r.state
    FROM settling s JOIN registry_family f ON f.id = s.family_id
    LEFT JOIN benefits_stageregency r ON r.stage_id = %(stage)s AND r.regency_no = f.region_no / 1000000 * 1000000"""
_CLAIMS = """
    SELECT l.family_id, l.wave, l.nominal_idr, h.id IS NOT NULL
    FROM settling s JOIN benefits_listing l ON l.family_id = s.family_id AND l.stage_id = %(stage)s
    LEFT JOIN payments_hold h ON h.family_id = l.family_id AND h.stage_id = l.stage_id AND h.lifted_on IS NULL
    ORDER BY l.family_id, l.wave"""
_TOLD = """
    SELECT a.family_id, a.wave, a.outcome, a."on", a.attempt
    FROM settling s JOIN payments_settlementline a ON a.family_id = s.family_id AND a.stage_id = %(stage)s
    ORDER BY a.id"""
# What was refused as double before, and not booked by a person or withdrawn since: told again it is as double as then.
_REFUSED = """
    SELECT e.family_id, e.attempt, e.outcome, e."on", e.amount_idr
    FROM settling s JOIN payments_paymentexception e ON e.family_id = s.family_id AND e.stage_id = %(stage)s
    WHERE e.kind = %(double)s AND NOT e.resolution = ANY(%(gone)s)"""
# A computed stage: the latest order of each family, and whether its file has gone out.
_ORDERED_FAMILIES = """
    SELECT f.id, f.region_no, f.group_id, %(state)s FROM settling s JOIN registry_family f ON f.id = s.family_id"""
_ORDERS = """
    SELECT DISTINCT ON (o.family_id) o.family_id, o.amount_idr, o.attempt, p.handed_over_at IS NOT NULL, o.payer,
           o.region_no
    FROM settling s JOIN payments_order o ON o.family_id = s.family_id AND o.stage_id = %(stage)s
    JOIN payments_paymentfile p ON p.id = o.file_id
    ORDER BY o.family_id, o.attempt DESC"""
_ORDERED_ELSEWHERE = """
    SELECT DISTINCT o.family_id, o.amount_idr
    FROM settling s JOIN payments_order o ON o.family_id = s.family_id AND o.stage_id <> %(stage)s"""
_ELSEWHERE = """
    SELECT DISTINCT l.family_id, l.nominal_idr
    FROM settling s JOIN benefits_listing l ON l.family_id = s.family_id AND l.stage_id <> %(stage)s"""

BOOKED = {
    "line": "int", "family_id": "bigint", "region_no": "bigint", "group_id": "bigint", "wave": "text",
    "attempt": "smallint", "outcome": "smallint", "amount_idr": "bigint", "on": "date", "bank": "text",
    "reason_code": "text", "note": "text", "ntpn": "text",
}  # fmt: skip
_WRITE = """
    INSERT INTO payments_settlementline (stage_id, file_id, line, family_id, region_no, group_id, wave, attempt,
                                         outcome, amount_idr, "on", bank, reason_code, note, ntpn)
    SELECT %(stage)s, %(file)s, line, family_id, region_no, group_id, wave, attempt, outcome, amount_idr, "on", bank,
           reason_code, note, ntpn
    FROM booked ORDER BY line, wave"""


def receive_settlement(
    stage_name: str, rows: Iterable[SettlementRow], *, digest: str, name: str, file: StoredFile | None = None,
    payer: str = "", region_no: int = 0, by: User | None, on: date,
) -> Settled:  # fmt: skip
    """Book a bank's or the post's answers for a stage. What fits nothing becomes an exception, answered as refused.

    digest: names the contents; the same contents again change nothing. region_no: the region of whoever brings the
    file, under which a line for nobody waits. Raises NoSuchStage, and Refused for contents booked for another stage,
    for a file all of whose lines answer another, and for a computed stage where less than the nation is seen: lines
    out of sight would wait as exceptions that keep the whole stage from being reconciled. A constant number of
    statements for any number of rows.
    """
    given = list(rows)
    with atomic():
        # one file of a stage after the other: two at once could both find a claim unanswered
        stage = Stage.objects.select_for_update().get(pk=stage_named(stage_name).pk)
        before = SettlementFile.objects.filter(digest=digest, withdrawn_on=None).select_related("stage").first()
        if before is not None:
            return Settled(before, _again(before, stage, given))
        _refuse_another_stage(stage, given)
        _refuse_out_of_sight(stage)
        booking = SettlementFile.objects.create(
            stage=stage, file=file, name=name, digest=digest, payer=payer, by=by, on=on
        )
        return Settled(booking, _book_file(booking, given, region_no=region_no, by=by, on=on))


def _refuse_another_stage(stage: Stage, rows: list[SettlementRow]) -> None:
    """Booked here it could never be booked where it belongs: the same contents are taken once."""
    others = {row.other_stage for row in rows}
    if others and "" not in others:
        raise Refused(
            "Semua baris berkas ini menjawab order tahap {others}, bukan {stage}. Muat untuk tahap itu.",
            others=", ".join(sorted(others)),
            stage=stage.name,
        )


def _refuse_out_of_sight(stage: Stage) -> None:
    scope = current()
    if stage.mode == Mode.COMPUTED and (scope is None or scope.shape not in (Shape.NATION, Shape.BATCH)):
        raise Refused(
            "Jawaban penyalur tahap {stage} dimuat oleh yang melihat seluruh wilayahnya, yaitu pusat. Kirim berkasnya "
            "ke sana.",
            stage=stage.name,
        )


def _again(before: SettlementFile, stage: Stage, rows: list[SettlementRow]) -> dict[int, Answered]:
    if before.stage_id != stage.pk:
        raise Refused(
            "Berkas ini sudah dibukukan untuk tahap {stage} pada {on}, jadi tidak dibukukan "
            "lagi untuk {other}. Periksa apakah tahapnya benar.",
            stage=before.stage.name,
            on=format_date(before.on),
            other=stage.name,
        )
    said = Answered(Verdict.UNCHANGED, Phrase("Berkas ini sudah dibukukan pada {on}.", on=format_date(before.on)))
    return {row.line: said for row in rows}


def _book_file(
    booking: SettlementFile, rows: list[SettlementRow], *, region_no: int, by: User | None, on: date
) -> dict[int, Answered]:
    homes, listed_elsewhere = households(booking.stage, {row.family_id for row in rows if row.family_id})
    results = judge(rows, homes, listed_elsewhere, on=on)
    of_line = {row.line: row for row in rows}
    booked = [result for result in results if isinstance(result, Booked)]
    misfits = [result for result in results if isinstance(result, Misfit)]
    write_lines(booking, ((of_line[result.line], result) for result in booked), homes, on=on)
    moved = (homes[_family(of_line, one)].answered(one, told_by=booking.payer) for one in booked)
    ledger.post(booking.stage, Posting.Kind.SETTLEMENT, moved, by=by, on=on, file=booking)
    fallback = region_no or _usual_regency(homes)
    exceptions.open_many(booking, ((of_line[one.line], one) for one in misfits), homes, fallback=fallback, on=on)
    receipts.open_differences(booking.stage, homes, on=on)
    answers = {result.line: _said(result, booking.stage) for result in results}
    booking.rows, booking.exceptions = len(rows), len(misfits)
    booking.booked = sum(1 for answer in answers.values() if answer.verdict is Verdict.ACCEPTED)
    booking.unchanged = len(rows) - booking.booked - booking.exceptions
    booking.save(update_fields=["rows", "booked", "unchanged", "exceptions"])
    log.record(
        "settlement.booked", kind="stage", subject=booking.stage_id,
        body={"file": booking.pk, "rows": booking.rows, "booked": booking.booked, "exceptions": booking.exceptions},
    )  # fmt: skip
    return answers


def households(stage: Stage, families: Iterable[int]) -> tuple[dict[int, Household], dict[int, set[int]]]:
    """The families of these that are in scope, with their claims as they stand; and what other stages owe them."""
    computed = stage.mode == Mode.COMPUTED
    values = {
        "stage": stage.pk, "state": str(stage.state), "double": str(ExceptionKind.DOUBLE),
        "gone": [str(Resolution.MATCHED), str(Resolution.WITHDRAWN)],
    }  # fmt: skip
    awaiting = State.INSTRUCTED if computed else State.OPEN
    with staged("settling", {"family_id": "bigint"}, ((family,) for family in sorted(families))) as cursor:
        homes = {
            family: Household(region, group, state is not None and state != awaiting)
            for family, region, group, state in _all(cursor, _ORDERED_FAMILIES if computed else _FAMILIES, values)
        }
        (_ordered_claims if computed else _listed_claims)(cursor, homes, values)
        for family, wave, outcome, day, attempt in _all(cursor, _TOLD, values):
            _tell(homes[family], wave, Outcome(outcome), day, attempt)
        for family, attempt, outcome, day, idr in _all(cursor, _REFUSED, values):
            for claim in homes[family].claims.values():
                if not claim.ordered or attempt in (0, claim.attempt):
                    claim.refused.add((Outcome(outcome), day, idr))
        elsewhere: dict[int, set[int]] = defaultdict(set)
        for family, idr in _all(cursor, _ORDERED_ELSEWHERE if computed else _ELSEWHERE, values):
            elsewhere[family].add(idr)
    return homes, elsewhere


def _listed_claims(cursor: CursorWrapper, homes: dict[int, Household], values: dict[str, Any]) -> None:
    for family, wave, idr, held in _all(cursor, _CLAIMS, values):
        standing = Standing.HELD if held else Standing.UNANSWERED
        homes[family].claims[wave] = ClaimNow(wave, idr, standing)


def _ordered_claims(cursor: CursorWrapper, homes: dict[int, Household], values: dict[str, Any]) -> None:
    for family, idr, attempt, sent, payer, region in _all(cursor, _ORDERS, values):
        home = homes[family]
        home.claims[""] = ClaimNow("", idr, attempt=attempt, ordered=True)
        home.sent, home.payer, home.ordered_in = sent, payer, region


def _all(cursor: CursorWrapper, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    cursor.execute(sql, values)
    return cursor.fetchall()


def _tell(home: Household, wave: str, outcome: Outcome, day: date, attempt: int) -> None:
    claim = home.claims.get(wave)
    if claim is None:
        return
    if claim.ordered and attempt != claim.attempt:
        home.earlier.add((attempt, outcome, day))
        return
    claim.standing, claim.on, claim.attempt = Standing(int(outcome)), day, attempt
    claim.told.add((outcome, day))


def judge(
    rows: list[SettlementRow],
    homes: dict[int, Household],
    elsewhere: dict[int, set[int]],
    *,
    on: date,
    overrule: bool = False,
) -> list[Result]:
    """Every line judged, family by family, in the order of the file within each; claims move in `homes`."""
    of_family: dict[int, list[Answer]] = {}
    results: list[Result] = []
    for row in rows:
        family = row.family_id or 0
        home = homes.get(family)
        if home is None:
            results.append(Misfit(row.line, ExceptionKind.NO_FAMILY))
        elif row.other_stage:
            results.append(Misfit(row.line, ExceptionKind.WRONG_STAGE))
        elif not home.claims:
            there = row.amount_idr in elsewhere.get(family, ())
            results.append(Misfit(row.line, ExceptionKind.WRONG_STAGE if there else ExceptionKind.NOT_LISTED))
        elif not home.sent:
            results.append(Misfit(row.line, ExceptionKind.NOT_SENT))
        elif row.attempt and row.attempt not in {claim.attempt for claim in home.claims.values() if claim.ordered}:
            known = (row.attempt, row.outcome_now, row.on or on) in home.earlier
            results.append(Repeated(row.line) if known else Misfit(row.line, ExceptionKind.CONTRADICTS))
        else:
            answer = Answer(row.line, row.outcome_now, row.amount_idr, row.on or on, receipt=bool(row.ntpn))
            of_family.setdefault(family, []).append(answer)
    for family, answers in of_family.items():
        home = homes[family]
        results.extend(book(list(home.claims.values()), answers, settled=home.settled, overrule=overrule))
    return results


def write_lines(
    booking: SettlementFile, lines: Iterable[tuple[SettlementRow, Booked]], homes: dict[int, Household], *, on: date
) -> None:
    """Write booked answers in one statement."""
    written = (_written(row, one, homes[row.family_id or 0], on) for row, one in lines)
    with staged("booked", BOOKED, written) as cursor:
        cursor.execute(_WRITE, {"stage": booking.stage_id, "file": booking.pk})


def _written(row: SettlementRow, one: Booked, home: Household, on: date) -> tuple[Any, ...]:
    return (
        one.line, row.family_id, home.region_no, home.group_no, one.wave, one.attempt, int(one.outcome), one.amount_idr,
        row.on or on, row.bank[:40], reasons.code_of(row.reason), row.note[:200], row.ntpn,
    )  # fmt: skip


def _family(of_line: dict[int, SettlementRow], one: Booked) -> int:
    return of_line[one.line].family_id or 0  # a booked line has one


def _usual_regency(homes: dict[int, Household]) -> int:
    """The regency most of the file is about: there a line for nobody waits, if whoever brought it sees the nation."""
    counted = Counter(home.region_no // 10**6 * 10**6 for home in homes.values())
    return counted.most_common(1)[0][0] if counted else 0


def _said(result: Result, stage: Stage) -> Answered:
    if isinstance(result, Misfit):
        return Answered(Verdict.REFUSED, exceptions.sentence(result, stage.name))
    if isinstance(result, Repeated):
        return Answered(Verdict.UNCHANGED, Phrase("Jawaban ini sudah dibukukan."))
    return Answered(Verdict.ACCEPTED)
