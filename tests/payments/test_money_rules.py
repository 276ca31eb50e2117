"""docs/money.md as a table: what an answer does to money that stands somewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.payments.enums import SUM_OF, ExceptionKind, Outcome, Standing
from harapan.payments.rules import Answer, Booked, ClaimNow, Misfit, Repeated, book

DAY = date(2025, 6, 2)
LATER = DAY + timedelta(days=30)

# rows: where the money stands; columns: what the bank says a month later; cells: where it stands then, or why not
TABLE = """
    standing    | CREDITED  | WITHDRAWN | BLOCKED     | FAILED      | UNDELIVERED | RETURNED
    UNANSWERED  | CREDITED  | WITHDRAWN | BLOCKED     | FAILED      | UNDELIVERED | RETURNED
    HELD        | CREDITED  | WITHDRAWN | BLOCKED     | FAILED      | UNDELIVERED | RETURNED
    CREDITED    | double    | WITHDRAWN | BLOCKED     | contradicts | contradicts | TREASURY
    BLOCKED     | CREDITED  | WITHDRAWN | double      | contradicts | contradicts | TREASURY
    WITHDRAWN   | double    | double    | contradicts | contradicts | contradicts | contradicts
    TREASURY    | double    | double    | contradicts | contradicts | contradicts | contradicts
    FAILED      | CREDITED  | WITHDRAWN | BLOCKED     | FAILED      | UNDELIVERED | RETURNED
    UNDELIVERED | CREDITED  | WITHDRAWN | BLOCKED     | FAILED      | UNDELIVERED | RETURNED
    RETURNED    | CREDITED  | WITHDRAWN | BLOCKED     | FAILED      | UNDELIVERED | RETURNED
"""


def cells() -> list[tuple[Standing, Outcome, str]]:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
    return [
        (Standing[row[0]], Outcome[outcome], cell)
        for row in rows
        for outcome, cell in zip(head[1:], row[1:], strict=True)
    ]


@pytest.mark.parametrize(("standing", "outcome", "expected"), cells())
def test_the_table_of_answers(standing: Standing, outcome: Outcome, expected: str) -> None:
    told = {(Outcome(int(standing)), DAY)} if 0 < standing < 8 else set()
    claim = ClaimNow("1", 600_000, standing, DAY, 1, told)
    (result,) = book([claim], [Answer(2, outcome, 600_000, LATER)])
    if isinstance(result, Misfit):
        assert result.kind == expected
        assert claim.standing == standing
    else:
        assert isinstance(result, Booked)
        assert claim.standing == Standing[expected]


def one(due_idr: int = 600_000) -> ClaimNow:
    return ClaimNow("1", due_idr)


def test_the_same_answer_again_is_nothing_new() -> None:
    claim = one()
    answer = Answer(2, Outcome.CREDITED, 600_000, DAY)
    book([claim], [answer])
    assert book([claim], [answer]) == [Repeated(2)]


def test_a_credit_told_after_the_withdrawal_it_led_to_is_nothing_new() -> None:
    claim = one()
    book([claim], [Answer(2, Outcome.WITHDRAWN, 600_000, LATER)])
    assert book([claim], [Answer(3, Outcome.CREDITED, 600_000, DAY)]) == [Repeated(3)]


def test_the_same_line_twice_in_one_file_is_a_double_answer() -> None:
    answers = [Answer(line, Outcome.CREDITED, 600_000, DAY) for line in (2, 3)]
    first, second = book([one()], answers)
    assert isinstance(first, Booked)
    assert second == Misfit(3, ExceptionKind.DOUBLE, 600_000)


def test_a_double_told_again_stays_one_whatever_came_between() -> None:
    """A cumulative file repeats the line that was refused: a person has it already, and it must not move money."""
    answers = [
        Answer(2, Outcome.CREDITED, 600_000, DAY),
        Answer(3, Outcome.CREDITED, 600_000, LATER),
        Answer(4, Outcome.BLOCKED, 600_000, DAY),
    ]
    claim = one()
    first, double, blocked = book([claim], answers)
    assert isinstance(first, Booked)
    assert isinstance(blocked, Booked)
    assert double == Misfit(3, ExceptionKind.DOUBLE, 600_000)
    assert book([claim], answers) == [Repeated(2), double, Repeated(4)]
    assert claim.standing == Standing.BLOCKED


def test_a_double_of_all_waves_together_moves_none_of_them_later() -> None:
    claims = [ClaimNow("1", 600_000), ClaimNow("2", 300_000)]
    answers = [
        Answer(2, Outcome.CREDITED, 600_000, DAY),
        Answer(3, Outcome.CREDITED, 900_000, LATER),
        Answer(4, Outcome.WITHDRAWN, 600_000, LATER),
    ]
    book(claims, answers)
    book(claims, answers)
    assert claims[1].standing == Standing.UNANSWERED
    assert isinstance(book(claims, [Answer(5, Outcome.CREDITED, 300_000, LATER)])[0], Booked)


def test_an_earlier_credit_stays_known_after_the_block_was_lifted() -> None:
    claims = [ClaimNow("1", 600_000), ClaimNow("2", 600_000)]
    answers = [
        Answer(2, Outcome.BLOCKED, 600_000, DAY),
        Answer(3, Outcome.CREDITED, 600_000, DAY),
        Answer(4, Outcome.CREDITED, 600_000, LATER),
    ]
    book(claims, answers)
    assert book(claims, answers) == [Repeated(2), Repeated(3), Repeated(4)]
    assert claims[1].standing == Standing.UNANSWERED


def test_another_amount_is_an_exception_that_names_the_lists() -> None:
    assert book([one()], [Answer(2, Outcome.CREDITED, 1, DAY)]) == [Misfit(2, ExceptionKind.AMOUNT, 600_000)]


def test_a_second_attempt_is_counted() -> None:
    claim = one()
    book([claim], [Answer(2, Outcome.FAILED, 600_000, DAY)])
    (result,) = book([claim], [Answer(2, Outcome.CREDITED, 600_000, LATER)])
    assert isinstance(result, Booked)
    assert result.attempt == 2


def test_one_line_for_two_waves_books_both() -> None:
    claims = [ClaimNow("1", 500_000), ClaimNow("2", 475_000)]
    results = book(claims, [Answer(2, Outcome.CREDITED, 975_000, DAY)])
    assert [(result.wave, result.amount_idr) for result in results if isinstance(result, Booked)] == [
        ("1", 500_000),
        ("2", 475_000),
    ]


def test_waves_of_equal_amount_take_one_answer_each_and_a_cumulative_file_adds_nothing() -> None:
    claims = [ClaimNow("1", 500_000), ClaimNow("2", 500_000)]
    answers = [Answer(2, Outcome.CREDITED, 500_000, DAY), Answer(3, Outcome.CREDITED, 500_000, DAY)]
    assert all(isinstance(result, Booked) for result in book(claims, answers))
    assert book(claims, answers) == [Repeated(2), Repeated(3)]


def test_after_reconciliation_money_may_be_drawn_but_not_change_its_sum() -> None:
    claim = one()
    book([claim], [Answer(2, Outcome.CREDITED, 600_000, DAY)])
    (drawn,) = book([claim], [Answer(3, Outcome.WITHDRAWN, 600_000, LATER)], settled=True)
    assert isinstance(drawn, Booked)
    open_claim = one()
    assert book([open_claim], [Answer(4, Outcome.CREDITED, 600_000, DAY)], settled=True) == [
        Misfit(4, ExceptionKind.LATE, 600_000)
    ]


def test_a_person_may_overrule_what_the_bank_took_back() -> None:
    claim = one()
    book([claim], [Answer(2, Outcome.CREDITED, 600_000, DAY)])
    (result,) = book([claim], [Answer(3, Outcome.FAILED, 600_000, LATER)], overrule=True)
    assert isinstance(result, Booked)
    assert claim.standing == Standing.FAILED


DUES = (225_000, 375_000, 600_000)
ANSWERS = st.builds(
    Answer,
    line=st.integers(2, 99),
    outcome=st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.TREASURY]),
    amount_idr=st.sampled_from((*DUES, 600_000 + 225_000, 1)),
    on=st.dates(DAY, LATER),
)


@given(
    dues=st.lists(st.sampled_from(DUES), min_size=1, max_size=3),
    files=st.lists(st.tuples(st.lists(ANSWERS, max_size=6), st.booleans()), max_size=4),
)
def test_no_rupiah_vanishes_whatever_the_banks_say(dues: list[int], files: list[tuple[list[Answer], bool]]) -> None:
    claims = [ClaimNow(str(wave), due) for wave, due in enumerate(dues, start=1)]
    moved = dict.fromkeys(SUM_OF.values(), 0)
    for answers, settled in files:
        before = {claim.wave: SUM_OF[claim.standing] for claim in claims}
        results = book(claims, answers, settled=settled)
        assert {result.line for result in results} == {answer.line for answer in answers}
        for result in results:
            if isinstance(result, Booked):
                moved[SUM_OF[result.before]] -= result.amount_idr
                moved[SUM_OF[result.after]] += result.amount_idr
        if settled:
            assert {claim.wave: SUM_OF[claim.standing] for claim in claims} == before
        assert not any(isinstance(result, Booked) for result in book(claims, answers, settled=settled))
    assert sum(moved.values()) == 0
    for money in SUM_OF.values():
        standing = sum(claim.due_idr for claim in claims if SUM_OF[claim.standing] == money)
        start = sum(dues) if money == "unanswered" else 0
        assert standing == start + moved[money]
