"""Money of the demonstration on its way to the hand: answers of banks and post, cards, reconciliation, minutes."""

from __future__ import annotations

import calendar
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from harapan.accounts.models import User
from harapan.benefits.actions import stage_named
from harapan.demo.answers import Answer, answers
from harapan.demo.clock import FIRST, SECOND
from harapan.demo.lists import MinistryList
from harapan.demo.logins import SHOWN_REGENCY
from harapan.demo.office import Office
from harapan.exchange.settlement import codec
from harapan.files import storage
from harapan.payments.actions import record_card_step, set_aside
from harapan.payments.closing import reconcile
from harapan.payments.minutes import Signatory, draw_up, record_signing
from harapan.payments.models import CardStep, PaymentException
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import receive_settlement
from harapan.regions.naming import display_name
from harapan.registry.models import Family

RECONCILED_ON = date(2025, 6, 24)
CARDS_ON = date(2025, 5, 12)
NOBODY = ("630599999999999", "RUSDIANA SALAMAH")  # a reference and a name that no list has
UNSIGNED = 2  # regencies whose bank has not signed the minutes yet
HANDED_OVER_SHARE = 25  # one family in so many got its card this year
CARD_REASONS = ("not_found", "migrant_worker", "refused", "died_with_heir", "moved")


def receive_answers(office: Office, listed: MinistryList) -> None:
    """One file per payer and month, oldest first, brought in by whoever pays."""
    files: dict[tuple[date, str], list[Answer]] = defaultdict(list)
    for answer in answers(office.world, listed):
        files[_month_end(answer.on), answer.bank].append(answer)
    for (received_on, payer), told in sorted(files.items()):
        _bring_in(office, listed.stage, payer, received_on, told)


def _bring_in(office: Office, stage: str, payer: str, on: date, told: Sequence[Answer]) -> None:
    rows = [_row(office, line, answer) for line, answer in enumerate(told, start=2)]
    contents = codec.render((as_line(row) for row in rows), form="csv")
    name = f"{payer}_{stage}_{on:%Y-%m}.csv"
    with office.acting("commitment_officer", 0) as (officer, _):
        kept = storage.store(name, kind="import", contents=contents, owner=officer.pk)
        receive_settlement(
            stage, rows, digest=hashlib.sha256(contents).hexdigest(), name=name, file=kept, payer=payer,
            region_no=SHOWN_REGENCY, by=officer, on=min(on, max(answer.on for answer in told)),
        )  # fmt: skip


def _row(office: Office, line: int, answer: Answer) -> SettlementRow:
    world, row = office.world, answer.row
    reference, name = NOBODY
    if row is not None:
        reference, name = world.families.iddtks[row], world.members.name[world.families.pengurus[row]].upper()
    return SettlementRow(
        line=line,
        family_id=None if row is None else office.written.families[row],
        outcome=answer.outcome,
        amount_idr=answer.amount_idr,
        on=answer.on,
        bank=answer.bank,
        reason=answer.reason,
        note=answer.note,
        reference=reference,
        name=name,
    )


def as_line(row: SettlementRow) -> dict[str, object]:
    """The row as the layout `settlement` writes it."""
    return {
        "reference": row.reference,
        "name": row.name,
        "amount_idr": row.amount_idr,
        "settled_on": row.on,
        "outcome": row.outcome,
        "reason": row.reason,
        "reason_text": row.note,
        "bank": row.bank,
    }


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def set_one_aside(office: Office) -> None:
    """One line for nobody is closed already, by who is answerable there; the others wait."""
    exception = PaymentException.objects.open().filter(stage__name=SECOND, family=None).order_by("pk").last()
    if exception is not None:
        with office.acting("regency_coordinator", SHOWN_REGENCY) as (by, _):
            set_aside(exception, why="Bank menarik kembali baris ini dengan surat tertanggal 3 Juni 2025.", by=by)


def reconcile_first(office: Office) -> None:
    """Every regency reconciles 2025-1 and draws up its minutes; the last ones still wait for the bank to sign."""
    stage = stage_named(FIRST)
    for place, regency in enumerate(office.regencies):
        with office.acting("regency_coordinator", regency) as (by, _):
            reconcile(stage, region=regency, by=by, on=RECONCILED_ON, why="Semua jawaban penyalur sudah cocok.")
        _draw_up(office, regency, place)


def _draw_up(office: Office, regency: int, place: int) -> None:
    name = display_name(regency, office.world.region_names[regency])
    with office.acting("regency_office", regency) as (by, _):
        minutes = draw_up(
            stage_named(FIRST), regency=regency, number=f"460/{place + 41}/BA-PKH/2025", on=RECONCILED_ON,
            city=office.world.region_names[regency], by=by,
            office=Signatory(f"Dinas Sosial {name}", by.name, "Kepala Bidang Jaminan Sosial", by.staff_number),
            bank=Signatory(f"BRI Cabang {name}", _manager_of(office, regency), "Pemimpin Cabang"),
        )  # fmt: skip
        signed = RECONCILED_ON + timedelta(days=1)
        waiting = place >= len(office.regencies) - UNSIGNED
        record_signing(minutes, office_signed_on=signed, bank_signed_on=None if waiting else signed, by=by)


def _manager_of(office: Office, regency: int) -> str:
    """An invented name for the bank: that of a family's head elsewhere in the province."""
    heads = office.world.families.members_from
    return office.world.members.name[heads[regency // 10**6 * 7 % len(heads)]]


def record_cards(office: Office) -> None:
    """Accounts ordered, cards at the branch, handed over against minutes, or not and why."""
    world, step = office.world, CardStep.Step
    planted = {code: office.by_regency(iter(world.planted[code])) for code in _CARDS}
    waiting_still = {row for code in _CARDS for row in world.planted[code]}
    candidates = range(0, len(world.families), HANDED_OVER_SHARE)
    handed = office.by_regency(row for row in candidates if world.channels.card[row] and row not in waiting_still)
    for regency in office.regencies:
        ordered, at_branch, kept_back = (planted[code][regency] for code in _CARDS)
        arrived = at_branch + kept_back + handed[regency]
        with office.acting("data_officer", regency) as (by, _):
            _record(office, ordered + arrived, step.ORDERED, by, days=0)
            _record(office, arrived, step.AT_BRANCH, by, days=20)
            _record(office, handed[regency], step.HANDED_OVER, by, days=34)
            for place, row in enumerate(kept_back):
                reason = CARD_REASONS[(place + regency // 10**6) % len(CARD_REASONS)]
                _record(office, [row], step.NOT_HANDED_OVER, by, days=34, reason=reason)


_CARDS = ("card_ordered", "card_at_branch", "card_not_handed_over")


def _record(office: Office, rows: Iterable[int], step: CardStep.Step, by: User, *, days: int, reason: str = "") -> None:
    families = list(Family.objects.filter(pk__in=[office.written.families[row] for row in rows]))
    if not families:
        return
    on = CARDS_ON + timedelta(days=days)
    handed = step == CardStep.Step.HANDED_OVER
    regency = families[0].region_id // 10**6
    record_card_step(
        families, step=step, by=by, on=on, bank="BRI", reason_code=reason,
        minutes_no=f"BA-KKS/{regency}/{on:%m}/2025" if handed else "", minutes_on=on if handed else None,
    )  # fmt: skip
