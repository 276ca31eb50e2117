"""Whether a family can be said to have got its money: drawn as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.payments.enums import Standing
from harapan.payments.field_law import handover_reasons
from harapan.payments.handover_rules import Facts, Said, Word, hindrance
from harapan.payments.models import Handover
from harapan.policy.reader import default_policy

ON = date(2025, 5, 20)
PAID = date(2025, 5, 10)
REASONS = handover_reasons(ON)
RECEIVED, NOT = Handover.Outcome.RECEIVED, Handover.Outcome.NOT_RECEIVED
CREDITED = ((Standing.CREDITED, 600_000, PAID),)
AT_POST = ((Standing.UNANSWERED, 600_000, PAID),)
TWO_WAVES = ((Standing.CREDITED, 600_000, PAID), (Standing.CREDITED, 300_000, ON))
GOT = Word(PAID, RECEIVED, 600_000)
GOT_NOW = Word(ON, RECEIVED, 600_000)
UNPAID = ((Standing.UNANSWERED, 600_000, None),)

TABLE: tuple[tuple[str, dict[str, Any], Said, date, str], ...] = (
    ("credited", {"claims": CREDITED}, Said(RECEIVED), ON, ""),
    ("withdrawn", {"claims": ((Standing.WITHDRAWN, 600_000, PAID),)}, Said(RECEIVED), ON, ""),
    ("one wave of two", {"claims": (*CREDITED, (Standing.FAILED, 1, PAID))}, Said(RECEIVED), ON, ""),
    ("in the future", {"claims": CREDITED}, Said(RECEIVED), date(2025, 5, 21), "belum tiba"),
    ("before it came", {"claims": CREDITED}, Said(RECEIVED), date(2025, 5, 9), "belum dibayarkan"),
    ("not on the list", {}, Said(RECEIVED), ON, "tidak ada di daftar bayar"),
    ("stage not paid", {"claims": UNPAID}, Said(RECEIVED), ON, "belum dibayarkan"),
    ("post, its day", {"claims": AT_POST}, Said(RECEIVED), ON, ""),
    ("before the post", {"claims": AT_POST}, Said(RECEIVED), date(2025, 5, 9), "belum dibayarkan"),
    ("failed", {"claims": ((Standing.FAILED, 1, PAID),)}, Said(RECEIVED), ON, "belum dibayarkan"),
    ("held back", {"claims": ((Standing.HELD, 1, None),)}, Said(RECEIVED), ON, "belum dibayarkan"),
    ("blocked", {"claims": ((Standing.BLOCKED, 1, PAID),)}, Said(RECEIVED), ON, "belum dibayarkan"),
    ("dead, no heir", {"claims": CREDITED, "payee_died_on": PAID}, Said(RECEIVED), ON, "ahli warisnya belum dicatat"),
    ("died later", {"claims": CREDITED, "payee_died_on": ON}, Said(RECEIVED), date(2025, 5, 19), ""),
    ("dead, said so", {"claims": CREDITED, "payee_died_on": PAID}, Said(NOT, "died_without_heir"), ON, ""),
    ("double", {"claims": CREDITED, "words": (GOT,)}, Said(RECEIVED), ON, "dua kali"),
    ("the same again", {"claims": CREDITED, "words": (GOT_NOW,)}, Said(RECEIVED), ON, ""),
    ("late after all", {"claims": CREDITED, "words": (Word(PAID, NOT, reason="refused"),)}, Said(RECEIVED), ON, ""),
    ("second wave", {"claims": TWO_WAVES, "words": (GOT,)}, Said(RECEIVED), ON, ""),
    ("before it came", {"claims": TWO_WAVES, "words": (GOT,)}, Said(RECEIVED), date(2025, 5, 15), "dua kali"),
    ("a part", {"claims": CREDITED}, Said(RECEIVED, idr=250_000), ON, ""),
    ("the rest", {"claims": CREDITED, "words": (Word(PAID, RECEIVED, 250_000),)}, Said(RECEIVED), ON, ""),
    ("more than ordered", {"claims": CREDITED}, Said(RECEIVED, idr=600_001), ON, "tidak dapat dicatat"),
    ("nothing", {"claims": CREDITED}, Said(RECEIVED, idr=0), ON, "tidak dapat dicatat"),
    ("more than is left", {"claims": TWO_WAVES, "words": (GOT,)}, Said(RECEIVED, idr=300_001), ON, "Rp300.000"),
    ("proven part stays", {"claims": TWO_WAVES, "words": (GOT_NOW._replace(proven=True),)}, Said(RECEIVED), ON,
     "tanggal penyerahannya sendiri"),
    ("second wave not", {"claims": TWO_WAVES, "words": (GOT._replace(proven=True),)}, Said(NOT, "refused"), ON, ""),
    ("no reason", {"claims": CREDITED}, Said(NOT), ON, "alasannya belum dipilih"),
    ("unknown reason", {"claims": CREDITED}, Said(NOT, "bored"), ON, "alasannya belum dipilih"),
    ("proven stays", {"claims": CREDITED, "words": (GOT._replace(proven=True),)}, Said(NOT, "refused"), ON, "terbukti"),
)  # fmt: skip


@pytest.mark.parametrize(("facts", "said", "day", "why"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_can_be_recorded(facts: dict[str, Any], said: Said, day: date, why: str) -> None:
    found = hindrance(Facts("IBU", "2025-2", **facts), said, day=day, on=ON, reasons=REASONS)
    assert (why in str(found)) if why else found is None, found


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_can_be_said_and_leads_somewhere_known(code: str) -> None:
    facts = Facts("IBU", "2025-2", claims=CREDITED)
    assert hindrance(facts, Said(NOT, code), day=ON, on=ON, reasons=REASONS) is None
    assert REASONS[code].leads_to in {"nothing", "change", "exception", "card"}
    assert str(REASONS[code].label).strip()


def test_every_reason_of_the_field_has_a_rule() -> None:
    policy = default_policy()
    assert set(REASONS) == {*policy.values("undelivered", on=ON), *policy.values("handover.reason", on=ON)}


@pytest.mark.parametrize("code", sorted(code for code, reason in REASONS.items() if reason.proof))
def test_a_reason_that_rests_on_a_document_names_it(code: str) -> None:
    assert default_policy().values("handover.proof", on=ON)[code].words == REASONS[code].proof


@given(
    waves=st.lists(st.tuples(st.integers(1, 900_000), st.dates(PAID, ON)), min_size=1, max_size=4),
    days=st.lists(st.tuples(st.dates(PAID, ON), st.none() | st.integers(1, 1_000_000)), max_size=6),
)
def test_parts_are_never_more_than_what_is_there(waves: list[tuple[int, date]], days: list[Any]) -> None:
    facts = Facts("IBU", "2025-2", tuple((Standing.CREDITED, idr, since) for idr, since in waves))
    for day, idr in days:
        said = Said(RECEIVED, idr=idr)
        if hindrance(facts, said, day=day, on=ON, reasons=REASONS) is None:
            word = Word(day, RECEIVED, facts.part_idr(day) if idr is None else idr)
            kept = [each for each in facts.words if each.on != day]
            facts = replace(facts, words=tuple(sorted([*kept, word])))
        assert facts.received_idr <= facts.there_idr(ON) == facts.due_idr
