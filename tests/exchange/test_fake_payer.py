"""The make-believe payer takes our files as a bank would, and answers what the import of answers can read."""

from collections import Counter
from datetime import date, timedelta

import pytest

from harapan.core.errors import Refused, Unreadable
from harapan.core.references import reference_of
from harapan.exchange import layouts
from harapan.exchange.payment_file.codec import render
from harapan.exchange.payment_file.fake import FakePayer, Habits
from harapan.exchange.settlement.words import Outcome, Reason

from .paying import HEAD, LAYOUTS, STAGE, of, order, some, table

DAY = date(2024, 12, 2)
FAR = DAY + timedelta(days=400)
forms = pytest.mark.parametrize("name", LAYOUTS)


def rows_of(files):
    sheets = [layouts.parse("settlement", raw) for raw in files]
    assert [sheet.refused for sheet in sheets] == [frozenset()] * len(sheets)
    return [row for sheet in sheets for row in sheet.rows()]


def fed(name, orders, *, seed=1, habits=None):
    payer = FakePayer("BRI", seed=seed, habits=habits)
    receipt = payer.receive(render(orders, HEAD, of(name)), of(name), on=DAY)
    return payer, receipt


@forms
def test_every_order_gets_one_first_answer_for_its_amount(name):
    orders = some(400)
    payer, receipt = fed(name, orders)
    assert (receipt.totals.rows, receipt.repeated) == (400, False)
    answered = rows_of(payer.answers(HEAD.number))
    assert sorted((row["reference"], row["amount_idr"]) for row in answered) == sorted(
        zip(orders["reference"].to_pylist(), orders["amount_idr"].to_pylist(), strict=True)
    )
    told = {row["outcome"] for row in answered}
    by_hand = name.startswith("pos")
    assert told == (
        {Outcome.WITHDRAWN, Outcome.UNDELIVERED} if by_hand else {Outcome.CREDITED, Outcome.FAILED, Outcome.RETURNED}
    )
    assert {row["bank"] for row in answered} == {"BRI"}
    assert all(row["reason"] for row in answered if row["outcome"] not in (Outcome.CREDITED, Outcome.WITHDRAWN))
    assert Reason.OTHER not in {row["reason"] for row in answered}
    assert all(row["settled_on"] > DAY for row in answered)


def test_shares_are_those_of_its_habits():
    habits = Habits(failed=200, returned=100, untouched=500, blocked=0)
    payer, _ = fed("himbara-csv", some(3000), habits=habits)
    first = Counter(row["outcome"] for row in rows_of(payer.answers(HEAD.number)))
    assert 500 < first[Outcome.FAILED] < 700
    assert 230 < first[Outcome.RETURNED] < 370
    later = Counter(row["outcome"] for row in rows_of(payer.later_answers(HEAD.number, until=FAR)))
    assert set(later) == {Outcome.WITHDRAWN, Outcome.RETURNED}
    assert sum(later.values()) == first[Outcome.CREDITED]
    assert 0.4 < later[Outcome.RETURNED] / first[Outcome.CREDITED] < 0.6


def test_what_nobody_drew_is_paid_back_with_a_receipt_after_its_days():
    habits = Habits(failed=0, returned=0, untouched=1000, treasury_after_days=105)
    payer, _ = fed("himbara-fixed", some(20), habits=habits)
    assert payer.later_answers(HEAD.number, until=DAY + timedelta(days=104)) == []
    back = rows_of(payer.later_answers(HEAD.number, until=DAY + timedelta(days=105)))
    assert {(row["outcome"], row["settled_on"]) for row in back} == {(Outcome.RETURNED, DAY + timedelta(days=105))}
    (ntpn,) = {row["ntpn"] for row in back}
    assert len(ntpn) == 16
    assert len(back) == 20


def test_later_answers_grow_with_the_days():
    payer, _ = fed("himbara-csv", some(200))
    counts = [len(rows_of(payer.later_answers(HEAD.number, until=DAY + timedelta(days=n)))) for n in (2, 15, 60, 200)]
    assert counts == sorted(counts)
    assert counts[0] < counts[1] < counts[-1]


@forms
def test_a_file_sent_twice_is_taken_once_and_answered_the_same(name):
    payer, _ = fed(name, some(50))
    first = payer.answers(HEAD.number)
    again = payer.receive(render(some(50), HEAD, of(name)), of(name), on=DAY + timedelta(days=3))
    assert again.repeated
    assert f"sudah diterima pada {DAY}" in again.words
    assert payer.answers(HEAD.number) == first


def test_what_was_drawn_depends_on_seed_and_order_alone():
    whole, _ = fed("himbara-csv", some(300))
    alone, _ = fed("himbara-fixed", some(300).slice(100, 50))
    drawn = {row["reference"]: row["outcome"] for row in rows_of(whole.answers(HEAD.number))}
    assert {row["reference"]: row["outcome"] for row in rows_of(alone.answers(HEAD.number))}.items() <= drawn.items()
    other, _ = fed("himbara-csv", some(300), seed=2)
    assert {row["reference"]: row["outcome"] for row in rows_of(other.answers(HEAD.number))} != drawn


def test_a_second_attempt_goes_wrong_less_often():
    def failures(attempt):
        orders = table(*(order(n, reference=reference_of(STAGE, n, attempt)) for n in range(1, 2001)))
        payer, _ = fed("himbara-csv", orders, habits=Habits(failed=200, returned=0))
        return Counter(row["outcome"] for row in rows_of(payer.answers(HEAD.number)))[Outcome.FAILED]

    assert failures(2) * 2 < failures(1)


def test_many_rows_come_in_several_files():
    payer, _ = fed("himbara-csv", some(50), habits=Habits(answer_rows_max=20))
    files = payer.answers(HEAD.number)
    assert [len(layouts.parse("settlement", raw)) for raw in files] == [20, 20, 10]


def test_it_refuses_what_a_bank_would_refuse():
    layout = of("himbara-csv")
    raw = render(some(5), HEAD, layout)
    payer = FakePayer("BRI", seed=1)
    with pytest.raises(Unreadable, match=r"“bri\.txt” baris 2: angka cek tidak cocok"):
        payer.receive(raw.replace(b"|150000|", b"|950000|"), layout, on=DAY, name="bri.txt")
    with pytest.raises(Refused, match=r"ditujukan kepada BRI, bukan BNI"):
        FakePayer("BNI", seed=1).receive(raw, layout, on=DAY)
    with pytest.raises(Refused, match="belum diterima BRI"):
        payer.answers(HEAD.number)
    payer.receive(raw, layout, on=DAY)
    with pytest.raises(Refused, match=r"sudah diterima pada 2024-12-02 dengan isi lain \(5 baris, Rp1\.000\.000"):
        payer.receive(render(some(6), HEAD, layout), layout, on=DAY)
