"""What an answer is worth, as tables; and what holds of any, by chance."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.core.errors import Refused
from harapan.exchange.questions.item import Choice, Item, Kind, Pair, Value
from harapan.training.learning import lines, rules

THIRD, HALF = Fraction(1, 3), Fraction(1, 2)
SINGLE = Item(Kind.SINGLE, "s", "s?", choices=(Choice("a", Fraction(1)), Choice("b", HALF), Choice("c", -HALF)))
MULTIPLE = Item(
    Kind.MULTIPLE, "m", "m?", choices=(Choice("a", HALF), Choice("b", HALF), Choice("c", -HALF), Choice("d", -HALF))
)
MATCH = Item(Kind.MATCH, "j", "j?", pairs=(Pair("x", "1"), Pair("y", "2"), Pair("z", "1"), Pair("", "3")))
ORDER = Item(Kind.ORDER, "o", "o?", steps=("satu", "dua", "tiga"))
NUMBER = Item(Kind.NUMBER, "n", "n?", values=(Value(Decimal(40)), Value(Decimal(40), Decimal(5), HALF)))
TEXT = Item(Kind.TEXT, "t", "t?", choices=(Choice("Kartu Keluarga", Fraction(1)), Choice("kartu*", HALF)))


@pytest.mark.parametrize(
    ("item", "answer", "worth"),
    [
        (SINGLE, 0, 1), (SINGLE, 1, HALF), (SINGLE, 2, 0), (SINGLE, None, 0),
        (MULTIPLE, [0, 1], 1), (MULTIPLE, [0], HALF), (MULTIPLE, [0, 1, 2], HALF), (MULTIPLE, [0, 1, 2, 3], 0),
        (MULTIPLE, [2], 0), (MULTIPLE, [], 0),
        (MATCH, [0, 1, 0], 1), (MATCH, [0, 0, 0], 2 * THIRD), (MATCH, [2, None, 0], THIRD), (MATCH, None, 0),
        (ORDER, [1, 2, 3], 1), (ORDER, [1, 3, 2], THIRD), (ORDER, [1, 1, 1], 0), (ORDER, [None, 2, None], THIRD),
        (NUMBER, "40", 1), (NUMBER, "40,0", 1), (NUMBER, "44.5", HALF), (NUMBER, "35", HALF), (NUMBER, "34,9", 0),
        (NUMBER, "empat puluh", 0), (NUMBER, "1e999999999", 0), (NUMBER, "", 0),
        (TEXT, "  kartu   keluarga ", 1), (TEXT, "Kartu KKS", HALF), (TEXT, "kk", 0), (TEXT, "(.*", 0),
    ],
)  # fmt: skip
def test_what_an_answer_is_worth(item: Item, answer: Any, worth: Fraction) -> None:
    assert rules.credit(item, answer) == worth


def test_capitals_count_where_the_author_says_so() -> None:
    exact = Item(Kind.TEXT, "t", "t?", choices=(Choice("KKS", Fraction(1)),), exact_case=True)
    assert [rules.credit(exact, said) for said in ("KKS", "kks")] == [1, 0]


@pytest.mark.parametrize(
    ("text", "number"),
    [("2,5", "2.5"), ("2.5", "2.5"), ("1.500", "1500"), ("1.500,25", "1500.25"), ("-3", "-3"), (" 1 000 ", "1000")],
)
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert rules.number_of(text) == Decimal(number)


@pytest.mark.parametrize(
    ("credits", "partial", "score"),
    [
        ([Fraction(1), HALF, Fraction(0)], True, HALF),
        ([Fraction(1), HALF, Fraction(0)], False, THIRD),
        ([], True, 0),
    ],
)
def test_partial_credit_is_a_rule_of_the_quiz(credits: list[Fraction], partial: bool, score: Fraction) -> None:
    assert rules.score(credits, partial=partial) == score


def test_what_is_shown_never_reaches_a_mark_that_was_not_reached() -> None:
    share = Fraction(6999999, 10_000_000)
    assert not rules.passes(share, 70)
    assert rules.hundredths(share) == 6999
    assert rules.passes(Fraction(7, 10), 70)
    assert [rules.in_percent(score) for score in (0, 6999, 7000, 7050, 10_000)] == [
        "0%",
        "69,99%",
        "70%",
        "70,5%",
        "100%",
    ]


@pytest.mark.parametrize(("counts", "score"), [("best", 80), ("last", 40)])
def test_best_or_last(counts: str, score: int) -> None:
    assert rules.counting([60, 80, 40], counts) == score
    assert rules.counting([], counts) is None


ANSWERS = {
    SINGLE: st.integers(0, 2) | st.none(),
    MULTIPLE: st.lists(st.integers(0, 3)),
    MATCH: st.lists(st.integers(0, 2) | st.none(), min_size=3, max_size=3),
    ORDER: st.lists(st.integers(1, 3) | st.none(), min_size=3, max_size=3),
    NUMBER: st.text(max_size=12),
    TEXT: st.text(max_size=12),
}
ANSWERED = st.sampled_from([*ANSWERS]).flatmap(lambda item: st.tuples(st.just(item), ANSWERS[item]))


@given(ANSWERED)
def test_a_question_is_worth_between_nothing_and_itself(pair: tuple[Item, Any]) -> None:
    assert 0 <= rules.credit(*pair) <= 1


@given(st.lists(ANSWERED, min_size=1, max_size=6), st.booleans())
def test_the_order_of_the_questions_changes_nothing(pairs: list[tuple[Item, Any]], partial: bool) -> None:
    credits = [rules.credit(item, answer) for item, answer in pairs]
    whole = rules.score(credits, partial=partial)
    assert whole == rules.score(credits[::-1], partial=partial)
    assert rules.score(credits, partial=False) <= rules.score(credits, partial=True)
    assert (whole == 1) == all(credit == 1 for credit in credits)


@given(st.integers(0, 2**62), st.integers(0, 30), st.integers(0, 40))
def test_the_seed_alone_decides_what_is_drawn(seed: int, bank: int, count: int) -> None:
    drawn = rules.drawn(range(bank), count, seed=seed)
    assert drawn == rules.drawn(range(bank), count, seed=seed)
    assert len(drawn) == len(set(drawn)) == min(bank, count)
    assert set(drawn) <= set(range(bank))


def test_every_question_has_its_turn() -> None:
    seen = {each for seed in range(200) for each in rules.drawn(range(10), 3, seed=seed)}
    assert seen == set(range(10))
    firsts = {rules.drawn(range(10), 3, seed=seed)[0] for seed in range(200)}
    assert firsts == set(range(10))


@given(st.sampled_from([*ANSWERS]), st.integers(0, 2**62), st.integers(1, 20))
def test_options_are_mixed_and_none_is_lost(item: Item, seed: int, place: int) -> None:
    order = rules.order_of(item, seed=seed, place=place)
    count = max(
        len(item.choices) if item.kind in (Kind.SINGLE, Kind.MULTIPLE) else 0, len(item.steps), len(item.rights)
    )
    assert sorted(order) == list(range(count))


# --- the lines that authors type -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "worth"),
    [
        (Kind.SINGLE, "* a\nb | bukan\n50% c", [1, 0, HALF]),
        (Kind.MULTIPLE, "* a\n* b\nc", [HALF, HALF, -HALF]),
        (Kind.MULTIPLE, "50% a\n25% b\n25% c\nd", [HALF, HALF / 2, HALF / 2, -1]),
        (Kind.TEXT, "kartu\n33,33333% kart*", [1, THIRD]),
    ],
)
def test_lines_say_what_is_right(kind: Kind, text: str, worth: list[Fraction]) -> None:
    item = lines.parse(Item(kind, "x", "x?"), text)
    assert [choice.share for choice in item.choices] == worth
    assert lines.parse(item, lines.render(item)) == item


@pytest.mark.parametrize("item", [MATCH, ORDER, NUMBER, TEXT, MULTIPLE])
def test_lines_read_what_they_wrote(item: Item) -> None:
    assert lines.fits(item)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        (Kind.SINGLE, "* a\n* b", "2 pilihan ditandai benar"),
        (Kind.MATCH, "a = 1\nb", "Baris 2"),
        (Kind.NUMBER, "\nlima", "Baris 2: “lima” bukan angka"),
    ],
)
def test_lines_that_say_nothing_are_named(kind: Kind, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        lines.parse(Item(kind, "x", "x?"), text)


def test_ticking_every_option_earns_nothing() -> None:
    item = lines.parse(Item(Kind.MULTIPLE, "x", "x?"), "* a\n* b\n* c\nd\ne\nf")
    assert rules.credit(item, [0, 1, 2, 3, 4, 5]) == 0


@settings(max_examples=30)
@given(
    st.lists(st.integers(-99999, 99999).map(lambda n: Decimal(n) / 1000), min_size=1, max_size=3), st.integers(0, 99)
)
def test_numbers_typed_come_back(values: list[Decimal], margin: int) -> None:
    made = tuple(Value(value, Decimal(margin) / 10) for value in values)
    item = Item(Kind.NUMBER, "n", "n?", values=made)
    assert lines.parse(item, lines.render(item)) == item
