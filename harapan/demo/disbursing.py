"""The money of 2024-3, from the first order to the last rupiah accounted for.

Some orders fail and half of them are paid by a second attempt, an account is looked at again and let go, families whose
school was learnt of late are paid by a supplementary wave, what nobody draws goes back to the treasury with its NTPN.
Each step looks at what stands, so that a killed load is taken up where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.benefits.models import Stage, State
from harapan.demo import deciding
from harapan.demo.banks import Banks
from harapan.demo.clock import FINAL, SCHOOL_YEAR_BEFORE, SCHOOL_YEAR_BEGAN
from harapan.demo.ministry import MAKER, SIGNER, TREASURER, Ministry
from harapan.payments import closing, files, handing, holding, ordering, retrying, treasury
from harapan.payments.actions import match_exception, set_aside
from harapan.payments.enums import Standing
from harapan.payments.models import (
    Claim,
    Hold,
    Instruction,
    PaymentException,
    PaymentFile,
    RetryRequest,
    TreasuryDocument,
)
from harapan.registry.models import ComponentSpell

PAPERS = {
    TreasuryDocument.Kind.SPP: (MAKER, 0),
    TreasuryDocument.Kind.SPM: (SIGNER, 2),
    TreasuryDocument.Kind.SP2D: (TREASURER, 3),
}
HANDED_AFTER_DAYS = 6
SUSULAN = 1
DECREES = {0: "112/SK/HK.02/5/2024", SUSULAN: "138/SK/HK.02/6/2024"}


@dataclass(frozen=True, slots=True)
class Days:
    """When what happened to 2024-3."""

    planned: date = date(2024, 4, 16)
    frozen: date = date(2024, 5, 8)
    drawn: date = date(2024, 5, 14)
    asked_again: date = date(2024, 6, 4)
    late: date = date(2024, 6, 19)  # what came after the freeze is frozen for the supplementary wave
    late_drawn: date = date(2024, 6, 25)
    answered: date = date(2024, 10, 14)  # the last treasury day of the last order is over
    reconciled: date = date(2024, 10, 16)
    closed: date = date(2024, 10, 18)
    paid_back: date = date(2024, 10, 23)
    finished: date = date(2024, 10, 25)


DAYS = Days()


def decide(ministry: Ministry) -> None:
    """The main wave of 2024-3, up to its decree."""
    deciding.open_for_computing(ministry, FINAL, on=DAYS.planned)
    deciding.bring_to_checked(ministry, FINAL, on=DAYS.frozen)
    deciding.approve(ministry, FINAL, decree_no=DECREES[0], frozen_on=DAYS.frozen)


def pay(ministry: Ministry) -> None:
    """Orders, papers, files and answers of all that 2024-3 owes, until every order has its end."""
    if _past(ministry, State.INSTRUCTED):
        return
    main = _drawn(ministry, 1, on=DAYS.drawn)
    banks = [_sent(ministry, main, on=DAYS.drawn)]
    banks[0].answer_with_two_that_fit_nothing()
    _close_exceptions(ministry)
    _ask_again(ministry, on=DAYS.asked_again)
    banks.append(_sent(ministry, _drawn(ministry, 2, on=DAYS.asked_again), on=DAYS.asked_again))
    banks[1].answer()
    _record_late(ministry)
    deciding.bring_to_checked(ministry, FINAL, wave=SUSULAN, on=DAYS.late)
    deciding.approve(ministry, FINAL, decree_no=DECREES[SUSULAN], wave=SUSULAN, frozen_on=DAYS.late)
    _let_one_go(ministry, on=DAYS.late)
    banks.append(_sent(ministry, _drawn(ministry, 3, on=DAYS.late_drawn), on=DAYS.late_drawn))
    banks[2].answer()
    for each in banks:
        each.answer_the_rest(until=DAYS.answered)


def close(ministry: Ministry) -> None:
    """Reconciled, closed, what failed paid back by every payer and regency, and final."""
    with ministry.acting(MAKER) as officer:
        if _stage().state == State.INSTRUCTED:
            closing.reconcile(_stage(), by=officer, on=DAYS.reconciled, why="Semua jawaban penyalur sudah cocok.")
        if _stage().state == State.RECONCILED:
            closing.close(_stage(), by=officer, on=DAYS.closed)
    with ministry.acting(TREASURER):
        _pay_back(ministry)
    with ministry.acting(MAKER) as officer:
        if _stage().state == State.CLOSED:
            closing.finish(_stage(), by=officer, on=DAYS.finished)


def _past(ministry: Ministry, state: State) -> bool:
    with ministry.acting(MAKER):
        order = list(State)
        return order.index(State(_stage().state)) > order.index(state)


def _stage() -> Stage:
    return deciding.found(FINAL)


def _drawn(ministry: Ministry, number: int, *, on: date) -> Instruction:
    """The instruction by number: 1 the main wave, 2 second attempts, 3 the supplementary wave and what was let go."""
    with ministry.acting(MAKER):
        stage = _stage()
        known = Instruction.objects.select_related("stage").filter(stage=stage, number=number).first()
    draw = ordering.draw_retries if number == 2 else ordering.draw
    return known or draw(stage, actor=ministry.maker, on=on)


def _sent(ministry: Ministry, instruction: Instruction, *, on: date) -> Banks:
    """Files written, papers issued by three people, every file handed to its bank."""
    files.write_files(instruction, actor=ministry.maker, on=on)
    for kind, (role, days) in PAPERS.items():
        with ministry.acting(role) as officer:
            if not instruction.documents.filter(kind=kind).exists():
                day = on + timedelta(days=days)
                number = f"{instruction.number:05d}/{kind.label}/PKH/2024"
                treasury.issue(instruction, kind, number=number, on=day, by=officer, today=day)
    handed_on = on + timedelta(days=HANDED_AFTER_DAYS)
    with ministry.acting(TREASURER) as officer:
        for file in PaymentFile.objects.filter(instruction=instruction, handed_over_at=None):
            handing.hand_over(file, to=f"Bagian penyaluran {file.payer}", by=officer, on=handed_on)
    return Banks.with_files_of(ministry, instruction, on=handed_on)


def _close_exceptions(ministry: Ministry) -> None:
    """The answer without a reference is the bank's only one that is missing; the other is nobody's."""
    with ministry.acting(MAKER) as officer:
        for exception in PaymentException.objects.open().filter(stage=_stage()).order_by("line"):
            missing = Claim.objects.filter(
                stage=_stage(), standing=Standing.UNANSWERED, bank=exception.bank, nominal_idr=exception.amount_idr
            )
            claim = next((each for each in missing if exception.name == each.family.name), None)
            if claim is None:
                set_aside(exception, why="Bank menarik kembali baris ini; bukan penerima PKH.", by=officer)
            else:
                why = "Rujukan hilang di bank; nama, bank, dan jumlahnya milik keluarga ini."
                match_exception(exception, family=claim.family, why=why, by=officer, on=exception.on)


def _ask_again(ministry: Ministry, *, on: date) -> None:
    with ministry.acting(MAKER) as officer:
        if RetryRequest.objects.filter(stage=_stage()).exists():
            return
        failed = Claim.objects.filter(stage=_stage(), standing=Standing.FAILED).order_by("family_id")
        chosen = list(failed.values_list("family_id", flat=True))[::2]
        retrying.ask(_stage(), chosen, why="Rekening sudah diaktifkan kembali oleh bank.", by=officer, on=on)


def _record_late(ministry: Ministry) -> None:
    """The school year before, of pupils of whom nobody had told in time."""
    with ministry.acting(MAKER):
        families = ministry.planted("recorded_late")
        spells = ComponentSpell.objects.filter(family__in=families)
        if spells.filter(spell__startswith=SCHOOL_YEAR_BEFORE).exists():
            return
        for spell in spells.filter(spell__startswith=SCHOOL_YEAR_BEGAN):
            spell.pk, spell.spell = None, DateRange(SCHOOL_YEAR_BEFORE, SCHOOL_YEAR_BEGAN)
            spell.grade = str(int(spell.grade) - 1)
            spell.save(force_insert=True)


def _let_one_go(ministry: Ministry, *, on: date) -> None:
    with ministry.acting(MAKER) as officer:
        held = Hold.objects.filter(stage=_stage(), family__in=ministry.planted("account_name")[:1], lifted_on=None)
        if families := list(held.values_list("family_id", flat=True)):
            why = "Rekening atas nama suami pengurus; kartu keluarga sudah dilihat."
            holding.release(_stage(), families, why=why, by=officer, on=on)


def _pay_back(ministry: Ministry) -> None:
    stage = _stage()
    if stage.state != State.CLOSED:
        return
    officer = ministry.posts[TREASURER].user
    claims = Claim.objects.filter(stage=stage, standing__in=retrying.AGAIN).values_list("bank", "region_no")
    for payer, regency in sorted({(payer, region // 10**6 * 10**6) for payer, region in claims}):
        if any(treasury.owed_back(stage, payer=payer, region=regency)):
            ntpn = blake2b(f"{FINAL} {payer} {regency}".encode(), digest_size=8).hexdigest().upper()
            treasury.pay_back(
                stage, payer=payer, region=regency, ntpn=ntpn, on=DAYS.paid_back, by=officer, today=DAYS.paid_back
            )
