"""Whose word counts for which field, as dated policy says it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from harapan.registry.models import Source
from harapan.registry.rules import FROM_FIELD, HEADING, Precedence, Sources, Winner, Word, judge

TODAY = Precedence.on(date(2025, 5, 20))
FIELDS = st.sampled_from([name for name in HEADING if name != "note"])
SOURCES = st.sampled_from([*(str(source) for source in Source), ""])
VALUES = st.sampled_from(["", None, "A", "B"])


def test_every_field_has_a_winner_in_policy() -> None:
    assert {HEADING[name] for name in HEADING} <= set(TODAY.winners)


def test_the_list_wins_on_place_and_bank_against_any_source() -> None:
    for recorded in Source:
        assert TODAY.word("bank", "BRI", "BNI", recorded=recorded, incoming="list") is Word.TAKE
    assert TODAY.word("region", 1, 2, recorded="list", incoming="caseload") is Word.KEEP


def test_the_field_wins_on_address_and_a_workbook_gives_way_to_what_was_noted_here() -> None:
    assert TODAY.word("rt", "001", "002", recorded="field", incoming="list") is Word.KEEP
    assert TODAY.word("rt", "001", "002", recorded="caseload", incoming="list") is Word.KEEP
    assert TODAY.word("rt", "001", "002", recorded="list", incoming="list") is Word.TAKE
    assert TODAY.word("rt", "001", "002", recorded="field", incoming="caseload") is Word.KEEP
    assert TODAY.word("rt", "001", "002", recorded="caseload", incoming="field") is Word.TAKE


@given(FIELDS, VALUES, VALUES, SOURCES, SOURCES)
def test_a_blank_says_nothing_and_ours_is_never_lost_to_a_weaker_word(
    name: str, ours: str | None, theirs: str | None, recorded: str, incoming: str
) -> None:
    word = TODAY.word(name, ours, theirs, recorded=recorded, incoming=incoming)
    if not theirs or theirs == ours:
        assert word is Word.SAME
    elif not ours:
        assert word is Word.TAKE
    elif TODAY.winners[HEADING[name]] is Winner.ASK:
        assert word is Word.ASK
    elif TODAY.winners[HEADING[name]] is Winner.FIELD and recorded in FROM_FIELD and incoming not in FROM_FIELD:
        assert word is Word.KEEP


@given(st.dictionaries(FIELDS, VALUES), st.dictionaries(FIELDS, VALUES), SOURCES, SOURCES)
def test_a_row_judged_twice_does_nothing_the_second_time(
    ours: dict[str, str | None], theirs: dict[str, str | None], recorded: str, incoming: str
) -> None:
    said = Sources({name: [recorded, "2025-01-01"] for name in ours})
    first = judge(ours, theirs, sources=said, incoming=incoming, precedence=TODAY)
    now = Sources(said | {name: [incoming, "2025-05-20"] for name in first.take})
    second = judge(ours | first.take, theirs, sources=now, incoming=incoming, precedence=TODAY)
    assert second.take == {}
    assert second.ask == first.ask
