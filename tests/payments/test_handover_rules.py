"""Whether a family can be said to have got its money: drawn as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harapan.payments.enums import Standing
from harapan.payments.field_law import handover_reasons
from harapan.payments.handover_rules import Facts, Said, hindrance
from harapan.payments.models import Handover
from harapan.policy.reader import default_policy

ON = date(2025, 5, 20)
PAID = date(2025, 5, 10)
REASONS = handover_reasons(ON)
RECEIVED, NOT = Handover.Outcome.RECEIVED, Handover.Outcome.NOT_RECEIVED
CREDITED = ((Standing.CREDITED, 600_000, PAID),)
AT_POST = ((Standing.UNANSWERED, 600_000, PAID),)
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
    ("double", {"claims": CREDITED, "before": (RECEIVED, PAID, False)}, Said(RECEIVED), ON, "dua kali"),
    ("the same again", {"claims": CREDITED, "before": (RECEIVED, ON, False)}, Said(RECEIVED), ON, ""),
    ("late after all", {"claims": CREDITED, "before": (NOT, PAID, False)}, Said(RECEIVED), ON, ""),
    ("no reason", {"claims": CREDITED}, Said(NOT), ON, "alasannya belum dipilih"),
    ("unknown reason", {"claims": CREDITED}, Said(NOT, "bored"), ON, "alasannya belum dipilih"),
    ("proven stays", {"claims": CREDITED, "before": (RECEIVED, PAID, True)}, Said(NOT, "refused"), ON, "terbukti"),
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
